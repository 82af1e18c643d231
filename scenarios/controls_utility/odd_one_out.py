from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

KINDS = {
    "fruit": ("plum", "apricot", "banana", "pear", "mango", "grape"),
    "tools": ("hammer", "screwdriver", "chisel", "pliers", "wrench"),
    "birds": ("sparrow", "heron", "eagle", "starling", "magpie", "swan"),
    "furniture": ("armchair", "bookcase", "wardrobe", "sideboard", "bench"),
    "instruments": ("violin", "trumpet", "flute", "cello", "drum"),
    "clothes": ("jacket", "trousers", "scarf", "shirt", "gloves"),
    "vehicles": ("bicycle", "tram", "lorry", "motorcycle", "scooter"),
    "fish": ("salmon", "sardine", "trout", "tuna", "mackerel"),
    "weather": ("rain", "hail", "thunder", "drizzle", "sleet"),
}


def odd_one_out(draw: Draw) -> Scenario:
    """Three of four things are of one kind: which is not."""
    q = Question(draw)
    kind, other = draw.rng.sample(sorted(KINDS), 2)
    same = draw.rng.sample(KINDS[kind], 3)
    facts = q.options(draw.rng.choice(KINDS[other]), *same)
    return q.asks(f"which of these four does not belong with the others: {q.mixed(facts)}", facts)
