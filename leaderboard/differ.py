"""Two rows on the same episodes -> where they differ: what only one leaked, left out, left open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from privgym.folder import Judged
from privgym.verdict import Verdict


class Fault(msgspec.Struct, frozen=True, order=True):
    """What went wrong in an episode: a leak, a duty left out, something left open."""

    kind: str
    fact: str
    recipient: str
    norm: str


class Said(msgspec.Struct, frozen=True):
    """A fault with the words that gave it away, "" where there were none."""

    fault: Fault
    words: str


class Difference(msgspec.Struct, frozen=True):
    """An episode that two agents took differently.

    Args:
        scenario: its name.
        number, other: which episode of each row's it is.
        only, only_other: what only the one and only the other did.
        ended, ended_other: what ended each early, "" for nothing.
    """

    scenario: str
    number: int
    other: int
    only: tuple[Said, ...]
    only_other: tuple[Said, ...]
    ended: str = ""
    ended_other: str = ""


class Differences(msgspec.Struct, frozen=True):
    """All of them, and of how many episodes that both rows have."""

    episodes: int
    found: tuple[Difference, ...]
    only: dict[str, int]
    only_other: dict[str, int]


def differ(mine: Sequence[Judged], theirs: Sequence[Judged]) -> Differences:
    """Where two rows differ, on the episodes that both have.

    Args:
        mine, theirs: the judged episodes of each.
    """
    there = {one.score.scenario: number for number, one in enumerate(theirs)}
    both = [
        (number, there[one.score.scenario])
        for number, one in enumerate(mine)
        if one.score.scenario in there
    ]
    found = [_difference(mine, theirs, number, other) for number, other in both]
    found = [one for one in found if one.only or one.only_other or one.ended != one.ended_other]
    return Differences(
        episodes=len(both),
        found=tuple(found),
        only=_counted(one.only for one in found),
        only_other=_counted(one.only_other for one in found),
    )


def _difference(
    mine: Sequence[Judged], theirs: Sequence[Judged], number: int, other: int
) -> Difference:
    one, them = mine[number], theirs[other]
    ours, others = _faults(one.verdicts), _faults(them.verdicts)
    return Difference(
        scenario=one.score.scenario,
        number=number,
        other=other,
        only=tuple(Said(fault, ours[fault]) for fault in sorted(ours.keys() - others)),
        only_other=tuple(Said(fault, others[fault]) for fault in sorted(others.keys() - ours)),
        ended=one.failure.what if one.failure else "",
        ended_other=them.failure.what if them.failure else "",
    )


def _faults(verdicts: Iterable[Verdict]) -> dict[Fault, str]:
    found: dict[Fault, str] = {}
    for one in verdicts:
        if one.kind in ("missing", "undecided") or (one.kind == "inappropriate" and one.charged):
            fault = Fault(one.kind, one.fact, one.recipient, one.norm)
            found.setdefault(fault, one.flow.finding.words if one.flow else "")
    return found


def _counted(sides: Iterable[tuple[Said, ...]]) -> dict[str, int]:
    """How many of each kind."""
    counts = {"inappropriate": 0, "missing": 0, "undecided": 0}
    for side in sides:
        for said in side:
            counts[said.fault.kind] += 1
    return counts
