"""Rates as cells of a table: numbers alone, so that they are put into a page as they are.

A board has thousands of such cells; what a template does for hostile text would be wasted on them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from markupsafe import Markup

from privgym.figure import Figure

from .pages import interval, percent

COLUMNS = ("utility", "inappropriate", "missing", "undecided", "malformed", "twin_accuracy")
"""The figures that stand in the table of a board, in its order."""

_DRAWN = {"utility": "number", "inappropriate": "number bad"}
"""Those with a bar, and the class of their cells."""

_GAUGE = (
    '<svg class="gauge" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">'
    '<rect class="whole" width="100" height="6"/>'
    '<rect class="part" width="{:.0f}" height="6"/></svg>'
)


def rate(found: Figure) -> Markup:
    """A rate over its interval."""
    return Markup(_said(found.value, found.low, found.high))


def cells(figures: Mapping[str, Figure]) -> Markup:
    """The cells of `COLUMNS`, the first two with a bar."""
    found = (_cell(name, figures[name]) for name in COLUMNS)
    return Markup("".join(found))


def _cell(name: str, found: Figure) -> str:
    said = _said(found.value, found.low, found.high)
    if name not in _DRAWN or found.value is None:
        return f'<td class="number">{said}</td>\n'
    return f'<td class="{_DRAWN[name]}">{said}{_GAUGE.format(100 * float(found.value))}</td>\n'


@lru_cache(maxsize=65536)
def _said(value: float | None, low: float | None, high: float | None) -> str:
    if value is None:
        return '<span class="quiet">-</span>'
    reach = interval(Figure(float(value), low, high, 0))
    return f'{percent(float(value))} <span class="interval">{reach}</span>'
