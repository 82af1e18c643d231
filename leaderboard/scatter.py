"""Comparable rows -> the figure of privacy against utility: where things stand on the sheet.

To the left less is inappropriate, upwards more is met, so the good corner is the upper left one.
All numbers are units of the drawing; the template draws them and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from privgym.entry import Entry, Standing
from privgym.figure import Figure

from .shelves import Place

WIDTH, HEIGHT = 640.0, 420.0
LEFT, RIGHT, TOP, BOTTOM = 58.0, 16.0, 16.0, 50.0
TICKS = (0, 25, 50, 75, 100)
NEAR = 9.0
"""Dots nearer than this stand in one place."""

FEW = 40
"""Up to so many rows each has its intervals and its number drawn; of more one would see nothing."""


class Dot(msgspec.Struct, frozen=True):
    """A row.

    Args:
        number: in the order of the table, from 1; `name` of the row.
        x, y: where it stands; `low_x` to `high_x` and `low_y` to `high_y` the intervals.
        floor, front: as the row's own.
    """

    number: int
    name: str
    x: float
    y: float
    low_x: float
    high_x: float
    low_y: float
    high_y: float
    floor: bool
    front: bool


class Label(msgspec.Struct, frozen=True):
    """The numbers of dots that stand in one place, written beside it."""

    x: float
    y: float
    text: str
    anchor: str


class Scatter(msgspec.Struct, frozen=True):
    """The figure: its frame, its ticks as (where, percent), its dots with their labels, and
    the front as the points of a line; of many rows neither labels nor intervals are drawn.
    """

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    across: tuple[tuple[float, int], ...]
    upward: tuple[tuple[float, int], ...]
    dots: tuple[Dot, ...]
    labels: tuple[Label, ...]
    front: str
    intervals: bool


def scatter(places: Sequence[Place]) -> Scatter:
    """The figure of the rows of a group; rows without one of the two figures are left out."""
    drawn = [place for place in places if _both(place.standing.entry)]
    few = len(drawn) <= FEW
    dots = [_dot(place.number, place.standing) for place in drawn]
    front = sorted((dot.x, dot.y) for dot in dots if dot.front)
    return Scatter(
        *(WIDTH, HEIGHT, LEFT, WIDTH - RIGHT, TOP, HEIGHT - BOTTOM),
        across=tuple((_x(tick / 100), tick) for tick in TICKS),
        upward=tuple((_y(tick / 100), tick) for tick in TICKS),
        dots=tuple(dots),
        labels=tuple(_labels(dots)) if few else (),
        front=_steps(front),
        intervals=few,
    )


def _both(entry: Entry) -> bool:
    return entry.utility.value is not None and entry.inappropriate.value is not None


def _dot(number: int, standing: Standing) -> Dot:
    one = standing.entry
    (x, low_x, high_x), (y, high_y, low_y) = _placed(one.inappropriate), _placed(one.utility)
    name = f"{one.spec} ({'floor' if one.floor else one.belief})"
    return Dot(
        *(number, name, _x(x), _y(y), _x(low_x), _x(high_x), _y(low_y), _y(high_y)),
        floor=one.floor,
        front=standing.front,
    )


def _placed(found: Figure) -> tuple[float, float, float]:
    value = found.value or 0.0
    low = value if found.low is None else found.low
    high = value if found.high is None else found.high
    return value, low, high


def _labels(dots: Sequence[Dot]) -> Iterator[Label]:
    """The numbers beside the dots: one label a place, moved until none covers another."""
    places: list[list[Dot]] = []
    for dot in dots:
        near = [p for p in places if abs(p[0].x - dot.x) + abs(p[0].y - dot.y) < NEAR]
        if near:
            near[0].append(dot)
        else:
            places.append([dot])
    taken: list[tuple[float, float, float]] = []
    for place in places:
        text, first = ", ".join(str(dot.number) for dot in place), place[0]
        right = first.x < WIDTH - RIGHT - 20 - 7 * len(text)
        x = first.x + (9 if right else -9)
        left, width = x if right else x - 7 * len(text), 7.0 * len(text)
        heights = [first.y + step for step in (-7, 15, -20, 28, -33, 41)]
        inside = [y for y in heights if TOP < y < HEIGHT - BOTTOM - 2]
        free = [y for y in inside if not any(
            abs(y - other) < 12 and left < end and start < left + width
            for start, end, other in taken)]  # fmt: skip
        y = (free or inside)[0]
        taken.append((left, left + width, y))
        yield Label(round(x, 1), round(y, 1), text, "start" if right else "end")


def _steps(points: Sequence[tuple[float, float]]) -> str:
    """The front as the points of a line: level from one to below the next, then up to it."""
    line: list[tuple[float, float]] = []
    for x, y in points:
        if line:
            line.append((x, line[-1][1]))
        line.append((x, y))
    return " ".join(f"{x},{y}" for x, y in line)


def _x(share: float) -> float:
    return round(LEFT + share * (WIDTH - RIGHT - LEFT), 1)


def _y(share: float) -> float:
    return round(HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP), 1)
