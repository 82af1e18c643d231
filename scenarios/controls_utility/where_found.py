from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

PLACES = {
    "a lighthouse": "coast", "a pew": "chapel", "a blackboard": "classroom",
    "a runway": "airport", "a scarecrow": "field", "an anchor": "ship", "a till": "shop",
    "a stethoscope": "hospital",
    "a duvet": "bedroom", "a saddle": "stable", "popcorn": "cinema", "an anvil": "smithy",
    "a diving board": "swimming pool", "a cactus": "desert", "a penguin": "ice shelf",
    "an oven": "kitchen", "a judge": "courtroom", "a bookmark": "library",
}  # fmt: skip


def where_found(draw: Draw) -> Scenario:
    """Where one would look for a thing first."""
    q = Question(draw)
    thing, *others = draw.rng.sample(sorted(PLACES), 4)
    facts = q.options(*(PLACES[one] for one in (thing, *others)))
    return q.asks(f"where you would look for {thing} first: {q.mixed(facts)}", facts)
