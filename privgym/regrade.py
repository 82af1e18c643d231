"""A run under the grader that scored it and under this one, side by side. Writes nothing."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from privgym import trace
from privgym.errors import Failure, PrivgymError
from privgym.folder import Judged, Record, RunFolder, judge
from privgym.score import GRADER, Score
from privgym.spec import Spec
from privgym.table import Row, row
from privgym.verdict import Verdict


class Changed(msgspec.Struct, frozen=True):
    """An episode that is judged otherwise now.

    Args:
        scenario: its name.
        gone, new: verdicts that only the old grader gave, and only this one does.
    """

    scenario: str
    gone: tuple[Verdict, ...]
    new: tuple[Verdict, ...]


class Regrade(msgspec.Struct, frozen=True):
    """A run, judged twice.

    Args:
        run: its folder.
        record: what it is of.
        grader: version of the grader that scored it before; `now` of this one.
        old, new: the rows.
        changed: the episodes that are judged otherwise.
    """

    run: str
    record: Record
    grader: str
    old: Row
    new: Row
    changed: tuple[Changed, ...]
    now: str = GRADER


class _Scores(msgspec.Struct):
    grader: str
    episodes: list[dict[str, Any]]


class _Said(msgspec.Struct):
    verdicts: tuple[Verdict, ...]


def regrade(path: Path) -> Regrade:
    """Judge a run again, and set it beside what was said of it when it was scored.

    Args:
        path: the run folder.

    Raises:
        PrivgymError: it is no run folder or was never scored; (code 4) a trace is refused.
    """
    run = RunFolder(path)
    old = _before(run)
    new = [judge(one, scenario) for one, scenario in run.read()]
    if len(old) != len(new):
        what = f"{len(old)} episodes are scored, and {len(new)} traces are there"
        raise PrivgymError(what, where=str(path), do="`privgym score` scores all of them")
    both = [_changed(before, after) for before, after in zip(old, new, strict=True)]
    spec, pack = Spec.read(run.record.spec), run.record.pack
    return Regrade(
        run=str(path),
        record=run.record,
        grader=_scores(run).grader,
        old=row(pack, spec, old),
        new=row(pack, spec, new),
        changed=tuple(one for one in both if one.gone or one.new),
    )


def _scores(run: RunFolder) -> _Scores:
    file = run.path / "scores.json"
    if not file.exists():
        do = "`privgym score` scores it"
        raise PrivgymError("it was never scored", where=str(run.path), do=do)
    scores: _Scores = trace.strict(file.read_bytes(), _Scores, str(file))
    return scores


def _before(run: RunFolder) -> list[Judged]:
    """What was said of each episode when the run was scored."""
    said = [trace.strict(line, _Said) for line in trace.lines(run.path / "findings.jsonl")]
    found = []
    for plain, one in zip(_scores(run).episodes, said, strict=True):
        failure = msgspec.convert(plain.pop("failure"), Failure | None)
        found.append(Judged(msgspec.convert(plain, Score), one.verdicts, (), failure))
    return found


def _changed(before: Judged, after: Judged) -> Changed:
    """What only one of the two says; where in the trace it stands does not matter."""
    was, now = ({_key(verdict) for verdict in one.verdicts} for one in (before, after))
    return Changed(
        after.score.scenario,
        tuple(verdict for verdict in before.verdicts if _key(verdict) not in now),
        tuple(verdict for verdict in after.verdicts if _key(verdict) not in was),
    )


def _key(verdict: Verdict) -> tuple[str, ...]:
    return verdict.kind, verdict.norm, verdict.fact, verdict.recipient
