"""A text and the spans found in it -> pieces in order, so that a page can mark words in place."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from typing import Literal

import msgspec

Look = Literal["", "fact", "met", "appropriate", "undecided", "missing", "inappropriate"]
"""How words are marked: not at all, as a fact, or by a verdict on them; a later one covers it."""

_LOOKS: tuple[Look, ...] = (
    *("", "fact", "met", "appropriate", "undecided", "missing", "inappropriate"),
)
CONTEXT = 240
"""Characters that an excerpt shows on either side of what it is about."""

LONGEST = 20_000
"""Characters of one text that a page shows; a page must open, whatever somebody submits."""


class Span(msgspec.Struct, frozen=True):
    """Words of a text, from `start` to `end` in characters.

    Args:
        start, end: where they stand.
        look: how they are marked.
        about: whose what they tell, for who asks.
        href: where a reader goes from them, "" for nowhere.
    """

    start: int
    end: int
    look: Look
    about: str = ""
    href: str = ""


class Piece(msgspec.Struct, frozen=True):
    """A stretch of text that looks the same all through."""

    text: str
    look: Look = ""
    about: str = ""
    href: str = ""


def pieces(text: str, spans: Iterable[Span] = ()) -> tuple[Piece, ...]:
    """Cut a text at the ends of spans; where they overlap, the gravest look wins.

    Args:
        text: the whole text; beyond `LONGEST` it is cut, and a last piece says so.
        spans: in any order; ends beyond the text are taken back to its end.
    """
    shown = text[:LONGEST]
    inside = [
        (max(0, span.start), min(span.end, len(shown)), span)
        for span in spans
        if span.start < min(span.end, len(shown))
    ]
    inside.sort(key=lambda one: _LOOKS.index(one[2].look))
    cuts = sorted({0, len(shown), *(end for low, high, _ in inside for end in (low, high))})
    found = []
    for low, high in pairwise(cuts):
        top = [span for start, end, span in inside if start <= low and high <= end][-1:]
        given = (top[0].look, top[0].about, top[0].href) if top else ()
        found.append(Piece(shown[low:high], *given))
    if left := len(text) - len(shown):
        found.append(Piece(f" [{left:,} more characters are in the trace]"))
    return tuple(found)


def around(whole: Iterable[Piece], start: int, end: int) -> tuple[Piece, ...]:
    """The pieces around a place of a text, with `CONTEXT` characters on either side."""
    low, high = max(0, start - CONTEXT), end + CONTEXT
    found, at = [Piece("\u2026")] if low else [], 0
    for piece in whole:
        text = piece.text[max(0, low - at) : max(0, high - at)]
        found += [msgspec.structs.replace(piece, text=text)] if text else []
        at += len(piece.text)
    return (*found, Piece("\u2026")) if at > high else tuple(found)
