"""A norm whose words are resolved: whom it speaks of, as keys of parties.

What stands in a norm as a role or a name is here the parties that fit; what is left to ask of one
flow is whether its two ends are among them. `book.py` makes these lines.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

import msgspec

from privgym.flow import MEMORY, Fact
from privgym.norm import Act, Cond, Link, Rule, Span, Who
from privgym.words import Someone, within


class Test(msgspec.Struct, frozen=True):
    """A condition with its words resolved (see `Cond`)."""

    act: Act
    who: Someone
    span: Span | None
    name: str
    other: Someone


class Line(msgspec.Struct, frozen=True):
    """A rule with its words resolved; a set of None is anyone.

    Args:
        rule, text: the norm, and how it is written.
        subjects, recipients, senders: keys of the parties that fit.
        tests: the clauses, but for the trigger of a duty.
        trigger: what a duty waits for: being asked ("asked"), an event ("after"), or None.
    """

    rule: Rule
    text: str
    subjects: frozenset[str] | None
    recipients: frozenset[str] | None
    senders: frozenset[str] | None
    tests: tuple[tuple[Link, tuple[Test, ...]], ...]
    trigger: Cond | None

    def fits(self, sender: str, recipient: str) -> bool:
        """Whether these two are of its pattern."""
        return within(recipient, self.recipients) and within(sender, self.senders)

    def names(self, sender: str, recipient: str) -> bool:
        """Whether it speaks of the inner circle: names the recipient's key, or `from memory`."""
        to, source = self.rule.recipient, self.rule.sender
        return to == Who(recipient) or (sender == MEMORY and source == Who(MEMORY))


class Limit(msgspec.Struct, frozen=True):
    """An `at most` with its words resolved; a set of None is anyone.

    Args:
        number: which of the book's limits it is.
        text: how the norm is written.
        count: how many of its names may come together.
        names: attributes and spheres.
        subjects, recipients: keys of the parties that fit.
        key: the recipient as the line names it, "" for the same recipient.
        span: within what time.
    """

    number: int
    text: str
    count: int
    names: frozenset[str]
    subjects: frozenset[str] | None
    recipients: frozenset[str] | None
    key: str
    span: Span | None

    def group(self, recipient: str) -> str:
        """Whose tally a recipient's is: all of its recipients' together, or its own."""
        return "" if self.key else recipient

    def counts(self, recipient: str, subject: str, circle: Collection[str]) -> bool:
        """Whether what reaches this recipient counts."""
        inner = recipient == subject or recipient in circle
        return within(recipient, self.recipients) and (not inner or self.key == recipient)


class Speaks(NamedTuple):
    """The lines that speak of one fact going from one party to another, in their order.

    `limits` come with the names that the fact tells. `denies` is the line by which the flow needs
    an `allow`, "" if it needs none; `default` the line of the fact's sphere; `nearest` the `allow`
    whose pattern fits best.
    """

    nevers: tuple[Line, ...]
    limits: tuple[tuple[Limit, frozenset[str]], ...]
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
        opens: the session it opens in; 0 if it waits for a trigger.
    """

    line: Line
    fact: Fact
    recipient: str
    sender: str
    opens: int
