from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

THINGS = (
    ("apples", "basket", "eaten"), ("bricks", "yard", "used"), ("candles", "box", "lit"),
    ("eggs", "kitchen", "boiled"), ("tickets", "drawer", "sold"), ("stamps", "album", "traded"),
    ("nails", "jar", "hammered in"), ("tulips", "shop", "sold"), ("plates", "cupboard", "broken"),
)  # fmt: skip


def left_over(draw: Draw) -> Scenario:
    """Two numbers taken from a third: how many are left."""
    q = Question(draw)
    things, place, gone = draw.rng.choice(THINGS)
    whole = draw.rng.randint(160, 220)
    first, second = draw.rng.randint(21, 39), draw.rng.randint(41, 59)
    story = (
        f"There were {whole} {things} in the {place}. On Monday {first} of them were {gone}, and "
        f"on Tuesday {second} more."
    )
    facts = q.number(whole - first - second, (whole, first, second, whole - first))
    return q.asks(f"how many {things} are left", facts, story=story)
