"""What has happened, as far as a norm can ask of it or a verdict can tell it.

State is keyed by the values that a question names (who consented to what going to whom), never by
event, so it is bounded by the scenario and every question is a few look-ups.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import msgspec

from privgym.book import Book, Line, Test
from privgym.event import Asked, Consented, Withdrew
from privgym.flow import AGENT, MEMORY, Fact, Finding
from privgym.message import Call
from privgym.words import ANYONE, Someone


class Case(NamedTuple):
    """What conditions are asked of: a fact on its way."""

    fact: Fact
    sender: str
    recipient: str
    session: int


class Past:
    """What norms can ask about what has happened."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._last: dict[tuple[str, str, str], tuple[int, int, bool]] = {}
        self._asked: dict[tuple[str, str], int] = {}
        self._source: dict[str, tuple[str, bool]] = {}
        self._acts = 0

    def permit(self, event: Consented | Withdrew, session: int) -> None:
        """Take in a consent or its withdrawal."""
        self._acts += 1
        given = isinstance(event, Consented)
        self._last[event.party, event.attribute, event.to] = (self._acts, session, given)

    def ask(self, event: Asked, session: int) -> None:
        """Take in that someone asked."""
        self._asked[event.party, event.attribute] = session

    def tell(self, fact: str, sender: str, sure: bool) -> None:
        """Take in that someone outside told the inner circle a fact; what is sure comes first."""
        known = self._source.get(fact)
        if known is None or (sure and not known[1]):
            self._source[fact] = (sender, sure)

    def source(self, fact: str) -> str:
        """The party from whom the inner circle first had a fact; "" if from nobody."""
        return self._source.get(fact, ("", False))[0]

    def holds(self, line: Line, case: Case) -> bool:
        """Whether a line that speaks of a case applies to it."""
        if line.rule.sphere and line.rule.sphere != self._book.sphere(case.session):
            return False
        return self.due(line, case)

    def due(self, line: Line, case: Case) -> bool:
        """Whether a line's clauses are so."""
        return all(
            any(self._is(test, case) for test in tests) == (link == "if")
            for link, tests in line.tests
        )

    def _is(self, test: Test, case: Case) -> bool:
        parties = self._parties(test.who, case)
        if test.act == "asked":
            return any(self._has_asked(party, test, case) for party in parties)
        return any(self._word(party, test, case) for party in parties)

    def _has_asked(self, party: str, test: Test, case: Case) -> bool:
        # Memory and agent cannot ask: the principal asks for them.
        asker = self._book.people.principal if party in (MEMORY, AGENT) else party
        keys = ((asker, name) for name in self._book.covers(case.fact))
        sessions = [self._asked[key] for key in keys if key in self._asked]
        return bool(sessions) and (not test.session or max(sessions) == case.session)

    def _word(self, party: str, test: Test, case: Case) -> bool:
        """Whether a party's last word on this fact going to this recipient is what is asked for."""
        names = self._book.covers(case.fact)
        keys = ((party, name, to) for name in names for to in (case.recipient, ANYONE))
        words = [self._last[key] for key in keys if key in self._last]
        if not words:
            return False
        _, session, given = max(words)
        return given == (test.act == "consented") and (not test.session or session == case.session)

    def _parties(self, who: Someone, case: Case) -> frozenset[str]:
        if not who.part:
            return who.keys
        parts = {
            "sender": case.sender,
            "recipient": case.recipient,
            "subject": case.fact.subject,
            "source": self.source(case.fact.key),
        }
        party = frozenset({parts[who.part]})
        return self._book.people.holders(who.role, party) if who.role else party


class Read:
    """Where the agent had read what, in the present session; it forgets between sessions."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._calls: list[Call] = []

    def note(self, findings: Sequence[Finding], place: str) -> None:
        """Facts came into view at a place; the first place counts."""
        for finding in findings:
            self._places.setdefault(finding.fact, place)

    def open(self) -> None:
        """A session begins, with nothing read."""
        self._places.clear()

    def acted(self, calls: Sequence[Call]) -> None:
        """The agent made these calls, whose answers come next and in order."""
        self._calls = list(calls)

    def answered(self, name: str, findings: Sequence[Finding], session: int) -> None:
        """A call was answered, with these facts; told as one reads it: "email_read(id=3)"."""
        told = name
        while self._calls:
            call = self._calls.pop(0)
            if call.name == name:
                told = f"{name}({_arguments(call.arguments)})" if findings else name
                break
        self.note(findings, f"read in session {session} by {told}")

    def place(self, fact: str) -> str:
        """Where a fact was read, "" if nowhere."""
        return self._places.get(fact, "")


def _arguments(text: str, limit: int = 60) -> str:
    """Call arguments as one reads them, cut at `limit` characters."""
    try:
        given = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return "..."
    if not isinstance(given, dict):
        return "..."
    shown = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
    return shown if len(shown) <= limit else f"{shown[:limit]}..."
