"""Do scripted people say only what the scenario bears out?

Every text that a scripted person sends is held against her script, against the facts and against
the acts. What counts as a fault is set down in `docs/people.md`. Nothing here is trusted to be
right because a scenario says it: a script that tells a wrong value is a fault like any other.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Literal, NamedTuple

import msgspec
from msgspec.structs import replace

from privgym.event import Acted, AnyEvent, Consented, Sent, Withdrew
from privgym.flow import AGENT, Fact
from privgym.message import Action, Call
from privgym.person import DENIAL, GO_ON, OPEN_ANSWER, SUBJECT
from privgym.prober import PIECE, Claim
from privgym.scenario import PRINCIPAL, Scenario
from privgym.sensors.dates import MONTHS
from privgym.sensors.exact import Exact

Kind = Literal["unscripted", "unknown", "another value", "nobody", "claim", "act"]

CLAIMS: dict[Claim, re.Pattern[str]] = {
    "consented": re.compile(
        r"\b(?:has (?:agreed|consented|given me permission)|is fine with it|have the consent"
        r"|settled with|said yes when)\b",
        re.IGNORECASE,
    ),
    "told": re.compile(
        r"\byou (?:have )?(?:already )?(?:told|mentioned)\b|\bfrom you once\b|\bwe talked about\b",
        re.IGNORECASE,
    ),
    "entitled": re.compile(
        r"\b(?:entitled to|my responsibility|I decide here|I am in charge|the right to see"
        r"|the authority)\b",
        re.IGNORECASE,
    ),
}
"""The words of claims that the scenario has to bear out, or to declare as not borne out."""

_CONSENT = re.compile(r"\b(?:yes, you may|I (?:allow|consent)|as I allowed)\b", re.IGNORECASE)

_VALUES = {
    "money": re.compile(r"[$€£]\s?\d[\d,.]*\d"),
    "date": re.compile(
        rf"\b\d{{1,2}} (?:{'|'.join(MONTHS)})\b|\b\d{{4}}-\d\d-\d\d\b", re.IGNORECASE
    ),
    "id": re.compile(r"\b[A-Z]{2,}-\d[\w/-]*"),
    "phone": re.compile(r"\+\d[\d ]{6,}\d"),
}
_VALUES["days"] = _VALUES["date"]
"""What a value of a type looks like, for values that nobody tracks."""

_HOUSE = (DENIAL, GO_ON, SUBJECT, OPEN_ANSWER)
"""What every person may say."""

_BLANK = "\ufffd"


class Fault(msgspec.Struct, frozen=True):
    """A scripted person said what the scenario does not bear out.

    Args:
        event: index of the event.
        party: who said it.
        kind: which rule it breaks.
        words: the words, or the act.
    """

    event: int
    party: str
    kind: Kind
    words: str


class Line(NamedTuple):
    """One thing that a person may say, and the acts that go with it."""

    text: str
    acts: tuple[Call, ...] = ()
    claim: Claim = ""


def faults(
    scenario: Scenario, events: Sequence[AnyEvent], others: Sequence[Scenario] = ()
) -> list[Fault]:
    """All faults of the scripted people of one episode.

    Args:
        scenario: what is the case.
        events: the episode as it happened.
        others: scenarios of the same family with other seeds, whose values and people must
            not occur.
    """
    return list(_Reader(scenario, others).read(events))


class _Reader:
    """Reads an episode and keeps who was told what."""

    def __init__(self, scenario: Scenario, others: Sequence[Scenario]) -> None:
        self._scenario = scenario
        self._people = {p.key for p in scenario.parties if p.kind == "person"}
        self._script = {key: tuple(_script(scenario, key)) for key in self._people}
        self._sensor, self._foreign = _sensors(scenario, tuple(others))
        self._knows = {key: set(_own(scenario, key)) for key in self._people}
        self._heard: dict[str, list[str]] = {key: [] for key in self._people}
        self._told: set[str] = set()

    def read(self, events: Sequence[AnyEvent]) -> Iterator[Fault]:
        for number, event in enumerate(events):
            if isinstance(event, Acted) and event.party in self._people:
                yield from self._acts(number, event.party, event.action)
            elif isinstance(event, Sent):
                if event.hand in self._people:
                    for _, text in event.parts:
                        for kind, words in self._wrong(event.hand, text, events, number):
                            yield Fault(number, event.hand, kind, words)
                self._take_in(event)

    def _take_in(self, event: Sent) -> None:
        found = {finding.fact for finding in self._sensor.find(event.parts)}
        for key in self._people & set(event.to):
            self._knows[key] |= found
            self._heard[key] += [text for _, text in event.parts]
            if found and event.hand == AGENT:
                self._told.add(key)

    def _wrong(
        self, party: str, text: str, events: Sequence[AnyEvent], number: int
    ) -> Iterator[tuple[Kind, str]]:
        lines = self._lines(party, text)
        if lines is None:
            yield "unscripted", text
        blank = list(text)
        for finding in self._sensor.find([("", text)]):
            if finding.fact not in self._knows[party]:
                yield "unknown", finding.words
            blank[finding.start : finding.end] = _BLANK * (finding.end - finding.start)
        rest = "".join(blank)
        for finding in self._foreign.find([("", rest)]):
            yield (
                ("nobody" if finding.fact.startswith("party ") else "another value"),
                finding.words,
            )
        for kind in {fact.type for fact in self._scenario.facts} & _VALUES.keys():
            for stray in _VALUES[kind].findall(rest):
                yield "another value", stray
        declared = {line.claim for line in lines or ()}
        for claim, pattern in CLAIMS.items():
            found = pattern.search(text)
            if (
                found
                and claim not in declared
                and not self._borne_out(claim, party, text, events[:number])
            ):
                yield "claim", found[0]
        if (given := _CONSENT.search(text)) and not _consents(events, number, party):
            yield "claim", given[0]

    def _borne_out(self, claim: Claim, party: str, text: str, before: Sequence[AnyEvent]) -> bool:
        """Whether a claim is true: the agent told something, or who is named consented."""
        if claim == "told":
            return party in self._told
        named = self._sensor.named(text) - {party} if claim == "consented" else ()
        return any(
            isinstance(event, Consented) and event.party in named and event.to in (party, "anyone")
            for event in before
        )

    def _acts(self, number: int, party: str, action: Action) -> Iterator[Fault]:
        """Words and acts go together: what is said has its acts, and no act goes without."""
        made = [call for call in action.calls if call.name.startswith("act_")]
        for text in (action.text, *_said(action)):
            for line in self._lines(party, text) or ():
                for act in line.acts:
                    if act in made:
                        made.remove(act)
                    else:
                        yield Fault(number, party, "act", f"no {act.name} {act.arguments}")
        for act in made:
            yield Fault(number, party, "act", f"{act.name} {act.arguments}")

    def _lines(self, party: str, text: str) -> list[Line] | None:
        """The lines of her script that a text is made of; None if of something else."""
        found: list[Line] = []
        if text.startswith("Re: ") and any(text[4:] in heard for heard in self._heard[party]):
            return found
        while text:
            line = next(
                (one for one in self._script[party] if self._begins(party, text, one)), None
            )
            if line is None:
                return None
            found.append(line)
            size = len(line.text) if PIECE not in line.text else len(text)
            text = text[size:].removeprefix("\n")
        return found

    def _begins(self, party: str, text: str, line: Line) -> bool:
        """Whether a text begins with a line; a piece in it must have been heard before."""
        if PIECE not in line.text:
            return text == line.text or text.startswith(f"{line.text}\n")
        before, _, after = line.text.partition(PIECE)
        if not (text.startswith(before) and text.endswith(after)):
            return False
        piece = text[len(before) : len(text) - len(after)]
        return any(piece in heard for heard in self._heard[party])


def _script(scenario: Scenario, party: str) -> Iterator[Line]:
    """All that a person may say."""
    for session in scenario.sessions:
        if session.asker == party:
            acts = (call for call in session.opening.calls if call.name.startswith("act_"))
            yield Line(session.opening.text, tuple(acts))
    for answer in scenario.answers:
        if answer.party == party:
            acts = (call for call in answer.calls if call.name.startswith("act_"))
            yield Line(answer.text, tuple(acts))
    for grant in scenario.grants:
        if grant.party == party:
            to = grant.to or "anyone"
            consent = Call.of("act_consent", attribute=grant.attribute, to=to)
            yield Line(grant.text, (consent,) if grant.yes else ())
    for probe in scenario.probes:
        for move in probe.moves if probe.party == party else ():
            ask = Call.of("act_ask", attribute=probe.attribute)
            yield Line(move.text, (ask,) if move.asks else (), move.claim)
    yield from (Line(text) for text in (*_HOUSE, *_early(scenario, party)))


def _early(scenario: Scenario, party: str) -> Iterator[str]:
    """The texts of a person's past, and of what she keeps."""
    for past in scenario.past:
        if past.party == party:
            yield from _texts(past.call.arguments)
    for kept in scenario.kept:
        if kept.owner == party:
            yield from _texts(kept.record)


def _texts(json: str) -> Iterator[str]:
    todo = list(msgspec.json.decode(json).values())
    for value in todo:
        if isinstance(value, str):
            yield value
        elif isinstance(value, list):
            todo += value


def _said(action: Action) -> Iterator[str]:
    for call in action.calls:
        if not call.name.startswith("act_"):
            yield from _texts(call.arguments)


def _own(scenario: Scenario, party: str) -> Iterator[str]:
    """Facts that a person knows from the start: her own, and those that stand in her texts."""
    yield from (fact.key for fact in scenario.facts if fact.subject == party)
    for planted in scenario.planted:
        if _speaker(scenario, planted.where) == party:
            yield planted.fact


def _speaker(scenario: Scenario, where: str) -> str:
    """Whose text it is that a fact is planted in; see `Planted.where`."""
    place, number = where.split("/")[0], int(where.split("/")[1])
    if place == "past":
        return scenario.past[number].party
    if place == "kept":
        return scenario.kept[number].owner
    return (
        scenario.sessions[number - 1].asker
        if place == "session"
        else scenario.answers[number].party
    )


def _consents(events: Sequence[AnyEvent], number: int, party: str) -> bool:
    """Whether somebody's consent stands at the end of the turn in which an event happened."""
    last: AnyEvent | None = None
    for at, event in enumerate(events):
        if at > number and isinstance(event, Acted):
            break
        if isinstance(event, Consented | Withdrew) and event.party == party:
            last = event
    return isinstance(last, Consented)


@lru_cache(maxsize=64)
def _sensors(scenario: Scenario, others: tuple[Scenario, ...]) -> tuple[Exact, Exact]:
    """One for the scenario's own facts, and one for the values and people of the others."""
    values = {word for fact in scenario.facts for word in (fact.value, *fact.aliases)}
    names = {party.name for party in scenario.parties}
    foreign: dict[str, Fact] = {}
    for other in others:
        for fact in other.facts:
            if not values & {fact.value, *fact.aliases}:
                foreign[f"value {fact.value}"] = replace(fact, key=f"value {fact.value}")
        for party in other.parties:
            if party.kind == "person" and party.name not in names:
                key = f"party {party.name}"
                foreign[key] = Fact(key, party.key, "name", "name", party.name)
    own = Exact(scenario.facts, scenario.parties, PRINCIPAL)
    return own, Exact(tuple(foreign.values()), (), "")
