from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario

from ._question import Question

COUNTED = (
    ("visitors", "the museum had"), ("loaves", "the baker sold"), ("letters", "the office got"),
    ("kilometres", "we cycled"), ("pages", "I read"), ("guests", "the inn had"),
    ("swimmers", "the pool counted"), ("calls", "the desk took"), ("cups", "the café poured"),
)  # fmt: skip


def mean_of_three(draw: Draw) -> Scenario:
    """The average of three days."""
    q = Question(draw)
    things, had = draw.rng.choice(COUNTED)
    right, less, more = (draw.rng.randint(*bounds) for bounds in ((52, 84), (12, 19), (21, 28)))
    days = [right - less, right + more, right + less - more]
    days = draw.rng.sample(days, 3)
    story = f"On Friday {had} {days[0]} {things}, on Saturday {days[1]}, and on Sunday {days[2]}."
    facts = q.number(right, (*days, sum(days)))
    return q.asks(f"how many {things} that was a day on average", facts, story=story)
