"""A second opinion on verdicts: naive, whole-trace, written from docs/norms.md alone.

It shares with the house only the data classes (norms, events, parties, facts). For every flow it
looks through the whole past again; it keeps nothing, indexes nothing, resolves nothing early.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from itertools import product
from typing import NamedTuple

from privgym.event import Announced, Asked, Closed, Opened, Sent
from privgym.flow import Fact
from privgym.norm import Audience, Cond, Imply, Most, Rule, Span, Who
from tests.hindsight import PERHAPS, YES, Hindsight, Told, Truth, every, in_each, no, some

Had = tuple[str, Fact]


class Opinion(NamedTuple):
    """What is compared with a verdict of the monitor."""

    event: int
    kind: str
    norm: str
    fact: str
    recipient: str
    charged: bool
    derived: bool = False


class Oracle(Hindsight):
    """Judges a whole trace at once."""

    # -- flows ------------------------------------------------------------------------------

    def breaks(self, most: Most, told: Told, message: Sequence[Told]) -> Truth:
        """Whether a flow breaks an `at most`."""

        def counts(to: str, fact: Fact) -> bool:
            outside = to not in self.circle | {fact.subject} or most.recipient == Who(to)
            group = to == told.to if most.recipient is None else self.fits(to, most.recipient)
            return group and outside and fact.subject == told.fact.subject

        if not self.fits(told.to, most.recipient):
            return False

        def tells(fact: Fact) -> list[str]:
            return [name for name in most.attributes if self.touches(name, fact)]

        before: dict[str, Truth] = dict.fromkeys(most.attributes, False)
        for certainty, said in ((PERHAPS, None), (YES, True)):
            for i, event, fact in self.sent(told.at, certainty):
                counted = any(counts(to, fact) for to in event.to)
                if counted and self.within(most.span, i, told.at):
                    before |= dict.fromkeys(tells(fact), said)
        now: dict[str, Truth] = dict.fromkeys(tells(told.fact), True)
        for other in message:
            if counts(other.to, other.fact):
                now |= {n: other.sure or now.get(n) for n in tells(other.fact)}
        total = [some((before[name], now.get(name, False))) for name in most.attributes]
        many: Truth = total.count(True) > most.count or (
            None if len(total) - total.count(False) > most.count else False
        )
        return every((some(no(before[name]) for name in tells(told.fact)), many))

    def decide(self, told: Told, message: Sequence[Told]) -> tuple[Truth, str]:
        """Whether telling is inappropriate, and the norm that decides."""
        fact, sender, to = told.fact, told.sender, told.to
        inner = self.inner(sender, to, fact.subject)
        lines = [
            n
            for n in self.norms
            if isinstance(n, (Rule, Most))
            and self.fits(fact.subject, n.subject)
            and (
                not inner
                or n.recipient == Who(to)
                or (isinstance(n, Rule) and n.sender == Who("memory") == Who(sender))
            )
        ]
        rules = [n for n in lines if isinstance(n, Rule)]
        wrong: list[tuple[Truth, str]] = [
            (self.applies(rule, told), str(rule))
            for rule in rules
            if rule.kind == "never" and any(self.touches(name, fact) for name in rule.attributes)
        ]
        mosts = [n for n in lines if isinstance(n, Most)]
        wrong += [(self.breaks(most, told, message), str(most)) for most in mosts]
        allows = [
            rule
            for rule in rules
            if rule.kind == "allow" and any(self.names(name, fact) for name in rule.attributes)
        ]
        origin = None if inner else self.origin(fact)
        right: list[tuple[Truth, str]] = [(True, str(origin or ""))]
        if (origin and origin.denies) or allows:
            right = [(self.applies(rule, told), str(rule)) for rule in allows]
            right.append((in_each(source == to for source in self.sources(told.at, fact)), ""))
            denies = str(origin) if origin and origin.denies else str(allows[0])
            wrong.append((no(some(value for value, _ in right)), denies))
        verdict = some(value for value, _ in wrong)
        decisive = right if verdict is False else wrong
        sought = True if verdict is False else verdict
        return verdict, next(norm for value, norm in decisive if value is sought)

    def message(self, at: int) -> list[Told]:
        """All that reached somebody at an event."""
        event, findings = self.trace[at]
        if not isinstance(event, Sent):
            return []
        sure = {f.fact for f in findings if f.certainty == "yes"}
        return [
            Told(at, self.facts[key], self.giver(event), to, key in sure)
            for key in dict.fromkeys(finding.fact for finding in findings)
            for to in event.to
        ]

    def is_judged(self, told: Told) -> bool:
        event = self.trace[told.at][0]
        recall = told.sender == "memory" and told.to == "agent"
        return self.session(told.at) > 0 and (getattr(event, "hand", "") == "agent" or recall)

    # -- what can be concluded --------------------------------------------------------------

    def groups(self) -> list[set[str]]:
        """Who pools what it is told: everyone by itself, and each audience."""
        audiences = [n.members for n in self.norms if isinstance(n, Audience)]
        pools = [{k for k in self.keys if any(self.fits(k, w) for w in ws)} for ws in audiences]
        return [{key} for key in self.keys] + pools

    def conclusions(self, subject: str, attribute: str) -> list[Fact]:
        own = [f for f in self.facts.values() if (f.subject, f.attribute) == (subject, attribute)]
        return own or [Fact(f"{subject}'s {attribute}", subject, attribute, "text", "")]

    def has(self, have: Collection[Had], group: Collection[str], attribute: str) -> bool:
        """Whether somebody of a group has an attribute, or a whole that has it."""
        return any(
            to in group
            and (fact.attribute == attribute or self.contains(fact.attribute, attribute))
            for to, fact in have
        )

    def had(self, told: Iterable[Had], subject: str) -> set[Had]:
        """What was told of a subject, and what could be concluded from it."""
        found = {(to, fact) for to, fact in told if fact.subject == subject}
        return found | self.concluded(subject, found, set(), set(), set())

    def concluded(
        self, subject: str, new: set[Had], have: set[Had], lack: set[Had], told: set[Had]
    ) -> set[Had]:
        """What follows when somebody gets a last premise.

        Args:
            subject: whom it is about.
            new: what they get.
            have: what counts as had before, for a premise that is not given now.
            lack: what counts as had before, for the last premise and the conclusion.
            told: what the message tells outright, which is a flow of its own.
        """
        found: set[Had] = set()
        while True:
            more: set[Had] = set()
            for group in self.groups():
                for norm in self.norms:
                    if not isinstance(norm, Imply):
                        continue
                    given = [p for p in norm.premises if self.has(new | found, group, p)]
                    last = any(not self.has(lack, group, p) for p in given)
                    if last and all(p in given or self.has(have, group, p) for p in norm.premises):
                        pairs = product(group, self.conclusions(subject, norm.conclusion))
                        more |= {p for p in pairs if p not in told and not self.knows(lack, *p)}
            if more <= found:
                return found
            found |= more

    def knows(self, have: Collection[Had], to: str, fact: Fact) -> bool:
        """Whether somebody has a fact, or a whole that has it."""
        return any(
            who == to and (known == fact or self.contains(known.attribute, fact.attribute))
            for who, known in have
        )

    def derived(self, at: int) -> list[Told]:
        """What a judged message lets its recipients, and their audiences, conclude."""
        message = self.message(at)
        if not any(map(self.is_judged, message)):
            return []
        found = []
        for subject in dict.fromkeys(told.fact.subject for told in message):
            past, new = {}, {}
            for certainty in (YES, PERHAPS):
                before = [
                    (who, fact)
                    for _, event, fact in self.sent(at, certainty)
                    for who in (*event.to, self.giver(event))
                ]
                past[certainty] = self.had(before, subject)
                new[certainty] = {
                    (t.to, t.fact)
                    for t in message
                    if t.fact.subject == subject and (t.sure or certainty == PERHAPS)
                }
            sure = self.concluded(subject, new[YES], past[YES], past[PERHAPS], new[YES])
            perhaps = self.concluded(subject, new[PERHAPS], past[PERHAPS], past[YES], new[PERHAPS])
            sender = message[0].sender
            found += [Told(at, f, sender, to, (to, f) in sure, True) for to, f in sure | perhaps]
        return [told for told in found if self.is_judged(told)]

    def of_flows(self) -> list[Opinion]:
        """One opinion for each judged flow."""
        found: list[Opinion] = []
        for at in range(len(self.trace)):
            message = self.message(at)
            for told in [*filter(self.is_judged, message), *self.derived(at)]:
                wrong, norm = self.decide(told, message)
                kind = "undecided" if wrong is None or not told.sure else "inappropriate"
                kind = "appropriate" if wrong is False else kind
                before = {(o.norm, o.fact, o.recipient) for o in found if o.charged}
                first = kind == "inappropriate" and (norm, told.fact.key, told.to) not in before
                found.append(Opinion(at, kind, norm, told.fact.key, told.to, first, told.derived))
        return found

    # -- duties -----------------------------------------------------------------------------

    def bound(self, rule: Rule, name: str) -> list[Fact]:
        own = [f for f in self.facts.values() if self.fits(f.subject, rule.subject)]
        exact = [fact for fact in own if fact.attribute == name]
        wholes = [fact for fact in own if self.contains(fact.attribute, name)]
        nearest = [
            fact
            for fact in wholes
            if not any(self.contains(fact.attribute, other.attribute) for other in wholes)
        ]
        return exact or nearest

    def opening(self, rule: Rule, fact: Fact, to: str) -> int | None:
        """The event at which a duty opens."""
        trigger = next((c.conds[0] for c in rule.clauses if c.link == "when"), None)
        asker = self.principal if to in self.circle else to
        for at, (event, _) in enumerate(self.trace):
            match event:
                case Opened():
                    opens = trigger is None
                case Asked(party, attribute):
                    asks = party == asker and self.names(attribute, fact)
                    opens = asks and trigger is not None and trigger.act == "asked"
                case Announced(_, name):
                    opens = trigger is not None and trigger == Cond("after", name=name)
                case _:
                    opens = False
            if opens and self.meets(rule, at):
                return at
        return None

    def end(self, session: int) -> int | None:
        ends = [
            i
            for i, (e, _) in enumerate(self.trace)
            if isinstance(e, Closed) and e.session == session
        ]
        return ends[0] if ends else None

    def due(self, rule: Rule, opened: int) -> int | None:
        """The event at which an open duty falls due."""
        if rule.by == "session":
            return self.end(self.session(opened))
        if isinstance(rule.by, Span):
            for at in range(opened, len(self.trace)):
                if not self.within(rule.by, opened, at):
                    return at
        return self.end(len(self.spheres))

    def of_duty(self, rule: Rule, fact: Fact, to: str) -> Opinion | None:
        opened = self.opening(rule, fact, to)
        due = self.end(len(self.spheres)) if opened is None else self.due(rule, opened)
        perhaps = False
        for at in range(opened or 0, len(self.trace) if due is None else due):
            for told in self.message(at) if opened is not None else ():
                discharges = told.fact == fact or (
                    told.fact.subject == fact.subject
                    and self.contains(told.fact.attribute, fact.attribute)
                )
                fits = told.to == to and self.fits(told.sender, rule.sender)
                if discharges and fits and self.is_judged(told) and self.meets(rule, at):
                    if told.sure:
                        return Opinion(at, "met", str(rule), fact.key, to, False)
                    perhaps = True
        if due is None:
            return None
        givers = [key for key in self.keys if rule.sender and self.fits(key, rule.sender)]
        giver = givers[0] if len(givers) == 1 else self.principal
        asked = Told(due, fact, giver, to)
        owed = opened is not None and self.clauses(rule, asked) is True
        right = self.decide(asked, [asked])[0] is False
        kind = "void" if not (owed and right) else "undecided" if perhaps else "missing"
        return Opinion(due, kind, str(rule), fact.key, to, False)

    def of_duties(self) -> list[Opinion]:
        """One opinion for each duty that was met or fell due."""
        found = []
        for rule in self.norms:
            if isinstance(rule, Rule) and rule.kind == "must":
                for name in rule.attributes:
                    for fact in self.bound(rule, name):
                        for to in self.keys:
                            if self.fits(to, rule.recipient):
                                found.append(self.of_duty(rule, fact, to))
        return [opinion for opinion in dict.fromkeys(found) if opinion]

    def opinions(self) -> list[Opinion]:
        """All of them, in an order that does not depend on how they were come by."""
        return sorted([*self.of_flows(), *self.of_duties()])
