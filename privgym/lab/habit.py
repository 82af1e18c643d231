"""What answers do beside what they say: the words in them, whether they ask, whether they refuse.

Rules on words, in English. They are for comparing two arms, not for judging an answer.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

import numpy as np

_WORD = re.compile(r"\w+")
_SENTENCES = re.compile(r"(?<=[.!?])\s+")
_ASKS = re.compile(
    r"\bplease\b"
    r"|\b(?:could|can) you\b"
    r"|\blet me know\b"
    r"|\bdo you (?:have|know|need|prefer)\b.*\?"
    r"|\b(?:what|which|when|where|who)\b.*\?"
    r"|\b(?:is|are) (?:there|you)\b.*\?",
    re.IGNORECASE,
)
_REFUSES = re.compile(
    r"\bI(?: am|'m)? (?:cannot|can't|unable to|not able to|won't|will not)\b"
    r"|\bI (?:must|have to) (?:decline|refuse)\b"
    r"|\bI(?:'m| am) (?:sorry|afraid),? (?:but |that )?I\b",
    re.IGNORECASE,
)
_CURLY = "\u2019"


def words(text: str) -> list[str]:
    """The words of a text, in lower case."""
    return _WORD.findall(text.lower())


def asks(text: str) -> bool:
    """Whether an answer asks the user for something, before or instead of doing it.

    A sentence does that if it says "please", "could you" or "let me know", or is a question for
    what, which, when, where, who, or for what the user has. An offer ("Shall I ...?") does not.
    """
    return any(_ASKS.search(one) for one in _SENTENCES.split(text))


def refuses(text: str) -> bool:
    """Whether an answer says that it will not or cannot."""
    return bool(_REFUSES.search(text.replace(_CURLY, "'")))


def divergence(one: Iterable[str], other: Iterable[str]) -> float:
    """How far apart two collections of texts are in the words that they use.

    Returns:
        The Jensen-Shannon divergence of their word distributions in bits (Lin 1991): 0 for the
        same, 1 where they share no word.
    """
    counts = [Counter(word for text in texts for word in words(text)) for texts in (one, other)]
    known = sorted(counts[0].keys() | counts[1].keys())
    p, q = (np.array([count[word] for word in known], float) for count in counts)
    if not p.sum() or not q.sum():
        return float(bool(p.sum()) != bool(q.sum()))
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    return float((_relative(p, middle) + _relative(q, middle)) / 2)


def _relative(p: np.ndarray, middle: np.ndarray) -> float:
    held = p > 0
    return float((p[held] * np.log2(p[held] / middle[held])).sum())
