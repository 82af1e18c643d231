"""Differences -> a forest plot: where each lies, and its limits, as coordinates of an SVG."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import ceil, floor
from typing import Literal

import msgspec

from privgym.comparison import Difference

from .pages import limits, points

Kind = Literal["all", "pack", "family"]

LABELS, PLOT, NUMBERS = 210, 340, 170
"""Widths of the three columns, in the units of the drawing (pixels at its natural size)."""

ROW, HEAD, FOOT = 24, 30, 40
MOST_LABEL = 28
"""Characters of a label that fit into its column."""

_STEPS = (1, 2, 5, 10, 20, 25, 50)
_TICKS = 7


class Bar(msgspec.Struct, frozen=True):
    """One difference: a dot at `x`, a line from `low` to `high`; None where there is none."""

    label: str
    kind: Kind
    y: float
    x: float | None
    low: float | None
    high: float | None
    text: str


class Tick(msgspec.Struct, frozen=True):
    """A place on the scale, and what stands below it."""

    x: float
    text: str


class Forest(msgspec.Struct, frozen=True):
    """The plot.

    Args:
        width, height: of the drawing.
        bars: the differences, from the top.
        ticks: of the scale.
        zero: where no difference is; `margin` where the margin is, None where there is none.
        floor: y at which the scale stands.
    """

    width: int
    height: int
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: float
    margin: float | None
    floor: float


def forest(rows: Sequence[tuple[Kind, str, Difference]], margin: float | None) -> Forest:
    """Lay out differences.

    Args:
        rows: what each is of, its label, and the difference.
        margin: what they are held against, in shares with its sign.
    """
    ends = [0.0, *([] if margin is None else [margin]), *_ends(rows)]
    step = next((s for s in _STEPS if _span(ends, s) <= _TICKS * s), _STEPS[-1])
    low = floor(100 * min(ends) / step) * step
    high = max(ceil(100 * max(ends) / step) * step, low + step)

    def at(share: float) -> float:
        return round(LABELS + PLOT * (100 * share - low) / (high - low), 1)

    bottom = HEAD + ROW * len(rows)
    return Forest(
        width=LABELS + PLOT + NUMBERS,
        height=bottom + FOOT,
        bars=tuple(
            Bar(
                label=label if len(label) <= MOST_LABEL else f"{label[: MOST_LABEL - 1]}\u2026",
                kind=kind,
                y=HEAD + ROW * (number + 0.5),
                x=None if one.value is None else at(one.value),
                low=None if one.low is None else at(one.low),
                high=None if one.high is None else at(one.high),
                text=told(one),
            )
            for number, (kind, label, one) in enumerate(rows)
        ),
        ticks=tuple(
            Tick(at(place / 100), points(place / 100)) for place in range(low, high + 1, step)
        ),
        zero=at(0.0),
        margin=None if margin is None else at(margin),
        floor=bottom,
    )


def told(one: Difference) -> str:
    """A difference and its limits in points: "+60.4 (+46.2 to +65.4)"."""
    if one.value is None:
        return "no pairs"
    within = limits(one)
    return f"{points(one.value)} ({within})" if within else points(one.value)


def _ends(rows: Sequence[tuple[Kind, str, Difference]]) -> Iterator[float]:
    for _, _, one in rows:
        yield from (end for end in (one.value, one.low, one.high) if end is not None)


def _span(ends: Sequence[float], step: int) -> float:
    low, high = (100 * end / step for end in (min(ends), max(ends)))
    return (ceil(high) - floor(low)) * step
