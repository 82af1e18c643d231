"""Amounts of money and plain numbers, in the ways that people write them.

An amount is found with any grouping of its digits, with "k", "thousand", "million", in words
("seventy-two thousand"), and with or without its currency, but never beside another one.
Amounts below 1000, and those that look like a year, need their currency beside them: alone
they are just numbers.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from decimal import Decimal

from privgym.sensors.dates import MONTH
from privgym.sensors.edges import Form, Rule, whole
from privgym.sensors.numerals import cardinals, in_words

CURRENCIES = {
    "usd": ("$", "us$", "usd", "dollar", "dollars", "us dollars", "bucks"),
    "eur": ("€", "eur", "euro", "euros"),
    "gbp": ("£", "gbp", "pound", "pounds", "quid"),
    "jpy": ("¥", "jpy", "yen"),
    "chf": ("chf", "franc", "francs", "swiss francs"),
    "inr": ("₹", "inr", "rupee", "rupees"),
    "cad": ("$", "c$", "ca$", "cad", "dollar", "dollars", "canadian dollars"),
    "aud": ("$", "a$", "au$", "aud", "dollar", "dollars", "australian dollars"),
}
"""Currency code -> how it is written beside an amount."""

_MONEY = frozenset(word for words in CURRENCIES.values() for word in words)
_BEFORE = re.compile(r"((?<![a-z])(?:us|ca?|au?)?[$€£¥₹]|(?<![a-z])[a-z]{3}) ?$")
_AFTER = re.compile(r"[ -]?([$€£¥₹]|(?:(?:us|swiss|canadian|australian) )?[a-z]+)")
_ZEROS = re.compile(r"[.,]00(?!\d)")
_SCALED = re.compile(r" ?(?:k|thousand|grand|m|mn|million|b|bn|billion)\b")
_SCALES = (
    (10**3, ("k", " k", " thousand", " grand"), ()),
    (10**6, (" million", " mn", "mn"), ("m", " m")),
    (10**9, (" billion", " bn", "bn"), ("b", " b")),
)
_FEWEST_IN_WORDS, _MOST_IN_WORDS = 10, 10**12  # "two" is too common to say anything
_DATE_BEFORE = re.compile(rf"\b(?:{MONTH}) (?:the )?(?:\d{{1,2}}(?:st|nd|rd|th)?,? )?$")
_DATE_AFTER = re.compile(rf"(?: of)? (?:{MONTH})\b(?! be\b)|\.? ?[ap]\.?m\b| ?o'clock")


def _around(
    text: str, start: int, end: int, money: Collection[str] = _MONEY
) -> tuple[list[str], int, int]:
    """The currencies written beside a number, and the span that holds them too."""
    found = []
    before = _BEFORE.search(text[max(0, start - 6) : start])
    if before and before[1] in money:
        found.append(before[1])
        start -= len(before[0])
    after = _AFTER.match(text, end)
    if after and after[1] in money:
        found.append(after[1])
        end = after.end()
    return found, start, end


def _money_rule(own: Collection[str], bare: bool) -> Rule:
    money = _MONEY.union(own)

    def rule(text: str, start: int, end: int) -> tuple[int, int] | None:
        if zeros := _ZEROS.match(text, end):
            end = zeros.end()
        if _SCALED.match(text, end):
            return None
        found, start, end = _around(text, start, end, money)
        if any(word not in own for word in found) or not (found or bare):
            return None
        return whole(text, start, end)

    return rule


def _written(amount: Decimal) -> Iterator[str]:
    """An amount in full."""
    digits = f"{int(amount)}"
    cents = f"{amount % 1:.2f}"[2:] if amount % 1 else ""
    for group, points in (("", ".,"), (",", "."), (".", ","), (" ", ".,"), ("'", ".,")):
        grouped = f"{int(amount):,}".replace(",", group)
        if group and grouped == digits:
            continue
        if cents:
            yield from (grouped + point + cents for point in points)
        else:
            yield grouped


def _scaled(amount: Decimal) -> Iterator[tuple[str, bool]]:
    """An amount in thousands, millions, billions; and whether that needs no currency."""
    for size, clear, unclear in _SCALES:
        if amount < size:
            continue
        share = f"{(amount / size).normalize():f}"
        if len(share.partition(".")[2]) <= 3:
            for number in dict.fromkeys((share, share.replace(".", ","))):
                yield from ((number + unit, True) for unit in clear)
                yield from ((number + unit, False) for unit in unclear)


def money_forms(amount: Decimal, currency: str) -> list[Form]:
    """The forms of an amount (in units of its currency, a lower-case code; "" fits any)."""
    own = CURRENCIES.get(currency, (currency,)) if currency else _MONEY
    alone, beside = _money_rule(own, bare=True), _money_rule(own, bare=False)
    forms = []
    for words in _written(amount):
        clear = amount >= 1000 and not re.fullmatch(r"(?:19|20)\d\d", words)
        forms.append(Form(words, alone if clear else beside))
    forms += [Form(words, alone if clear else beside) for words, clear in _scaled(amount)]
    if amount == int(amount) < _MOST_IN_WORDS:
        rule = in_words(alone if amount >= 1000 else beside)
        forms += [Form(words, rule) for words in cardinals(int(amount))]
    return forms


def _number_rule(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A whole number that is no part of a date, a time or an amount of money."""
    if _DATE_AFTER.match(text, end) or _DATE_BEFORE.search(text[max(0, start - 24) : start]):
        return None
    return None if _around(text, start, end)[0] else whole(text, start, end)


def number_forms(value: Decimal) -> list[Form]:
    """The forms of a plain number."""
    plain = f"{value:f}"
    digits = (plain, f"{value:,f}", plain.replace(".", ","))
    forms = [Form(words, _number_rule) for words in dict.fromkeys(digits)]
    if _FEWEST_IN_WORDS <= value < _MOST_IN_WORDS and value == int(value):
        forms += [Form(words, in_words(_number_rule)) for words in cardinals(int(value))]
    return forms
