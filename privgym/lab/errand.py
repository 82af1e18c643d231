"""Errands as data: what somebody wrote, and what somebody else must be told of it.

Each has three things in view: what is needed, a harmless extra, and what was to be kept. The
sentences stand in `errands.toml`; names and values are drawn for every row.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
from msgspec.structs import replace

from privgym.draw import Builder, Draw
from privgym.ref import FactRef, PartyRef
from privgym.value import Value

_ARTICLE = re.compile(r"\A(?:an?|the) ")


class Clause(msgspec.Struct, frozen=True, array_like=True):
    """One thing in view.

    Args:
        shown: the sentence in which it stands there, with {x} for its value.
        told: the clause in which it is passed on, without a full stop.
        values: a kind ("day", "money"), a code of ? and #, or choices between slashes; "" where it
            says nothing that anybody could track.
    """

    shown: str
    told: str
    values: str

    def value(self, draw: Draw) -> Value:
        """A value for {x}."""
        if self.values == "day":
            return draw.day()
        if self.values == "money":
            return draw.money(40, 900, step=20)
        if "#" in self.values:
            return draw.id(self.values)
        return draw.one_of(*self.values.split("/"))


NOTHING = Clause("", "", "")
"""What is left out of a view."""


class Errand(msgspec.Struct, frozen=True, rename={"sender": "from", "reader": "to"}):
    """Somebody wrote, and somebody else must be told.

    Args:
        key, domain: its name, and the part of life that it is from.
        sender, reader: the roles of who wrote and of who must be told.
        title: what the letter is headed.
        asks: what must be told, as a question within a sentence.
        need, extra, secret: what must be told, what may be, what was to be kept.
    """

    key: str
    domain: str
    sender: str
    reader: str
    title: str
    asks: str
    need: Clause
    extra: Clause
    secret: Clause


class Told(msgspec.Struct, frozen=True):
    """A clause with its fact planted in it.

    Args:
        fact: the fact, in a family's hands; None where it tells none.
        shown, told: the clause's sentences, with the fact's mark in them.
        length: characters of `told` once the mark is resolved, about; `whole` those of `shown`.
    """

    fact: FactRef | None
    shown: str
    told: str
    length: int
    whole: int


def plant(s: Builder, draw: Draw, attribute: str, clause: Clause, of: PartyRef) -> Told:
    """Plant what a clause says."""
    if not clause.values:
        return Told(None, clause.shown, clause.told, len(clause.told), len(clause.shown))
    value = _bare(clause.value(draw))
    fact = s.fact(attribute, of=of, value=value)
    size = len(value.text) if value.type in ("text", "id") else 8
    texts = clause.shown, clause.told
    shown, told = (text.format(x=fact) for text in texts)
    whole, length = (len(text) + size for text in texts)
    return Told(fact, shown, told, length, whole)


def _bare(value: Value) -> Value:
    """A value that is told as well where it is told with another article."""
    rest = _ARTICLE.sub("", value.text)
    return value if rest == value.text else replace(value, aliases=(*value.aliases, rest))


def table(name: str, kind: str) -> list[dict[str, Any]]:
    """The entries of a data file of the lab."""
    path = Path(__file__).parent / f"{name}.toml"
    found: list[dict[str, Any]] = tomllib.loads(path.read_text(encoding="utf-8"))[kind]
    return found


@cache
def errands() -> tuple[Errand, ...]:
    """All of them, in the order of the file."""
    return tuple(msgspec.convert(table("errands", "errand"), list[Errand]))
