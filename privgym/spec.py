"""A spec names what runs: an agent, and the model it thinks with.

`AGENT`, `AGENT@MODEL`, `play:good`, `mix:AGENT,AGENT,P` or `command:COMMAND LINE`. Everything after
the first "@" is the model's, so that a model may have one in its own address; the two agents of a
mix share theirs. A command line is taken whole.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from random import Random
from typing import cast

import msgspec

from privgym import kit
from privgym.agent import Agent
from privgym.errors import PrivgymError
from privgym.message import Action, Observation
from privgym.mix import PREFIX, Dial, Mix
from privgym.model import Model, Prompt, Reply
from privgym.process import Child
from privgym.scenario import Play, Scenario

PLAY = "play:good"
"""The privileged mind that plays a scenario's good play: what full marks look like."""

COMMAND = "command:"
"""What stands before the command line of an agent that is a program of its own."""

_FORMS = (
    "write AGENT, AGENT@MODEL, play:good, mix:AGENT,AGENT,P or command:COMMAND LINE; "
    "privgym list shows the agents and models"
)


class Spec(msgspec.Struct, frozen=True):
    """An agent's name, or a mix or a command with its prefix; its model's name ("" for none)."""

    agent: str
    model: str = ""

    @classmethod
    def read(cls, text: str, model: str = "") -> Spec:
        """Read a spec; `model` says the same as the part after "@".

        Raises:
            PrivgymError: it is no spec, names two models, or gives one to a play or a command;
                a mix is not of two agents of this process and a share.
        """
        if text.startswith(COMMAND):
            if model:
                raise PrivgymError("a command has no model", where=text, do="leave the model out")
            return cls(text)
        agent, _, own = text.partition("@")
        if own and model:
            raise PrivgymError(f'two models, "{own}" and "{model}"', do="give one of them")
        if agent.startswith(PREFIX):
            return cls(str(_mix(agent)), own or model)
        found = cls(agent, own or model)
        if agent != PLAY and not re.fullmatch(r"[\w-]+", agent):
            meant = PLAY if agent.startswith("play:") else ""
            raise PrivgymError(f'"{text}" is no spec', meant=meant, do=_FORMS)
        if agent == PLAY and found.model:
            raise PrivgymError("a play has no model", where=text, do="leave the model out")
        return found

    def __str__(self) -> str:
        return f"{self.agent}@{self.model}" if self.model else self.agent


def _mix(text: str) -> Mix:
    """A mix whose two can be told apart from its commas and its model."""
    mix = Mix.read(text)
    for agent in (mix.first, mix.second):
        if agent.startswith(COMMAND):
            raise PrivgymError("a mix is of agents in this process", where=text, do=_FORMS)
        Spec.read(agent)
    return mix


class Player:
    """A stored play as a mind: the turns of its session in order, then empty ones.

    It knows the answer key, which is why it lives here and not among the agents.
    """

    about: Mapping[str, str] = {"play": "good"}

    def __init__(self, play: Play | None) -> None:
        self._sessions = play.sessions if play else ()

    async def act(self, observation: Observation) -> Action:
        """Give the next stored turn; which one it is can be read off the observation."""
        if observation.session > len(self._sessions):
            return Action()
        turns = self._sessions[observation.session - 1]
        given = sum(message.role == "assistant" for message in observation.messages)
        return turns[given] if given < len(turns) else Action()


class Metered:
    """A model in one episode: counts what the episode has had of it, and draws its seeds.

    Args:
        model: the model; many episodes may share one.
        seed: the episode's seed; each prompt's comes from it and from the prompt's number.
    """

    def __init__(self, model: Model, seed: int = 0) -> None:
        self.about, self.keeps_format = model.about, model.keeps_format
        self.takes_tools = model.takes_tools
        self.prompt_tokens = self.tokens = 0
        self._model, self._seed, self._asked = model, seed, 0

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt, and count it."""
        self._asked += 1
        seed = Random(f"{self._seed} prompt {self._asked}").getrandbits(31)
        reply = await self._model.complete(msgspec.structs.replace(prompt, seed=seed))
        self.prompt_tokens += reply.prompt_tokens
        self.tokens += reply.tokens
        return reply


def load_agent(
    spec: Spec, model: Model | None = None, scenario: Scenario | None = None, seed: int = 0
) -> Agent:
    """Make the agent of a spec.

    Args:
        spec: what to make.
        model: its model, already loaded; many agents may share one.
        scenario: the scenario it will live; only `play:good` looks at it.
        seed: the agent's seed.

    Raises:
        PrivgymError: there is no such agent or program, or it needs a model.
    """
    if spec.agent.startswith(COMMAND):
        return Child(spec.agent.removeprefix(COMMAND))
    if spec.agent == PLAY:
        return Player(scenario.good() if scenario else None)
    if spec.agent.startswith(PREFIX):
        mix = Mix.read(spec.agent)
        names = Spec(mix.first, spec.model), Spec(mix.second, spec.model)
        first, second = (load_agent(name, model, scenario, seed) for name in names)
        return Dial(mix, first, second, seed)
    try:
        return cast(Agent, kit.load("agents", spec.agent).make(model, seed))
    except ValueError as error:
        raise PrivgymError(str(error), where=f"agent {spec}", do=_FORMS) from None
