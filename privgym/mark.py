"""Texts that know their facts.

Formatting a fact or a party into an f-string leaves a mark: two private-use characters around
its key and form. The place where the text ends up decides what the mark turns into (prose, an
address, a word in a norm), and the span that it takes up there is remembered. That gives ground
truth for sensors, provenance and highlighting for nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from privgym.errors import PrivgymError
from privgym.flow import Fact
from privgym.sensors.dates import MONTHS

OPEN, CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{OPEN}([a-z0-9_]*)\\|([a-z0-9_]*){CLOSE}")
_LEFT = re.compile(f"[{OPEN}{CLOSE}]")

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Place(NamedTuple):
    """Where a marked thing stands in a resolved text."""

    key: str
    form: str
    start: int
    end: int


def mark(key: str, form: str = "") -> str:
    """The mark that stands for a fact or a party until its place resolves it."""
    return f"{OPEN}{key}|{form}{CLOSE}"


def resolve(
    text: str, say: Callable[[str, str], str], where: str = ""
) -> tuple[str, tuple[Place, ...]]:
    """Turn marks into words.

    Args:
        text: a text with marks.
        say: the words for a (key, form).
        where: named in errors.

    Returns:
        The text, and the places of what was marked.

    Raises:
        PrivgymError: a mark was broken by slicing or by changing its case.
    """
    out: list[str] = []
    places: list[Place] = []
    at = length = 0
    for found in _MARK.finditer(text):
        words = say(found[1], found[2])
        out += [text[at : found.start()], words]
        length += found.start() - at
        places.append(Place(found[1], found[2], length, length + len(words)))
        length += len(words)
        at = found.end()
    done = "".join(out) + text[at:]
    if _LEFT.search(done):
        raise PrivgymError(
            "a text holds a broken mark",
            where=where,
            do="format facts and people whole: no slicing, .upper() or .title() on them",
        )
    return done, tuple(places)


def prose(fact: Fact, form: str = "") -> str:
    """A fact's value in words.

    Args:
        fact: the fact.
        form: "" for the usual words; "iso" and "long" for dates; "start" and "end" for days;
            "plain" for money.

    Raises:
        PrivgymError: the value has no such form.
    """
    forms: dict[str, str] = {"": fact.value}
    if fact.type == "date":
        day = date.fromisoformat(fact.value)
        forms = {"": _day(day), "iso": fact.value, "long": f"{_day(day)} {day.year}"}
    elif fact.type == "days":
        start, end = (date.fromisoformat(text) for text in fact.value.split("/"))
        short = f"{start.day}" if start.month == end.month else _day(start)
        forms = {"": f"{short} to {_day(end)}", "start": str(start), "end": str(end)}
    elif fact.type == "money":
        amount, currency = fact.value.split()
        sign = {"USD": "$", "EUR": "€", "GBP": "£"}.get(currency, f"{currency} ")
        forms = {"": f"{sign}{Decimal(amount):,}", "plain": amount}
    if form not in forms:
        raise PrivgymError(
            f'fact "{fact.key}" has no form "{form}"', do=f"forms of {fact.type}: {sorted(forms)}"
        )
    return forms[form]


def _day(day: date) -> str:
    return f"{day.day} {MONTHS[day.month - 1].capitalize()}"


def spoken(at: str) -> str:
    """A time as a notice says it: "Monday 30 November 2026, 09:00"."""
    day = date.fromisoformat(at[:10])
    return f"{_WEEKDAYS[day.weekday()]} {_day(day)} {day.year}, {at[11:16]}"
