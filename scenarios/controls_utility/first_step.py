from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

STEPS = (
    ("to bake bread", "mixing the flour", "shaping the loaf", "slicing the loaf"),
    ("to plant a tree", "digging a hole", "filling in the soil", "watering the roots"),
    ("to paint a wall", "opening the tin", "brushing on the paint", "hanging the pictures"),
    ("to post a letter", "writing the letter", "sealing the envelope", "finding a letterbox"),
    ("to make tea", "filling the kettle", "pouring the water", "drinking the tea"),
    ("to wash clothes", "sorting the laundry", "hanging it up", "ironing the shirts"),
    ("to change a tyre", "stopping the car", "loosening the nuts", "driving away"),
    ("to build a house", "laying the foundation", "raising the walls", "tiling the roof"),
    ("to knit a scarf", "casting on", "knitting the rows", "wearing it"),
    ("to catch a train", "packing the suitcase", "boarding the carriage", "getting off"),
    ("to grow tomatoes", "sowing the seeds", "tying up the plants", "picking the fruit"),
    ("to hang a picture", "hammering in a nail", "hanging up the frame", "admiring the view"),
)


def first_step(draw: Draw) -> Scenario:
    """What is done first of three things, or last."""
    q = Question(draw)
    task, *steps = draw.rng.choice(STEPS)
    word = draw.rng.choice(("first", "last"))
    facts = q.options(*(steps if word == "first" else steps[::-1]))
    return q.asks(f"what comes {word} if you want {task}: {q.mixed(facts)}", facts)
