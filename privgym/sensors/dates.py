"""Dates and ranges of days, in the ways that people write them in English.

Months come from a table of our own: what the machine's locale calls them must not change a
verdict. Numeric dates are found in either order of day and month. A date without a year is
found where its month is a word ("3 Dec"), or within a range ("12/3 - 12/5"); with a year it
must be the right one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from itertools import product

from privgym.sensors.edges import Form, Rule, ends, starts, whole

MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_ORDINALS = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_YEAR = re.compile(r"(?:(?:, ?| )((?:19|20)\d\d)|,? ?'(\d\d))(?!\d)")
_DASHED_YEAR = re.compile(r"-(\d{4}|\d\d)(?!\d)")
_CLOCK = re.compile(r"t\d")
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?[.,]{0,2} )?"
_TO = r"(?: ?[-/] ?|,? (?:to|until|till|til|through|thru|and|up to) (?:and including )?)"
_NEAR = 64  # characters; longer than any range written out


def month_names(month: int) -> tuple[str, ...]:
    """The names of a month (1 to 12) and their abbreviations."""
    name = MONTHS[month - 1]
    short = dict.fromkeys((name[:3], f"{name[:3]}.") if name != "may" else ())
    return (name, *short, *(("sept", "sept.") if month == 9 else ()))


MONTH = "|".join(re.escape(n) for m in range(1, 13) for n in sorted(month_names(m), reverse=True))
"""A pattern for any month's name."""


def _days(day: date) -> tuple[str, ...]:
    return tuple(
        dict.fromkeys((str(day.day), f"{day.day:02}", f"{day.day}{_ORDINALS.get(day.day, 'th')}"))
    )


def _spelled(day: date) -> list[str]:
    """With the month as a word and no year."""
    shapes = ("{d} {m}", "{d} of {m}", "{d}-{m}", "{d}. {m}", "{m} {d}", "{m} the {d}", "{m}-{d}")
    pairs = product(shapes, _days(day), month_names(day.month))
    return [shape.format(d=d, m=m) for shape, d, m in pairs]


def _short(day: date) -> list[str]:
    """In numbers and without a year: found only within a range."""
    orders = ((day.month, day.day), (day.day, day.month))
    return [f"{a:{pad}}/{b:{pad}}" for (a, b), pad in product(orders, ("", "02"))]


def _numeric(day: date) -> list[str]:
    """In numbers and with the year."""
    y, m, d = day.year, day.month, day.day
    orders, years = ((m, d), (d, m)), (f"{y}", f"{y % 100:02}")
    forms = [f"{y}{m:02}{d:02}"]
    for sep, pad in product("-/.", ("02", "")):
        forms.append(f"{y}{sep}{m:{pad}}{sep}{d:{pad}}")
        forms += [f"{a:{pad}}{sep}{b:{pad}}{sep}{year}" for (a, b), year in product(orders, years)]
    return forms


def _spelled_rule(day: date) -> Rule:
    def rule(text: str, start: int, end: int) -> tuple[int, int] | None:
        years = _DASHED_YEAR if "-" in text[start:end] else _YEAR
        if year := years.match(text, end):
            written = next(filter(None, year.groups()))
            if not str(day.year).endswith(written):
                return None
            end = year.end()
        return whole(text, start, end)

    return rule


def _numeric_rule(text: str, start: int, end: int) -> tuple[int, int] | None:
    """A whole number; a time of day may follow as in ISO 8601."""
    if starts(text, start) and (ends(text, end) or _CLOCK.match(text, end)):
        return start, end
    return None


def date_forms(day: date, end: int = 0) -> list[Form]:
    """The forms of one date (`end`: which end of a range it is, 0 if it stands for itself)."""
    spelled, forms = _spelled_rule(day), []
    forms += [Form(words, spelled, end=end) for words in _spelled(day)]
    forms += [Form(words, _numeric_rule, end=end) for words in _numeric(day)]
    return forms


def _any(words: Iterable[str]) -> str:
    return "(?:" + "|".join(map(re.escape, sorted(set(words), key=len, reverse=True))) + ")"


def _any_spelled(day: date) -> str:
    """`_any` of `_spelled`, with the days and names written once: it compiles much faster."""
    d, m = _any(_days(day)), _any(month_names(day.month))
    return rf"(?:{d}(?: of |\. |[ -]){m}|{m}(?: the |[ -]){d})"


def _any_numeric(day: date) -> str:
    """`_any` of `_numeric` and `_short`, the same way."""
    y, m, d = day.year, day.month, day.day
    iso = dict.fromkeys((f"{m:{pad}}", f"{d:{pad}}") for pad in ("02", ""))
    pairs = dict.fromkeys(pair for a, b in iso for pair in ((a, b), (b, a)))
    years = f"(?:{y}|{y % 100:02})"
    first = "|".join(rf"-{a}-{b}|/{a}/{b}|\.{a}\.{b}" for a, b in iso)
    last = "|".join(rf"{a}(?:/{b}(?:/{years})?|-{b}-{years}|\.{b}\.{years})" for a, b in pairs)
    return f"(?:{y}(?:{m:02}{d:02}|{first})|{last})"


@lru_cache(maxsize=256)  # a season of days: it takes milliseconds to compile one
def _range(first: date, last: date) -> re.Pattern[str]:
    """All of a range, written out: both dates, or one month for two days."""

    def year(day: date) -> str:
        return rf"(?:(?:, ?| |-){day.year}|,? ?'{day.year % 100:02})?"

    def full(day: date) -> str:
        return rf"(?:{_WEEKDAY}(?:the )?{_any_spelled(day)}{year(day)}|{_any_numeric(day)})"

    shapes = [full(first) + _TO + full(last)]
    if (first.year, first.month) == (last.year, last.month):
        months = _any(month_names(first.month))
        one, two = (rf"{_WEEKDAY}(?:the )?{_any(_days(day))}" for day in (first, last))
        shapes.append(rf"{one}{_TO}{two}(?: of)?[ -]{months}{year(last)}")
        shapes.append(rf"{_WEEKDAY}{months}[ -]{one}{_TO}{two}{year(last)}")
    return re.compile("|".join(shapes))


def _range_rule(first: date, last: date) -> Rule:
    def rule(text: str, start: int, end: int) -> tuple[int, int] | None:
        """Widen the one end that was matched to the range around it."""
        for match in _range(first, last).finditer(text, max(0, start - _NEAR), end + _NEAR):
            if match.start() <= start and end <= match.end():
                another = _YEAR.match(text, match.end())
                return None if another else whole(text, *match.span())
        return None

    return rule


def days_forms(first: date, last: date) -> list[Form]:
    """The forms of a range of days: ranges written out, and each end by itself."""
    if first == last:
        return date_forms(first)
    rule, forms = _range_rule(first, last), []
    for day in (first, last):
        written = _spelled(day) + _numeric(day) + _short(day)
        forms += [Form(words, rule) for words in dict.fromkeys(written)]
    return forms + date_forms(first, end=1) + date_forms(last, end=2)
