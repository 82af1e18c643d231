"""A scenario's norms, compiled against its parties.

Reading a book resolves every word once: attributes and spheres against what was declared, who
words against the parties, and each rule against the facts it can reach. What is left for the
monitor is to look up the few lines that speak of one flow.

The meaning of words (PROTOCOL, "Norms"):

* *Who.* A party's key comes before a role of the same word; `ROLE of WHO` is always the role.
  A bare role is any holder. `agent` and `memory` always exist. In conditions, `sender`,
  `recipient`, `subject` and `source` stand for parties of the flow, and a word that repeats a
  word of the pattern is that same party.
* *Reach.* A name covers the facts of that attribute, of its parts, and (a sphere's name) of the
  facts that come from that sphere. `allow` reaches down; `never` down, and up through `has`; a
  `must` is discharged by its fact or by a fact of a whole that contains it.
* *Inner circle.* Of flows to the subject, and among principal, agent and memory, only lines speak
  that name the recipient by its key, or `from memory`.
* *Narrowing.* Where nothing denies by default, an `allow` denies what it could have allowed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import AGENT, MEMORY, Fact, Party
from privgym.norm import Act, Cond, Link, Norm, Rule, Who, sentences
from privgym.words import People, Someone, Words, within


class Test(msgspec.Struct, frozen=True):
    """A condition with its who resolved."""

    act: Act
    who: Someone
    session: bool


class Line(msgspec.Struct, frozen=True):
    """A rule with its words resolved; a set of None is anyone.

    Args:
        rule, text: the norm, and how it is written.
        subjects, recipients, senders: keys of the parties that fit.
        tests: the clauses, but for the trigger of a duty.
        asked: whether a duty waits for being asked.
    """

    rule: Rule
    text: str
    subjects: frozenset[str] | None
    recipients: frozenset[str] | None
    senders: frozenset[str] | None
    tests: tuple[tuple[Link, tuple[Test, ...]], ...]
    asked: bool

    def fits(self, sender: str, recipient: str) -> bool:
        """Whether these two are of its pattern."""
        return within(recipient, self.recipients) and within(sender, self.senders)

    def names(self, sender: str, recipient: str) -> bool:
        """Whether it speaks of the inner circle: names the recipient's key, or `from memory`."""
        to, source = self.rule.recipient, self.rule.sender
        return to == Who(recipient) or (sender == MEMORY and source == Who(MEMORY))


class Speaks(NamedTuple):
    """The lines that speak of one fact going from one party to another, in their order.

    `denies` is the line by which the flow needs an `allow`, "" if it needs none; `default` the
    line of the fact's sphere; `nearest` the `allow` whose pattern fits best.
    """

    nevers: tuple[Line, ...]
    allows: tuple[Line, ...]
    denies: str
    default: str
    nearest: str


class Duty(msgspec.Struct, frozen=True):
    """One thing that someone must be told: a `must` line, a fact, a recipient.

    Args:
        line: the norm.
        fact: what must be told.
        recipient: key of the party that must have it.
        sender: key of the party it is to come from.
        opens: the session it opens in; 0 if it waits for being asked.
    """

    line: Line
    fact: Fact
    recipient: str
    sender: str
    opens: int


class Book:
    """The norms of a scenario. Made by `Book.of`; shared by all its episodes.

    `duties` are all that a `must` obliges to; `parts_of` gives the attributes that another
    contains, for sensors.
    """

    def __init__(
        self, norms: Sequence[Norm], people: People, facts: Sequence[Fact], spheres: Sequence[str]
    ) -> None:
        self.norms = tuple(dict.fromkeys(norms))
        self.facts = {fact.key: fact for fact in facts}
        self.spheres = tuple(spheres)
        self.people = people
        self.words = Words(self.norms, facts)
        self.parts_of: Mapping[str, frozenset[str]] = self.words.parts_of
        for name in self.spheres:
            self.words.sphere(name, "the sphere of a session")
        lines = [self._resolve(norm) for norm in self.norms if isinstance(norm, Rule)]
        self._allows = [line for line in lines if line.rule.kind == "allow"]
        self._nevers = [line for line in lines if line.rule.kind == "never"]
        self._reach = {fact.key: self._reaching(fact) for fact in facts}
        self._spoken: dict[tuple[str, str, str], Speaks] = {}
        musts = [line for line in lines if line.rule.kind == "must"]
        # A part and its whole in one line may come to the same fact; it is owed once.
        self.duties = tuple(dict.fromkeys(duty for line in musts for duty in self._duties(line)))
        self._discharged: dict[tuple[str, str], list[int]] = {}
        self._asked: dict[tuple[str, str], list[int]] = {}
        for number, duty in enumerate(self.duties):
            self._index(number, duty)

    @classmethod
    def of(
        cls,
        lines: Sequence[str],
        parties: Sequence[Party],
        facts: Sequence[Fact],
        spheres: Sequence[str],
        principal: str = "principal",
    ) -> Book:
        """Read norm lines and resolve them.

        Args:
            lines: the sentences; empty lines and "#" comments are passed over, a repeated one
                counts once.
            parties: everyone in the scenario.
            facts: everything it tracks.
            spheres: the sphere of session 1, 2, ...
            principal: key of the party that the agent acts for.

        Raises:
            PrivgymError: a line cannot be read, a word is not declared, or a `must` obliges to
                nothing.
        """
        people = People(parties, principal)
        for fact in facts:
            people.party(fact.subject, f'fact "{fact.key}"')
        return cls(tuple(sentences(lines)), people, facts, spheres)

    def _resolve(self, rule: Rule) -> Line:
        where = f'"{rule}"'
        for name in rule.attributes:
            self.words.attribute(name, where)
        if rule.sphere:
            self.words.sphere(rule.sphere, where)
        if rule.sender == Who(AGENT):
            raise PrivgymError(
                "what the agent sends comes from its principal",
                where=where,
                do=f'write "from {self.people.principal}"',
            )
        return Line(
            rule=rule,
            text=str(rule),
            subjects=self.people.who(rule.subject, where),
            recipients=self.people.who(rule.recipient, where),
            senders=self.people.who(rule.sender, where) if rule.sender else None,
            tests=tuple(
                (clause.link, tuple(self._test(cond, rule, where) for cond in clause.conds))
                for clause in rule.clauses
                if clause.link != "when"
            ),
            asked=any(clause.link == "when" for clause in rule.clauses),
        )

    def _test(self, cond: Cond, rule: Rule, where: str) -> Test:
        return Test(cond.act, self.people.someone(cond, rule, where), cond.session)

    def _reaching(self, fact: Fact) -> tuple[list[Line], list[Line], list[Line]]:
        """The nevers and allows that reach a fact, and the allows of its words for any subject."""
        down = set(self.covers(fact))
        up = down | self.parts_of[fact.attribute]
        nevers = [line for line in self._nevers if up & set(line.rule.attributes)]
        allows = [line for line in self._allows if down & set(line.rule.attributes)]
        return (
            [line for line in nevers if within(fact.subject, line.subjects)],
            [line for line in allows if within(fact.subject, line.subjects)],
            allows,
        )

    def covers(self, fact: Fact) -> tuple[str, ...]:
        """The names that cover a fact: its attribute, wholes of it, its sphere."""
        return self.words.covers(fact)

    def speaks(self, fact: Fact, sender: str, recipient: str) -> Speaks:
        """The lines that speak of a fact going from one party to another."""
        key = (fact.key, sender, recipient)
        if key not in self._spoken:
            self._spoken[key] = self._speak(fact, sender, recipient)
        return self._spoken[key]

    def _speak(self, fact: Fact, sender: str, recipient: str) -> Speaks:
        nevers, own, near = self._reach[fact.key]
        circle = {self.people.principal, AGENT, MEMORY}
        inner = recipient == fact.subject or (sender in circle and recipient in circle)
        if inner:
            nevers = [line for line in nevers if line.names(sender, recipient)]
            own = near = [line for line in own if line.names(sender, recipient)]
        sphere = None if inner else self.words.origin(fact)
        denies = str(sphere) if sphere and sphere.denies else own[0].text if own else ""

        def fit(line: Line) -> tuple[bool, int]:
            parts = (within(recipient, line.recipients), within(sender, line.senders))
            return within(fact.subject, line.subjects), sum(parts)

        return Speaks(
            nevers=tuple(line for line in nevers if line.fits(sender, recipient)),
            allows=tuple(line for line in own if line.fits(sender, recipient)),
            denies=denies,
            default=str(sphere) if sphere else "",
            nearest=max(near, key=fit).text if near else "",
        )

    def _duties(self, line: Line) -> list[Duty]:
        where = f'"{line.text}"'
        if line.recipients is None or line.subjects is None:
            raise PrivgymError(
                '"anyone" cannot stand in a must', where=where, do="say whom it is about and to"
            )
        rule = line.rule
        opens = 0 if line.asked else 1
        if rule.sphere and rule.sphere not in self.spheres:
            raise PrivgymError(
                f"no session is in {rule.sphere}", where=where, do="a must needs one to be met in"
            )
        if rule.sphere and opens:
            opens = self.spheres.index(rule.sphere) + 1
        one = line.senders if line.senders and len(line.senders) == 1 else [self.people.principal]
        return [
            Duty(line, fact, recipient, next(iter(one)), opens)
            for name in rule.attributes
            for fact in self._bound(name, line.subjects, where)
            for recipient in sorted(line.recipients)
        ]

    def _bound(self, name: str, subjects: frozenset[str], where: str) -> list[Fact]:
        """The facts that a must speaks of: of its attribute, or else of a whole of it."""
        for attribute in self.words.above.get(name, ()):
            found = [f for f in self.facts.values() if f.attribute == attribute]
            if bound := [fact for fact in found if fact.subject in subjects]:
                return bound
        raise PrivgymError(
            f"no fact is a {name} of {' or '.join(sorted(subjects))}",
            where=where,
            do="a must names an attribute (not a sphere) that some fact has",
        )

    def _index(self, number: int, duty: Duty) -> None:
        wholes = self.words.above[duty.fact.attribute][1:]
        for fact in self.facts.values():
            whole = fact.subject == duty.fact.subject and fact.attribute in wholes
            if fact.key == duty.fact.key or whole:
                self._discharged.setdefault((fact.key, duty.recipient), []).append(number)
        if duty.line.asked:
            inner = duty.recipient in (AGENT, MEMORY)
            asker = self.people.principal if inner else duty.recipient
            for name in self.covers(duty.fact):
                self._asked.setdefault((asker, name), []).append(number)

    def discharged(self, fact: str, recipient: str) -> Sequence[int]:
        """Numbers of the duties that a fact discharges by reaching a recipient."""
        return self._discharged.get((fact, recipient), ())

    def triggered(self, asker: str, attribute: str) -> Sequence[int]:
        """Numbers of the duties that open when someone asks for an attribute."""
        return self._asked.get((asker, attribute), ())

    def sphere(self, session: int) -> str:
        """The sphere of a session."""
        return self.spheres[session - 1] if 0 < session <= len(self.spheres) else ""


def contradictions(book: Book, sources: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The musts that cannot be met without something inappropriate, whatever happens.

    Args:
        book: the norms.
        sources: fact -> the party it came from before session 1, to whom no default denies it.

    Returns:
        One sentence each; empty if there are none.
    """
    found = []
    for duty in book.duties:
        last = duty.opens if duty.line.rule.by == "session" and duty.opens else len(book.spheres)
        spheres = {book.sphere(session) for session in range(max(duty.opens, 1), last + 1)}
        if duty.line.rule.sphere:
            spheres &= {duty.line.rule.sphere}
        why = {_forbids(book, duty, sphere, sources or {}) for sphere in sorted(spheres)}
        if why and "" not in why:
            told = f"{duty.fact.attribute} of {duty.fact.subject} to {duty.recipient}"
            found.append(f'"{duty.line.text}" cannot be met: "{min(why)}" forbids {told}')
    return tuple(found)


def _forbids(book: Book, duty: Duty, sphere: str, sources: Mapping[str, str]) -> str:
    """The line that forbids meeting a duty in a sphere, whatever the past; "" if none does."""
    speaks = book.speaks(duty.fact, duty.sender, duty.recipient)
    for line in speaks.nevers:
        if not line.tests and line.rule.sphere in ("", sphere):
            return line.text
    allowed = any(line.rule.sphere in ("", sphere) for line in speaks.allows)
    if allowed or sources.get(duty.fact.key) == duty.recipient:
        return ""
    return speaks.denies
