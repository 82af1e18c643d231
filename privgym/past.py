"""What has happened, as far as a norm can ask of it.

State is keyed by the values that a question names (who consented to what going to whom), never by
event, so it is bounded by the scenario and every question is a few look-ups.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from privgym.book import Book
from privgym.event import (
    Announced,
    Asked,
    Confided,
    Consented,
    Deed,
    Delegated,
    Revoked,
    Withdrew,
)
from privgym.flow import AGENT, MEMORY, Fact
from privgym.knowledge import NO, OPEN, YES, Knowledge, Told, Truth, negated
from privgym.line import Limit, Line, Test
from privgym.norm import Span
from privgym.words import ANYONE, Someone

MINUTES = {"minute": 1, "hour": 60, "day": 24 * 60, "year": 365 * 24 * 60}


_EPOCH = datetime(1970, 1, 1)


@lru_cache(maxsize=1024)
def clock(at: str) -> int:
    """The minutes that a time ("2026-11-30 09:00") stands at."""
    return (datetime.fromisoformat(at) - _EPOCH) // timedelta(minutes=1)


class Moment(NamedTuple):
    """When something was: minutes on the scenario's clock, session, turn of the agent."""

    minutes: int = 0
    session: int = 0
    step: int = 0

    def since(self, then: Moment, unit: str) -> int:
        """How many minutes, steps or sessions ago that was, as the unit goes."""
        if unit == "step":
            return self.step - then.step
        return self.session - then.session if unit == "session" else self.minutes - then.minutes

    def recent(self, then: Moment, span: Span | None) -> bool:
        """Whether that was no longer ago than a span; None is ever."""
        if span is None:
            return True
        return 0 <= self.since(then, span.unit) <= span.count * MINUTES.get(span.unit, 1)


class Case(NamedTuple):
    """What conditions are asked of: a fact on its way."""

    fact: Fact
    sender: str
    recipient: str
    session: int


class _Word(NamedTuple):
    """Somebody's word on something; later ones are greater."""

    number: int
    at: Moment
    given: bool


class _First:
    """What came first: all that it may have been, up to and with the first sure one."""

    def __init__(self) -> None:
        self.sure = False
        self._seen: list[str | int] = []

    def add(self, value: str | int, sure: bool) -> None:
        if not self.sure:
            self.sure = sure
            if value in self._seen and sure:
                self._seen.remove(value)
            if value not in self._seen:
                self._seen.append(value)

    def worlds(self) -> list[str | int | None]:
        """All that it may have been; None where it may never have come."""
        return [*self._seen, *([] if self.sure else [None])]

    def likely(self) -> str | int:
        """The sure one, or else the first."""
        return self._seen[-1 if self.sure else 0]


_NEVER = _First()


def _over(worlds: Iterable[bool]) -> Truth:
    """What is so in all of these is so, in none is not; else it is open."""
    found = set(worlds)
    return OPEN if len(found) > 1 else YES if found == {True} else NO


class Past:
    """What norms can ask about what has happened."""

    def __init__(self, book: Book) -> None:
        self.now = Moment()
        self.knowledge = Knowledge(book.derivations, book.audiences)
        self._book = book
        self._words: dict[tuple[str, str, str], _Word] = {}
        self._delegated: dict[tuple[str, str, str], _Word] = {}
        self._asked: dict[tuple[str, str], Moment] = {}
        self._confided: set[tuple[str, str]] = set()
        self._events: dict[str, Moment] = {}
        self._source: dict[str, _First] = {}
        self._seen: dict[str, _First] = {}
        self._counts: dict[tuple[int, str, str, str], list[Moment | None]] = {}
        self._acts = 0

    # -- taking in --------------------------------------------------------------------------

    def act(self, event: Deed) -> None:
        """Take in what somebody did."""
        self._acts += 1
        match event:
            case Consented() | Withdrew():
                word = _Word(self._acts, self.now, isinstance(event, Consented))
                for party in (event.party, *self._behind(event.party, event.attribute)):
                    self._words[party, event.attribute, event.to] = word
            case Delegated() | Revoked():
                word = _Word(self._acts, self.now, isinstance(event, Delegated))
                self._delegated[event.party, event.attribute, event.to] = word
            case Asked():
                self._asked[event.party, event.attribute] = self.now
            case Confided():
                self._confided.add((event.party, event.attribute))
            case Announced():
                self._events[event.name] = self.now

    def _behind(self, delegate: str, attribute: str) -> Iterable[str]:
        """Who has let this party decide for it on an attribute: depth one, as of now."""
        names = self._book.words.above_and_sphere(attribute)
        owners = {owner for owner, _, to in self._delegated if to == delegate}
        for owner in sorted(owners - {delegate}):
            keys = ((owner, name, delegate) for name in names)
            words = [self._delegated[key] for key in keys if key in self._delegated]
            if words and max(words).given:
                yield owner

    def learn(self, sender: str, message: Sequence[Told]) -> None:
        """Take in a message."""
        circle = self._book.circle
        for recipient, fact, truth in message:
            self.knowledge.tell(recipient, fact.key, truth)
            self.knowledge.tell(sender, fact.key, truth)
            if recipient in circle and sender not in circle:
                self._source.setdefault(fact.key, _First()).add(sender, truth == YES)
            if recipient == AGENT:
                self.see(fact.key, truth)
            for limit, names in self._book.limits(fact):
                if limit.counts(recipient, fact.subject, circle):
                    self._count(limit, names, recipient, fact.subject, truth)

    def see(self, fact: str, truth: Truth) -> None:
        """Take in that the agent has a fact in view."""
        if fact not in self._seen or not self._seen[fact].sure:
            self._seen.setdefault(fact, _First()).add(self.now.session, truth == YES)

    def _count(
        self, limit: Limit, names: Iterable[str], recipient: str, subject: str, truth: Truth
    ) -> None:
        for name in names:
            key = (limit.number, limit.group(recipient), subject, name)
            times = self._counts.setdefault(key, [None, None])
            times[0] = self.now if truth == YES else times[0]
            times[1] = self.now

    # -- asking -----------------------------------------------------------------------------

    def source(self, fact: str) -> str:
        """The party from whom the inner circle first had a fact; "" if from nobody."""
        return str(self._source[fact].likely()) if fact in self._source else ""

    def came_from(self, fact: str, party: str) -> Truth:
        """Whether a party is the source of a fact."""
        return _over(world == party for world in self._source.get(fact, _NEVER).worlds())

    def holds(self, line: Line, case: Case) -> Truth:
        """Whether a line that speaks of a case applies to it."""
        if not self._book.here(line.rule, case.session):
            return NO
        return self.due(line, case)

    def due(self, line: Line, case: Case) -> Truth:
        """Whether a line's clauses are so."""
        truth: Truth = YES
        for link, tests in line.tests:
            so: Truth = NO
            for test in tests:
                so = max(so, self._is(test, case))
            truth = min(truth, so if link == "if" else negated(so))
            if truth == NO:
                break
        return truth

    def breaks(
        self, limit: Limit, names: frozenset[str], case: Case, message: Sequence[Told]
    ) -> Truth:
        """Whether a fact that tells these names breaks an `at most`, as part of a message."""
        group, subject = limit.group(case.recipient), case.fact.subject
        sure, any_ = set(names), set(names)
        for recipient, fact, truth in message:
            same = limit.counts(recipient, fact.subject, self._book.circle)
            if same and fact.subject == subject and limit.group(recipient) == group:
                more = next((n for other, n in self._book.limits(fact) if other == limit), ())
                any_.update(more)
                sure.update(more if truth == YES else ())
        told = [set[str](), set[str]()]
        now = self.now._replace(session=case.session)
        for name in limit.names:
            times = self._counts.get((limit.number, group, subject, name), (None, None))
            for which, at in zip(told, times, strict=True):
                if at is not None and now.recent(at, limit.span):
                    which.add(name)
        if names - told[1] and len(told[0] | sure) > limit.count:
            return YES
        return OPEN if names - told[0] and len(told[1] | any_) > limit.count else NO

    def _is(self, test: Test, case: Case) -> Truth:
        if test.act == "known":
            return self.knowledge.has(case.recipient, case.fact.key)
        if test.act == "after":
            at = self._events.get(test.name)
            return YES if at is not None and self._now(case).recent(at, test.span) else NO
        if test.act == "learned":
            seen = self._seen.get(case.fact.key, _NEVER).worlds()
            return _over(type(n) is int and self._book.sphere(n) == test.name for n in seen)
        so = self._confides if test.act == "confidence" else self._does
        if test.act == "confidence" or "source" in (test.who.part, test.other.part):
            worlds = self._source.get(case.fact.key, _NEVER).worlds()
            return _over(so(test, case, str(world or "")) for world in worlds)
        return YES if so(test, case, "") else NO

    def _now(self, case: Case) -> Moment:
        return self.now._replace(session=case.session)

    def _confides(self, test: Test, case: Case, source: str) -> bool:
        return any((source, name) in self._confided for name in self._book.covers(case.fact))

    def _does(self, test: Test, case: Case, source: str) -> bool:
        """Whether a condition on parties is so, if this is the fact's source."""
        parties = self._parties(test.who, case, source)
        if test.act == "is":
            return not parties.isdisjoint(self._parties(test.other, case, source))
        did: Callable[[str, Test, Case], bool]
        did = {"asked": self._has_asked, "delegated": self._has_delegated}.get(test.act, self._said)
        return any(did(party, test, case) for party in parties)

    def _has_asked(self, party: str, test: Test, case: Case) -> bool:
        # Memory and agent cannot ask: the principal asks for them.
        asker = self._book.people.principal if party in (MEMORY, AGENT) else party
        keys = ((asker, name) for name in self._book.covers(case.fact))
        times = (self._asked[key] for key in keys if key in self._asked)
        return any(self._now(case).recent(at, test.span) for at in times)

    def _has_delegated(self, party: str, test: Test, case: Case) -> bool:
        keys = ((party, name, case.sender) for name in self._book.covers(case.fact))
        words = [self._delegated[key] for key in keys if key in self._delegated]
        return self._last(words, True, test, case)

    def _said(self, party: str, test: Test, case: Case) -> bool:
        """Whether a party's last word on this fact going to this recipient is what is asked for."""
        names = self._book.covers(case.fact)
        keys = ((party, name, to) for name in names for to in (case.recipient, ANYONE))
        words = [self._words[key] for key in keys if key in self._words]
        return self._last(words, test.act == "consented", test, case)

    def _last(self, words: Sequence[_Word], given: bool, test: Test, case: Case) -> bool:
        if not words:
            return False
        last = max(words)
        return last.given == given and self._now(case).recent(last.at, test.span)

    def _parties(self, who: Someone, case: Case, source: str) -> frozenset[str]:
        if not who.part:
            return who.keys
        parts = {
            "sender": case.sender,
            "recipient": case.recipient,
            "subject": case.fact.subject,
            "source": source,
        }
        party = frozenset({parts[who.part]})
        return self._book.people.holders(who.role, party) if who.role else party - {""}
