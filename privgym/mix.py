"""A dial: an agent that is one of two, episode by episode, the second in a share `p` of them.

It is for holding an instrument against a known dose: a comparison has to say of
`mix:play:good,oversharer,0.2` what one in five of the oversharer's episodes comes to. Which
episodes are the second's is drawn from their seed alone, so they are the same in every run, and
those that it has at one `p` it keeps at every greater one.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from random import Random

import msgspec

from privgym.agent import Agent
from privgym.errors import PrivgymError
from privgym.message import Action, Observation

PREFIX = "mix:"

_DO = "write mix:AGENT,AGENT,P or mix:AGENT,AGENT,P@MODEL, with P from 0 to 1"


class Mix(msgspec.Struct, frozen=True):
    """What a dial is set to: `mix:FIRST,SECOND,P`.

    Args:
        first, second: names of agents, or `play:good`.
        p: share of the episodes that are the second's, from 0 to 1.
    """

    first: str
    second: str
    p: float

    @classmethod
    def read(cls, text: str) -> Mix:
        """Read `mix:FIRST,SECOND,P`.

        Raises:
            PrivgymError: it has other parts, or P is no share.
        """
        parts = [part.strip() for part in text.removeprefix(PREFIX).split(",")]
        if len(parts) != 3 or not all(parts):
            raise PrivgymError(f'"{text}" is no mix of two agents', do=_DO)
        first, second, share = parts
        try:
            p = float(share)
        except ValueError:
            p = math.nan
        if not 0 <= p <= 1:
            raise PrivgymError(f'"{share}" is no share of the episodes', where=text, do=_DO)
        return cls(first, second, p)

    def __str__(self) -> str:
        return f"{PREFIX}{self.first},{self.second},{self.p:.12g}"

    def turns_to_second(self, seed: int) -> bool:
        """Whether the episode of this seed is the second's."""
        return Random(f"{seed} mix").random() < self.p


class Dial:
    """A mix at work in one episode.

    Args:
        mix: what it is set to.
        first, second: its agents; both are made, since `about` is of both.
        seed: the episode's seed.
    """

    def __init__(self, mix: Mix, first: Agent, second: Agent, seed: int) -> None:
        self._both = first, second
        self._chosen = second if mix.turns_to_second(seed) else first
        self.about: Mapping[str, str] = {
            "mix": str(mix),
            **{f"first.{key}": text for key, text in first.about.items()},
            **{f"second.{key}": text for key, text in second.about.items()},
        }

    async def act(self, observation: Observation) -> Action:
        """The turn of the agent whose episode this is."""
        return await self._chosen.act(observation)

    async def aclose(self) -> None:
        """Close what the two hold open."""
        for agent in self._both:
            if close := getattr(agent, "aclose", None):
                await close()
