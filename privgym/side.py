"""One agent's episodes, as a comparison needs them: lived now, or read from run folders."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from privgym.comparison import Side
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.folder import Judged, RunFolder, judge
from privgym.scenario import Name


class Key(NamedTuple):
    """What an episode is of: both agents lived the same one."""

    scenario: str
    sample: int


class Lived(NamedTuple):
    """An episode, judged, and where its trace stands."""

    judged: Judged
    run: str
    number: int


class Episodes(NamedTuple):
    """All that one agent lived for a comparison."""

    side: Side
    lived: Mapping[Key, Lived]
    digests: Mapping[str, str]


def folders(text: str) -> tuple[RunFolder, ...]:
    """The run folders that a side names, "runs/A" or "runs/A,runs/B"; none if it is a spec."""
    paths = [Path(part.strip()) for part in text.split(",")]
    if not any((path / "run.json").is_file() for path in paths):
        return ()
    return tuple(RunFolder(path) for path in paths)


def gather(runs: Sequence[RunFolder], names: Iterable[Name], first: int = 0) -> Episodes:
    """Judge what runs of one agent hold of a plan; nothing is written.

    Args:
        runs: its run folders: of several packs, and of several samples.
        names: the scenarios that are wanted.
        first: the sample that counts as number 0.

    Raises:
        PrivgymError: the runs are not of one agent, or one of them lived an episode twice; (code
            3) one has not ended, or all of it failed; (code 4) a trace is refused.
    """
    wanted, lived, digests = {str(name) for name in names}, dict[Key, Lived](), dict[str, str]()
    one = runs[0].record
    for run in runs:
        _check(run, runs[0])
        for number, (trace, scenario) in enumerate(run.read()):
            key = Key(scenario.name, run.record.sample - first)
            if scenario.name not in wanted:
                continue
            if key in lived:
                what = f"{scenario.name}, sample {run.record.sample}, is in two runs of {one.spec}"
                raise PrivgymError(what, where=str(run.path), do="leave one of them out")
            lived[key] = Lived(judge(trace, scenario), str(run.path), number)
            digests[scenario.name] = trace.header.digest
    failed = sum(one.judged.failure is not None for one in lived.values())
    if lived and failed == len(lived):
        what = f"every episode of {one.spec} failed: there is nothing to compare"
        do = f"`privgym show {runs[0].path}:0` says how"
        raise PrivgymError(what, do=do, code=INCONCLUSIVE)
    paths = tuple(str(run.path) for run in runs)
    side = Side(one.spec, one.about, paths, one.trust, one.guard, failed)
    return Episodes(side, lived, digests)


def _check(run: RunFolder, first: RunFolder) -> None:
    """Refuse a run that is of another agent than the first, or has not ended."""
    if (run.record.spec, run.record.about) != (first.record.spec, first.record.about):
        what = f"{run.path} and {first.path} are not of the same agent and model"
        raise PrivgymError(what, do="a side is one agent and one model")
    if left := run.left():
        what = f"{left:,} episodes of {run.path} were not run"
        raise PrivgymError(what, do="the command that began it goes on", code=INCONCLUSIVE)


def plan(digests: Mapping[str, str]) -> str:
    """The SHA-256 of a plan: its names, each with the digest of its content."""
    lines = "".join(f"{name} {digest}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256(lines.encode()).hexdigest()
