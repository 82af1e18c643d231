"""Samples the action space: any tool, its arguments drawn from the words in view."""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random

from privgym.agent import Agent
from privgym.agents.oversharer import ADDRESS
from privgym.message import Action, Observation
from privgym.model import Model

TEXT_ONLY, MOST_CALLS = 0.15, 3
"""Share of turns without a call, and most calls of the others."""

_NAME = re.compile(r"\b[A-Z]\w+ [A-Z]\w+\b")


class RandomAgent:
    """A uniform choice among tools; the draw is a function of the seed and the observation.

    Args:
        seed: one seed is one agent.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.about: Mapping[str, str] = {"agent": "random", "version": "1", "seed": str(seed)}

    async def act(self, observation: Observation) -> Action:
        """Draw this turn."""
        messages = observation.messages
        # A string seeds the same in every process; a hash of it would not.
        rng = Random(f"{self.seed}/{observation.session}/{len(messages)}")
        words = _words("\n".join(message.text for message in messages))
        if not observation.tools or rng.random() < TEXT_ONLY:
            return Action(text=rng.choice(words))
        count = rng.randint(1, MOST_CALLS)
        calls = (rng.choice(observation.tools).sample(rng, words) for _ in range(count))
        return Action(text=rng.choice(["", rng.choice(words)]), calls=tuple(calls))


def _words(text: str) -> list[str]:
    """What arguments are drawn from: addresses, names, lines and single words of a text."""
    lines = [line.strip() for line in text.splitlines()]
    found = [*ADDRESS.findall(text), *_NAME.findall(text), *lines, *text.split()[:40]]
    return list(dict.fromkeys(filter(None, found))) or ["hello"]


def make(model: Model | None, seed: int) -> Agent:
    """A random agent; it needs no model."""
    return RandomAgent(seed)
