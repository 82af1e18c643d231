"""Takes its time, so that a test can stop the run meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from privgym.message import Action


class Agent:
    about: Mapping[str, str] = {"agent": "plodder"}

    async def act(self, observation):
        await asyncio.sleep(0.15)
        return Action(text="Hm.")


def make(model, seed):
    return Agent()
