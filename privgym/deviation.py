"""A trace beside its replay: the first event that differs, and what somebody changed there.

All but the agent's turns follows from the scenario and these turns, so a replay is what must have
happened. Where it did not, the kind of the event says what was edited.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from privgym.episode import replay
from privgym.event import Acted, AnyEvent, Closed, Returned, Sent
from privgym.flow import AGENT
from privgym.refusal import Refusal
from privgym.scenario import Scenario
from privgym.trace import Trace


class Deviation(msgspec.Struct, frozen=True):
    """The first event of a trace that its replay does not have: its number, and what it means."""

    event: int
    refusal: Refusal
    what: str


def deviation(one: Trace, scenario: Scenario) -> Deviation | None:
    """Live an episode again with the agent's recorded turns, and compare.

    Args:
        one: the trace. One of a failed episode need only be how the episode begins.
        scenario: what it is of.
    """
    acts = [e.action for e in one.events if isinstance(e, Acted) and e.party == AGENT]
    lived = replay(scenario, acts, one.header.guard).events
    for number, (old, new) in enumerate(zip(one.events, lived, strict=False)):
        if old != new:
            refusal = _edited(one.events[:number], old, new, scenario)
            return Deviation(number, refusal, f"{_named(old)}; on replay {_named(new)}")
    if len(one.events) > len(lived):
        more = one.events[len(lived) :]
        took = any(isinstance(e, Acted) and e.party == AGENT for e in more)
        refusal = Refusal.BUDGET if took else Refusal.FOREIGN_EVENT
        return Deviation(len(lived), refusal, f"{len(more)} events after the episode's end")
    if len(one.events) < len(lived) and not one.failure:
        what = f"it stops after {len(one.events)} events; on replay there are {len(lived)}"
        return Deviation(len(one.events), Refusal.FOREIGN_EVENT, what)
    return None


def _edited(
    before: Sequence[AnyEvent], old: AnyEvent, new: AnyEvent, scenario: Scenario
) -> Refusal:
    """What was changed where a record and its replay part."""
    turn = isinstance(old, Acted) and old.party == AGENT
    if (turn and isinstance(new, Closed)) or (
        _over(before, scenario) and isinstance(new, Returned)
    ):
        return Refusal.BUDGET
    if type(old) is not type(new) or turn:
        return Refusal.FOREIGN_EVENT
    if isinstance(old, Returned):
        return Refusal.RESULT_EDITED
    if isinstance(new, Sent) and new.hand == AGENT:
        return Refusal.SENT_EDITED
    return Refusal.OBSERVATION_EDITED


def _over(before: Sequence[AnyEvent], scenario: Scenario) -> bool:
    """Whether all calls that one turn may make had been answered by then."""
    answered = 0
    for event in reversed(before):
        if isinstance(event, Acted):
            return event.party == AGENT and answered >= scenario.budget.calls
        answered += isinstance(event, Returned)
    return False


def _named(event: AnyEvent) -> str:
    """An event in a few words: its kind, and its first characters."""
    text = msgspec.json.encode(event).decode()
    return text if len(text) <= 80 else f"{text[:80]}..."
