"""Tempers: what a person's character makes of the words that she was to say.

A temper bends words into what is said first and what is said later, when she is spoken to. Both
are plain rules of a simulated person, so a temper needs no state and no mind of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from privgym.message import Action, Call
from privgym.wordings import ASIDES, LEADS

Temper = Literal["", "impatient", "vague", "forgetful", "oversharing", "changing"]
"""What a person may be like; "" is someone who says what she means, once."""

Pick = Callable[..., str]
"""`pick(role, *wordings)`: one of several wordings, by the scenario's seed (`Values.wording`)."""


class Words(msgspec.Struct, frozen=True):
    """What somebody is to say, and what tempers can make of it.

    Args:
        text, acts: the words and the acts that go with them.
        less: what a vague or forgetful person says of it at first.
        instead: what one who changes her mind says later.
        instead_acts: the acts that go with that.
        asides: what an oversharing person adds: (what it is, the fact's mark).
    """

    text: str
    acts: tuple[Call, ...] = ()
    less: str = ""
    instead: str = ""
    instead_acts: tuple[Call, ...] = ()
    asides: tuple[tuple[str, str], ...] = ()


def bend(temper: Temper, words: Words, role: str, pick: Pick) -> tuple[Action, Action | None]:
    """What a person of this temper says at first, and what later (None: nothing more).

    Acts go with the words that say them, so what is held back holds its acts back too.

    Args:
        temper: the person's.
        words: what she is to say.
        role: what the words are for; chooses among the wordings with the seed.
        pick: chooses one of several wordings.
    """
    plain = Action(text=words.text, calls=words.acts)
    if temper in ("vague", "forgetful") and words.less:
        lead = pick(f"{role}/lead", *LEADS[temper])
        return Action(text=words.less), Action(text=f"{lead} {words.text}", calls=words.acts)
    if temper == "changing" and words.instead:
        lead = pick(f"{role}/lead", *LEADS[temper])
        return plain, Action(text=f"{lead} {words.instead}", calls=words.instead_acts)
    if temper == "oversharing" and words.asides:
        asides = (
            pick(f"{role}/aside/{fact}", *ASIDES).format(what=what, fact=fact)
            for what, fact in words.asides
        )
        return msgspec.structs.replace(plain, text=" ".join((words.text, *asides))), None
    return plain, None
