"""Every way in which what is not sure can turn out, judged with two truth values."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import NamedTuple

from msgspec.structs import replace

from tests.gen import Case
from tests.oracle import Opinion

Place = tuple[int, str, str]
Duty = tuple[str, str, str]


class Doubt(NamedTuple):
    """How the verdicts on a case compare with what could be the case.

    Args:
        wrong: flows and duties whose verdict some completion contradicts.
        undecided: how many flows that surely happened are undecided.
        settled: how many of these are judged the same in all completions.
    """

    wrong: list[Place | Duty]
    undecided: int
    settled: int


def maybes(case: Case) -> int:
    """How many findings are not sure."""
    return sum(f.certainty == "maybe" for _, findings in case.trace for f in findings)


def completions(case: Case) -> Iterator[Case]:
    """The case with each `maybe` finding a sure one, or none."""
    for truths in product([True, False], repeat=maybes(case)):
        left = iter(truths)
        trace = tuple(
            (
                event,
                tuple(
                    replace(finding, certainty="yes")
                    for finding in findings
                    if finding.certainty == "yes" or next(left)
                ),
            )
            for event, findings in case.trace
        )
        yield case._replace(trace=trace)


def doubt(case: Case, said: Sequence[Opinion]) -> Doubt:
    """Compare verdicts on a case with the oracle's on all its completions."""
    worlds = [world.oracle().opinions() for world in completions(case)]
    flows, duties = _flows(said), _duties(said)
    there = [_flows(world) for world in worlds]
    wrong: list[Place | Duty] = [
        place
        for place in flows.keys() | {place for world in there for place in world}
        if not all(_bears_out(world.get(place, ""), flows.get(place, "")) for world in there)
    ]
    wrong += [
        duty
        for duty, kind in duties.items()
        if kind in ("met", "missing") and any(_duties(world).get(duty) != kind for world in worlds)
    ]
    certain = [place for place in flows if all(place in world for world in there)]
    open_ = [place for place in certain if flows[place] == "undecided"]
    settled = [place for place in open_ if len({world[place] for world in there}) == 1]
    return Doubt(wrong, len(open_), len(settled))


def _flows(opinions: Sequence[Opinion]) -> dict[Place, str]:
    """The worst that is said of each fact and recipient of an event, told or concluded."""
    worse = ("appropriate", "undecided", "inappropriate")
    found: dict[Place, str] = {}
    for o in opinions:
        if not o.norm.startswith("must"):
            place = (o.event, o.fact, o.recipient)
            found[place] = max(o.kind, found.get(place, o.kind), key=worse.index)
    return found


def _duties(opinions: Sequence[Opinion]) -> dict[Duty, str]:
    return {(o.norm, o.fact, o.recipient): o.kind for o in opinions if o.norm.startswith("must")}


def _bears_out(so: str, said: str) -> bool:
    """Whether what is so in one completion lets a verdict stand ("" is no flow)."""
    return said == "undecided" or (said == "inappropriate") == (so == "inappropriate")
