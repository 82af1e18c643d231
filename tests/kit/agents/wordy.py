"""Gives words where an action is due."""

from __future__ import annotations

from collections.abc import Mapping


class Agent:
    about: Mapping[str, str] = {"agent": "wordy"}

    async def act(self, observation):
        return "just text"


def make(model, seed):
    return Agent()
