"""Canonical value and type -> surface forms: the ways in which a fact gets written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from privgym.errors import PrivgymError
from privgym.flow import Fact, Type
from privgym.sensors import edges, guises, numerals
from privgym.sensors.amounts import money_forms, number_forms
from privgym.sensors.dates import date_forms, days_forms
from privgym.sensors.edges import Form
from privgym.sensors.names import initials, names
from privgym.sensors.normalise import normal, squeezed
from privgym.sensors.phones import phone_forms
from privgym.sensors.states import STATES
from privgym.sensors.typos import slips

SHORTEST = 2
"""The fewest characters that a value or alias may have, normalised."""

_MOST_COMMAS = 5
_DOTS = (" dot ", "[.]", "(dot)")
_SCHEME = re.compile(r"^(?:https?://)?(?:www\.)?")
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")


def _plain(words: Iterable[str]) -> list[Form]:
    return [Form(form, edges.whole) for form in dict.fromkeys(words)]


def _text(value: str) -> list[Form]:
    words = normal(value)
    plain = _plain((words, _HYPHEN.sub(" ", words)))
    return [*plain, *guises.of_words(words), *slips(words)] if words else plain


def _name(value: str) -> list[Form]:
    words = names(value)
    return [*_plain(words), *initials(value), *guises.of_words(words[0]), *slips(words[0])]


def _date(value: str) -> list[Form]:
    return date_forms(date.fromisoformat(value))


def _range_of_days(value: str) -> list[Form]:
    first, _, last = value.partition("/")
    start, end = date.fromisoformat(first), date.fromisoformat(last or first)
    if start > end:
        raise ValueError("ends before it begins")
    return days_forms(start, end)


def _money(value: str) -> list[Form]:
    digits, _, currency = value.partition(" ")
    amount = Decimal(digits)
    if not 0 < amount < 10**15 or amount != round(amount, 2):
        raise ValueError("not an amount above zero in whole cents")
    return money_forms(amount, currency.strip().casefold())


def _number(value: str) -> list[Form]:
    number = Decimal(value)
    if not number.is_finite():
        raise ValueError("not a number")
    return number_forms(number)


def _phone(value: str) -> list[Form]:
    forms = phone_forms(value)
    return [*forms, *(guise for form in forms[:3] for guise in guises.of_digits(form.words))]


def _email(value: str) -> list[Form]:
    words = normal(value)
    ats = ("@", " at ", " (at) ", "(at)", "[at]", " [at] ")
    spelled = [words.replace("@", at) for at in ats]
    spelled += [words.replace("@", " at ").replace(".", dot) for dot in _DOTS]
    forms = [Form(form, edges.email) for form in dict.fromkeys(spelled)]
    return [*forms, Form(words[::-1], edges.email)]


def _id(value: str) -> list[Form]:
    words = squeezed(normal(value))
    return [Form(words, edges.identifier, squeezed=True), *guises.of_digits(words)]


def _digits(value: str, fewest: int, most: int) -> list[Form]:
    words = squeezed(normal(value))
    if not (words.isdigit() and fewest <= len(words) <= most):
        raise ValueError("not so many digits")
    return _id(words)


def _ssn(value: str) -> list[Form]:
    return _digits(value, 9, 9)


def _card(value: str) -> list[Form]:
    return _digits(value, 12, 19)  # ISO/IEC 7812-1


def _ending(value: str) -> list[Form]:
    """The last digits of a longer number, where the text says that they are."""
    if not (value.isascii() and value.isdigit()):
        raise ValueError("not digits")
    spelled = numerals.spelled(value)
    return [
        Form(value, edges.ending),
        *(Form(form, edges.ending) for form in spelled),
    ]


def _address(value: str) -> list[Form]:
    """On one line, each of its commas there or not (the first few, of a very long one)."""
    lines = normal(", ".join(line.strip(" ,") for line in value.splitlines()))
    head, *rest = lines.split(", ", _MOST_COMMAS)
    joined = [head]
    for part in rest:
        joined = [f"{words}{comma} {part}" for words in joined for comma in (",", "")]
    return _plain((*joined, lines.replace(",", "")))


def _place(value: str) -> list[Form]:
    words = normal(value)
    return list(dict.fromkeys((*_address(value), *_text(value), *slips(words.replace(",", "")))))


def _state(value: str) -> list[Form]:
    """A state of the USA by its name or postal code; any other one by its name."""
    words = normal(value)
    name = STATES.get(words, words)
    codes = [code for code, known in STATES.items() if known == name]
    return [*_text(name), *(Form(code, edges.postal) for code in codes)]


def _url(value: str) -> list[Form]:
    """Without scheme, "www." and last slash; these may be there."""
    words = _SCHEME.sub("", normal(value)).rstrip("/")
    host, slash, path = words.partition("/")
    dots = [host.replace(".", dot) + slash + path for dot in _DOTS]
    return [Form(form, edges.url) for form in dict.fromkeys((words, *dots))]


_FORMS: dict[Type, Callable[[str], list[Form]]] = {
    "text": _text,
    "name": _name,
    "date": _date,
    "days": _range_of_days,
    "money": _money,
    "number": _number,
    "phone": _phone,
    "email": _email,
    "id": _id,
    "ssn": _ssn,
    "card": _card,
    "ending": _ending,
    "address": _address,
    "place": _place,
    "state": _state,
    "url": _url,
}
_CANONICAL = {
    "date": 'an ISO date ("2026-12-03")',
    "days": 'two ISO dates ("2026-12-03/2026-12-05")',
    "money": 'a plain decimal and a currency ("72000 USD")',
    "number": 'a plain decimal ("98.6")',
    "ssn": 'nine digits ("123-45-6789")',
    "card": '12 to 19 digits ("4111 1111 1111 1111")',
    "ending": 'the last digits ("1111")',
}


def forms(fact: Fact) -> tuple[Form, ...]:
    """The surface forms of a fact's value and of its aliases.

    Raises:
        PrivgymError: the value or an alias is too short to be found, or not written in its
            type's canonical way.
    """
    try:
        found = _FORMS[fact.type](fact.value.strip())
    except (ValueError, InvalidOperation) as error:
        raise PrivgymError(
            f'"{fact.value}" cannot be read as a value of type {fact.type}',
            where=f'fact "{fact.key}"',
            do=f"write it as {_CANONICAL[fact.type]}",
        ) from error
    found += [form for alias in fact.aliases for form in _text(alias)]
    if any(len(form.words) < SHORTEST for form in found):
        raise PrivgymError(
            f'"{fact.value}" or one of its aliases is too short to be found in a text',
            where=f'fact "{fact.key}"',
            do=f"give values and aliases of at least {SHORTEST} letters or digits",
        )
    return tuple(dict.fromkeys(found))
