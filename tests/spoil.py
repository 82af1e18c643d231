"""Records with hostile text in every field that is text, and what a page says of them."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Any, Literal, get_origin, get_type_hints

import msgspec

from privgym.message import visible

HARMLESS = "harmless"
HOUSE = {"anchor", "href"}
"""Fields that the house fills in itself, from numbers."""


def spoil(record: Any, payload: str, kept: frozenset[str] = frozenset()) -> Any:
    """A record with a payload at the end of each of its texts, at any depth.

    What the house chooses from a few words (a `Literal`) stays, and so do `kept` keys of
    dictionaries.
    """
    if isinstance(record, str):
        return f"{record}{wrapped(payload)}" if record else record
    if isinstance(record, tuple):
        return tuple(spoil(one, payload, kept) for one in record)
    if isinstance(record, dict):
        return {
            key if key in kept else spoil(key, payload, kept): spoil(value, payload, kept)
            for key, value in record.items()
        }
    if isinstance(record, msgspec.Struct):
        hints = get_type_hints(type(record))
        fields = {
            name: spoil(getattr(record, name), payload, kept)
            for name in record.__struct_fields__
            if name not in HOUSE and get_origin(hints[name]) is not Literal
        }
        return msgspec.structs.replace(record, **fields)
    return record


def wrapped(payload: str) -> str:
    """A payload between letters that stand nowhere else, so that it can be found again."""
    return f"QZ{payload}ZQ"


class _Parsed(HTMLParser):
    """Elements, attributes and texts of a page, in order."""

    def __init__(self, payload: str) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[object] = []
        self._told = wrapped(visible(payload))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, [(name, self._plain(value or "")) for name, value in attrs]))

    def handle_endtag(self, tag: str) -> None:
        self.found.append(f"/{tag}")

    def handle_data(self, data: str) -> None:
        self.found.append(self._plain(data))

    def handle_comment(self, data: str) -> None:
        self.found.append(("comment", data))

    def handle_decl(self, decl: str) -> None:
        self.found.append(("decl", decl))

    def handle_pi(self, data: str) -> None:
        self.found.append(("pi", data))

    def _plain(self, text: str) -> str:
        return text.replace(self._told, wrapped(HARMLESS))


def parsed(page: str, payload: str) -> list[object]:
    """What a page consists of, with the harmless word wherever the payload stands as text."""
    parser = _Parsed(payload)
    parser.feed(page)
    parser.close()
    return parser.found
