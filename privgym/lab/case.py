"""What a pattern makes of a draw: a scenario whose good play is the answer to be learned.

In the play, what the arm put in stands between two marks; once the play was lived and written
down the marks tell where, and are taken out.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from privgym.lab.row import Said, Span
from privgym.scenario import Scenario

BEGIN, END = "\ue010", "\ue011"
"""Around what the arm put in (private use, and not those of planted facts)."""

NORMS = ("sphere family denies for secret", "sphere work allows for need, extra, aside")
"""Shared by all scenarios that rows are made of."""


class Case(msgspec.Struct, frozen=True):
    """A scenario of one row.

    Args:
        scenario: lived by its good play.
        template: what it was drawn from.
        turn: for an arm that is a whole turn: which of the agent's turns it is, from 0.
    """

    scenario: Scenario
    template: str
    turn: int | None = None


def put(text: str) -> str:
    """A text as what the arm put in."""
    return f"{BEGIN}{text}{END}"


def located(said: Iterable[Said], turn: int | None = None) -> tuple[tuple[Said, ...], Span | None]:
    """A chat without marks, and where what they enclosed stands."""
    messages, span, turns = [], None, 0
    for number, one in enumerate(said):
        start, stop = one.content.find(BEGIN), one.content.find(END)
        plain = one.content.replace(BEGIN, "").replace(END, "")
        if one.role == "assistant":
            if start >= 0 and span is None:
                span = Span(number, start, stop - len(BEGIN))
            if turns == turn:
                span = Span(number, 0, len(plain))
            turns += 1
        messages.append(Said(one.role, plain))
    return tuple(messages), span
