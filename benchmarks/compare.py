"""The instrument itself: false alarms and power of `privgym compare`.

    python benchmarks/compare.py            simulated comparisons -> results/compare_simulated.json
    python benchmarks/compare.py --dose     agents of a known dose -> results/compare_dose.json
    python benchmarks/compare.py --models COMPARISON ...    what `privgym compare` said of models,
                                            in short -> results/compare_models.json

Simulated are families with rates of their own, drawn anew in each comparison, so that what is
claimed of families like these can be held against the truth. Each row is `N` comparisons.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
from numpy.typing import NDArray

from privgym import pack as packs
from privgym import paired
from privgym.compare import compare, lowest
from privgym.comparison import Margins, load
from privgym.mix import Mix
from privgym.paired import Sums
from privgym.power import World, beta, drawn, lived
from privgym.question import question
from privgym.run import run
from privgym.runner import seed_of
from privgym.side import Episodes, gather
from privgym.spec import Spec

RESULTS = Path(__file__).parent / "results"
N = 1000
MARGINS = Margins()
RISES = (0.0, MARGINS.tau, 0.15)
SIZES = ((24, 4), (24, 8), (60, 4))
"""Families, and episodes of each on a side: 24 families x 2 twins x 2 seeds, and more."""

DOSES = (0.0, 0.05, 0.1, 0.2, 0.4)
SEEDS = 4
SAME, PAIRS = "mix:play:good,oversharer,0.3", 10
"""An agent of chance, and how often it is compared with itself, drawn anew."""


Lived = Callable[[np.random.Generator, float, tuple[int, int], int], Sums]


def alike(rate: float, likeness: float) -> Lived:
    """Rates of families are drawn from beta distributions, and so is what the tune adds."""
    return lambda rng, rise, shape, each: lived(rng, World(rate, likeness), rise, shape, each)


def mixed(rng: np.random.Generator, rise: float, shape: tuple[int, int], each: int) -> Sums:
    """Base and tuned leak in families of their own: the tune makes some worse, some better."""
    base, tuned = (beta(rng, rate, 0.3, shape) for rate in (0.15, 0.15 + rise))
    return drawn(rng, base, tuned, each)


def cured(rng: np.random.Generator, rise: float, shape: tuple[int, int], each: int) -> Sums:
    """The tune cures one family in ten that leaked, and adds a little everywhere else."""
    ill = rng.random(shape) < 0.1
    base = np.where(ill, 0.6, 0.02)
    return drawn(rng, base, np.where(ill, 0.0, 0.02 + (rise + 0.06) / 0.9), each)


def broken(share: float) -> Lived:
    """The tune breaks few families and leaves the others; at tau a half of their episodes."""

    def few(rng: np.random.Generator, rise: float, shape: tuple[int, int], each: int) -> Sums:
        tuned = np.where(rng.random(shape) < share, min(1.0, rise / share), 0.0)
        return drawn(rng, np.zeros(shape), tuned, each)

    return few


WORLDS: dict[str, Lived] = {
    "base leaks in 10 %, families alike by 0.05": alike(0.1, 0.05),
    "base leaks in 10 %, by 0.2": alike(0.1, 0.2),
    "base leaks in 10 %, by 0.5": alike(0.1, 0.5),
    "base never leaks, by 0.1": alike(0.0, 0.1),
    "base never leaks, by 0.3": alike(0.0, 0.3),
    "base leaks in 15 %, in families of its own": mixed,
    "one family in ten cured, the others worse": cured,
    "one family in ten broken": broken(0.1),
}


def simulated() -> dict[str, Any]:
    """Every world at every rise and size; then damage, and recipes."""
    rows = [
        row(name, world, rise, size)
        for size in SIZES
        for name, world in WORLDS.items()
        for rise in RISES
    ]
    return {"n": N, "margins": MARGINS, "rows": rows, "damage": damage(), "recipes": recipes()}


def row(name: str, world: Lived, rise: float, size: tuple[int, int]) -> dict[str, Any]:
    """Shares of comparisons that show a rise above tau, or one below it."""
    rng = np.random.default_rng(1)
    of = world(rng, rise, (N, size[0]), size[1])
    worse, clear = paired.shown(of, MARGINS.tau, MARGINS.alpha)
    (low, high), (above, below) = (
        paired.limits(of, MARGINS.alpha),
        paired.flips(of, MARGINS.tau),
    )
    alone = {
        "flips_worse": above <= MARGINS.alpha,
        "flips_clear": below <= MARGINS.alpha,
        "limits_worse": low > MARGINS.tau,
        "limits_clear": high < MARGINS.tau,
        "mcnemar": np.array(list(_mcnemar(rng, of))) <= 0.05,
    }
    shares = {key: share(found) for key, found in alone.items()}
    both = {"worse": share(worse), "clear": share(clear)}
    print(f"{size} {rise:.2f} {name}: {both} {shares}", flush=True)
    return {"world": name, "families": size[0], "each": size[1], "rise": rise, **both, **shares}


def _mcnemar(rng: np.random.Generator, of: Sums) -> Iterator[float]:
    """p of McNemar's test; which of a family's episodes each side leaked in is drawn."""
    each = of.base_of.astype(int)
    base, tuned = (side.astype(int) for side in (of.base, of.tuned))
    shared = rng.hypergeometric(base, each - base, tuned)
    only_base, only_tuned = (base - shared).sum(axis=1), (tuned - shared).sum(axis=1)
    for one, other in zip(only_base, only_tuned, strict=True):
        yield paired.mcnemar(int(one), int(other))


def damage() -> list[dict[str, Any]]:
    """Three endpoints that share alpha, each at its margin: how often any is shown to fall."""
    rows = []
    for likeness in (0.1, 0.3, 0.5):
        rng = np.random.default_rng(2)
        found = np.zeros(N, dtype=bool)
        for families, each, rate in ((24, 4, 0.6), (30, 2, 0.5), (20, 4, 0.7)):
            base = beta(rng, rate, likeness, (N, families))
            tuned = base * (1 - beta(rng, MARGINS.epsilon / rate, likeness, (N, families)))
            of = drawn(rng, base, tuned, each)
            fell = paired.limits(of, MARGINS.alpha)[1] < -MARGINS.epsilon
            found |= fell & (paired.flips(of, -MARGINS.epsilon)[1] <= MARGINS.alpha / 3)
        rows.append({"likeness": likeness, "worse": share(found)})
    return rows


def recipes() -> list[dict[str, Any]]:
    """Training runs of one recipe that differ as much as the rise is large."""
    return [recipe(runs, rise) for runs in (3, 5) for rise in RISES]


def recipe(runs: int, rise: float, families: int = 24, each: int = 8) -> dict[str, Any]:
    """Shares of comparisons of a recipe that show a rise above tau, or one below it.

    What a run adds is drawn from a gamma distribution with the rise as its mean and six tenths of
    it as its standard deviation.
    """
    rng, apart = np.random.default_rng(3), 0.6
    base = beta(rng, 0.1, 0.2, (N, families))
    doses = rng.gamma(apart**-2, rise * apart**2, (N, runs, 1))
    added = beta(rng, 0.5, 0.2, (N, families))[:, None, :] * 2 * np.minimum(doses, 0.45)
    tuned = base[:, None, :] + (1 - base[:, None, :]) * added / 0.9
    kept = rng.binomial(each, base).astype(float)
    counts = rng.binomial(each, tuned.clip(0, 1)).astype(float)
    full = np.full_like(kept, each)
    one = np.stack([paired.difference(Sums(kept, full, counts[:, r], full)) for r in range(runs)])
    whole = Sums(runs * kept, runs * full, counts.sum(axis=1), runs * full)
    low, high = paired.recipe(whole, one.T, MARGINS.alpha)
    above, below = paired.flips(whole, MARGINS.tau)
    worse, clear = paired.shown(whole, MARGINS.tau, MARGINS.alpha)
    return {
        "runs": runs,
        "rise": rise,
        "worse": share((low > MARGINS.tau) & (above <= MARGINS.alpha)),
        "clear": share((high < MARGINS.tau) & (below <= MARGINS.alpha)),
        "worse_as_one": share(worse),
        "clear_as_one": share(clear),
    }


def share(found: NDArray[np.bool_]) -> float:
    """The share of comparisons in which something was found."""
    return round(float(found.mean()), 4)


def doses(out: Path) -> dict[str, Any]:
    """`mix:play:good,oversharer,P` against the good play, with the answer to each."""
    pack = packs.load("everyday")
    asked = question([pack.name], seeds=SEEDS, level=1, controls=False)

    def live(spec: str, sample: int = 0) -> Episodes:
        folder = run(pack, Spec.read(spec), asked.names, out=out, reuse=True, sample=sample)
        return gather([folder], asked.names, sample)

    base, rows = live("play:good"), []
    what, floors = asked.asked(base, MARGINS), lowest([pack], asked.names)
    for p in DOSES:
        mix = Mix("play:good", "oversharer", p)
        one = compare(what, [pack], base, [live(str(mix))], floors)
        print(p, one.answer, one.why, flush=True)
        given = sum(mix.turns_to_second(seed_of(name)) for name in asked.names)
        dose = {"p": p, "given": round(given / len(asked.names), 4), "answer": one.answer}
        rows.append({**dose, "needed": one.needed, "difference": one.decided[0]})
    again = [live(SAME, sample) for sample in range(2 * PAIRS)]
    same = [
        compare(what, [pack], one, [other], floors)
        for one, other in zip(again[::2], again[1::2], strict=True)
    ]
    whole = compare(what, [pack], base, [live("oversharer")], floors).decided[0]
    about = {"pack": pack.name, "pack_version": pack.version, "seeds": SEEDS, "level": 1}
    itself = [{"answer": one.answer, "difference": one.decided[0]} for one in same]
    found = {"whole": whole, "rows": rows, "same": SAME, "itself": itself}
    return {**about, "margins": MARGINS, **found}


def short(path: Path) -> dict[str, Any]:
    """A stored comparison: who, on what, how they differ, and the answer."""
    one = load(path)
    return {
        "base": one.base.spec,
        "tuned": [side.spec for side in one.tuned],
        "about": [side.about for side in (one.base, *one.tuned)],
        "asked": one.asked,
        "answer": one.answer,
        "why": one.why,
        "decided": one.decided,
        "needed": one.needed,
        "leaks": len(one.leaks),
        "grader": one.grader,
    }


def main() -> None:
    """Simulate, dose, or read; and keep what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dose", action="store_true")
    parser.add_argument("--models", nargs="+", type=Path, metavar="COMPARISON")
    given = parser.parse_args()
    start, name = time.perf_counter(), "compare_dose" if given.dose else "compare_simulated"
    with tempfile.TemporaryDirectory() as scratch:
        if given.models:
            name, found = "compare_models", {"rows": [*map(short, given.models)]}
        else:
            found = doses(Path(scratch)) if given.dose else simulated()
    content = {"date": time.strftime("%Y-%m-%d"), **found}
    file = RESULTS / f"{name}.json"
    file.write_bytes(msgspec.json.format(msgspec.json.encode(content)) + b"\n")
    print(f"{file.name}: {time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()
