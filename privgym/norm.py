"""A sentence is a rule.

A norm is one line of a small language and also a frozen record: `Norm.read(str(norm)) == norm`.
The same line stands in the pack, the verdict and the report. What a line means is said in
`book.py` (whom and what its words stand for) and `monitor.py` (when it holds); here is only how
it is written.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from typing import Literal

import msgspec
from lark import Lark, Token, Transformer, UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from privgym.errors import PrivgymError, did_you_mean

Kind = Literal["never", "allow", "must"]
Link = Literal["if", "unless", "when"]
Act = Literal["consented", "withdrew", "asked"]
By = Literal["", "session", "episode"]

# The basic lexer keeps keywords reserved everywhere, so that `never if of ana to boss` cannot
# read "if" as an attribute.
GRAMMAR = r"""
?line: sphere | has | rule
sphere: "sphere" NAME default ["for" names]
!default: "denies" | "allows"
has: NAME "has" names
rule: kind names "of" who "to" who ["from" who] ["in" NAME] clauses [deadline]
!kind: "never" | "allow" | "must"
clauses: clause*
clause: link cond ("or" cond)*
      | when asked
!link: "if" | "unless"
!when: "when"
!asked: "asked"
cond: [who] act [span]
!act: "consented" | "withdrew" | "asked"
!span: "this" "session"
deadline: "by" "end" "of" end
!end: "session" | "episode"
names: NAME ("," NAME)*
who: NAME ["of" NAME]
NAME: /[a-z][a-z0-9_]*/
%ignore /[ \t]+/
"""


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
            raise _unread(error, line, where, number) from None
        if isinstance(norm, Rule):
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


class Has(Norm, frozen=True):
    """An attribute that contains others: who has the whole has its parts."""

    whole: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.whole} has {', '.join(self.parts)}"


class Who(msgspec.Struct, frozen=True):
    """A party's key, a role, a role held towards someone (`of`), or a reserved word."""

    word: str
    of: str = ""

    def __str__(self) -> str:
        return f"{self.word} of {self.of}" if self.of else self.word


class Cond(msgspec.Struct, frozen=True):
    """What a clause asks of the past.

    Args:
        act: what was done.
        who: by whom; None stands for the usual party: the subject consents and withdraws, the
            recipient asks.
        session: whether it must have been done in the present session.
    """

    act: Act
    who: Who | None = None
    session: bool = False

    def __str__(self) -> str:
        who = f"{self.who} " if self.who else ""
        return f"{who}{self.act}{' this session' if self.session else ''}"


class Clause(msgspec.Struct, frozen=True):
    """Alternatives: `if` needs one of them, `unless` none, `when` opens a duty at one."""

    link: Link
    conds: tuple[Cond, ...]

    def __str__(self) -> str:
        return f"{self.link} {' or '.join(map(str, self.conds))}"


class Rule(Norm, frozen=True):
    """A sentence about flows.

    Args:
        kind: `never` forbids, `allow` permits, `must` obliges.
        attributes: what flows; attributes or names of spheres.
        subject, recipient: whom it is about, and who gets it.
        sender: from whom ("from"); None is any sender.
        sphere: sphere of the session it speaks of ("in"); "" is any.
        clauses: what it asks of the past, in the order written.
        by: the deadline of a `must`; "" is the end of the episode.
    """

    kind: Kind
    attributes: tuple[str, ...]
    subject: Who
    recipient: Who
    sender: Who | None = None
    sphere: str = ""
    clauses: tuple[Clause, ...] = ()
    by: By = ""

    def __str__(self) -> str:
        words = [f"{self.kind} {', '.join(self.attributes)} of {self.subject} to {self.recipient}"]
        if self.sender:
            words.append(f"from {self.sender}")
        if self.sphere:
            words.append(f"in {self.sphere}")
        words += map(str, self.clauses)
        if self.by:
            words.append(f"by end of {self.by}")
        return " ".join(words)


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

    def sphere(self, items: list[object]) -> Sphere:
        name, default, attributes = items
        return Sphere(str(name), default == "denies", attributes or ())  # type: ignore[arg-type]

    def has(self, items: list[tuple[str, ...]]) -> Has:
        return Has(str(items[0]), items[1])

    def rule(self, items: list[object]) -> Rule:
        kind, names, subject, recipient, sender, sphere, clauses, by = items
        return msgspec.convert(
            {
                "kind": kind,
                "attributes": names,
                "subject": subject,
                "recipient": recipient,
                "sender": sender,
                "sphere": str(sphere or ""),
                "clauses": clauses,
                "by": by or "",
            },
            Rule,
        )

    def clauses(self, items: list[Clause]) -> tuple[Clause, ...]:
        return tuple(items)

    def clause(self, items: list[object]) -> Clause:
        link, *conds = items
        if link == "when":
            conds = [Cond("asked")]
        return Clause(link, tuple(conds))  # type: ignore[arg-type]

    def cond(self, items: list[object]) -> Cond:
        who, act, span = items
        return Cond(act, who, span is not None)  # type: ignore[arg-type]

    def who(self, items: list[str | None]) -> Who:
        return Who(str(items[0]), str(items[1] or ""))

    def names(self, items: list[str]) -> tuple[str, ...]:
        return tuple(map(str, items))

    def deadline(self, items: list[str]) -> str:
        return items[0]

    def span(self, items: list[Token]) -> str:
        return " ".join(items)

    def _word(self, items: list[Token]) -> str:
        return str(items[0])

    default = kind = link = when = asked = act = end = _word


@cache
def _parser() -> Lark:
    return Lark(GRAMMAR, start="line", parser="lalr", lexer="basic", maybe_placeholders=True)


@lru_cache(maxsize=4096)
def _parse(line: str) -> Norm:
    """Packs share lines, so most are read many times."""
    return _Build().transform(_parser().parse(line))


def _check(rule: Rule, line: str, where: str) -> None:
    """What the grammar cannot say: only a duty has a trigger and a deadline."""
    whens = [clause for clause in rule.clauses if clause.link == "when"]
    if rule.kind != "must" and (whens or rule.by):
        word, instead = ("by", "leave it out") if rule.by else ("when", 'write "if asked"')
        raise PrivgymError(
            f'a "{rule.kind}" has no "{word}": "{line}"',
            where=where,
            do=f"only a must falls due; {instead}",
        )
    if len(whens) > 1:
        raise PrivgymError(f'a must has one "when": "{line}"', where=where, do="keep one of them")


def _unread(error: UnexpectedInput, line: str, where: str, number: int) -> PrivgymError:
    token = str(getattr(error, "token", ""))
    # lark places the end of the text at its last token.
    column = error.column if token or isinstance(error, UnexpectedCharacters) else len(line) + 1
    place = f"{where or 'norms'}, line {number}, column {column}"
    if not isinstance(error, UnexpectedToken):
        what = f'"{line[column - 1]}" cannot stand in a norm: "{line}"'
        return PrivgymError(what, where=place, do="names are lower-case words: a-z, 0-9 and _")
    words = {t.name: t.pattern.value for t in _parser().terminals}
    fits = sorted(error.accepts or error.expected)
    shown = " or ".join(_SHOWN.get(name) or f'"{words[name]}"' for name in fits)
    meant = did_you_mean(token, [words[name] for name in fits if name not in _SHOWN])
    keywords = [word for word in words.values() if word.isalpha()]
    before = line[: column - 1].split()[-1:]
    if not meant and before and before[0] not in keywords:
        # A misspelt keyword is read as a name, and only the word after it is out of place.
        meant = did_you_mean(before[0], keywords)
    what = f'"{token}" cannot stand there' if token else "the norm ends too early"
    return PrivgymError(f'{what}: "{line}"', where=place, meant=meant, do=f"expected {shown}")


_SHOWN = {"NAME": "a name", "COMMA": '","', "$END": "the end of the line"}
