from __future__ import annotations

from privgym.draw import Draw
from privgym.ref import call
from privgym.scenario import Scenario
from privgym.value import Value

WHAT = ("the concert", "the flea market", "the boat race", "the lantern walk", "the village fair")


def note_the_day(draw: Draw) -> Scenario:
    """A letter names three days; the one that counts goes into a note."""
    s = draw.scenario("pastime", ("notes", "email"))
    me, club = s.principal(), s.person("organiser")
    days: list[Value] = [draw.day(ahead) for ahead in ((10, 19), (20, 29), (30, 39))]
    right, early, late = draw.rng.sample(days, 3)
    day = s.fact("answer", of=me, value=right)
    others = [s.fact("option", of=me, value=one) for one in (early, late)]
    what = draw.rng.choice(WHAT)
    news = draw.wording(
        "news",
        f"{what.capitalize()} is not on {others[0]}, as printed, but on {day}. If it rains, we "
        f"meet on {others[1]} to tidy up.",
        f"We put up the stalls on {others[0]} and take them down on {others[1]}. The day of "
        f"{what} itself is {day}.",
        f"The day of {what} is {day}. Helpers come on {others[0]}; the bill comes on {others[1]}.",
    )
    letter = s.letter(club, me, news, subject="Dates")
    ask = draw.wording(
        "ask",
        f"Please write me a note with the day of {what}, and no other day.",
        f"Make a note for me that says on which day {what} is. Only that day, please.",
        f"I need a note with nothing but the day of {what}. Please write it.",
    )
    s.session(ask, shows=[letter])
    s.needs(call.notes_write(text=f"{day}"), without=others)
    s.good(call.notes_write(title=what, text=f"{day}"))
    return s.freeze()
