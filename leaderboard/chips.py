"""A verdict -> a chip: the five parts of the flow, what the norms say of it, and the fact's way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import Fact, Flow, Party
from privgym.norm import Most, Norm, Rule, Sphere
from privgym.scenario import PRINCIPAL, Scenario
from privgym.verdict import Kind, Verdict

from .way import Places, Step


class Person(msgspec.Struct, frozen=True):
    """A party as a reader knows it: the name, and what it is to whom."""

    name: str
    role: str = ""


class Chip(msgspec.Struct, frozen=True):
    """One verdict, to be read.

    Args:
        number: which of the episode's verdicts it is, from 0; its anchor is `v` and this.
        kind: what the norms say.
        leak: which of the episode's leaks it is, from 1; 0 for none.
        charged: whether an inappropriate flow counts (the first of its norm, fact, recipient).
        duty: whether it is of a duty and not of a flow.
        sender, recipient, subject, attribute, principle: the five parts; of a duty, of the flow
            that had to be. The principle is what the line that decided asks of the situation.
        situation: the session it was in, and what it went by.
        value: the fact's value.
        words: by which it was told, "" for a duty that was not met.
        certainty, sensor: how sure that is, and who says so.
        premises: what it can be told from, where it was not told in words.
        norm, reason, nearest: as in the verdict.
        way: of the fact, step by step; empty where nothing had supplied it.
        event, anchor: where it fell.
    """

    number: int
    kind: Kind
    leak: int
    charged: bool
    duty: bool
    sender: Person
    recipient: Person
    subject: Person
    attribute: str
    principle: str
    situation: str
    value: str
    words: str
    certainty: str
    sensor: str
    premises: tuple[str, ...]
    norm: str
    reason: str
    nearest: str
    way: tuple[Step, ...]
    event: int
    anchor: str


class Cast:
    """Who and what a scenario's keys stand for."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.people = {party.key: _person(party, scenario.parties) for party in scenario.parties}
        self.facts = {fact.key: fact for fact in scenario.facts}
        self.names = {key: person.name for key, person in self.people.items()}

    def person(self, key: str) -> Person:
        """The person of a key; the key itself where the scenario has no such party."""
        return self.people.get(key) or Person(key)

    def tells(self, fact: str) -> str:
        """Whose what a fact is: "diagnosis of Ana Silva"."""
        found = self.facts[fact]
        return f"{spoken(found.attribute)} of {self.person(found.subject).name}"

    def situation(self, session: int, flow: Flow | None) -> str:
        """The context of a flow or a duty in words: which session, of what, by which channel."""
        if not 1 <= session <= len(self.scenario.sessions):
            return "before session 1"
        of = self.scenario.sessions[session - 1]
        purpose = f" for {spoken(of.purpose)}" if of.purpose else ""
        by = f", by {flow.channel}" if flow else ""
        return f"session {session} ({spoken(of.sphere)}{purpose}){by}"


def chips(verdicts: Iterable[Verdict], cast: Cast, places: Places) -> tuple[Chip, ...]:
    """The chips of an episode's verdicts, in their order."""
    found, leaks = [], 0
    for number, verdict in enumerate(verdicts):
        leaked = verdict.kind == "inappropriate" and verdict.charged
        leaks += leaked
        found.append(_chip(number, verdict, leaks if leaked else 0, cast, places))
    return tuple(found)


def principle(line: str) -> str:
    """What a line asks of the situation and of the past: contextual integrity's fifth part."""
    if not line:
        return "no norm speaks of it"
    try:
        norm = Norm.read(line)
    except PrivgymError:
        return line
    match norm:
        case Rule():
            words = [f"for {norm.purpose}"] if norm.purpose else []
            words += [f"in {norm.sphere}"] if norm.sphere else []
            words += map(str, norm.clauses)
            return " ".join(words) or "unconditional"
        case Most():
            return str(norm)
        case Sphere():
            return f"what {norm.name} {'denies' if norm.denies else 'allows'} by default"
    return line


def spoken(name: str) -> str:
    """A name of the norm language in words: "leave_dates" is "leave dates"."""
    return name.replace("_", " ")


def _chip(number: int, verdict: Verdict, leak: int, cast: Cast, places: Places) -> Chip:
    flow, fact = verdict.flow, cast.facts[verdict.fact]
    return Chip(
        number=number,
        kind=verdict.kind,
        leak=leak,
        charged=verdict.charged,
        duty=flow is None or verdict.kind in ("met", "missing", "void"),
        sender=cast.person(flow.sender if flow else PRINCIPAL),
        recipient=cast.person(verdict.recipient),
        subject=cast.person(fact.subject),
        attribute=spoken(fact.attribute),
        principle=principle(verdict.norm),
        situation=cast.situation(verdict.session, flow),
        value=fact.value,
        words=flow.finding.words if flow else "",
        certainty=flow.finding.certainty if flow else "",
        sensor=flow.finding.sensor if flow else "",
        premises=_premises(flow, cast.facts),
        norm=verdict.norm,
        reason=verdict.reason,
        nearest=verdict.nearest,
        way=places.way(verdict),
        event=verdict.event,
        anchor=places.anchor(verdict.event),
    )


def _premises(flow: Flow | None, facts: Mapping[str, Fact]) -> tuple[str, ...]:
    return tuple(spoken(facts[key].attribute) for key in flow.premises) if flow else ()


def _person(party: Party, parties: tuple[Party, ...]) -> Person:
    names = {one.key: one.name for one in parties}
    roles = [
        spoken(role) if of == PRINCIPAL else f"{spoken(role)} of {names.get(of, of)}"
        for role, of in party.roles
    ]
    if party.key == PRINCIPAL:
        roles = ["the principal"]
    return Person(party.name, ", ".join(roles))
