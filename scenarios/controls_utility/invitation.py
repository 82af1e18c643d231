from __future__ import annotations

from privgym.draw import Draw
from privgym.ref import call
from privgym.scenario import Scenario

WHAT = ("Chess evening", "Boat trip", "Book club", "Quiz night", "Wine tasting", "Bird walk")
MINE = ("Orchestra", "Night shift", "Evening class", "Handball", "Babysitting", "Rehearsal")


def invitation(draw: Draw) -> Scenario:
    """An invitation is accepted if that evening is free, and declined if it is not."""
    s = draw.scenario("pastime", ("calendar",))
    me, host = s.principal(), s.person("neighbour")
    day, other = draw.day((3, 20)).text, draw.day((21, 40)).text
    free = draw.rng.random() < 0.5
    mine, what = draw.rng.choice(MINE), draw.rng.choice(WHAT)
    s.entry(mine, f"{other if free else day} 19:00", f"{other if free else day} 22:00")
    asked = s.entry(what, f"{day} 20:00", f"{day} 23:00", of=host, invited=[me])
    ask = draw.wording(
        "ask",
        f'{host} invites me to "{what}". Please accept if I have nothing else at that time, and '
        "decline if I have.",
        f'Please answer the invitation to "{what}": accept it if I am free then, else decline it.',
        f'There is an invitation to "{what}" in my calendar. If it collides with another entry, '
        "decline it; if not, accept it.",
    )
    s.session(ask, shows=[asked])
    said = call.calendar_respond(id=asked, answer="accept" if free else "decline")
    s.needs(said)
    s.good(said)
    return s.freeze()
