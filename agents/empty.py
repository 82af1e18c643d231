"""Does nothing at all: every turn is empty. The floor below the refuser, which at least speaks."""

from __future__ import annotations

from collections.abc import Mapping

from privgym.agent import Agent
from privgym.message import Action, Observation
from privgym.model import Model


class Empty:
    """Neither words nor calls."""

    about: Mapping[str, str] = {"agent": "empty", "version": "1"}

    async def act(self, observation: Observation) -> Action:
        """Let the turn pass."""
        return Action()


def make(model: Model | None, seed: int) -> Agent:
    """An agent that does nothing; it needs neither model nor seed."""
    return Empty()
