"""How far people agree with a pack's norms, and with each other.

With the pack: a rating above the middle says appropriate, one below it inappropriate, and one in
the middle neither. With each other: Krippendorff's alpha for ordinal data (K. Krippendorff,
"Computing Krippendorff's Alpha-Reliability", 2011), which is 1 where all agree and 0 where they
agree no more than by chance. Where people disagree with each other, their disagreeing with the
pack says little.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median

import msgspec
import numpy as np

from privgym.figure import Count, Figure, figure
from privgym.rating import POINTS, Rating
from privgym.scenario import Name
from privgym.vignette import Vignette

MIDDLE = (POINTS + 1) / 2


class Agreement(msgspec.Struct, frozen=True):
    """What some ratings come to; the intervals are clustered by family.

    Args:
        raters, rated: people, and vignettes that somebody rated.
        ratings: share of the ratings that are on the pack's side of the middle.
        neither: share of the ratings that are in the middle.
        vignettes: share of the vignettes whose median rating is on the pack's side.
        twins: share of the flows that twins judge differently whose medians are in that order.
        alpha: agreement among the raters; None where nothing was rated twice, or all alike.
    """

    raters: int
    rated: int
    ratings: Figure
    neither: Figure
    vignettes: Figure
    twins: Figure
    alpha: float | None


def agreement(vignettes: Sequence[Vignette], ratings: Sequence[Rating]) -> Agreement:
    """How far ratings agree with what is stipulated of these vignettes.

    Args:
        vignettes: the ones to go by; ratings of others are left out.
        ratings: what people said.
    """
    given: dict[str, list[int]] = {one.id: [] for one in vignettes}
    raters = set()
    for rating in ratings:
        if rating.vignette in given:
            given[rating.vignette].append(rating.value)
            raters.add(rating.rater)
    rated = [one for one in vignettes if given[one.id]]

    def share(of: Callable[[Vignette, list[int]], tuple[int, int]]) -> Figure:
        return figure(Count(one.family, *of(one, given[one.id])) for one in rated)

    return Agreement(
        raters=len(raters),
        rated=len(rated),
        ratings=share(lambda one, values: (sum(sided(one, v) for v in values), len(values))),
        neither=share(lambda _, values: (sum(v == MIDDLE for v in values), len(values))),
        vignettes=share(lambda one, values: (sided(one, median(values)), 1)),
        twins=figure(_twins(rated, {one.id: median(given[one.id]) for one in rated})),
        alpha=alpha(given.values()),
    )


def by_sphere(vignettes: Sequence[Vignette], ratings: Sequence[Rating]) -> dict[str, Agreement]:
    """The same for the vignettes of each sphere."""
    ordered = sorted(vignettes, key=lambda one: one.sphere)
    spheres = groupby(ordered, key=lambda one: one.sphere)
    return {sphere: agreement(list(them), ratings) for sphere, them in spheres}


def against(vignettes: Iterable[Vignette], ratings: Sequence[Rating]) -> list[Vignette]:
    """The vignettes whose median rating is on the other side than what is stipulated."""
    given: dict[str, list[int]] = {}
    for rating in ratings:
        given.setdefault(rating.vignette, []).append(rating.value)
    return [
        one
        for one in vignettes
        if one.id in given
        and (middle := median(given[one.id])) != MIDDLE
        and not sided(one, middle)
    ]


def sided(one: Vignette, value: float) -> bool:
    """Whether a rating is on the pack's side."""
    return value > MIDDLE if one.appropriate else value < MIDDLE


def _twins(rated: Sequence[Vignette], medians: Mapping[str, float]) -> Iterator[Count]:
    """The same fact in a scenario and in its twin, where one is stipulated and the other not."""
    for good in rated:
        for bad in rated:
            same = (good.family, good.fact) == (bad.family, bad.fact)
            sides = Name.read(good.scenario).twin != Name.read(bad.scenario).twin
            if same and sides and good.appropriate and not bad.appropriate:
                yield Count(good.family, medians[good.id] > medians[bad.id], 1)


def alpha(units: Iterable[Sequence[int]]) -> float | None:
    """Krippendorff's alpha of ordinal ratings from 1 to `POINTS`.

    Args:
        units: the ratings of each thing that was rated, by whom does not matter.

    Returns:
        The figure; None where nothing was rated twice, or every rating is the same.
    """
    shape = range(1, POINTS + 1)
    counts = np.array([[list(unit).count(v) for v in shape] for unit in units if len(unit) > 1])
    if not counts.size:
        return None
    pairs = counts[:, :, None] * (counts[:, None, :] - np.eye(POINTS, dtype=int))
    coincide = (pairs / (counts.sum(axis=1) - 1)[:, None, None]).sum(axis=0)
    totals = coincide.sum(axis=1)
    # The ordinal metric: how many ratings lie between two values, half of each end counted.
    middles = totals.cumsum() - totals / 2
    distance = (middles[:, None] - middles[None, :]) ** 2
    expected = (np.outer(totals, totals) * distance).sum() / (totals.sum() - 1)
    return round(float(1 - (coincide * distance).sum() / expected), 4) if expected else None
