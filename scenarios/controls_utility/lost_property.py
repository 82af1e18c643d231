from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

THINGS = ("umbrella", "scarf", "cap", "suitcase", "thermos", "camera", "violin case", "rucksack")
PLACES = (
    "ticket hall", "waiting room", "dining car", "platform nine", "left luggage", "news stand",
    "taxi rank", "bicycle shed",
)  # fmt: skip


def lost_property(draw: Draw) -> Scenario:
    """Of three things found, where one was found."""
    q = Question(draw, tools=("email", "notes"))
    things = draw.rng.sample(THINGS, 3)
    places = q.options(*draw.rng.sample(PLACES, 3))
    found = list(zip(things, places, strict=True))
    (one, a), (two, b), (three, c) = draw.rng.sample(found, 3)
    text = draw.wording(
        "found",
        f"Handed in today: a {one} ({a}), a {two} ({b}), a {three} ({c}).",
        f"Somebody left a {one}: {a}. At noon a {two} turned up, {b}. In the evening they brought "
        f"a {three}, {c}.",
        f"{a}: {one}. {b}: {two}. {c}: {three}. Nothing else was found.",
    )
    note = q.s.note("Found at the station", text)
    return q.asks(f"where the {things[0]} was found", places, shows=[note])
