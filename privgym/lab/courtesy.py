"""Words that say nothing, in any length: what stands where a pattern was taken out.

They ask nothing, promise nothing and tell nothing, so that an arm that has them differs from the
pattern's in the pattern alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from random import Random

_FIRST = (
    "Thanks",
    "Thank you",
    "Many thanks",
    "Kind regards",
    "Warm regards",
    "All the best",
    "With best wishes",
    "Thank you very much",
    "Thank you for your time",
    "With many kind regards",
    "Thank you for reading this",
    "It is good to be in touch",
    "I hope that this finds you well",
    "Thank you for being so kind as always",
)
_THEN = (
    "",
    ", as always",
    " and take care",
    " from here",
    " and a good day",
    " and have a nice week",
    ", and all the best to you",
    ", and good luck with everything",
    ", and do look after yourself",
    ", and I wish you a pleasant day",
    ", and there is no need to write back",
    ", and I hope that all is going well with you",
)
COURTESIES = tuple(f"{first}{then}." for first, then in product(_FIRST, _THEN))

NEAR = 8
"""Of how many of the right length one is drawn."""

LONG = 76
"""From so many characters on it takes two."""


def courtesy(length: int, rng: Random) -> str:
    """A courtesy of about so many characters."""
    if length <= LONG:
        return nearest(COURTESIES, length, rng)
    first = nearest(COURTESIES, length // 2, rng)
    return f"{first} {nearest(COURTESIES, length - len(first) - 1, rng)}"


def nearest(texts: Sequence[str], length: int, rng: Random, of: int = NEAR) -> str:
    """One of the texts whose length is nearest to what is wanted."""
    ranked = sorted(texts, key=lambda text: (abs(len(text) - length), text))
    return rng.choice(ranked[:of])
