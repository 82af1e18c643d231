from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

WORK = {
    "a tap drips": "plumber", "a tooth aches": "dentist", "the fuse keeps blowing": "electrician",
    "a dog limps": "vet", "a shoe has a hole": "cobbler", "the roof has lost tiles": "roofer",
    "a watch stands still": "watchmaker", "the chimney is full of soot": "chimney sweep",
    "a key has broken off in the lock": "locksmith", "the piano is out of tune": "piano tuner",
    "the car does not start": "mechanic", "the eyes no longer see well": "optician",
    "a window pane is broken": "glazier", "the suit is too wide": "tailor",
    "the hair is too long": "hairdresser", "the bees have left their hive": "beekeeper",
}  # fmt: skip


def whose_work(draw: Draw) -> Scenario:
    """Whom to call when something is wrong."""
    q = Question(draw)
    wrong, *others = draw.rng.sample(sorted(WORK), 4)
    facts = q.options(*(WORK[one] for one in (wrong, *others)))
    return q.asks(f"whom one should call when {wrong}: {q.mixed(facts)}", facts)
