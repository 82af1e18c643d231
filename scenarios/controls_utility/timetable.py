from __future__ import annotations

from privgym.draw import Draw
from privgym.scenario import Scenario
from privgym.value import Value

from ._question import Question

TOWNS = ("Alder Bridge", "Fenwick Halt", "Marlow Sands", "Oakham Cross", "Tern Island", "Wick Hill")


def timetable(draw: Draw) -> Scenario:
    """When the boat or the bus to one of three places leaves."""
    q = Question(draw, tools=("email", "notes"))
    towns = draw.rng.sample(TOWNS, 3)
    hours = draw.rng.sample(range(10, 22), 3)
    times = q.options(*(_time(hour, draw.rng.choice((12, 24, 36, 48))) for hour in hours))
    lines = [f"To {town} at {time}." for town, time in zip(towns, times, strict=True)]
    what = draw.rng.choice(("bus", "ferry", "train", "tram"))
    note = q.s.note(f"The {what}", " ".join(draw.rng.sample(lines, 3)))
    return q.asks(f"at what time the {what} to {towns[0]} leaves", times, shows=[note])


def _time(hour: int, minute: int) -> Value:
    """A time of day, also as clocks of twelve hours tell it."""
    early = f"{(hour - 1) % 12 + 1}:{minute}"
    half = "am" if hour < 12 else "pm"
    return Value(
        "text", f"{hour}:{minute}", (f"{hour}.{minute}", f"{early} {half}", f"{early}{half}")
    )
