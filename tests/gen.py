"""Random norms and traces, for comparing the monitor with the oracle.

*Uniform* cases have a wide world in which few things meet. *Tight* ones are biased to collisions:
few people who hold the same roles, a chain of attributes, acts about the same few things, messages
that are repeated, findings that are unsure before they are sure, times at the edges of spans.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from privgym.book import Book
from privgym.errors import PrivgymError
from privgym.event import (
    Acted,
    Announced,
    AnyEvent,
    Asked,
    Closed,
    Confided,
    Consented,
    Delegated,
    Opened,
    Returned,
    Revoked,
    Sent,
    Ticked,
    Withdrew,
)
from privgym.flow import Fact, Finding, Party
from privgym.message import Action
from privgym.norm import sentences
from tests.hindsight import Step
from tests.oracle import Oracle
from tests.topic import ANY_DEED, DEEDS, Topic
from tests.worlds import TIGHT, TIMES, WIDE, World

START = datetime(2026, 3, 2, 9)


class Case(NamedTuple):
    """Norms and a trace to judge by them; `refused` counts the lines that were left out."""

    lines: tuple[str, ...]
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    spheres: tuple[str, ...]
    purposes: tuple[str, ...]
    trace: tuple[Step, ...]
    refused: int = 0

    def book(self) -> Book:
        return Book.of(self.lines, self.parties, self.facts, self.spheres, "ana", self.purposes)

    def oracle(self) -> Oracle:
        norms = list(sentences(self.lines))
        known = (self.parties, self.facts, self.spheres, self.trace, "ana", self.purposes)
        return Oracle(norms, *known)


def draw(rng: Random, tight: bool) -> Case:
    """Draw a case; lines that are refused (no session has their purpose) are left out."""
    world = TIGHT if tight else WIDE
    topic = _Trace(rng, world)
    spheres = tuple(rng.choice(world.spheres) for _ in range(rng.choice([1, 2, 3, 3])))
    purposes = tuple(rng.choice(("", "treatment", "billing")) for _ in spheres)
    lines = (*topic.declared(), *topic.rules())
    trace = tuple(topic.steps(len(spheres)))
    whole = Case(lines, world.parties, topic.facts, spheres, purposes, trace)
    return whole if is_read(whole) else _readable(whole, shared=1 + len(world.shared))


def is_read(case: Case) -> bool:
    """Whether its lines are."""
    try:
        case.book()
    except PrivgymError:
        return False
    return True


def _readable(case: Case, shared: int) -> Case:
    kept = case._replace(lines=case.lines[:shared])
    for line in case.lines[shared:]:
        more = kept._replace(lines=(*kept.lines, line))
        kept = more if is_read(more) else kept
    return kept._replace(refused=len(case.lines) - len(kept.lines))


class _Trace(Topic):
    """Draws the events that a topic's lines are asked about."""

    def __init__(self, rng: Random, world: World) -> None:
        super().__init__(rng, world)
        self.now = START
        self.said: list[Step] = []

    def steps(self, sessions: int) -> Iterator[Step]:
        rng = self.rng
        yield self.tick(0), ()
        yield from self.some(rng.choice([0, 1, 2, 4]), before=True)
        for session in range(1, sessions + 1):
            if rng.random() < 0.8:
                yield self.tick(TIMES[self.time] + rng.choice([-1, 0, 0, 1, 1])), ()
            yield Opened(session), self.findings(0.1)
            yield from self.some(rng.randint(2, 7))
            if rng.random() < self.world.bias / 2:
                yield from self.edge()
            if session < sessions or rng.random() < 0.9:
                yield Closed(session, "done"), ()

    def some(self, count: int, before: bool = False) -> Iterator[Step]:
        for _ in range(count):
            kind = self.rng.random()
            if kind < 0.1 and not before:
                yield from [(Acted("agent", Action(text="so")), ())] * self.rng.choice([1, 1, 2])
            elif kind < 0.2 and not before:
                party = self.rng.choice(["agent", "agent", "boss"])
                yield Returned(party, "read", "what was read"), self.findings(1)
            elif kind < 0.55:
                yield from ((act, ()) for act in self.acts())
            elif kind < 0.65 and self.said:
                yield self.rng.choice(self.said)
            else:
                self.said.append(self.sent())
                yield self.said[-1]

    def tick(self, minutes: int) -> Ticked:
        self.now += timedelta(minutes=minutes)
        return Ticked(self.now.strftime("%Y-%m-%d %H:%M"))

    def edge(self) -> Iterator[Step]:
        """An act or two, then a flow that is just within a span of them or just past it."""
        rng, acts = self.rng, [(act, ()) for act in self.acts()]
        whos = {getattr(act, part, "") for act, _ in acts for part in ("party", "to")}
        to = rng.choice([key for key in self.two if key in whos] or self.two)
        flow = Sent("email", "ana", "agent", (to,), (("text", "v"),))
        said: Step = flow, (Finding(self.fact.key, "text", 0, 1, "v"),)
        turn: Step = Acted("agent", Action(text="so")), ()
        yield from [said] * rng.choice([0, 0, 1])
        for _ in range(rng.choice([1, 1, 2])):
            yield from acts
            yield from [turn] * rng.choice([0, 1, 2, 3])
        yield said

    def acts(self) -> Iterator[AnyEvent]:
        rng, people = self.rng, [*self.outside, "ana"]
        subject = self.fact.subject
        party = self.pick([subject, subject, *self.two], people)
        about, to = self.any_name(), self.pick([*self.two, "anyone"], people)
        match self.pick(DEEDS.get(self.theme, ANY_DEED), ANY_DEED):
            case "c":
                yield Consented(party, about, to)
            case "w":
                yield Withdrew(party, about, to)
            case "a":
                yield Asked(self.pick([*self.two, *self.two, "ana"], [*people, "agent"]), about)
            case "k":
                yield Confided(rng.choice(self.outside), about)
            case "d":
                yield from self.delegation(party, about, to)
            case "r":
                yield Revoked(party, about, self.pick([*self.two, "ana"], people))
            case _:
                yield Announced(party, self.event())

    def delegation(self, party: str, about: str, to: str) -> Iterator[AnyEvent]:
        """One lets another decide, who does, or lets a third; it may be revoked, in part."""
        rng, people = self.rng, [*self.outside, "ana"]
        decides = self.pick([*self.two, "ana"], people)
        yield Delegated(party, about, decides)
        if rng.random() < 0.25:
            yield Revoked(party, rng.choice([about, self.any_name()]), decides)
        if rng.random() < 0.3:
            third = self.pick(self.two, people)
            yield Delegated(decides, about, third)
            decides = third
        if rng.random() < 0.7:
            act = Withdrew if rng.random() < 0.3 else Consented
            yield act(decides, rng.choice([about, self.fact.attribute, self.any_name()]), to)
        if rng.random() < 0.2:
            yield Revoked(party, about, decides)

    def sent(self) -> Step:
        rng, two, outside = self.rng, self.two, self.outside
        pair = self.pick(two, outside), self.pick(two, [*outside, "memory"])
        several = tuple(dict.fromkeys(pair))
        sender, hand, to = rng.choice(
            [
                ("ana", "agent", several),
                ("ana", "agent", (self.pick(two, outside),)),
                ("ana", "agent", (self.pick(two, ["memory"]),)),
                ("agent", "agent", (rng.choice([*two, "ana"]),)),
                ("memory", "memory", ("agent",)),
                (two[0], two[0], (rng.choice(["ana", "agent", two[1]]),)),
                ("clinic", "clinic", (rng.choice(["ana", "agent", "kim"]),)),
                ("ana", "ana", (rng.choice(["agent", *outside]),)),
            ]
        )
        return Sent("email", sender, hand, to, (("text", "v"),)), self.findings(1)

    def findings(self, share: float) -> tuple[Finding, ...]:
        rng = self.rng
        if rng.random() > share:
            return ()
        sure = 0.6 if self.theme == "must" else 0.75
        chosen = rng.sample(self.facts, min(len(self.facts), rng.choice([1, 1, 2, 3])))
        if rng.random() < self.world.bias * 0.6:
            chosen = [self.fact, *(fact for fact in chosen if fact != self.fact)]
        return tuple(
            Finding(fact.key, "text", 0, 1, "v", "yes" if rng.random() < sure else "maybe")
            for fact in [*chosen, *(chosen[:1] if rng.random() < 0.1 else ())]
        )
