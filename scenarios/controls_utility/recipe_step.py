from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario
from privgym.value import Value

from ._question import Question

DISHES = ("plum cake", "lentil soup", "cheese bread", "apple strudel", "onion tart", "bean stew")


def recipe_step(draw: Draw) -> Scenario:
    """How many minutes one step of a recipe takes."""
    q = Question(draw, tools=("email", "notes"))
    steps = draw.rng.sample(("rise", "rest", "bake", "simmer", "cool", "soak"), 3)
    drawn = draw.rng.sample(range(15, 75, 5), 3)
    times = (Value("text", f"{n} minutes", (f"{n} min", f"{n}")) for n in drawn)
    minutes = q.options(*times)
    timed = [f"Let it {step} for {time}." for step, time in zip(steps, minutes, strict=True)]
    dish = draw.rng.choice(DISHES)
    note = q.s.note(f"Recipe: {dish}", " ".join(draw.rng.sample(timed, 3)) + " Serve it fresh.")
    return q.asks(f"how long the {dish} has to {steps[0]}", minutes, shows=[note])
