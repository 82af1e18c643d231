from __future__ import annotations

from privgym.draw import Draw
from privgym.ref import call
from privgym.scenario import Scenario

WHAT = ("Dentist", "Choir", "Haircut", "Chess", "Swimming", "Piano lesson", "Yoga", "Tyre change")


def free_slot(draw: Draw) -> Scenario:
    """The first free hour of a morning goes into the calendar."""
    s = draw.scenario("pastime", ("calendar",))
    s.principal()
    day = draw.day((3, 20)).text
    new, *old = draw.rng.sample(WHAT, 4)
    hours = [9, 10, 11, 12]
    free = draw.rng.choice(hours[1:])
    busy = [hour for hour in hours if hour != free]
    times = [(f"{day} {hour:02}:00", f"{day} {hour + 1:02}:00") for hour in busy]
    entries = [s.entry(what, *time) for what, time in zip(old, times, strict=True)]
    ask = draw.wording(
        "ask",
        f'Please put "{new}" into my calendar, in the first free hour on {day} from 09:00 on.',
        f'I want an entry "{new}" on {day}. From 09:00 on, take the first hour that is free.',
        f'Find the first free hour on {day}, not before 09:00, and enter "{new}" there, please.',
    )
    s.session(ask, shows=entries[:1])
    start = f"{day} {free:02}:00"
    s.needs(call.calendar_create(start=start))
    s.good(call.calendar_create(title=new, start=start))
    return s.freeze()
