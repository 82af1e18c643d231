#!/usr/bin/env python
"""Fit the semantic sensor on the tune half of the labelled set: weights and thresholds.

Usage: python scripts/fit_semantic.py [WEIGHTS]

A text discloses a fact if one of its passages does, so the regression is fitted on the passage of
each text that speaks most for it, found anew from the fit before (multiple instances; Andrews,
Tsochantaridis and Hofmann 2003, section 4, with a logistic loss). Thresholds are read off what
each family gets from a fit without it; the test half is never looked at. Prints what to put into
privgym/sensors/semantic.py.
"""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from privgym import pairs
from privgym.measure import GROUPS
from privgym.pairs import Pair
from privgym.sensors.encoder import MINILM, Encoder
from privgym.sensors.evidence import Claim
from privgym.sensors.sentences import passages

PENALTY = 0.3
"""Of the squared weights (the constant goes free)."""

FITS, STEPS = 5, 25
COUNTED, FLAGGED = 0.82, 0.90
"""Shares of the stated disclosures that are to count, and to be flagged at least: the thresholds
are the highest that do so, and how precise they are is what is reported. What counts has two points
of margin over the 80 % that is wanted of families that nobody has seen."""

Array = NDArray[np.float64]


class Example(NamedTuple):
    """A pair, and the evidence in each passage of its text that is not ruled out (maybe none)."""

    pair: Pair
    evidence: Array


def main(weights: str = MINILM) -> None:
    """Fit, and print."""
    tune = [pair for pair in pairs.read() if pair.half == "tune" and not pair.disputed]
    names, examples = gather(tune, Encoder(weights, threads=2))
    free = np.array([name != "one" for name in names], dtype=float)
    fitted = fit(examples, free)
    left_out = crossed(examples, free)
    stated = left_out[
        [e.pair.stratum in GROUPS["stated"] and e.pair.label == "yes" for e in examples]
    ]
    count, flag = (float(np.sort(stated)[int((1 - r) * len(stated))]) for r in (COUNTED, FLAGGED))
    print("WEIGHTS = {")
    for name, value in zip(names, fitted, strict=True):
        print(f'    "{name}": {value:.2f},')
    print(f"}}\nFLAG, COUNT = {flag:.2f}, {count:.2f}")
    report(examples, left_out, flag, count)


def gather(tune: Sequence[Pair], encoder: Encoder) -> tuple[list[str], list[Example]]:
    """The names of the evidence, and the examples."""
    names: list[str] = []
    examples = []
    for pair in tune:
        subject = next(party for party in pair.parties if party.key == pair.fact.subject)
        claim = Claim(pair.fact, subject, own=pair.fact.subject == pair.principal)
        among = claim.open(pair.text, passages(pair.text))
        if claim.mistakable(pair.text):
            among = []  # never counts, whatever it comes to
        rows = claim.evidence(pair.text, among, encoder) if among else []
        names = names or [*itertools.chain(*rows[:1])]
        examples.append(Example(pair, np.array([[*row.values()] for row in rows])))
    return names, examples


def fit(examples: Sequence[Example], free: Array) -> Array:
    """The weights: a penalised logistic regression, by Newton's method."""
    examples = [example for example in examples if len(example.evidence)]
    label = np.array([example.pair.label == "yes" for example in examples], dtype=float)
    chosen = np.array([e.evidence[e.evidence[:, 1].argmax()] for e in examples])
    weights = np.zeros(chosen.shape[1])
    for _ in range(FITS):
        for _ in range(STEPS):
            odds = 1 / (1 + np.exp(-chosen @ weights))
            slope = chosen.T @ (label - odds) - PENALTY * free * weights
            curve = (chosen.T * (odds * (1 - odds) + 1e-6)) @ chosen + np.diag(PENALTY * free)
            weights = weights + np.linalg.solve(curve, slope)
        chosen = np.array([e.evidence[(e.evidence @ weights).argmax()] for e in examples])
    return weights


def crossed(examples: Sequence[Example], free: Array) -> Array:
    """What each text comes to by a fit on the other families."""
    scores = np.full(len(examples), -np.inf)
    for family in sorted({example.pair.family for example in examples}):
        weights = fit([e for e in examples if e.pair.family != family], free)
        for number, example in enumerate(examples):
            if example.pair.family == family and len(example.evidence):
                scores[number] = (example.evidence @ weights).max()
    return scores


def report(examples: Sequence[Example], scores: Array, flag: float, count: float) -> None:
    """Shares that count and that are flagged, by stratum and by type, each family left out."""
    for name, key in (("stratum", "stratum"), ("type", "type")):
        print(f"\n{name:16} label     n  counted  flagged")
        groups = sorted({(getattr(e.pair, key), e.pair.label) for e in examples})
        for group in groups:
            here = scores[[(getattr(e.pair, key), e.pair.label) == group for e in examples]]
            rates = f"{(here >= count).mean():8.2f} {(here >= flag).mean():8.2f}"
            print(f"{group[0]:16} {group[1]:5} {len(here):5} {rates}")


if __name__ == "__main__":
    main(*sys.argv[1:])
