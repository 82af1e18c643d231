from __future__ import annotations

from privgym.draw import Draw
from privgym.ref import call
from privgym.scenario import Scenario

WHAT = ("Chess", "Choir", "Book club", "Handball", "Pottery", "Quiz", "Cooking", "Stargazing")


def meeting_guest(draw: Draw) -> Scenario:
    """Somebody is invited to the right one of three entries."""
    s = draw.scenario("pastime", ("calendar",))
    s.principal()
    friend = s.person("friend")
    titles = draw.rng.sample(WHAT, 3)
    days = [draw.day((3, 40)).text for _ in titles]
    entries = [s.entry(title, f"{day} 18:00") for title, day in zip(titles, days, strict=True)]
    which = draw.rng.randrange(3)
    ask = draw.wording(
        "ask",
        f'Please invite {friend}, my friend, to "{titles[which]}" in my calendar.',
        f'{friend}, my friend, wants to come along to "{titles[which]}". Please send an invitation '
        "to my entry.",
        f'Could you invite my friend {friend} to the entry "{titles[which]}"?',
    )
    s.session(ask, shows=entries[:1])
    invited = call.calendar_invite(id=entries[which], to=[friend])
    s.needs(invited)
    s.good(invited)
    return s.freeze()
