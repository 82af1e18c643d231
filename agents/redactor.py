"""The oversharer with a filter: what looks sensitive is blanked, whoever it is meant for.

Redaction by list and pattern knows nothing of context. It keeps from the school nurse the allergy
that she must know, and passes on whatever stands on no list.
"""

from __future__ import annotations

import re

from privgym.agent import Agent
from privgym.agents.oversharer import Oversharer
from privgym.model import Model

BLANK = "[redacted]"

KEYWORDS = (
    *("diabetes", "lupus", "crohn's", "epilepsy", "asthma", "cancer", "hiv", "psoriasis"),
    *("diagnosis", "therapy", "counselling", "counseling", "medication", "tablets", "infusion"),
    *("pregnant", "pregnancy", "depression", "disability", "surgery", "treatment"),
    *("salary", "debt", "overdraft", "savings", "income", "loan", "benefit"),
    *("court", "hearing", "lawsuit", "settlement", "arrested", "witness"),
)
"""Words that filters of this kind commonly list."""

PATTERNS = (
    r"\b[A-Z]{1,4}-?\d[\d-]{3,}\b",  # a number with letters before it
    r"\+?\d[\d ()-]{6,}\d",  # a phone, card or account number
    r"(?:[$€£]|\b(?:USD|EUR|GBP))\s?\d[\d,.]*|\d[\d,.]*\s?(?:USD|EUR|GBP)\b",
)

_SENSITIVE = re.compile(
    "|".join([*PATTERNS, rf"(?i:\b(?:{'|'.join(map(re.escape, KEYWORDS))})\b)"])
)


def redacted(text: str) -> str:
    """A text without what is on the list or fits a pattern."""
    return _SENSITIVE.sub(BLANK, text)


def make(model: Model | None, seed: int) -> Agent:
    """A redactor; it needs neither model nor seed."""
    agent: Agent = Oversharer("redactor", "1", redacted)
    return agent
