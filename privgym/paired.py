"""Tuned minus base on the same episodes: limits and tests, paired by episode, clustered by family.

Episodes of one family are alike, so families are what was sampled. Two things are asked of them:

- a *sign-flip test* (Fisher 1935, "The Design of Experiments", section 21) of the families' sums
  against a margin: exact where they are few, else by random flips out of a fixed seed. It takes
  the families' distances from the margin to be symmetric;
- a *cluster bootstrap*: the limits that the difference lies above, and below. As in
  `privgym.figure`, and for the same reason, two families are added before resampling: one in which
  half of what counts turned for the worse and one in which half turned for the better. Without
  them families that all agree would give limits of no width.

Something is *shown* only where both agree. The flips alone are wrong where distances are skewed (a
few families in which everything changed): up to 17 % false all-clears at a nominal 5. What both
together do is measured by `benchmarks/compare.py`. "Half" is the least that kept false answers near
5 % there; a whole family would leave 24 families unable to show anything.

Rates are ratios of sums, as everywhere: a family adds a part and a whole on either side.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from math import comb
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 2000
FLIPS = 9999
EXACT = 12
"""Families up to which every flip of their signs is counted."""

SEED = 0
ADDED = 0.5
"""Share of the two added families that turned."""

Array = NDArray[np.float64]


class Sums(NamedTuple):
    """What families add: four arrays, comparisons x families.

    Args:
        base, base_of: parts and wholes of the base; `tuned`, `tuned_of` of the tuned agent.
    """

    base: Array
    base_of: Array
    tuned: Array
    tuned_of: Array


class Pair(NamedTuple):
    """One episode (or pair of twins) lived by both: (part, whole) on either side."""

    family: str
    base: tuple[float, float]
    tuned: tuple[float, float]


def sums(pairs: Sequence[Pair]) -> Sums:
    """The sums of one comparison's pairs, by family; families in which nothing counts add none."""
    families = {family: n for n, family in enumerate(sorted({pair.family for pair in pairs}))}
    found = np.zeros((4, 1, len(families)))
    for family, base, tuned in pairs:
        found[:, 0, families[family]] += (*base, *tuned)
    kept = (found[1, 0] > 0) | (found[3, 0] > 0)
    return Sums(*found[:, :, kept])


def difference(of: Sums) -> Array:
    """Tuned minus base of each comparison; nan where a side has nothing to divide by."""
    return _difference(*(side.sum(axis=1) for side in of))


def limits(of: Sums, alpha: float) -> tuple[Array, Array]:
    """What each comparison's difference lies above, and below, each with confidence 1 - alpha."""
    drawn = _draws(of.base.shape[1] + 2)
    grown = (np.hstack([side, *extra]) for side, extra in zip(of, _added(of), strict=True))
    resampled = _difference(*(side @ drawn for side in grown))
    value = difference(of)
    quantile = np.nanquantile if np.isnan(resampled).any() else np.quantile
    low, high = quantile(resampled, (alpha, 1 - alpha), axis=1)
    return np.fmin(low, value), np.fmax(high, value)


def flips(of: Sums, margin: float) -> tuple[Array, Array]:
    """One-sided p of each comparison that the difference is above the margin, and below it."""
    apart = _apart(of, margin)
    seen = apart.sum(axis=1, keepdims=True)
    signs, certain = _signs(apart.shape[1])
    flipped, near = apart @ signs, 1e-9
    above, below = (flipped >= seen - near).sum(axis=1), (flipped <= seen + near).sum(axis=1)
    count = signs.shape[1]
    return (above + certain) / (count + certain), (below + certain) / (count + certain)


def shown(of: Sums, margin: float, alpha: float) -> tuple[NDArray[Any], NDArray[Any]]:
    """Whether each comparison shows that the difference is above the margin, and below it."""
    (low, high), (above, below) = limits(of, alpha), flips(of, margin)
    return (low > margin) & (above <= alpha), (high < margin) & (below <= alpha)


def mcnemar(only_base: int, only_tuned: int) -> float:
    """Exact two-sided p of the discordant pairs (McNemar 1947); takes all pairs as independent."""
    n, least = only_base + only_tuned, min(only_base, only_tuned)
    return float(min(1.0, 2 * sum(comb(n, k) for k in range(least + 1)) / 2**n))


def recipe(of: Sums, runs: Array, alpha: float) -> tuple[Array, Array]:
    """The limits, where each comparison is of several training runs of one recipe.

    Half widths add as squares: the families' (of all runs together), and Student's t of how far
    the runs lie apart, one-sided at alpha.

    Args:
        of: the sums of all runs together.
        runs: the difference in each run, comparisons x runs.
        alpha: as in `limits`.
    """
    value, (low, high) = difference(of), limits(of, alpha)
    count = runs.shape[1]
    wide = _student(count - 1, alpha) * np.std(runs, axis=1, ddof=1) / count**0.5
    return value - np.hypot(value - low, wide), value + np.hypot(high - value, wide)


@cache
def _student(freedom: int, alpha: float) -> float:
    """What Student's t exceeds with chance alpha, by a million draws out of a fixed seed."""
    drawn = np.random.default_rng(SEED).standard_t(freedom, 1_000_000)
    return float(np.quantile(drawn, 1 - alpha))


def _difference(base: Array, base_of: Array, tuned: Array, tuned_of: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        found: Array = tuned / tuned_of - base / base_of
    return found


def _added(of: Sums) -> tuple[tuple[Array, Array], ...]:
    """The two families that are added: as large as the mean of the others, half of it turned."""
    base_of, tuned_of = (side.mean(axis=1, keepdims=True) for side in (of.base_of, of.tuned_of))
    none = np.zeros_like(base_of)
    worse = (none, base_of, ADDED * tuned_of, tuned_of)
    better = (ADDED * base_of, base_of, none, tuned_of)
    return tuple(zip(worse, better, strict=True))


def _apart(of: Sums, margin: float) -> Array:
    """What each family adds to (difference - margin); they sum up to it.

    Of a ratio it is the linear part: a family's distance from the rate, over all wholes.
    """
    base_of, tuned_of = (side.sum(axis=1, keepdims=True) for side in (of.base_of, of.tuned_of))
    base_rate, tuned_rate = (
        side.sum(axis=1, keepdims=True) / whole
        for side, whole in ((of.base, base_of), (of.tuned, tuned_of))
    )
    weight = (of.base_of / base_of + of.tuned_of / tuned_of) / 2
    tuned = (of.tuned - tuned_rate * of.tuned_of) / tuned_of
    base = (of.base - base_rate * of.base_of) / base_of
    found: Array = tuned - base + (tuned_rate - base_rate - margin) * weight
    return found


@lru_cache(maxsize=2)
def _draws(families: int) -> Array:
    """How often each family is drawn in each resample: families x resamples."""
    rng = np.random.default_rng(SEED)
    drawn = rng.multinomial(families, np.full(families, 1 / families), RESAMPLES)
    return drawn.T.astype(np.float64)


@lru_cache(maxsize=2)
def _signs(families: int) -> tuple[Array, int]:
    """Signs to flip by, families x flips; and 1 where to flip none has to be added."""
    if families <= EXACT:
        return np.array(list(product((1.0, -1.0), repeat=families))).T.reshape(families, -1), 0
    drawn = np.random.default_rng(SEED).integers(0, 2, (families, FLIPS))
    return (2 * drawn - 1).astype(np.float64), 1
