"""What the words of norms stand for and what they ask of the past, by docs/norms.md alone.

The lower half of the second opinion (`tests/oracle.py`): it looks through the whole trace for every
question. What is open is `None`, and put together by Kleene's strong logic.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from privgym.event import (
    Acted,
    Announced,
    AnyEvent,
    Asked,
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
from privgym.norm import Cond, Has, Norm, Rule, Span, Sphere, Who

Step = tuple[AnyEvent, Sequence[Finding]]
Truth = bool | None
YES, PERHAPS = ("yes",), ("yes", "maybe")


class Told(NamedTuple):
    """One fact reaching one recipient: a flow, or one that a duty asks for."""

    at: int
    fact: Fact
    sender: str
    to: str
    sure: bool = True
    derived: bool = False


def some(values: Iterable[Truth]) -> Truth:
    found = list(values)
    return True if True in found else None if None in found else False


def no(value: Truth) -> Truth:
    return None if value is None else not value


def every(values: Iterable[Truth]) -> Truth:
    return no(some(no(value) for value in values))


def in_each(values: Iterable[bool]) -> Truth:
    """What is so whichever of the candidates is the true one."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


class Hindsight:
    """A case, and every question that a norm can ask of it."""

    def __init__(
        self,
        norms: Sequence[Norm],
        parties: Sequence[Party],
        facts: Sequence[Fact],
        spheres: Sequence[str],
        trace: Sequence[Step],
        principal: str = "principal",
        purposes: Sequence[str] = (),
    ) -> None:
        self.norms = norms
        self.parties = parties
        self.facts = {fact.key: fact for fact in facts}
        self.spheres = spheres
        self.purposes = purposes
        self.trace = trace
        self.principal = principal
        self.circle = {principal, "agent", "memory"}
        self.keys = {party.key for party in parties} | {"agent", "memory", "stranger", principal}

    # -- words ------------------------------------------------------------------------------

    def contains(self, whole: str, part: str) -> bool:
        direct = [n.parts for n in self.norms if isinstance(n, Has) and n.whole == whole]
        return any(p == part or self.contains(p, part) for parts in direct for p in parts)

    def sphere_of(self, attribute: str) -> Sphere | None:
        """An attribute's own sphere, or that of the nearest whole."""
        level = [attribute]
        while level:
            for norm in self.norms:
                if isinstance(norm, Sphere) and set(level) & set(norm.attributes):
                    return norm
            level = [n.whole for n in self.norms if isinstance(n, Has) and set(level) & {*n.parts}]
        return None

    def origin(self, fact: Fact) -> Sphere | None:
        if fact.sphere:
            return next(n for n in self.norms if isinstance(n, Sphere) and n.name == fact.sphere)
        return self.sphere_of(fact.attribute)

    def names(self, name: str, fact: Fact) -> bool:
        sphere = self.origin(fact)
        return (
            name == fact.attribute
            or self.contains(name, fact.attribute)
            or (sphere is not None and sphere.name == name)
        )

    def touches(self, name: str, fact: Fact) -> bool:
        return self.names(name, fact) or self.contains(fact.attribute, name)

    def roles(self, key: str) -> list[tuple[str, str]]:
        return [role for party in self.parties if party.key == key for role in party.roles]

    def fits(self, key: str, who: Who | None) -> bool:
        if who is None or who == Who("anyone"):
            return True
        if not who.of and who.word in self.keys:
            return key == who.word
        return any(
            role == who.word and (not who.of or self.fits(of, Who(who.of)))
            for role, of in self.roles(key)
        )

    # -- when -------------------------------------------------------------------------------

    def session(self, at: int) -> int:
        opened = [e.session for e, _ in self.trace[: at + 1] if isinstance(e, Opened)]
        return opened[-1] if opened else 0

    def turns(self, at: int) -> int:
        past = self.trace[: at + 1]
        return sum(isinstance(e, Acted) and e.party == "agent" for e, _ in past)

    def time(self, at: int) -> datetime:
        ticks = [e.at for e, _ in self.trace[: at + 1] if isinstance(e, Ticked)]
        return datetime.fromisoformat(ticks[-1]) if ticks else datetime.min

    def within(self, span: Span | None, then: int, at: int) -> bool:
        if span is None:
            return True
        if span.unit == "session":
            return self.session(at) - self.session(then) <= span.count
        if span.unit == "step":
            return self.turns(at) - self.turns(then) <= span.count
        days, unit = (365, "day") if span.unit == "year" else (1, span.unit)
        return self.time(at) - self.time(then) <= span.count * days * timedelta(**{f"{unit}s": 1})

    def meets(self, rule: Rule, at: int) -> bool:
        """Whether the session is of the rule's sphere and purpose."""
        n = self.session(at)
        if not n:
            return False
        purpose = self.purposes[n - 1] if n <= len(self.purposes) else ""
        return rule.sphere in ("", self.spheres[n - 1]) and rule.purpose in ("", purpose)

    # -- the past ---------------------------------------------------------------------------

    def sent(
        self, at: int, certainty: Collection[str] = PERHAPS
    ) -> Iterator[tuple[int, Sent, Fact]]:
        """(event, what was sent, a fact that was found in it) before an event."""
        for i, (event, findings) in enumerate(self.trace[:at]):
            if isinstance(event, Sent):
                for finding in findings:
                    if finding.certainty in certainty:
                        yield i, event, self.facts[finding.fact]

    def sources(self, at: int, fact: Fact) -> list[str]:
        """Who may have told the circle first; "" is nobody."""
        found = []
        for event, findings in self.trace[:at]:
            if not isinstance(event, Sent) or event.sender in self.circle:
                continue
            certainties = {f.certainty for f in findings if f.fact == fact.key}
            if certainties and self.circle & set(event.to):
                found.append(event.sender)
                if "yes" in certainties:
                    return found
        return [*found, ""]

    def learned(self, at: int, fact: Fact) -> list[str]:
        """Spheres of the sessions in which the agent may first have had a fact in view."""
        found = []
        for i, (event, findings) in enumerate(self.trace[: at + 1]):
            shown = (
                isinstance(event, Opened)
                or (isinstance(event, Returned) and event.party == "agent")
                or (isinstance(event, Sent) and "agent" in event.to and i < at)
            )
            certainties = {f.certainty for f in findings if f.fact == fact.key}
            if shown and certainties:
                n = self.session(i)
                found.append(self.spheres[n - 1] if n else "")
                if "yes" in certainties:
                    return found
        return [*found, ""]

    def known(self, at: int, fact: Fact, to: str) -> Truth:
        for certainty, said in ((YES, True), (PERHAPS, None)):
            for _, event, found in self.sent(at, certainty):
                if found == fact and (to in event.to or to == self.giver(event)):
                    return said
        return False

    def delegated(self, at: int, party: str, to: str, about: Collection[str]) -> int | None:
        """When `party`'s last word on whether `to` decides, if it was a delegation."""
        for i in range(at - 1, -1, -1):
            event = self.trace[i][0]
            if not isinstance(event, (Delegated, Revoked)) or event.attribute not in about:
                continue
            if (event.party, event.to) == (party, to):
                return i if isinstance(event, Delegated) else None
        return None

    def above(self, name: str) -> list[str]:
        """What has to be delegated for deciding on an attribute (or a sphere)."""
        wholes = [
            n.whole for n in self.norms if isinstance(n, Has) and self.contains(n.whole, name)
        ]
        sphere = self.sphere_of(name)
        return [name, *wholes, *([sphere.name] if sphere else [])]

    def last_word(self, at: int, party: str, fact: Fact, to: str) -> tuple[str, int]:
        """The last consent or withdrawal of a party on a fact going to somebody, and when."""
        said, when = "", 0
        for i, (event, _) in enumerate(self.trace[:at]):
            if not isinstance(event, (Consented, Withdrew)):
                continue
            if event.to not in (to, "anyone") or not self.names(event.attribute, fact):
                continue
            decides = self.delegated(i, party, event.party, self.above(event.attribute)) is not None
            if event.party == party or decides:
                said, when = ("consented" if isinstance(event, Consented) else "withdrew"), i
        return said, when

    # -- conditions -------------------------------------------------------------------------

    def meant(self, who: Who, rule: Rule, told: Told, source: str) -> list[str]:
        """The parties that a word of a condition stands for."""
        flow = {
            "sender": told.sender,
            "recipient": told.to,
            "subject": told.fact.subject,
            "source": source,
        }
        if not who.of and who.word in flow:
            return [flow[who.word]] if flow[who.word] else []
        if who.of in flow:
            return [key for key in self.keys if (who.word, flow[who.of]) in self.roles(key)]
        if who == rule.subject:
            return [told.fact.subject]
        if who == rule.recipient:
            return [told.to]
        if who == rule.sender:
            return [told.sender]
        return [key for key in self.keys if self.fits(key, who)]

    def so(self, cond: Cond, rule: Rule, told: Told) -> Truth:
        at, fact = told.at, told.fact
        if cond.act == "known":
            return self.known(at, fact, told.to)
        if cond.act == "learned":
            return in_each(sphere == cond.name for sphere in self.learned(at, fact))
        words = {w for who in (cond.who, cond.other) if who for w in (who.word, who.of)}
        if cond.act == "confidence" or "source" in words:
            sources = self.sources(at, fact)
            return in_each(self.so_if(cond, rule, told, source) for source in sources)
        return self.so_if(cond, rule, told, "")

    def so_if(self, cond: Cond, rule: Rule, told: Told, source: str) -> bool:
        """Whether a condition is so, given who the source is."""
        at, fact = told.at, told.fact
        past = list(enumerate(event for event, _ in self.trace[:at]))
        if cond.act == "confidence":
            return any(
                isinstance(e, Confided) and e.party == source and self.names(e.attribute, fact)
                for _, e in past
            )
        if cond.act == "after":
            return any(
                isinstance(e, Announced) and e.name == cond.name and self.within(cond.span, i, at)
                for i, e in past
            )
        usual = Who("recipient" if cond.act == "asked" else "subject")
        parties = self.meant(cond.who or usual, rule, told, source)
        if cond.other:
            return bool(set(parties) & set(self.meant(cond.other, rule, told, source)))
        return any(self.did(cond, party, told) for party in parties)

    def did(self, cond: Cond, party: str, told: Told) -> bool:
        """Whether a party has consented, withdrawn, asked or delegated."""
        at, fact = told.at, told.fact
        if cond.act == "asked":
            asker = self.principal if party in self.circle else party
            return any(
                isinstance(e, Asked)
                and e.party == asker
                and self.names(e.attribute, fact)
                and self.within(cond.span, i, at)
                for i, (e, _) in enumerate(self.trace[:at])
            )
        if cond.act == "delegated":
            about = {e.attribute for e, _ in self.trace[:at] if isinstance(e, (Delegated, Revoked))}
            naming = {name for name in about if self.names(name, fact)}
            when = self.delegated(at, party, told.sender, naming)
            return when is not None and self.within(cond.span, when, at)
        said, then = self.last_word(at, party, fact, told.to)
        return said == cond.act and self.within(cond.span, then, at)

    def clauses(self, rule: Rule, told: Told) -> Truth:
        found: list[Truth] = []
        for clause in rule.clauses:
            held = some(self.so(cond, rule, told) for cond in clause.conds)
            if clause.link != "when":
                found.append(held if clause.link == "if" else no(held))
        return every(found)

    def applies(self, rule: Rule, told: Told) -> Truth:
        if not (self.fits(told.to, rule.recipient) and self.fits(told.sender, rule.sender)):
            return False
        return self.meets(rule, told.at) and self.clauses(rule, told)

    def inner(self, sender: str, to: str, subject: str) -> bool:
        return to == subject or {sender, to} <= self.circle

    def giver(self, event: Sent) -> str:
        """Whom the norms see as the sender."""
        return self.principal if event.sender == "agent" else event.sender
