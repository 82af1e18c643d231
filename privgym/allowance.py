"""What a run may use in all: tokens, turns, seconds.

An allowance is checked before an episode begins. What has begun is lived to its end, so nothing
that was paid for is thrown away, and a run may go over by the episodes that were under way.
"""

from __future__ import annotations

import time

import msgspec


class Timing(msgspec.Struct, frozen=True):
    """What one episode took: seconds from start to end, tokens read and generated, turns."""

    scenario: str
    wall_s: float
    prompt_tokens: int = 0
    tokens: int = 0
    turns: int = 0


class Allowance:
    """The most that a run may use, and what it has used of it.

    Tokens and turns count the run whole, also what earlier commands lived of it; the clock is
    of this command and starts when the allowance is made.

    Args:
        tokens: tokens read and generated; None for any number.
        turns: turns of the agent.
        seconds: seconds until no further episode begins.
    """

    def __init__(
        self, tokens: int | None = None, turns: int | None = None, seconds: float | None = None
    ) -> None:
        self.tokens, self.turns, self.seconds = tokens, turns, seconds
        self._tokens = self._turns = 0
        self._start = time.monotonic()

    def charge(self, timing: Timing) -> None:
        """Count what an episode took."""
        self._tokens += timing.prompt_tokens + timing.tokens
        self._turns += timing.turns

    @property
    def reached(self) -> str:
        """The first limit that is reached, in words; empty while there is something left."""
        if self.tokens is not None and self._tokens >= self.tokens:
            return f"{self._tokens:,} tokens are used, {self.tokens:,} were allowed"
        if self.turns is not None and self._turns >= self.turns:
            return f"{self._turns:,} turns are used, {self.turns:,} were allowed"
        if self.seconds is not None and time.monotonic() - self._start >= self.seconds:
            return f"the {self.seconds:g} seconds are over"
        return ""
