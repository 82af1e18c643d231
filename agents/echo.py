"""Says back to the asker what it was last shown, and calls nothing."""

from __future__ import annotations

from collections.abc import Mapping

from privgym.agent import Agent
from privgym.message import Action, Observation
from privgym.model import Model


class Echo:
    """Repeats the last message that was not its own: the asker's words, or a notice."""

    about: Mapping[str, str] = {"agent": "echo", "version": "1"}

    async def act(self, observation: Observation) -> Action:
        """Repeat."""
        others = (m.text for m in reversed(observation.messages) if m.role != "assistant")
        return Action(text=next(others, ""))


def make(model: Model | None, seed: int) -> Agent:
    """An echo; it needs neither model nor seed."""
    return Echo()
