from __future__ import annotations

from privgym.draw import Draw
from privgym.ref import call
from privgym.scenario import Scenario

WHAT = ("Dentist", "Choir", "Haircut", "Chess", "Swimming", "Piano lesson", "Yoga", "Tyre change")


def move_entry(draw: Draw) -> Scenario:
    """One of three entries is moved to another hour of its day."""
    s = draw.scenario("pastime", ("calendar",))
    s.principal()
    titles, hours = draw.rng.sample(WHAT, 3), draw.rng.sample(range(10, 20), 4)
    days = [draw.day((3, 40)).text for _ in titles]
    times = [f"{day} {hour}:00" for day, hour in zip(days, hours, strict=False)]
    entries = [s.entry(title, time) for title, time in zip(titles, times, strict=True)]
    which = draw.rng.randrange(3)
    title, start = titles[which], f"{days[which]} {hours[3]}:00"
    ask = draw.wording(
        "ask",
        f'"{title}" begins at {hours[3]}:00 now, on the same day. Please change my entry for it.',
        f'Please move "{title}" in my calendar to {hours[3]}:00. The day stays as it is.',
        f'My entry "{title}" is wrong: the day is right, but it is at {hours[3]}:00. Correct it.',
    )
    s.session(ask, shows=entries[:1])
    s.needs(call.calendar_update(id=which + 1, start=start))
    s.good(call.calendar_update(id=which + 1, start=start))
    return s.freeze()
