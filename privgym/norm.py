"""A sentence is a rule.

A norm is one line of a small language and also a frozen record: `Norm.read(str(norm)) == norm`.
The same line stands in the pack, the verdict and the report. What a line means is said in
`book.py` (whom and what its words stand for) and `monitor.py` (when it holds), and its grammar is
`grammar.py`; here are the records.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, Literal

import msgspec
from lark import Token, Transformer, UnexpectedInput

from privgym.errors import PrivgymError
from privgym.grammar import parser, unread

Kind = Literal["never", "allow", "must"]
Link = Literal["if", "unless", "until", "when"]
Act = Literal[
    "consented", "withdrew", "asked", "delegated", "known", "confidence", "learned", "is", "after"
]
Unit = Literal["minute", "hour", "day", "year", "step", "session"]
End = Literal["", "session", "episode"]


class Norm(msgspec.Struct, frozen=True):
    """One line of the language. `str` writes it, `Norm.read` reads it."""

    @staticmethod
    def read(line: str, where: str = "", number: int = 1) -> Norm:
        """Read one line.

        Args:
            line: the sentence.
            where: file or scenario, named in errors.
            number: the line's number there, from 1.

        Raises:
            PrivgymError: it is no sentence of the language; says the column and what would fit.
        """
        try:
            norm = _parse(line)
        except UnexpectedInput as error:
            raise unread(error, line, where, number) from None
        _check(norm, line, f"{where or 'norms'}, line {number}")
        return norm


class Sphere(Norm, frozen=True):
    """A context of life: whether it denies by default, and the attributes that are its own."""

    name: str
    denies: bool
    attributes: tuple[str, ...] = ()

    def __str__(self) -> str:
        own = f" for {', '.join(self.attributes)}" if self.attributes else ""
        return f"sphere {self.name} {'denies' if self.denies else 'allows'}{own}"


class Purposes(Norm, frozen=True):
    """Declares what sessions can be for."""

    names: tuple[str, ...]

    def __str__(self) -> str:
        return f"purpose {', '.join(self.names)}"


class Has(Norm, frozen=True):
    """An attribute that contains others: who has the whole has its parts."""

    whole: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.whole} has {', '.join(self.parts)}"


class Imply(Norm, frozen=True):
    """Whoever has been told all of the premises can tell the conclusion."""

    premises: tuple[str, ...]
    conclusion: str

    def __str__(self) -> str:
        verb = "imply" if len(self.premises) > 1 else "implies"
        return f"{' and '.join(self.premises)} {verb} {self.conclusion}"


class Who(msgspec.Struct, frozen=True):
    """A party's key, a role, a role held towards someone (`of`), or a reserved word."""

    word: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.word} of {self.of}" if self.of else self.word


class Audience(Norm, frozen=True):
    """Parties that pool what they are told: what one has a premise of, all can conclude from."""

    members: tuple[Who, ...]

    def __str__(self) -> str:
        return f"audience {', '.join(map(str, self.members))}"


class Span(msgspec.Struct, frozen=True):
    """No more than so many units ago (or from now); no sessions ago is the present session."""

    count: int
    unit: Unit

    def __str__(self) -> str:
        return f"{self.count} {self.unit}{'' if self.count == 1 else 's'}"


THIS_SESSION = Span(0, "session")


def _during(span: Span | None) -> str:
    if span is None:
        return ""
    return " this session" if span == THIS_SESSION else f" within {span}"


class Cond(msgspec.Struct, frozen=True):
    """What a clause asks of the past.

    Args:
        act: what was done, or is so: an act of somebody, or "known" (the recipient has the fact
            already), "confidence" (its source told it so), "learned" (in which sphere the agent
            first had it), "is" (one word means the same party as another), "after" an event.
        who: by whom; None stands for the usual party: the subject consents, withdraws and
            delegates, the recipient asks.
        span: how long ago at most.
        name: the sphere of "learned", the event of "after".
        other: whom `who` is.
    """

    act: Act
    who: Who | None = None
    span: Span | None = None
    name: str = ""
    other: Who | None = None

    def __str__(self) -> str:
        match self.act:
            case "confidence":
                return "told in confidence"
            case "learned":
                return f"learned in {self.name}"
            case "is":
                return f"{self.who} is {self.other}"
            case "after":
                return f"after event {self.name}{_during(self.span)}"
        who = f"{self.who} " if self.who else ""
        return f"{who}{self.act}{_during(self.span)}"


class Clause(msgspec.Struct, frozen=True):
    """Alternatives: `if` needs one of them, `unless` none, `when` opens a duty at one.

    `until` has one, an event: the rule holds before it.
    """

    link: Link
    conds: tuple[Cond, ...]

    def __str__(self) -> str:
        shown = f"{self.link} {' or '.join(map(str, self.conds))}"
        return shown if self.link in ("if", "unless") else shown.replace(" after ", " ")


class Rule(Norm, frozen=True):
    """A sentence about flows.

    Args:
        kind: `never` forbids, `allow` permits, `must` obliges.
        attributes: what flows; attributes or names of spheres.
        subject, recipient: whom it is about, and who gets it.
        sender: from whom ("from"); None is any sender.
        purpose: what the session is for ("for"); "" is anything.
        sphere: sphere of the session it speaks of ("in"); "" is any.
        clauses: what it asks of the past, in the order written.
        by: the deadline of a `must`: the end of its session or of the episode ("" too), or so
            long after it opened.
    """

    kind: Kind
    attributes: tuple[str, ...]
    subject: Who
    recipient: Who
    sender: Who | None = None
    purpose: str = ""
    sphere: str = ""
    clauses: tuple[Clause, ...] = ()
    by: Span | End = ""

    def __str__(self) -> str:
        words = [f"{self.kind} {', '.join(self.attributes)} of {self.subject} to {self.recipient}"]
        if self.sender:
            words.append(f"from {self.sender}")
        if self.purpose:
            words.append(f"for {self.purpose}")
        if self.sphere:
            words.append(f"in {self.sphere}")
        words += map(str, self.clauses)
        if self.by:
            words.append(f"by {self.by}" if isinstance(self.by, Span) else f"by end of {self.by}")
        return " ".join(words)


class Most(Norm, frozen=True):
    """At most so many of these attributes of one subject may come together.

    Args:
        count: how many may.
        attributes: of which.
        subject: whom they are about.
        recipient: who gets them, all of these together; None: any recipient, each by itself.
        span: within what time; None is ever.
    """

    count: int
    attributes: tuple[str, ...]
    subject: Who
    recipient: Who | None = None
    span: Span | None = None

    def __str__(self) -> str:
        to = self.recipient or "the same recipient"
        names = ", ".join(self.attributes)
        return f"at most {self.count} of {names} of {self.subject} to {to}{_during(self.span)}"


def sentences(lines: Iterable[str], where: str = "") -> Iterator[Norm]:
    """Read many lines, passing over empty ones and those that begin with "#".

    Raises:
        PrivgymError: a line is no sentence of the language.
    """
    for number, line in enumerate(lines, 1):
        if line.strip() and not line.lstrip().startswith("#"):
            yield Norm.read(line.strip(), where, number)


class _Build(Transformer[Token, Norm]):
    """Turns lark's tree into records; each method gets the children of the rule of its name."""

    def sphere(self, items: list[Any]) -> Sphere:
        name, default, attributes = items
        return Sphere(name, default == "denies", attributes or ())

    def purpose(self, items: list[tuple[str, ...]]) -> Purposes:
        return Purposes(items[0])

    def has(self, items: list[Any]) -> Has:
        return Has(items[0], items[1])

    def imply(self, items: list[Token]) -> Imply:
        *premises, conclusion = map(str, items)
        return Imply(tuple(dict.fromkeys(premises)), conclusion)

    def audience(self, items: list[Who]) -> Audience:
        return Audience(tuple(items))

    def rule(self, items: list[Any]) -> Rule:
        kind, names, subject, recipient, sender, purpose, sphere, clauses, by = items
        for_, in_ = str(purpose or ""), str(sphere or "")
        return Rule(kind, names, subject, recipient, sender, for_, in_, clauses, by or "")

    def most(self, items: list[Any]) -> Most:
        count, names, subject, recipient, span = items
        return Most(int(count), tuple(dict.fromkeys(names)), subject, recipient, span)

    def same(self, items: list[Token]) -> None:
        return None

    def clauses(self, items: list[Clause]) -> tuple[Clause, ...]:
        return tuple(items)

    def clause(self, items: list[Any]) -> Clause:
        return Clause(items[0], tuple(items[1:]))

    def asked(self, items: list[Token]) -> Cond:
        return Cond("asked")

    def event(self, items: list[Token]) -> Cond:
        return Cond("after", name=str(items[0]))

    def did(self, items: list[Any]) -> Cond:
        who, act, span = items
        return Cond(act, who, span)

    def known(self, items: list[Token]) -> Cond:
        return Cond("known")

    def confidence(self, items: list[Token]) -> Cond:
        return Cond("confidence")

    def learned(self, items: list[Token]) -> Cond:
        return Cond("learned", name=str(items[0]))

    def is_(self, items: list[Who]) -> Cond:
        return Cond("is", items[0], other=items[1])

    def after(self, items: list[Any]) -> Cond:
        return Cond("after", span=items[1], name=str(items[0]))

    def this(self, items: list[Token]) -> Span:
        return THIS_SESSION

    def within(self, items: list[Span]) -> Span:
        return items[0]

    def count(self, items: list[Any]) -> Span:
        return Span(int(items[0]), items[1].removesuffix("s"))

    def by_end(self, items: list[str]) -> str:
        return items[0]

    by_count = within

    def who(self, items: list[str | None]) -> Who:
        return Who(str(items[0]), str(items[1] or ""))

    def names(self, items: list[str]) -> tuple[str, ...]:
        return tuple(map(str, items))

    def _word(self, items: list[Token]) -> str:
        return str(items[0])

    default = kind = link = until = when = act = end = unit = name = _word


@lru_cache(maxsize=4096)
def _parse(line: str) -> Norm:
    """Packs share lines, so most are read many times."""
    return _Build().transform(parser().parse(line))


def _check(norm: Norm, line: str, where: str) -> None:
    """What the grammar cannot say."""
    if isinstance(norm, Imply) and norm.conclusion in norm.premises:
        raise PrivgymError(f'it implies itself: "{line}"', where=where, do="drop the line")
    if isinstance(norm, Most) and norm.count >= len(norm.attributes):
        what = f'there are no more than {len(norm.attributes)} to tell: "{line}"'
        raise PrivgymError(what, where=where, do="lower the number, or name more attributes")
    if not isinstance(norm, Rule):
        return
    whens = [clause for clause in norm.clauses if clause.link == "when"]
    if norm.kind != "must" and (whens or norm.by):
        word, instead = ("by", "leave it out") if norm.by else ("when", 'write "if asked"')
        raise PrivgymError(
            f'a "{norm.kind}" has no "{word}": "{line}"',
            where=where,
            do=f"only a must falls due; {instead}",
        )
    if len(whens) > 1:
        raise PrivgymError(f'a must has one "when": "{line}"', where=where, do="keep one of them")
