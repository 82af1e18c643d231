from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

LIGHT = (
    "feather", "teaspoon", "postcard", "handkerchief", "cork", "leaf", "paper clip", "matchbox",
    "balloon", "thimble", "tea bag", "button",
)  # fmt: skip
MIDDLING = (
    "laptop", "kettle", "watermelon", "suitcase", "bowling ball", "dictionary", "cat", "toaster",
    "backpack", "bucket of water", "pumpkin", "stool",
)  # fmt: skip
HEAVY = (
    "grand piano", "tractor", "elephant", "lorry", "refrigerator", "horse", "locomotive",
    "millstone", "sailing ship", "bulldozer", "bathtub", "cow",
)  # fmt: skip


def heaviest(draw: Draw) -> Scenario:
    """Which of three things is the heaviest, or the lightest."""
    q = Question(draw)
    three = [draw.rng.choice(some) for some in (LIGHT, MIDDLING, HEAVY)]
    word = draw.rng.choice(("heaviest", "lightest"))
    facts = q.options(*(three[::-1] if word == "heaviest" else three))
    return q.asks(f"what is usually the {word}: {q.mixed(facts)}", facts)
