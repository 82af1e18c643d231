"""A run that is killed goes on to the same bytes: `python benchmarks/kill.py [--out FILE]`.

`privgym run` with a scripted agent is started, killed (SIGKILL) at a random moment, and started
again with the same command, over and over; wherever it comes to its end, its bytes must be those
of a run that nothing disturbed, and no process of it may be left.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KIT = ROOT / "tests" / "kit"
PLAN = ("--agent", "uneven", "--families", "treatment_leave,court_date", "--level", "1")
FILES = ("run.json", "traces.jsonl", "findings.jsonl", "scores.json")
SOON = 0.3
"""Seconds, at most, from the moment that was waited for to the kill."""


class Run:
    """One process of `privgym run`."""

    def __init__(self, out: Path, plan: Sequence[str]) -> None:
        words = ["--kit", str(KIT), "run", "everyday", *plan, "--out", str(out), "--json"]
        self.out = out
        self.process = subprocess.Popen(
            [sys.executable, "-m", "privgym", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT)},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    @property
    def written(self) -> int:
        """Traces on disk."""
        return sum(file.read_bytes().count(b"\n") for file in self.out.glob("*/traces.jsonl"))

    def kill(self, rng: random.Random) -> str:
        """Kill it once it has gone on by some episodes; what it was at ("" if it had ended)."""
        until, before = self.written + rng.randint(0, 2), self.written
        if until == before:
            time.sleep(rng.uniform(0, 1.5))
        while self.process.poll() is None and self.written < until:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, SOON))
        if self.process.poll() is not None:
            return ""
        family = _family(self.process.pid)
        self.process.kill()
        self.process.wait()
        _gone(family)
        if any(self.out.glob("*/scores.json")):
            return "after the scores"
        if not any(self.out.glob("*/run.json")):
            return "before the run folder"
        return "after a trace" if self.written > before else "before a trace"


def kills(times: int, plan: Sequence[str], scratch: Path, seed: int = 0) -> dict[str, object]:
    """Kill a run so many times; counts of what was seen.

    Raises:
        AssertionError: the bytes differ, or a process is left.
    """
    rng, moments, ends, torn = random.Random(seed), Counter[str](), 0, 0
    whole = _end(scratch / "whole", plan)
    out = scratch / "0"
    while moments.total() < times:
        if moment := Run(out, plan).kill(rng):
            moments[moment] += 1
            torn += any(not f.read_bytes().endswith(b"\n") for f in _traces(out))
        if any(out.glob("*/scores.json")):
            ends += _same(_end(out, plan), whole)
            out = scratch / str(ends)
    ends += _same(_end(out, plan), whole)
    return {
        "kills": times,
        "moments": dict(sorted(moments.items())),
        "torn_lines": torn,
        "ends": ends,
        "same_bytes": True,
        "processes_left": 0,
    }


def _traces(out: Path) -> list[Path]:
    return [file for file in out.glob("*/traces.jsonl") if file.stat().st_size]


def _end(out: Path, plan: Sequence[str]) -> dict[str, bytes]:
    """Let it come to its end (where it has not); the bytes of its one folder."""
    if not any(out.glob("*/scores.json")):
        code = Run(out, plan).process.wait(timeout=300)
        assert code == 0, f"exit code {code}"
    (folder,) = {file.parent for file in out.glob("*/run.json")}
    assert not (folder / "lock").exists(), "the lock is left"
    return {name: (folder / name).read_bytes() for name in FILES}


def _same(found: dict[str, bytes], whole: dict[str, bytes]) -> int:
    assert found == whole, [name for name in FILES if found[name] != whole[name]]
    return 1


def _family(pid: int) -> list[int]:
    """The processes that a process has started, as Linux lists them."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def _gone(family: Sequence[int]) -> None:
    """Wait until none of them is left."""
    end = time.monotonic() + 20
    while left := [pid for pid in family if Path(f"/proc/{pid}").exists()]:
        assert time.monotonic() < end, f"{left} are left"
        time.sleep(0.01)


def main() -> None:
    """Kill runs with 1, 2 and 8 workers, and one that lives its episodes itself."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=34, help="of each kind of run")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    rows = {}
    for how in (("--at-once", "4"), *(("--workers", n) for n in "128")):
        with tempfile.TemporaryDirectory() as scratch:
            start = time.monotonic()
            plan = (*PLAN, "--seeds", "3", *how)
            row = kills(given.kills, plan, Path(scratch))
            rows[" ".join(how)] = {**row, "seconds": round(time.monotonic() - start)}
            print(how, rows[" ".join(how)], file=sys.stderr)
    about = {
        "what": "SIGKILLs over runs of a scripted agent; every end compared with a run undisturbed",
        "files": FILES,
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    text = json.dumps({**about, "runs": rows}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":
    main()
