"""Thinks for a time that differs from scenario to scenario."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from privgym.message import Action


class Agent:
    about: Mapping[str, str] = {"agent": "uneven"}

    async def act(self, observation):
        first = observation.messages[0].text
        await asyncio.sleep(sum(map(ord, first)) % 7 / 500)
        return Action(text=f"I have read {first}")


def make(model, seed):
    return Agent()
