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
FILES = ("run.json", "traces.jsonl", "findings.jsonl", "scores.json", "lock")
SAME = "ends_of_the_same_bytes"
SOON = 0.3
"""Seconds, at most, from the moment that was waited for to the kill."""


class Run:
    """One process of `privgym run`."""

    def __init__(self, out: Path, plan: Sequence[str]) -> None:
        words = ["--kit", str(KIT), "run", "everyday", *plan, "--out", str(out), "--json"]
        self.out, self.left = out, 0
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

    def end(self) -> str:
        """Wait until it ends by itself, which it must do well."""
        if code := self.process.wait(timeout=300):
            raise SystemExit(f"privgym run ended with exit code {code} in {self.out}")
        return ""

    def kill(self, rng: random.Random) -> str:
        """Kill it once it has gone on by some episodes; what it was at ("" if it had ended)."""
        until, before = self.written + rng.randint(0, 2), self.written
        if until == before:
            time.sleep(rng.uniform(0, 1.5))
        while self.process.poll() is None and self.written < until:
            time.sleep(0.002)
        time.sleep(rng.uniform(0, SOON))
        if self.process.poll() is not None:
            return self.end()
        family = _family(self.process.pid)
        self.process.kill()
        self.process.wait()
        self.left = _left(family)
        if any(self.out.glob("*/scores.json")):
            return "after the scores"
        if not any(self.out.glob("*/run.json")):
            return "before the run folder"
        return "after a trace" if self.written > before else "before a trace"


def kills(times: int, plan: Sequence[str], scratch: Path, seed: int = 0) -> dict[str, object]:
    """Kill a run so many times, and let it go on; what was seen, counted."""
    rng, moments = random.Random(seed), Counter[str]()
    torn = left = same = ends = 0
    whole = _end(scratch / "whole", plan)
    while moments.total() < times:
        out, run = scratch / str(ends), Run(scratch / str(ends), plan)
        if moment := run.kill(rng):
            moments[moment] += 1
            left += run.left
            torn += any(not f.read_bytes().endswith(b"\n") for f in _traces(out))
        if any(out.glob("*/scores.json")) or moments.total() == times:
            same += _end(out, plan) == whole
            ends += 1
    return {
        "kills": moments.total(),
        "moments": dict(sorted(moments.items())),
        "torn_lines": torn,
        "processes_left": left,
        "ends": ends,
        SAME: same,
    }


def _traces(out: Path) -> list[Path]:
    return [file for file in out.glob("*/traces.jsonl") if file.stat().st_size]


def _end(out: Path, plan: Sequence[str]) -> dict[str, bytes]:
    """Let it come to its end, where it has not; the bytes of all that its folders hold."""
    if not any(out.glob("*/scores.json")):
        Run(out, plan).end()
    files = [file for name in FILES for file in sorted(out.glob(f"*/{name}"))]
    return {f"{number} {file.name}": file.read_bytes() for number, file in enumerate(files)}


def _family(pid: int) -> list[int]:
    """The processes that a process has started, as Linux lists them."""
    try:
        text = Path(f"/proc/{pid}/task/{pid}/children").read_text()
    except FileNotFoundError:
        return []
    return [int(child) for child in text.split()]


def _left(family: Sequence[int]) -> int:
    """How many of them are still there after a while."""
    end = time.monotonic() + 20
    while (left := [p for p in family if Path(f"/proc/{p}").exists()]) and time.monotonic() < end:
        time.sleep(0.01)
    return len(left)


def main() -> None:
    """Kill a run in one process, and with 1, 2 and 8 workers; exit code 1 if one went wrong."""
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
    wrong = [r for r in rows.values() if r["processes_left"] or r["ends"] != r[SAME]]
    raise SystemExit(bool(wrong))


if __name__ == "__main__":
    main()
