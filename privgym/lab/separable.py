"""Can two arms be told apart by the words in them, where they should not differ?

A multinomial naive Bayes classifier (McCallum and Nigam 1998), cross-validated. Rows of one
place are in one fold, so that what a pair shares never helps; where two arms are the same text
it is right on half of them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from privgym.lab.habit import words

FOLDS = 5
SEED = 0


def accuracy(one: Sequence[str], other: Sequence[str]) -> float:
    """The share of texts whose side it tells, balanced over the sides.

    Args:
        one, other: the texts of two arms, in the order of their rows.
    """
    docs, known = _indexed([*one, *other])
    side = np.array([0] * len(one) + [1] * len(other))
    places = np.random.default_rng(SEED).permutation(max(len(one), len(other))) % FOLDS
    fold = np.concatenate([places[: len(one)], places[: len(other)]])
    right = np.zeros(len(docs))
    for held in range(FOLDS):
        counts = np.ones((2, known))  # Laplace: a word that was not seen was seen once
        for number in np.flatnonzero(fold != held):
            np.add.at(counts[side[number]], docs[number], 1)
        logs = np.log(counts) - np.log(counts.sum(axis=1, keepdims=True))
        for number in np.flatnonzero(fold == held):
            lead = float((logs[1] - logs[0])[docs[number]].sum())
            right[number] = 0.5 if abs(lead) < 1e-9 else (lead > 0) == bool(side[number])
    sides = [right[side == number].mean() for number in (0, 1) if (side == number).any()]
    return float(np.mean(sides)) if sides else 0.5


def _indexed(texts: Sequence[str]) -> tuple[list[np.ndarray], int]:
    """Each text as the numbers of its words, and how many words there are."""
    known: dict[str, int] = {}
    docs = [
        np.array([known.setdefault(word, len(known)) for word in words(text)], int)
        for text in texts
    ]
    return docs, max(len(known), 1)
