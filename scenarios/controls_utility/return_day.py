from __future__ import annotations

from datetime import date, timedelta

from privgym.draw import Draw
from privgym.scenario import Scenario
from privgym.value import Value

from ._question import Question

BORROWED = (
    "the drill", "a library book", "the trailer", "a costume", "the projector", "a kayak",
    "the ladder", "a cello", "the tent", "a van", "the sewing machine", "a pair of skis",
)  # fmt: skip


def return_day(draw: Draw) -> Scenario:
    """Some weeks after a day: which day is that."""
    q = Question(draw)
    weeks, start = draw.rng.randint(2, 4), draw.day((20, 60))
    begin = q.s.fact("option", of=q.me, value=start)
    end = date.fromisoformat(start.text) + timedelta(weeks=weeks)
    days = [end + timedelta(days=more) for more in (0, -7, -1, 1, 7)]
    facts = q.options(*(Value("date", str(day)) for day in days if str(day) != start.text))
    story = f"I borrow {draw.rng.choice(BORROWED)} on {begin} and keep it for {weeks} weeks."
    return q.asks("on which day I have to bring it back", facts, story=story)
