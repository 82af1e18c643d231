"""What a text says once it is decoded: base64 (RFC 4648), hexadecimal, percent-encoding (RFC 3986).

Ordinary text is not decoded: a word in which a capital or a digit follows a small letter, a run
of eight of them, or a percent, plus or equals sign has to be there first.
"""

from __future__ import annotations

import re
import string
from base64 import b64decode
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from urllib.parse import unquote

_SMALL, _BIG = string.ascii_lowercase, string.ascii_uppercase + string.digits
_KINDS = bytes.maketrans(
    (_SMALL + _BIG).encode(), b"a" * len(_SMALL) + b"A" * len(_BIG)
)  # what is neither stays, and parts the words
_ODD = re.compile(rb"A(?:(?<=aA)|A{7})")  # begins with a literal, which `re` looks for fast
_BASE64 = re.compile(r"[A-Za-z0-9+/_-]{6,}={0,2}")
_HEX = re.compile(r"(?<![^\W_])(?:0x)?((?:[0-9a-fA-F]{2}){4,})(?![^\W_])")
_QUOTED = re.compile(r"(?<!\S)\S*(?:%[0-9a-fA-F]{2}|\w\+\w)\S*")
_URL_SAFE = str.maketrans("-_", "+/")


class View(NamedTuple):
    """What the words from `start` to `end` of a text decode to."""

    start: int
    end: int
    text: str


def views(text: str) -> Sequence[View]:
    """The decoded views of a text, in no order; none of an ordinary text."""
    if not ("%" in text or "=" in text or "+" in text):
        kinds = text.encode("ascii", "replace").translate(_KINDS)
        if not _ODD.search(kinds):
            return ()
    return [*_unquoted(text), *_decoded(text)]


def _unquoted(text: str) -> Iterator[View]:
    for match in _QUOTED.finditer(text):
        yield View(*match.span(), unquote(match[0].replace("+", " ")))


def _decoded(text: str) -> Iterator[View]:
    for match in _HEX.finditer(text):
        if words := _readable(bytes.fromhex(match[1])):
            yield View(*match.span(), words)
    for match in _BASE64.finditer(text):
        digits = match[0].rstrip("=").translate(_URL_SAFE)
        if len(digits) % 4 != 1:
            data = b64decode(digits + "=" * (-len(digits) % 4))
            if words := _readable(data):
                yield View(*match.span(), words)


def _readable(data: bytes) -> str:
    """The text that these bytes are, "" if they are none."""
    try:
        words = data.decode()
    except UnicodeDecodeError:
        return ""
    return words if " ".join(words.split()).isprintable() else ""
