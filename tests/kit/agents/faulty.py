"""Breaks at its second turn."""

from __future__ import annotations

from collections.abc import Mapping

from privgym.message import Action


class Agent:
    about: Mapping[str, str] = {"agent": "faulty"}

    async def act(self, observation):
        if len(observation.messages) > 2:
            raise ZeroDivisionError("the agent broke")
        return Action(text=f"Your letter says: {observation.messages[0].text}")


def make(model, seed):
    return Agent()
