from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

DISHES = (
    "potato salad", "lemon cake", "cold pizza", "cheese board", "fruit bowl", "tomato soup",
    "bean stew", "spinach pie", "garlic bread", "rice pudding", "carrot sticks", "apple juice",
)  # fmt: skip


def picnic_list(draw: Draw) -> Scenario:
    """Who brings what stands in a note; one swap changes it."""
    q = Question(draw, tools=("email", "notes"))
    first, second, third = (q.s.person(role) for role in ("host", "guest", "cook"))
    a, b, c, d = draw.rng.sample(DISHES, 4)
    swapped, old, other, drink = q.options(a, b, c, d)
    text = draw.wording(
        "list",
        f"{first} brings the {old}, {second} the {other} and {third} the {drink}. Later: "
        f"{first:first} has no time to cook and brings the {swapped} instead.",
        f"{second} has the {other}, {third} the {drink}. {first} first wanted to make the {old}; "
        f"now it will be the {swapped}.",
        f"The {drink} comes from {third} and the {other} from {second}. {first} will not make the "
        f"{old} after all, but the {swapped}.",
    )
    note = q.s.note("Picnic", text)
    facts = [swapped, old, other, drink]
    return q.asks(f"what {first} brings to the picnic in the end", facts, shows=[note])
