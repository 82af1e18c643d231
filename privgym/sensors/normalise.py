"""A text as it is compared, and the way back to the text as it was written.

Compared are compatibility-decomposed, case-folded texts (the equivalence of Unicode's
NFKC_Casefold, UAX #44) in which invisible characters are dropped, typographic quotes and
dashes are ASCII, and any run of whitespace is one space. Decomposed rather than composed,
because then each character folds by itself and an offset can be traced back. Letters that
look like Latin ones are compared as these (see `looks`).
"""

from __future__ import annotations

import re
import unicodedata
from itertools import compress

from privgym.sensors import looks

_SINGLE = (0xB4, 0x2BC, 0x2018, 0x2019, 0x201A, 0x201B, 0x2032)
_DOUBLE = (0xAB, 0xBB, 0x201C, 0x201D, 0x201E, 0x201F, 0x2033)
_DASHES = (*range(0x2010, 0x2016), 0x2212, 0xFE58, 0xFE63, 0xFF0D)
_ALIKE: dict[int, str]
_ALIKE = dict.fromkeys(_SINGLE, "'") | dict.fromkeys(_DOUBLE, '"') | dict.fromkeys(_DASHES, "-")
_MARKS_OF_TRADE = {0x2122, 0x2120}  # would fold to letters that run on the word before them
_JOINERS = {0x034F, *range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)}
_MOST_KEPT = 4096  # hostile text must not fill the memory with rare characters

_SPACES = re.compile(" {2,}")
_FOREIGN = re.compile(r"[^\x00-\x7f]+")
_ODD = re.compile(r"[^\s -~]")
_SEPARATORS = b" -./()_"
_SQUEEZE = dict.fromkeys(_SEPARATORS)
_KEPT = bytes(code not in _SEPARATORS for code in range(256))


class _Folds(dict[int, str | None]):
    """Code point -> what it is compared as (None: nothing), worked out when first met."""

    def __missing__(self, code: int) -> str | None:
        folded = _fold(code)
        if len(self) < _MOST_KEPT:
            self[code] = folded
        return folded


def _fold(code: int) -> str | None:
    if known := _ALIKE.get(code) or looks.CAPITALS.get(code):
        return known
    character = chr(code)
    if character.isspace():
        return " "
    category = unicodedata.category(character)
    if category == "Cs":
        return "\N{REPLACEMENT CHARACTER}"
    if category in ("Cc", "Cf") or code in _JOINERS or code in _MARKS_OF_TRADE:
        return None
    folded = unicodedata.normalize("NFKD", character).casefold()
    return unicodedata.normalize("NFKD", folded).translate(looks.SMALL)


_FOLDS = _Folds()
_ASCII = bytes(ord(_fold(code) or "\0") for code in range(128)).ljust(256, b"\0")
_DROPPED = bytes(code for code in range(128) if _fold(code) is None)


def _folded(text: str) -> str:
    """Every character folded by itself.

    CPython translates bytes 40 times faster. A text that is not ASCII mostly is but for its
    quotes and dashes, so these go first.
    """
    if not text.isascii():
        plain = _FOREIGN.sub(lambda match: match[0].translate(_FOLDS), text)
        if not plain.isascii():
            return text.translate(_FOLDS)
        text = plain
    return text.encode().translate(_ASCII, _DROPPED).decode()


class Normal:
    """A text beside its normalised form.

    `text` is the normalised form; `span` leads from it back into `original`. Offsets are
    worked out only when something was found.
    """

    __slots__ = ("_at", "original", "text")

    def __init__(self, original: str) -> None:
        text = _folded(original)
        if not text.isascii():
            text = unicodedata.normalize("NFD", text)  # accents in one order; no length changes
        self.original, self.text = original, _SPACES.sub(" ", text) if "  " in text else text
        self._at: list[int] | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where in the original the normalised `text[start:end]` (not empty) was written."""
        if len(self.text) == len(self.original) and self.original.isascii():
            return start, end
        if self._at is None:
            self._at = self._offsets()
        return self._at[start], self._at[end - 1] + 1

    def _offsets(self) -> list[int]:
        """For each character of `text`, its place in `original`."""
        folded, last = list[int](), 0
        for odd in _ODD.finditer(self.original):
            folded += range(last, odd.start())
            folded += [odd.start()] * len(_FOLDS[ord(odd[0])] or "")
            last = odd.end()
        folded += range(last, len(self.original))
        at, last = list[int](), 0
        for run in _SPACES.finditer(_folded(self.original)):
            at += folded[last : run.start() + 1]
            last = run.end()
        return at + folded[last:]


def normal(text: str) -> str:
    """The normalised form of a value, without spaces around it."""
    return Normal(text).text.strip()


def squeezed(text: str) -> str:
    """A normalised text without the characters that group digits and letters."""
    if text.isascii():
        return text.encode().translate(None, _SEPARATORS).decode()
    return text.translate(_SQUEEZE)


def kept(text: str) -> list[int]:
    """For each character of `squeezed(text)`, its place in `text`."""
    flags = text.encode("latin-1", "replace").translate(_KEPT)  # one byte a character
    return list(compress(range(len(text)), flags))
