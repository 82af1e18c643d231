"""What a transcript is made of: entries, one for everything that happened, by sessions."""

from __future__ import annotations

from typing import Literal

import msgspec

from .chips import Chip, spoken
from .pieces import Piece

Kind = Literal["notice", "turn", "fault", "call", "sent", "returned", "deed", "clock", "closed"]
Hand = Literal["agent", "person", "house"]


class Part(msgspec.Struct, frozen=True):
    """A text of an entry: a field of what was sent, an argument of a call.

    Args:
        name: of the field or argument, "" for plain words.
        pieces: the text; empty for an argument that was sent as it is, and stands there.
    """

    name: str
    pieces: tuple[Piece, ...]


class Entry(msgspec.Struct, frozen=True):
    """One thing that happened.

    Args:
        anchor: for links to it; `also` that of what a turn said, which is an event of its own.
        kind: what happened.
        hand: who did it: the agent, a person, or the house.
        who: the name of the one who did it, "" for the house.
        label: of a call its name, of what was sent its channel, else what there is to say of it.
        account: name of the one whose account it left, where that is not who did it.
        to: names of those it reached.
        error: why a call was not done: "malformed" or "refused".
        parts: its texts.
        printed: what the model printed, where that is not what it said and called.
        chips: the verdicts on it.
    """

    anchor: str
    kind: Kind
    hand: Hand
    who: str
    also: str = ""
    label: str = ""
    account: str = ""
    to: tuple[str, ...] = ()
    error: str = ""
    parts: tuple[Part, ...] = ()
    printed: tuple[Piece, ...] = ()
    chips: tuple[Chip, ...] = ()


class Chapter(msgspec.Struct, frozen=True):
    """A session: its number (0 is what was before the first), what it is of, and its entries."""

    number: int
    about: str
    entries: tuple[Entry, ...]


def label(field: str) -> str:
    """What a page calls a field of what was sent; plain words need no name."""
    return "" if field == "text" else spoken(field)
