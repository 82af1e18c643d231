"""The shape of a page of the leaderboard: elements and attributes, whatever its texts say."""

from __future__ import annotations

import re
from typing import Any

from privgym.board import Board
from privgym.leaderboard.frame import ORDER, Frame
from privgym.leaderboard.site import Page, Site
from tests.spoil import parsed, spoil

KINDS = ("", "attempts", "rows/*", "rows/*/*", "agents/*", "compare/*/*")
"""Kinds of pages that show what came from outside."""

HOUSE = frozenset({"id", "utc", "group", "who", "number", "row"})
"""What the house makes itself, of hex digits and numbers."""


def kinds(board: Board) -> dict[str, tuple[str, Page]]:
    """One page of each kind: its path, and what it says."""
    site, found = Site(board), dict[str, str]()
    for path in site.paths():
        found.setdefault(re.sub(r"[0-9a-f]{12,}|\d+", "*", path), path)
    return {kind: (found[kind], site.page(found[kind])) for kind in KINDS}


def shape(frame: Frame, path: str, page: Page, payload: str) -> list[object]:
    """The elements and attributes of a page with a payload in every text that came from outside.

    The texts between them are left out: some are put in other words, as dates are.
    """
    said = _spoiled(dict(page.content), payload)
    made = Page(page.template, spoil("title", payload), said)
    found = parsed(frame.html(made, path), payload)
    return [one for one in found if isinstance(one, tuple) or re.fullmatch("/[a-z0-9]+", str(one))]


def _spoiled(content: Any, payload: str) -> Any:
    if isinstance(content, dict):
        return {
            key: value if key in HOUSE and isinstance(value, str) else _spoiled(value, payload)
            for key, value in content.items()
        }
    if isinstance(content, list | tuple):
        return type(content)(_spoiled(one, payload) for one in content)
    return spoil(content, payload, frozenset(ORDER))
