"""Which call stands where: each just before the first thing that came of it.

A turn holds all its calls at once, and they are run in order; a reader wants each beside what it
did.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import msgspec

from privgym.event import Acted, AnyEvent, Closed, Opened, Returned, Sent, Ticked
from privgym.message import Call


class Placed(msgspec.Struct, frozen=True):
    """A call, the event of the turn that made it, and which of that turn's calls it is, from 1."""

    turn: int
    number: int
    call: Call


def placed(events: Sequence[AnyEvent]) -> Mapping[int, Sequence[Placed]]:
    """The calls that stand before each event; those of which nothing came, before the next turn.

    Args:
        events: of the whole episode; one beyond the last stands for its end.
    """
    before: dict[int, list[Placed]] = defaultdict(list)
    waiting: list[Placed] = []
    begun = False
    for number, event in enumerate(events):
        if isinstance(event, (Acted, Opened, Closed, Ticked)):
            before[number] += waiting[begun:]
            waiting, begun = [], False
        if isinstance(event, Acted):
            calls = enumerate(event.action.calls, 1)
            waiting = [Placed(number, which, call) for which, call in calls]
        elif waiting and not (isinstance(event, Sent) and event.channel == "talk"):
            if not begun:
                before[number].append(waiting[0])
            begun = not isinstance(event, Returned)
            if not begun:
                del waiting[0]
    before[len(events)] += waiting[begun:]
    return before
