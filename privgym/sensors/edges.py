"""Where a match may begin and end.

The matcher proposes a place; the rule of the form that matched there accepts it, perhaps a
little wider, or refuses it ("31" is not in "2031", nor "Ann" in "Annual").
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import NamedTuple

Rule = Callable[[str, int, int], tuple[int, int] | None]
"""(normalised text, start, end) -> the span to report, or None where the match is none."""


class Form(NamedTuple):
    """One way of writing a value.

    Args:
        words: the normalised words to look for.
        rule: what their surroundings must be.
        squeezed: whether they are looked for with all separators taken out of the text.
        end: 1 or 2 where they are only the first or last end of a range of days, else 0.
        unsure: whether they fit, but may mean something else (initials, a slip of the pen).
    """

    words: str
    rule: Rule
    squeezed: bool = False
    end: int = 0
    unsure: bool = False


_WITHIN_NUMBERS = ".,:/-"
_TORN = re.compile(r"[ \-./()_]{4}|\. ")
_BEFORE_EMAIL = re.compile(r"\w[.+-]$")
_AFTER_EMAIL = re.compile(r"[.-]\w")
_BEFORE_URL = re.compile(r"[\w@-]$|\w\.$")
_AFTER_URL = re.compile(r"/?[-.]?\w|/\w")
_LAST = re.compile(
    r"(?:\b(?:ending|ends|finishing|finishes)(?: (?:in|with|on))?|"
    r"\blast (?:four|4|few|digits|three|3)(?: (?:digits|numbers))?(?: of [a-z' ]{1,40}?)?|"
    r"[x*#\u2022.]{2,}[x*#\u2022. -]*)(?: (?:are|is|being|the digits))?[ :=-]{0,3}$"
)
_AFTER_POSTAL = re.compile(r" \d{5}\b|[.,;:)]|$")
_SCHEME = re.compile(r"(?:https?://)?(?:www\.)?$")
_COUNTRY = re.compile(r"\+\d{1,3}[-. ]?\(?$")


def _in_word(character: str) -> bool:
    return character.isalnum() or unicodedata.category(character)[0] == "M"


def _goes_on(edge: str, beyond: str) -> bool:
    """Whether the word or number that has `edge` at its end goes on in `beyond`."""
    if not beyond:
        return False
    if _in_word(beyond[0]):
        return _in_word(edge)
    return edge.isdigit() and beyond[0] in _WITHIN_NUMBERS and beyond[1:].isdigit()


def starts(text: str, start: int) -> bool:
    """Whether a word or number may begin at `start`."""
    return not _goes_on(text[start], text[max(0, start - 2) : start][::-1])


def ends(text: str, end: int) -> bool:
    """Whether a word or number may end before `end`."""
    return not _goes_on(text[end - 1], text[end : end + 2])


def whole(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of plain words: whole words and whole numbers."""
    return (start, end) if starts(text, start) and ends(text, end) else None


def email(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of e-mail addresses: not the tail or the head of a longer address."""
    longer = _BEFORE_EMAIL.search(text[max(0, start - 2) : start]) or _AFTER_EMAIL.match(text, end)
    return None if longer else whole(text, start, end)


def url(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of web addresses, without scheme: no longer host and no longer path."""
    if _AFTER_URL.match(text, end):
        return None
    scheme = _SCHEME.search(text, max(0, start - 12), start)
    start = scheme.start() if scheme else start
    return None if _BEFORE_URL.search(text[max(0, start - 2) : start]) else (start, end)


def identifier(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of ids: grouped in any way, but not put together over a sentence's end."""
    return None if _TORN.search(text, start, end) else whole(text, start, end)


def ending(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of last digits: the text says that they are: "ending in 1234", "xxxx-1234"."""
    said = _LAST.search(text[max(0, start - 64) : start])
    return (start, end) if said and ends(text, end) else None


def postal(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of a state's postal code: after a comma and before no word ("or" is one)."""
    placed = text[max(0, start - 2) : start] == ", " and _AFTER_POSTAL.match(text, end)
    return whole(text, start, end) if placed else None


def phone(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of phone numbers: as ids; a country code before them is not a longer number."""
    if _TORN.search(text, start, end) or not ends(text, end):
        return None
    if country := _COUNTRY.search(text[max(0, start - 6) : start]):
        return start - len(country[0]), end
    if not starts(text, start):
        return None
    while start and text[start - 1] in "+(":
        start -= 1
    return start, end


def phone_at_home(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of a number whose country is known: another country's code makes it another."""
    return None if _COUNTRY.search(text[max(0, start - 6) : start]) else phone(text, start, end)
