"""Which of some texts are most like a query, by their letters alone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from math import log

K1, B = 1.2, 0.75
"""The usual constants: how soon repeats stop counting, and how much length counts."""


def alike(query: str, texts: Sequence[str]) -> list[int]:
    """Places of the texts that share anything with a query, the most alike first.

    BM25 (Robertson and Zaragoza 2009, equation 3.15, with the idf kept above zero) over the
    trigrams of words, so that "treatments" is found by "treated". Of equals the later stands first.
    """
    terms = [Counter(_trigrams(text)) for text in texts]
    mean = sum(map(Counter.total, terms)) / max(len(terms), 1)
    held = Counter(term for counts in terms for term in counts)
    wanted = set(_trigrams(query))

    def score(place: int) -> float:
        counts, n = terms[place], len(terms)
        length = 1 - B + B * counts.total() / mean if mean else 1.0
        return sum(
            log(1 + (n - held[term] + 0.5) / (held[term] + 0.5))
            * (counts[term] * (K1 + 1) / (counts[term] + K1 * length))
            for term in sorted(wanted & counts.keys())
        )

    scores = [(score(place), place) for place in range(len(texts))]
    return [place for value, place in sorted(scores, reverse=True) if value > 0]


def _trigrams(text: str) -> list[str]:
    """Three letters in a row of each word, its edges marked by spaces."""
    padded = (f" {word} " for word in re.findall(r"\w+", text.casefold()))
    return [word[i : i + 3] for word in padded for i in range(len(word) - 2)]
