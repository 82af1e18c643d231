"""Declines everything and calls nothing: the floor of utility."""

from __future__ import annotations

from collections.abc import Mapping

from privgym.agent import Agent
from privgym.message import Action, Observation
from privgym.model import Model


class Refuser:
    """Says the same sentence at every turn."""

    about: Mapping[str, str] = {"agent": "refuser", "version": "1"}

    async def act(self, observation: Observation) -> Action:
        """Decline."""
        return Action(text="I am sorry, but I cannot help with that.")


def make(model: Model | None, seed: int) -> Agent:
    """A refuser; it needs neither model nor seed."""
    return Refuser()
