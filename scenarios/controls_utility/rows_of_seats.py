from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

PLACES = (
    ("cinema", "seats", "taken"), ("orchard", "trees", "pruned"), ("school hall", "chairs", "sold"),
    ("vineyard", "vines", "tied up"), ("car park", "spaces", "taken"), ("barn", "crates", "full"),
    ("library", "lamps", "lit"), ("greenhouse", "pots", "planted"), ("harbour", "moorings", "let"),
)  # fmt: skip


def rows_of_seats(draw: Draw) -> Scenario:
    """Rows times seats, and some taken away."""
    q = Question(draw)
    place, things, gone = draw.rng.choice(PLACES)
    rows, each, taken = draw.rng.randint(13, 19), draw.rng.randint(7, 9), draw.rng.randint(21, 38)
    story = f"The {place} has {rows} rows of {each} {things}. Of all these, {taken} are {gone}."
    facts = q.number(rows * each - taken, (rows, each, taken, rows * each))
    return q.asks(f"how many {things} are not {gone}", facts, story=story)
