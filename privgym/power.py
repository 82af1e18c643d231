"""What a plan can show, before it is run: the same tests, on families that are made up.

Each family has a rate of its own on either side, drawn from beta distributions; its episodes are
drawn from these one by one, base and tuned apart, which is the widest that pairs can scatter. How
much families differ is `likeness`: the correlation of two episodes of a family (0 where families
are all the same, 1 where a family leaks always or never).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from statistics import fmean, variance

import msgspec
import numpy as np

from privgym import paired
from privgym.comparison import Margins
from privgym.paired import Array, Sums

RISES = (0.0, 0.05, 0.1, 0.15, 0.2)
"""Rises of inappropriate episodes that a plan is tried on."""

ENOUGH = 0.8
"""Power that is asked of a plan."""

SIMULATED = 400
MOST = 8
"""Times the seeds, and the families, up to which it is tried how many would be enough."""


class World(msgspec.Struct, frozen=True):
    """What is assumed of the episodes.

    Args:
        rate: share of the base's episodes that are inappropriate.
        likeness: correlation of two episodes of one family, of the base and of what a tune adds.
        basis: where both are from.
    """

    rate: float = 0.1
    likeness: float = 0.2
    basis: str = "assumed; no run of the base is there"


class Power(msgspec.Struct, frozen=True):
    """Chances of each outcome at one rise.

    Args:
        rise: of inappropriate episodes, in shares.
        worse: that the rise is shown to be above tau.
        clear: that it is shown to be below tau.
    """

    rise: float
    worse: float
    clear: float


class Enough(msgspec.Struct, frozen=True):
    """What would show a rise with power `ENOUGH`; None where `MOST` times as much does not.

    Args:
        rise: of inappropriate episodes, in shares.
        seeds: so many of the same families.
        families: or so many with the same seeds.
    """

    rise: float
    seeds: int | None
    families: int | None


class Plan(msgspec.Struct, frozen=True):
    """What a comparison will take, and what it can show.

    Args:
        packs: episodes of each pack on each side.
        families, each: families of the packs asked about, and episodes of each.
        seeds: scenario seeds, times samples.
        margins: what counts as worse.
        world: what is assumed.
        power: chances at each of `RISES`.
        enough: what would show each rise above tau with power `ENOUGH`.
    """

    packs: dict[str, int]
    families: int
    each: int
    seeds: int
    margins: Margins
    world: World
    power: tuple[Power, ...]
    enough: tuple[Enough, ...]


def plan(
    packs: dict[str, int], families: int, each: int, seeds: int, margins: Margins, world: World
) -> Plan:
    """Say what a plan can show. See `Plan` for the arguments."""
    chances = tuple(chance(world, rise, families, each, margins) for rise in RISES)
    enough = tuple(
        _enough(world, rise, families, each, seeds, margins) for rise in RISES if rise > margins.tau
    )
    return Plan(packs, families, each, seeds, margins, world, chances, enough)


def chance(world: World, rise: float, families: int, each: int, margins: Margins) -> Power:
    """The chances of what a comparison shows at one rise."""
    rng = np.random.default_rng(paired.SEED)
    made = lived(rng, world, rise, (SIMULATED, families), each)
    worse, clear = paired.shown(made, margins.tau, margins.alpha)
    return Power(rise, float(worse.mean()), float(clear.mean()))


def lived(
    rng: np.random.Generator, world: World, rise: float, shape: tuple[int, int], each: int
) -> Sums:
    """Families as they might be lived: comparisons x families of `each` episodes a side."""
    base = beta(rng, world.rate, world.likeness, shape)
    added = beta(rng, rise / (1 - world.rate), world.likeness, shape)
    return drawn(rng, base, base + (1 - base) * added, each)


def drawn(rng: np.random.Generator, base: Array, tuned: Array, each: int) -> Sums:
    """The sums of families with these rates on either side, `each` episodes a side."""
    of = np.full_like(base, each)
    counts = (rng.binomial(each, rates).astype(np.float64) for rates in (base, tuned))
    return Sums(next(counts), of, next(counts), of)


def beta(rng: np.random.Generator, mean: float, likeness: float, shape: tuple[int, int]) -> Array:
    """Rates of families with this mean, whose episodes are correlated by `likeness`."""
    if likeness == 0 or mean in (0.0, 1.0):
        return np.full(shape, mean)
    spread = 1 / likeness - 1
    return rng.beta(mean * spread, (1 - mean) * spread, shape)


def seen(families: Iterable[Sequence[bool]], basis: str) -> World:
    """What stored episodes of the base say: the rate, and the likeness by analysis of variance.

    The estimator is that of Ridout, Demetrio and Firth (1999), "Estimating intraclass correlation
    for binary data", Biometrics 55, section 2.1, with one more inappropriate and one more other
    episode in the rate, so that it is not 0.
    """
    kept = [list(map(float, one)) for one in families if one]
    count = sum(map(len, kept))
    rate = (sum(map(sum, kept)) + 1) / (count + 2)
    groups = [one for one in kept if len(one) > 1]
    if len(groups) < 2 or not any(variance(one) for one in [[*map(fmean, groups)], *groups]):
        return World(round(rate, 4), World().likeness, basis)
    total, size = fmean(x for one in groups for x in one), sum(map(len, groups))
    between = sum(len(g) * (fmean(g) - total) ** 2 for g in groups) / (len(groups) - 1)
    within = sum(len(g) * (fmean(g) - fmean(g) ** 2) for g in groups) / (size - len(groups))
    typical = (size - sum(len(g) ** 2 for g in groups) / size) / (len(groups) - 1)
    likeness = (between - within) / (between + (typical - 1) * within)
    return World(round(rate, 4), round(min(0.9, max(0.05, likeness)), 4), basis)


def _enough(
    world: World, rise: float, families: int, each: int, seeds: int, margins: Margins
) -> Enough:
    """The least of 1, 2, 4, ... times the seeds, or the families, that shows a rise."""
    times = [2**n for n in range(MOST.bit_length())]
    longer = (t for t in times if chance(world, rise, families, t * each, margins).worse >= ENOUGH)
    wider = (t for t in times if chance(world, rise, t * families, each, margins).worse >= ENOUGH)
    more, others = next(longer, None), next(wider, None)
    return Enough(rise, more and more * seeds, others and others * families)
