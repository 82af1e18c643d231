from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

USES = {
    "cut down a tree": "chainsaw", "cut paper": "scissors", "drive in a nail": "hammer",
    "sweep the floor": "broom", "measure a room": "tape measure", "boil water": "kettle",
    "dig a ditch": "shovel", "sew on a button": "needle", "look at the stars": "telescope",
    "mow the lawn": "lawnmower", "dry wet hair": "towel", "light a dark cellar": "torch",
    "reach a high shelf": "ladder", "tell the time": "clock", "open a tin": "tin opener",
    "weigh flour": "scales", "find north": "compass", "keep off the rain": "umbrella",
}  # fmt: skip


def right_tool(draw: Draw) -> Scenario:
    """What is needed for a job."""
    q = Question(draw)
    job, *others = draw.rng.sample(sorted(USES), 4)
    facts = q.options(*(USES[one] for one in (job, *others)))
    return q.asks(f"what is best to {job} with: {q.mixed(facts)}", facts)
