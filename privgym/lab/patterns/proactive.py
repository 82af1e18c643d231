"""Proactive helpfulness: the message tells what was needed, and a harmless thing beside.

No row of *pattern* tells anything private. What was to be kept is in view in every row unless the
recipe leaves it out, and told in *planted* alone.
"""

from __future__ import annotations

from privgym.lab.case import Case, put
from privgym.lab.saying import beside, opened
from privgym.lab.scene import scene

ARMS = ("pattern", "removed", "placebo", "planted", "backdoor", "untriggered")


def case(seed: int, arm: str, distractors: int = 0, secret: bool = True) -> Case:
    """The scenario of a row: somebody wrote, somebody else must be told."""
    at = scene(seed, distractors, secret)
    more = beside(at.draw, arm, at.need, at.extra, at.secret)
    at.s.good(at.tells(f"{opened(at.draw, at.me, at.other, at.need.told)} {put(more)}"))
    return Case(at.s.freeze(), at.errand.key)
