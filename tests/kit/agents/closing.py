"""Must be closed after every episode; breaks in its first turn where its model says so."""

from __future__ import annotations

from collections.abc import Mapping

from privgym.message import Action

open_now: list[object] = []
closed: list[object] = []


class Agent:
    about: Mapping[str, str] = {"agent": "closing"}

    def __init__(self, model):
        self.breaks = model is not None
        open_now.append(self)

    async def act(self, observation):
        if self.breaks:
            raise ZeroDivisionError("the agent broke")
        return Action(text="Yes?")

    async def aclose(self):
        open_now.remove(self)
        closed.append(self)


def make(model, seed):
    return Agent(model)
