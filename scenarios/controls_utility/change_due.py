from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

THINGS = (
    "notebooks", "lemons", "light bulbs", "postcards", "bus tickets", "buns", "seed packets",
    "paint brushes", "jars of honey", "cinema tickets", "bottles of juice", "pairs of socks",
)  # fmt: skip


def change_due(draw: Draw) -> Scenario:
    """So many things at a price, paid with a note: how much change."""
    q = Question(draw)
    count, price, things = draw.rng.randint(3, 7), draw.rng.randint(4, 9), draw.rng.choice(THINGS)
    spent = count * price
    story = f"I bought {count} {things} for ${price} each and paid with a note of $100."
    facts = q.dollars(100 - spent, (count, price, spent, 100))
    return q.asks("how much change I got", facts, story=story)
