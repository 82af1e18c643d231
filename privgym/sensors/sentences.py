"""A text -> the passages in it that may tell something: sentences, clauses, neighbouring sentences.

What is told of somebody stands in one sentence, or the one before says who it is; and what is said
beside it ("not public yet, but ...") must not hide it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Literal, NamedTuple

Kind = Literal["sentence", "clause", "pair"]
Span = tuple[int, int]

FEWEST = 3
"""Words of a clause; fewer tell nothing by themselves."""

_END = re.compile(r"[.!?]+[\"')\]]*(?=\s)|\n\s*")
_SHORT = re.compile(
    r"(?:^|[\s(])(?:mr|mrs|ms|dr|prof|st|no|vs|approx|e\.g|i\.e|[a-z]|[ap]\.m)\.$", re.IGNORECASE
)
"""What ends in a full stop and ends no sentence: titles, initials, abbreviations."""

_CLAUSE = re.compile(r"[,;()]\s+|\s+[-–—]\s+|\s(?=(?:but|because|although|since)\s)")  # noqa: RUF001


class Passage(NamedTuple):
    """A passage of a text; `within` is the sentence, or are the two, that it stands in."""

    start: int
    end: int
    kind: Kind
    within: Span


def passages(text: str) -> list[Passage]:
    """The sentences of a text, the clauses of each, and each two that follow one another."""
    whole = sentences(text)
    found = [Passage(*span, "sentence", span) for span in whole]
    found += [Passage(*part, "clause", span) for span in whole for part in _clauses(text, span)]
    pairs = [(one[0], two[1]) for one, two in pairwise(whole)]
    return found + [Passage(*span, "pair", span) for span in pairs]


def sentences(text: str) -> list[Span]:
    """The spans of a text's sentences; a line's end ends a sentence too."""
    spans, start = [], 0
    for end in _END.finditer(text):
        if not _SHORT.search(text[start : end.end()]):
            spans.append((start, end.end()))
            start = end.end()
    spans.append((start, len(text)))
    return [trimmed for span in spans if (trimmed := _trimmed(text, span))]


def _clauses(text: str, span: Span) -> Iterator[Span]:
    start, end = span
    cuts = [(cut.start(), cut.end()) for cut in _CLAUSE.finditer(text, start, end)]
    edges = [(start, start), *cuts, (end, end)] if cuts else []
    for (_, begin), (stop, _) in pairwise(edges):
        if len(text[begin:stop].split()) >= FEWEST:
            yield begin, stop


def _trimmed(text: str, span: Span) -> Span | None:
    within = text[slice(*span)]
    begin = span[0] + len(within) - len(within.lstrip())
    return (begin, begin + len(within.strip())) if any(map(str.isalnum, within)) else None
