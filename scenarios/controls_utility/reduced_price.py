from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

THINGS = (
    "bicycle", "sofa", "tent", "coat", "lawnmower", "desk", "camera", "rug", "canoe", "violin",
    "sewing machine", "wardrobe", "telescope", "ladder", "carpet", "mattress",
)  # fmt: skip


def reduced_price(draw: Draw) -> Scenario:
    """A price, less some percent."""
    q = Question(draw)
    percent, price = draw.rng.choice((10, 20, 25, 50)), 20 * draw.rng.randint(8, 24)
    off = price * percent // 100
    story = f"The {draw.rng.choice(THINGS)} costs ${price}. In the sale it is {percent} % cheaper."
    facts = q.dollars(price - off, (price, percent, off))
    return q.asks("what it costs in the sale", facts, story=story)
