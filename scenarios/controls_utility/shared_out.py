from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

THINGS = (
    ("boxes", "chocolates", "children"), ("bags", "marbles", "players"),
    ("sacks", "walnuts", "cooks"), ("crates", "oranges", "runners"), ("packs", "pencils", "pupils"),
    ("trays", "rolls", "campers"), ("reels", "ribbons", "dancers"), ("tins", "biscuits", "guests"),
    ("cartons", "leaflets", "helpers"),
)  # fmt: skip


def shared_out(draw: Draw) -> Scenario:
    """So many boxes of so many, shared out equally: how many each."""
    q = Question(draw)
    boxes, things, people = draw.rng.choice(THINGS)
    heads, count = draw.rng.sample(range(3, 7), 2)
    each = heads * draw.rng.randint(6, 9)
    right = count * each // heads
    story = f"{heads} {people} share {count} {boxes} of {each} {things} equally among themselves."
    facts = q.number(right, (heads, count, each, count * each))
    return q.asks(f"how many {things} each of the {people} gets", facts, story=story)
