"""The way of a fact, as a verdict tells it -> its steps, each with the event at which it was so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Literal

import msgspec

from privgym.event import AnyEvent, Opened, Returned, Sent
from privgym.flow import AGENT, MEMORY, Finding
from privgym.verdict import Verdict

How = Literal["in view", "read", "told", "written", "recalled"]

_STEPS: tuple[tuple[How, str], ...] = (
    ("in view", r"in view when session (\d+) opened"),
    ("read", r"read in session (\d+) by "),
    ("written", r"written to memory in session (\d+)$"),
    ("recalled", r"recalled from memory in session (\d+)"),
    ("told", r"told by .* in session (\d+)"),
)
"""How `privgym.thread` words the steps before the last, which is the flow itself."""


class Step(msgspec.Struct, frozen=True):
    """One step, in the verdict's words, and the anchor of its event; "" where none is named."""

    text: str
    anchor: str = ""


class Places:
    """Where each fact first was, by how the agent had it and the session.

    Args:
        events: of the whole episode.
        found: (event, finding) of all facts in texts that were sent, returned or opened with.
    """

    def __init__(self, events: Sequence[AnyEvent], found: Iterable[tuple[int, Finding]]) -> None:
        self._first: dict[tuple[How, int, str], int] = {}
        self.sessions = numbered(events)
        for number, finding in found:
            for how in _hows(events[number]):
                self._first.setdefault((how, self.sessions[number], finding.fact), number)

    def anchor(self, event: int) -> str:
        """What a page calls an event, for links to it: "s2-e17"."""
        return f"s{self.sessions[event]}-e{event}"

    def way(self, verdict: Verdict) -> tuple[Step, ...]:
        """The steps of a verdict's thread; the last, where it is the flow, leads to its event."""
        flow = verdict.flow
        if flow is None:
            return ()
        fact, steps = flow.finding.fact, verdict.thread
        found = [Step(step, self._place(step, fact)) for step in steps]
        if found and flow.recipient != AGENT:
            found[-1] = Step(steps[-1], self.anchor(verdict.event))
        return tuple(found)

    def _place(self, step: str, fact: str) -> str:
        for how, pattern in _STEPS:
            if match := re.match(pattern, step, flags=re.DOTALL):
                event = self._first.get((how, int(match[1]), fact))
                return "" if event is None else self.anchor(event)
        return ""


def numbered(events: Sequence[AnyEvent]) -> list[int]:
    """The session that each event happened in; 0 is before the first."""
    session, found = 0, []
    for event in events:
        if isinstance(event, Opened):
            session = event.session
        found.append(session)
    return found


def _hows(event: AnyEvent) -> Sequence[How]:
    """How the agent has, or puts, what this event tells."""
    match event:
        case Opened():
            return ("in view",)
        case Returned(party=party) if party == AGENT:
            return ("read",)
        case Sent():
            written: Sequence[How] = ("written",) if MEMORY in event.to else ()
            if AGENT not in event.to:
                return written
            return (*written, "recalled" if event.sender == MEMORY else "told")
    return ()
