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

from privgym.errors import PrivgymError
from privgym.flow import AGENT, MEMORY, Fact, Party
from privgym.imply import derivations, supposed
from privgym.knowledge import Derivation
from privgym.line import Duty, Limit, Line, Speaks, Test
from privgym.norm import (
    Audience,
    Cond,
    Imply,
    Most,
    Norm,
    Rule,
    Who,
    sentences,
)
from privgym.words import People, Someone, Words, within

NOBODY = Someone()


class Book:
    """The norms of a scenario. Made by `Book.of`; shared by all its episodes.

    `duties` are all that a `must` obliges to; `parts_of` gives the attributes that another
    contains, for sensors; `facts` those of the scenario, and those supposed by `imply` lines.
    """

    def __init__(
        self,
        norms: Sequence[Norm],
        people: People,
        facts: Sequence[Fact],
        spheres: Sequence[str],
        purposes: Sequence[str] = (),
    ) -> None:
        self.norms = tuple(dict.fromkeys(norms))
        self.spheres, self.purposes = tuple(spheres), tuple(purposes)
        self.people = people
        self.circle = frozenset({people.principal, AGENT, MEMORY})
        self.words = Words(self.norms, facts)
        self.words.purposes.update(filter(None, self.purposes))
        self._told = tuple(facts)
        imply = [norm for norm in self.norms if isinstance(norm, Imply)]
        facts = (*facts, *supposed(imply, facts, self.words))
        self.facts = {fact.key: fact for fact in facts}
        self.derivations: Mapping[str, Sequence[Derivation]]
        self.derivations = derivations(imply, facts, self.words)
        self.audiences = tuple(
            self._audience(norm) for norm in self.norms if isinstance(norm, Audience)
        )
        self.parts_of: Mapping[str, frozenset[str]] = self.words.parts_of
        for name in self.spheres:
            self.words.sphere(name, "the sphere of a session")
        lines = [self._resolve(norm) for norm in self.norms if isinstance(norm, Rule)]
        mosts = [norm for norm in self.norms if isinstance(norm, Most)]
        self._limits = [self._limit(number, norm) for number, norm in enumerate(mosts)]
        self._counts = {fact.key: self._counted(fact) for fact in facts}
        self._allows = [line for line in lines if line.rule.kind == "allow"]
        self._nevers = [line for line in lines if line.rule.kind == "never"]
        self._reach = {fact.key: self._reaching(fact) for fact in facts}
        self._spoken: dict[tuple[str, str, str], Speaks] = {}
        musts = [line for line in lines if line.rule.kind == "must"]
        # A part and its whole in one line may come to the same fact; it is owed once.
        self.duties = tuple(dict.fromkeys(duty for line in musts for duty in self._duties(line)))
        self._discharged: dict[tuple[str, str], list[int]] = {}
        self._asked: dict[tuple[str, str], list[int]] = {}
        self._after: dict[str, list[int]] = {}
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
        purposes: Sequence[str] = (),
    ) -> Book:
        """Read norm lines and resolve them.

        Args:
            lines: the sentences; empty lines and "#" comments are passed over, a repeated one
                counts once.
            parties: everyone in the scenario.
            facts: everything it tracks.
            spheres: the sphere of session 1, 2, ...
            principal: key of the party that the agent acts for.
            purposes: what session 1, 2, ... is for; "" or none is nothing in particular.

        Raises:
            PrivgymError: a line cannot be read, a word is not declared, or a `must` obliges to
                nothing.
        """
        people = People(parties, principal)
        for fact in facts:
            people.party(fact.subject, f'fact "{fact.key}"')
        return cls(tuple(sentences(lines)), people, facts, spheres, purposes)

    def _audience(self, norm: Audience) -> frozenset[str]:
        members = [self.people.who(member, f'"{norm}"') for member in norm.members]
        if None in members:
            what = '"anyone" cannot stand in an audience'
            raise PrivgymError(what, where=f'"{norm}"', do="name parties or roles")
        return frozenset().union(*filter(None, members))

    def _limit(self, number: int, norm: Most) -> Limit:
        where = f'"{norm}"'
        for name in norm.attributes:
            self.words.attribute(name, where)
        return Limit(
            number=number,
            text=str(norm),
            count=norm.count,
            names=frozenset(norm.attributes),
            subjects=self.people.who(norm.subject, where),
            recipients=self.people.who(norm.recipient, where) if norm.recipient else None,
            key=str(norm.recipient or ""),
            span=norm.span,
        )

    def _counted(self, fact: Fact) -> tuple[tuple[Limit, frozenset[str]], ...]:
        touched = {*self.covers(fact), *self.parts_of[fact.attribute]}
        found = ((limit, limit.names & touched) for limit in self._limits)
        return tuple(
            (limit, names)
            for limit, names in found
            if names and within(fact.subject, limit.subjects)
        )

    def limits(self, fact: Fact) -> tuple[tuple[Limit, frozenset[str]], ...]:
        """The `at most` lines that count a fact, and the names of theirs that it tells."""
        return self._counts[fact.key]

    def _resolve(self, rule: Rule) -> Line:
        where = f'"{rule}"'
        for name in rule.attributes:
            self.words.attribute(name, where)
        if rule.sphere:
            self.words.sphere(rule.sphere, where)
        if rule.purpose:
            self.words.purpose(rule.purpose, where)
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
            trigger=next((c.conds[0] for c in rule.clauses if c.link == "when"), None),
        )

    def _test(self, cond: Cond, rule: Rule, where: str) -> Test:
        if cond.act == "learned":
            self.words.sphere(cond.name, where)
        usual = _USUAL.get(cond.act)
        who = self.people.someone(cond.who, rule, where) if cond.who else usual or NOBODY
        other = self.people.someone(cond.other, rule, where) if cond.other else NOBODY
        return Test(cond.act, who, cond.span, cond.name, other)

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
        inner = recipient == fact.subject or (sender in self.circle and recipient in self.circle)
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
            limits=tuple(
                (limit, names)
                for limit, names in self.limits(fact)
                if within(recipient, limit.recipients) and (not inner or limit.key == recipient)
            ),
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
        fits = [n for n in range(1, len(self.spheres) + 1) if self.here(line.rule, n)]
        if not fits:
            wanted = " ".join(filter(None, (line.rule.sphere, line.rule.purpose)))
            raise PrivgymError(
                f"no session is in {wanted}", where=where, do="a must needs one to be met in"
            )
        opens = 0 if line.trigger else fits[0]
        one = line.senders if line.senders and len(line.senders) == 1 else [self.people.principal]
        return [
            Duty(line, fact, recipient, next(iter(one)), opens)
            for name in line.rule.attributes
            for fact in self._bound(name, line.subjects, where)
            for recipient in sorted(line.recipients)
        ]

    def _bound(self, name: str, subjects: frozenset[str], where: str) -> list[Fact]:
        """The facts that a must speaks of: of its attribute, or else of a whole of it."""
        for attribute in self.words.above.get(name, ()):
            found = [f for f in self._told if f.attribute == attribute]
            if bound := [fact for fact in found if fact.subject in subjects]:
                return bound
        raise PrivgymError(
            f"no fact is a {name} of {' or '.join(sorted(subjects))}",
            where=where,
            do="a must names an attribute (not a sphere) that some fact has",
        )

    def _index(self, number: int, duty: Duty) -> None:
        wholes = self.words.above[duty.fact.attribute][1:]
        for fact in self._told:
            whole = fact.subject == duty.fact.subject and fact.attribute in wholes
            if fact.key == duty.fact.key or whole:
                self._discharged.setdefault((fact.key, duty.recipient), []).append(number)
        trigger = duty.line.trigger
        if trigger and trigger.act == "after":
            self._after.setdefault(trigger.name, []).append(number)
        elif trigger:
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

    def triggered_by(self, event: str) -> Sequence[int]:
        """Numbers of the duties that open when an event is announced."""
        return self._after.get(event, ())

    def here(self, rule: Rule, session: int) -> bool:
        """Whether a session is of the sphere and the purpose that a rule speaks of."""
        sphere = rule.sphere in ("", self.sphere(session))
        if not rule.purpose or not sphere:
            return sphere
        return self.purposes[session - 1 : session] == (rule.purpose,)

    def sphere(self, session: int) -> str:
        """The sphere of a session."""
        return self.spheres[session - 1] if 0 < session <= len(self.spheres) else ""


_USUAL = {
    "consented": Someone("subject"),
    "withdrew": Someone("subject"),
    "delegated": Someone("subject"),
    "asked": Someone("recipient"),
}
"""Who is meant where a condition says no who."""
