"""Canonical value and type -> surface forms: the ways in which a fact gets written."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from decimal import Decimal, InvalidOperation

from privgym.errors import PrivgymError
from privgym.flow import Fact, Party, Type
from privgym.sensors import edges
from privgym.sensors.amounts import money_forms, number_forms
from privgym.sensors.dates import date_forms, days_forms
from privgym.sensors.edges import Form
from privgym.sensors.normalise import normal, squeezed

SHORTEST = 2
"""The fewest characters that a value or alias may have, normalised."""

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir"))
_DEGREES = frozenset(("md", "phd", "dds", "dvm", "jr", "sr", "ii", "iii", "iv"))
_EXTENSION = re.compile(r"\s*(?:x|ext\.?)\s*\d+$", re.IGNORECASE)
_COUNTRY = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}"
)  # ITU-T E.164 country codes: which of them have one and two digits
_SHORTEST_PHONE = 6
_MOST_COMMAS = 5
_HYPHEN = re.compile(r"(?<=\w)-(?=\w)")


def _plain(words: Iterable[str]) -> list[Form]:
    return [Form(form, edges.whole) for form in dict.fromkeys(words)]


def _text(value: str) -> list[Form]:
    words = normal(value)
    return _plain((words, _HYPHEN.sub(" ", words)))


def _names(value: str) -> list[str]:
    """A full name as written, without titles, last name first, without middle names."""
    bare = [word.strip(".,") for word in normal(value).split()]
    words = [word for word in bare if word not in _TITLES and word not in _DEGREES]
    forms = [normal(value)]
    if len(words) > 1:
        forms += [" ".join(words), f"{words[0]} {words[-1]}"]
        forms += [f"{' '.join(words[at:])}, {' '.join(words[:at])}" for at in range(1, len(words))]
    return forms


def _name(value: str) -> list[Form]:
    return _plain(_names(value))


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
    """All of its digits, with and without country code, trunk zero and dialling prefix."""
    main = _EXTENSION.sub("", normal(value))
    digits = "".join(c for c in main if c in "0123456789")
    abroad = digits.removeprefix("00") if main.startswith(("+", "00")) else ""
    if code := _COUNTRY.match(abroad):
        home = abroad[code.end() :]
        forms = [abroad, "00" + abroad, f"{code[0]}0{home}", "0" + home, home]
    else:
        forms = [digits, digits.removeprefix("0")] + (["1" + digits] if len(digits) == 10 else [])
    long = [form for form in forms if len(form) >= _SHORTEST_PHONE]
    return [Form(form, edges.phone, squeezed=True) for form in dict.fromkeys(long or [digits])]


def _email(value: str) -> list[Form]:
    words = normal(value)
    spelled = (words.replace("@", at) for at in (" at ", " (at) ", "(at)", "[at]", " [at] "))
    return [Form(form, edges.email) for form in dict.fromkeys((words, *spelled))]


def _id(value: str) -> list[Form]:
    return [Form(squeezed(normal(value)), edges.identifier, squeezed=True)]


def _address(value: str) -> list[Form]:
    """On one line, each of its commas there or not (the first few, of a very long one)."""
    lines = normal(", ".join(line.strip(" ,") for line in value.splitlines()))
    head, *rest = lines.split(", ", _MOST_COMMAS)
    joined = [head]
    for part in rest:
        joined = [f"{words}{comma} {part}" for words in joined for comma in (",", "")]
    return _plain((*joined, lines.replace(",", "")))


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
    "address": _address,
}
_CANONICAL = {
    "date": 'an ISO date ("2026-12-03")',
    "days": 'two ISO dates ("2026-12-03/2026-12-05")',
    "money": 'a plain decimal and a currency ("72000 USD")',
    "number": 'a plain decimal ("98.6")',
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


def called(party: Party) -> tuple[str, ...]:
    """The normalised words that show that a text speaks of a party.

    Its full name and e-mail address; of a person also the first name, and the last name
    after a title.
    """
    words = _names(party.name)
    if party.kind == "person":
        bare = [w for w in (w.strip(".,") for w in words[0].split()) if w not in _TITLES]
        names = [w for w in bare if w not in _DEGREES]
        if len(names) > 1:
            words.append(names[0])
            words += [f"{t}{dot} {names[-1]}" for t in sorted(_TITLES) for dot in ("", ".")]
    words.append(normal(party.email))
    return tuple(w for w in dict.fromkeys(words) if len(w) >= SHORTEST)
