"""Counts -> a rate and its 95 % interval, clustered by family.

Episodes of one family are alike, so the family is what was sampled, and the interval is a
bootstrap over families. The plain one is too narrow where families are few, and has no width
where they all agree (nothing leaked: "0, for certain"). So two families are added before
resampling, one in which everything counted and one in which nothing did: the idea of Agresti
and Coull (1998), who add two successes and two failures, applied to clusters. On simulated
beta-binomial families (3 to 20 of 12 episodes, rates 0.02 to 0.5, correlation within a family
0.01 to 0.9) this holds the true rate in 90 to 100 % of samples, the plain bootstrap in 8 to
96 %. From one family nothing follows about others, and the interval says so: it is near [0, 1].

A mean that is no rate, such as that of rewards, has other ends: the two families are added there.
Simulated rewards (normal, cut to [-2, 1]; 5 to 24 families of 4 that differ by 0.1 or 0.4) hold the
true mean in 97 to 100 % of samples, with the plain bootstrap in 82 to 96 %.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
import numpy as np

RESAMPLES = 2000
SEED = 0


class Count(msgspec.Struct, frozen=True):
    """What one episode (or pair) adds to a rate: `part` of `whole`, in its family."""

    family: str
    part: float
    whole: float


class Figure(msgspec.Struct, frozen=True, gc=False):
    """A rate or a mean with its interval; all None where there is nothing to divide by.

    Args:
        value: sum of the parts / sum of the wholes.
        low, high: ends of the 95 % interval.
        n: sum of the wholes.
    """

    value: float | None
    low: float | None
    high: float | None
    n: int


def figure(counts: Iterable[Count], ends: tuple[float, float] = (0.0, 1.0)) -> Figure:
    """The rate of some counts, with a 95 % interval over their families.

    Args:
        counts: what is counted.
        ends: the least and the most that it can be.

    Returns:
        The figure. Its interval holds its value, and has a width.
    """
    parts: dict[str, float] = {}
    wholes: dict[str, float] = {}
    for count in counts:
        parts[count.family] = parts.get(count.family, 0.0) + count.part
        wholes[count.family] = wholes.get(count.family, 0.0) + count.whole
    whole = sum(wholes.values())
    if not whole:
        return Figure(None, None, None, 0)
    families = sorted(parts)
    rates = _resampled([parts[f] for f in families], [wholes[f] for f in families], ends)
    value = sum(parts.values()) / whole
    low, high = (float(end) for end in np.percentile(rates, (2.5, 97.5)))
    return Figure(
        round(value, 4), round(min(low, value), 4), round(max(high, value), 4), int(whole)
    )


def _resampled(parts: list[float], wholes: list[float], ends: tuple[float, float]) -> np.ndarray:
    """The rate in each resample of the families and the two that are added."""
    added = sum(wholes) / len(wholes)
    part = np.array([*parts, *(end * added for end in ends)])
    whole = np.array([*wholes, added, added])
    drawn = np.random.default_rng(SEED).integers(0, len(part), (RESAMPLES, len(part)))
    sums, of = part[drawn].sum(axis=1), whole[drawn].sum(axis=1)
    rates: np.ndarray = sums[of > 0] / of[of > 0]
    return rates
