from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

SHOWN = (
    "the stuffed bear", "the silver coins", "the ship models", "the old maps", "the steam engine",
    "the puppets", "the meteorite", "the clocks", "the tapestries", "the fossils",
)  # fmt: skip
ROOMS = (
    "Amber Room", "North Gallery", "Dome Hall", "Vaulted Cellar", "Mirror Cabinet", "Rose Chamber",
    "Tower Loft", "Garden Wing",
)  # fmt: skip


def museum_rooms(draw: Draw) -> Scenario:
    """Where a thing is shown; it was moved, and the other one took its place."""
    q = Question(draw, tools=("email", "notes"))
    moved, other, third = draw.rng.sample(SHOWN, 3)
    now, before, last = q.options(*draw.rng.sample(ROOMS, 3))
    text = draw.wording(
        "news",
        f"In the {before} you now find {other}. For {moved} go to the {now}. As ever, {third} can "
        f"be seen in the {last}.",
        f"The {last} still has {third}. The {before} is for {other} from now on, because "
        f"{moved} went to the {now}.",
        f"New in the {before}: {other}. Look for {moved} in the {now} and for {third} in the "
        f"{last}.",
    )
    note = q.s.note("Museum", text)
    return q.asks(f"in which room {moved} can be seen now", [now, before, last], shows=[note])
