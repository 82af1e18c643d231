"""The episodes of a submission, each in its place and lived again.

Names first: a plan is there whole, each episode once and in order. Then one trace after the other
is read strictly, replayed, judged anew, and what was said of it compared with that.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest
from typing import get_args

import msgspec

from privgym.deviation import deviation
from privgym.event import AnyEvent
from privgym.flow import Finding
from privgym.folder import Judged, Record, judge
from privgym.handed import Handed, parsed
from privgym.pack import Pack
from privgym.refusal import Refusal, Refused
from privgym.scenario import Name, Scenario, digest
from privgym.score import grader
from privgym.trace import Header, Trace
from privgym.verdict import Verdict

NEAR = 10
"""Seeds that a scenario is tried for, to say of which one it is."""

_OWN = re.compile(r"(.*\.)?seed")
"""What an agent may say of itself that is another in each episode."""

_EVENTS = {kind.__struct_config__.tag for kind in get_args(AnyEvent)}


class _Named(msgspec.Struct):
    scenario: str


class _Head(msgspec.Struct):
    header: _Named


class _Said(msgspec.Struct):
    """What findings.jsonl says of an episode."""

    scenario: str
    findings: tuple[tuple[int, Finding], ...]
    verdicts: tuple[Verdict, ...]


def relived(handed: Handed, record: Record, pack: Pack) -> Iterator[tuple[Trace, Scenario, Judged]]:
    """Each episode that was verified: its trace, its scenario, and what it comes to.

    Args:
        handed: the submission.
        record: its run.json, whose plan is one of the pack.
        pack: the pack.

    Raises:
        Refused: an episode is not what it must be.
    """
    _in_order([*_names(handed)], record.plan)
    both = zip_longest(handed.lines("traces.jsonl"), handed.lines("findings.jsonl"))
    for number, (line, said) in enumerate(both):
        where, beside = (
            f"{name}, line {number + 1}" for name in ("traces.jsonl", "findings.jsonl")
        )
        if line is None or said is None:
            what = "there is not one line for each trace"
            raise Refused(Refusal.FORMAT, what, where=beside, do="privgym score RUN")
        one = _trace(line, where)
        scenario = _scenario(pack, record, number, one, where)
        if found := deviation(one, scenario):
            raise Refused(found.refusal, found.what, where=f"{where}, event {found.event}")
        judged = judge(one, scenario)
        _same(parsed(said, _Said, beside), judged, scenario, beside)
        yield one, scenario, judged


# -- each episode in its place ----------------------------------------------------------------


def _names(handed: Handed) -> Iterator[str]:
    """The names of the traces. What else a line holds is read later, strictly."""
    decoder = msgspec.json.Decoder(_Head)
    for number, line in enumerate(handed.lines("traces.jsonl"), 1):
        try:
            yield decoder.decode(line).header.scenario
        except (msgspec.DecodeError, RecursionError):
            head: _Head = parsed(line, _Head, f"traces.jsonl, line {number}")
            yield head.header.scenario


def _in_order(names: Sequence[str], plan: Sequence[str]) -> None:
    """Refuse what is not the plan, each episode once and in its place."""
    for place, (name, due) in enumerate(zip_longest(names, plan, fillvalue="")):
        if name != due:
            where = f"traces.jsonl, line {place + 1}"
            what = f"{name[:80] or 'nothing'} where {due or 'nothing more'} is due"
            raise Refused(_misplaced(names, plan, place), what, where=where)


def _misplaced(names: Sequence[str], plan: Sequence[str], place: int) -> Refusal:
    """What was done to a file whose trace at this place is not the one that is due."""
    name = names[place] if place < len(names) else ""
    due = plan[place] if place < len(plan) else ""
    if name in names[:place]:
        return Refusal.EPISODE_DOUBLED
    if not name or (name in plan and due not in names):
        return Refusal.EPISODE_DROPPED
    if name in plan:
        return Refusal.EPISODE_SWAPPED
    same = name.partition("#")[0] == due.partition("#")[0]
    return Refusal.SEED_CHANGED if same else Refusal.HEADER_EDITED


# -- one episode ------------------------------------------------------------------------------


def _trace(line: bytes, where: str) -> Trace:
    """A line as a trace."""
    try:
        one: Trace = parsed(line, Trace, where)
    except Refused as refused:
        if refused.refusal is Refusal.FORMAT:
            _known_events(line, where)
        raise
    return one


def _known_events(line: bytes, where: str) -> None:
    """Refuse an event of no known kind, where that is what is wrong with a line."""
    plain = parsed(line, dict[str, object], where)
    events = plain.get("events")
    for number, event in enumerate(events if isinstance(events, list) else ()):
        kind = event.get("event") if isinstance(event, dict) else None
        if not isinstance(kind, str) or kind not in _EVENTS:
            what = f"an event of the kind {str(kind)[:40]}"
            raise Refused(Refusal.FOREIGN_EVENT, what, where=f"{where}, event {number}")


def _scenario(pack: Pack, record: Record, place: int, one: Trace, where: str) -> Scenario:
    """The scenario of a trace, if header, run.json and pack agree on it."""
    name = Name.read(record.plan[place])
    header, due = one.header, record.header(name)
    if one.failure and not one.events:  # it failed before the agent could say what it is
        due = msgspec.structs.replace(due, about=header.about)
    elif own := {key: text for key, text in header.about.items() if _OWN.fullmatch(key)}:
        due = msgspec.structs.replace(due, about={**due.about, **own})
    for key in Header.__struct_fields__:
        if (said := getattr(header, key)) != (meant := getattr(due, key)):
            what = f"{key} is {str(said)[:80]}; run.json has {str(meant)[:80]}"
            raise Refused(Refusal.HEADER_EDITED, what, where=where)
    scenario = pack.scenario(name)
    if digest(scenario) != header.digest:
        for seed in range(NEAR):
            other = msgspec.structs.replace(name, seed=seed)
            if not pack.imported and digest(pack.scenario(other)) == header.digest:
                what = f"its digest is that of {other}"
                raise Refused(Refusal.SEED_CHANGED, what, where=where)
        what = f"{name} is another scenario here"
        raise Refused(Refusal.OTHER_PACK, what, where=where)
    return scenario


def _same(said: _Said, judged: Judged, scenario: Scenario, where: str) -> None:
    """Refuse what is said of a trace, if it is not what sensor and norms say."""
    if said.scenario != judged.score.scenario:
        what = f"{said.scenario[:80]} where {judged.score.scenario} is due"
        raise Refused(Refusal.FINDING_EDITED, what, where=where)
    own = grader(scenario).sensor.about
    for _, finding in said.findings:
        if finding.sensor != own:
            what = f"found by {finding.sensor[:40] or 'nobody'}; here {own} finds"
            raise Refused(Refusal.OTHER_SENSOR, what, where=where, do="privgym score RUN")
    if said.findings != judged.findings:
        number = _first(said.findings, judged.findings)
        raise Refused(Refusal.FINDING_EDITED, f"finding {number} is another one", where=where)
    if said.verdicts != judged.verdicts:
        number = _first(said.verdicts, judged.verdicts)
        raise Refused(Refusal.VERDICT_EDITED, f"verdict {number} is another one", where=where)


def _first(said: Sequence[object], due: Sequence[object]) -> int:
    """The number of the first that differs."""
    pairs = enumerate(zip_longest(said, due))
    return next(number for number, (one, other) in pairs if one != other)
