"""A run folder as plain JSON, to be changed; and honest ways to write the same run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from privgym import pack
from privgym.folder import rescore
from privgym.run import run
from privgym.scenario import digest
from privgym.spec import Spec

FAMILIES = ("blood_donation", "court_date", "treatment_leave")
AGENT = "oversharer"
LINES = ("traces", "findings")


def honest(out: Path, agent: str = AGENT, seeds: int = 2, **given: Any) -> Path:
    """A run folder as it should be: three families with their twins, on level 1."""
    everyday = pack.load("everyday")
    names = everyday.names(FAMILIES, 1, range(seeds))
    folder = run(everyday, Spec.read(agent), names, out=out, new=True, **given)
    rescore(folder)
    return folder.path


class Paper:
    """A run folder as plain JSON."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read()

    def read(self) -> None:
        """Read all of it."""
        self.run = json.loads((self.path / "run.json").read_text())
        self.scores = json.loads((self.path / "scores.json").read_text())
        self.traces, self.findings = (
            [
                json.loads(line)
                for line in (self.path / f"{name}.jsonl").read_text().split("\n")[:-1]
            ]
            for name in LINES
        )

    def write(self, dump: Callable[[Any], str] = json.dumps, end: str = "\n") -> None:
        """Write all of it."""
        (self.path / "run.json").write_text(dump(self.run), newline="")
        (self.path / "scores.json").write_text(dump(self.scores), newline="")
        for name in LINES:
            text = "".join(dump(one) + end for one in getattr(self, name))
            (self.path / f"{name}.jsonl").write_text(text, newline="")

    def event(self, trace: int, kind: str, nth: int = 0, **has: Any) -> Any:
        """The nth event of a kind in a trace that has these values."""
        found = [e for e in self.traces[trace]["events"] if e["event"] == kind]
        return [e for e in found if all(e.get(key) == value for key, value in has.items())][nth]

    def place(self, trace: int, kind: str, nth: int = 0, **has: Any) -> int:
        """Where such an event stands."""
        wanted = self.event(trace, kind, nth, **has)
        return next(n for n, e in enumerate(self.traces[trace]["events"]) if e is wanted)

    def verdict(self, kind: str) -> Any:
        """The first verdict of a kind."""
        return next(v for one in self.findings for v in one["verdicts"] if v["kind"] == kind)

    def rename(self, change: Callable[[str], str]) -> None:
        """Give all scenarios other names, in every file, with the digests that go with them."""
        plan = [change(name) for name in self.run["plan"]]
        digests = [digest(pack.scenario(name)) for name in plan]
        self.run |= {"plan": plan, "digests": digests}
        for one, name, sha in zip(self.traces, plan, digests, strict=True):
            one["header"] |= {"scenario": name, "digest": sha}
        for said in (*self.findings, *self.scores["episodes"]):
            said["scenario"] = change(said["scenario"])


@contextmanager
def edited(path: Path) -> Iterator[Paper]:
    """A run folder to be changed as JSON."""
    paper = Paper(path)
    yield paper
    paper.write()


def in_bytes(name: str, change: Callable[[bytes], bytes]) -> Callable[[Path], None]:
    """A change to a file of the folder."""

    def do(path: Path) -> None:
        (path / name).write_bytes(change((path / name).read_bytes()))

    return do


# -- the honest variants ----------------------------------------------------------------------


def _turned(value: Any) -> Any:
    """The same JSON with the keys of its objects the other way round."""
    if isinstance(value, dict):
        return {key: _turned(value[key]) for key in reversed(value)}
    return [_turned(part) for part in value] if isinstance(value, list) else value


def _rewrite(path: Path, dump: Callable[[Any], str], end: str = "\n") -> None:
    Paper(path).write(dump, end)


def _beside(path: Path, name: str) -> None:
    (path / name).write_text("<script>whatever lies here is left where it is</script>")


HONEST: dict[str, Callable[[Path], Any]] = {
    "as it is": lambda path: None,
    "carriage returns": lambda path: _rewrite(path, json.dumps, "\r\n"),
    "keys turned round": lambda path: _rewrite(path, lambda v: json.dumps(_turned(v))),
    "keys sorted": lambda path: _rewrite(path, lambda v: json.dumps(v, sort_keys=True)),
    "tight": lambda path: _rewrite(path, lambda v: json.dumps(v, separators=(",", ":"))),
    "wide": lambda path: _rewrite(path, lambda v: json.dumps(v, separators=("  ,\t", " : "))),
    "escaped": lambda path: _rewrite(path, lambda v: json.dumps(v, ensure_ascii=True)),
    "not escaped": lambda path: _rewrite(path, lambda v: json.dumps(v, ensure_ascii=False)),
    "whole numbers as floats": lambda path: _rewrite(
        path, lambda v: json.dumps(v).replace('"reward": 1.0', '"reward": 1')
    ),
    "no last end of line": in_bytes("traces.jsonl", lambda b: b.rstrip(b"\n")),
    "nor of the findings": in_bytes("findings.jsonl", lambda b: b.rstrip(b"\n")),
    "no timings": lambda path: (path / "timings.jsonl").unlink(),
    "empty timings": in_bytes("timings.jsonl", lambda b: b""),
    "fewer timings": in_bytes("timings.jsonl", lambda b: b.split(b"\n")[0] + b"\n"),
    "an older grader before": lambda path: _key(path, "grader", "1"),
    "more said": lambda path: _key(path, "comment", "a key that nobody knows"),
    "no sample": lambda path: _key(path, "sample", None),
    "a page beside": lambda path: _beside(path, "index.html"),
    "a lock left": lambda path: _beside(path, "lock"),
    "sensed": lambda path: _beside(path, "sensed-semantic.jsonl"),
}


def _key(path: Path, key: str, value: Any) -> None:
    with edited(path) as paper:
        paper.run.pop(key, None)
        if value is not None:
            paper.run[key] = value
