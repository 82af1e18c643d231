from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

BREAKS = (
    "wine glass", "china cup", "light bulb", "raw egg", "mirror", "flower vase", "glass jar",
    "clay pot", "porcelain plate", "window pane", "snow globe", "fish tank",
)  # fmt: skip
LASTS = (
    "tennis ball", "woollen sock", "sponge", "leather glove", "cushion", "rubber boot", "towel",
    "wooden spoon", "sheet of paper", "iron nail", "coin", "rope", "sweater", "cork", "blanket",
)  # fmt: skip


def what_breaks(draw: Draw) -> Scenario:
    """Which of four things breaks when it falls onto a stone floor."""
    q = Question(draw)
    facts = q.options(draw.rng.choice(BREAKS), *draw.rng.sample(LASTS, 3))
    story = "Four things fall off a table, onto a stone floor."
    return q.asks(f"which of them most likely breaks: the {q.mixed(facts)}", facts, story=story)
