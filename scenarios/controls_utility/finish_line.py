from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

COLOURS = ("red", "yellow", "purple", "violet", "orange", "crimson", "silver", "turquoise")


def finish_line(draw: Draw) -> Scenario:
    """Which boat came second (or third) follows from who was before whom."""
    q = Question(draw, tools=("email", "notes"))
    place = draw.rng.choice((1, 2))
    order = draw.rng.sample(COLOURS, 4)
    right = order[place]
    facts = q.options(right, *(one for one in order if one != right))
    by_colour = dict(zip((right, *(one for one in order if one != right)), facts, strict=True))
    first, second, third, last = (by_colour[one] for one in order)
    text = draw.wording(
        "race",
        f"The {second} boat came in right behind the {first} one, which won. The {last} boat was "
        f"the last of the four; just before it was the {third} one.",
        f"Four boats. The {first} one won. Last was the {last} one. Of the other two the {second} "
        f"boat was faster than the {third} one.",
        f"The {third} boat lost to the {second} one by a length and beat the {last} one. The "
        f"{first} one had won long before.",
    )
    note = q.s.note("The boat race", text)
    word = ("second", "third")[place - 1]
    return q.asks(f"what colour the boat had that came {word} of the four", facts, shows=[note])
