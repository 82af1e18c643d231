"""A stored run, read back: it was judged when it was taken in, so it is not judged again."""

from __future__ import annotations

from itertools import islice

import msgspec

from privgym import pack, trace
from privgym.errors import REFUSED, Failure, PrivgymError
from privgym.flow import Finding
from privgym.folder import Judged, RunFolder
from privgym.scenario import Scenario, digest
from privgym.score import Score
from privgym.trace import Trace
from privgym.verdict import Verdict


class _Counted(Score, frozen=True):
    """An episode's part of scores.json."""

    failure: Failure | None = None


class _Scores(msgspec.Struct, frozen=True):
    episodes: tuple[_Counted, ...]


class _Found(msgspec.Struct, frozen=True):
    """A line of findings.jsonl."""

    findings: tuple[tuple[int, Finding], ...]
    verdicts: tuple[Verdict, ...]


def scores(run: RunFolder) -> tuple[tuple[Score, Failure | None], ...]:
    """What each episode of a run came to, in order, and what ended it."""
    file = run.path / "scores.json"
    found = trace.strict(file.read_bytes(), _Scores, file.name)
    return tuple((one, one.failure) for one in found.episodes)


def judged(run: RunFolder) -> tuple[Judged, ...]:
    """All episodes of a run, judged, in order."""
    file = run.path / "findings.jsonl"
    said = (trace.strict(line, _Found, file.name) for line in trace.lines(file))
    both = zip(scores(run), said, strict=True)
    return tuple(Judged(score, of.verdicts, of.findings, why) for (score, why), of in both)


def episode(run: RunFolder, number: int) -> tuple[Trace, Scenario, Judged]:
    """One episode of a run: what happened, what it is of, and what the norms say.

    Raises:
        LookupError: the run has no episode of that number.
        PrivgymError: (code 4) the scenario is another one by now.
    """
    line = next(islice(trace.lines(run.traces), number, None), None)
    said = next(islice(trace.lines(run.path / "findings.jsonl"), number, None), None)
    if line is None or said is None:
        raise LookupError(f"no episode {number}")
    one, of = trace.decode(line), trace.strict(said, _Found)
    scenario = pack.scenario(one.header.scenario)
    if digest(scenario) != one.header.digest:
        what = f"{one.header.scenario} is not the scenario that was lived here"
        raise PrivgymError(what, do="its pack has changed since", code=REFUSED)
    score, why = scores(run)[number]
    return one, scenario, Judged(score, of.verdicts, of.findings, why)
