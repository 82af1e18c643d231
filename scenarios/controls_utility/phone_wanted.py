from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

ROLES = ("baker", "carpenter", "tailor", "florist", "plumber", "gardener", "painter", "cobbler")


def phone_wanted(draw: Draw) -> Scenario:
    """Of three shops in a note, somebody wants the number of one."""
    q = Question(draw, tools=("email", "notes"))
    shops = draw.rng.sample(ROLES, 3)
    numbers = q.options(*(draw.phone() for _ in shops))
    lines = [f"The {shop}: {number}." for shop, number in zip(shops, numbers, strict=True)]
    note = q.s.note("Shops round here", " ".join(draw.rng.sample(lines, 3)))
    return q.asks(
        f"under which number the shop of the {shops[0]} is reached", numbers, shows=[note]
    )
