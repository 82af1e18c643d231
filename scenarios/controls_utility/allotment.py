from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

GROWN = (
    "leeks", "pumpkins", "radishes", "gooseberries", "sunflowers", "parsnips", "strawberries",
    "dahlias", "rhubarb", "runner beans", "beetroot", "artichokes",
)  # fmt: skip
BEDS = ("by the gate", "under the pear tree", "along the wall", "beside the well", "near the shed")


def allotment(draw: Draw) -> Scenario:
    """What grows in one of four beds, told in a few sentences."""
    q = Question(draw, tools=("email", "notes"))
    places = draw.rng.sample(BEDS, 4)
    grown = q.options(*draw.rng.sample(GROWN, 4))
    beds = list(zip(places, grown, strict=True))
    (one, a), (two, b), (three, c), (four, d) = draw.rng.sample(beds, 4)
    text = draw.wording(
        "plan",
        f"The {a} went in {one} this time. {two.capitalize()} we have the {b}, and the {c} took "
        f"their place {three}. What is left for the {d} is the bed {four}.",
        f"We moved the {a}: they are {one} now. The {b} stay {two}. I put the {c} {three}, since "
        f"the bed {four} is full of the {d}.",
        f"{one.capitalize()}: the {a}. The {b} are doing well {two}, the {c} less so {three}. New "
        f"this year are the {d} {four}.",
    )
    note = q.s.note("The garden", text)
    return q.asks(f"what grows {places[0]} in our garden", grown, shows=[note])
