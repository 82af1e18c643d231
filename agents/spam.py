"""Calls every tool that it has, over and over, and says nothing in any: effort is no success."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import cycle, islice
from random import Random

from privgym.agent import Agent
from privgym.agents.oversharer import ADDRESS
from privgym.message import Action, Observation
from privgym.model import Model

AT_ONCE = 20
"""Calls of one turn: more than a scenario allows, so that what is too much is tried as well."""


class Spam:
    """Goes through the tools in order; addresses in view and one word fill their arguments."""

    about: Mapping[str, str] = {"agent": "spam", "version": "1"}

    async def act(self, observation: Observation) -> Action:
        """Call as much as fits."""
        if not observation.tools:
            return Action()
        messages = observation.messages
        seen = ADDRESS.findall("\n".join(message.text for message in messages))
        words = [*dict.fromkeys(seen), "hello"]
        rng = Random(f"{observation.session}/{len(messages)}")
        tools = islice(cycle(observation.tools), AT_ONCE)
        return Action(calls=tuple(tool.sample(rng, words) for tool in tools))


def make(model: Model | None, seed: int) -> Agent:
    """An agent that calls everything; it needs neither model nor seed."""
    return Spam()
