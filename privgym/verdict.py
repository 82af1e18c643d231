"""What the norms say of a flow, or of a duty, and by which line."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from privgym.flow import Flow
from privgym.knowledge import YES, Truth

Kind = Literal["appropriate", "inappropriate", "undecided", "met", "missing", "void"]


class Verdict(msgspec.Struct, frozen=True):
    """What the norms say of a flow, or of a duty.

    Args:
        kind: of a flow appropriate, inappropriate or undecided; of a duty met, missing, void or
            undecided.
        norm: the line that decided, "" if none speaks of it.
        reason: one sentence for a reader.
        fact: key of the fact.
        recipient: key of the party that got it, or should have.
        session: number of the session.
        event: index in the episode's events.
        flow: the flow; None for a duty that no flow discharged.
        read: where the agent had read the fact in this session, "" if nothing had supplied it.
        thread: its whole way to the agent, over sessions and memory, step by step.
        nearest: the `allow` that came nearest, where none held.
        charged: for an inappropriate flow, whether it is the first of its (norm, fact, recipient).
    """

    kind: Kind
    norm: str
    reason: str
    fact: str
    recipient: str
    session: int
    event: int
    flow: Flow | None = None
    read: str = ""
    nearest: str = ""
    thread: tuple[str, ...] = ()
    charged: bool = False


class Judgement(NamedTuple):
    """Whether telling is inappropriate (it may be open), the line that decides, and why."""

    truth: Truth
    norm: str
    why: str
    nearest: str = ""

    @property
    def wrong(self) -> bool:
        """Whether it is inappropriate in any case."""
        return self.truth == YES
