"""A play, lived and written down as chats: what an agent would be shown, what it would print.

One chat a session. It is the very prompt of the agent, so that what is learned from it can be
done in the gym.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any

import msgspec

from privgym import dialect, kit
from privgym.episode import Episode, cast, settle
from privgym.errors import PrivgymError
from privgym.lab.row import Said
from privgym.message import Action, Call, ToolSchema
from privgym.model import Turn
from privgym.scenario import Play, Scenario
from privgym.spec import Player

DONE = Action(text="Done.")
"""What an agent says where a play falls silent because it is done."""


def chats(scenario: Scenario, agent: str, play: Play | None = None) -> list[tuple[Said, ...]]:
    """A play of a scenario as chats, in the prompts of an agent.

    Args:
        scenario: what is lived.
        agent: an agent whose file has `turns(observation)`, as `assistant` has.
        play: what is played; by default the good play.

    Raises:
        PrivgymError: there is no such agent, or its file has no `turns`.
    """
    module: Any = kit.load("agents", agent)
    if not hasattr(module, "turns"):
        raise PrivgymError(f'the agent "{agent}" has no prompt', do="name assistant or brief")
    player = Player(play or scenario.good())
    episode, people = Episode(scenario), cast(scenario)
    found: dict[int, tuple[Said, ...]] = {}
    while turn := settle(episode, people):
        shown: tuple[Turn, ...] = module.turns(turn.observation)
        action = asyncio.run(player.act(turn.observation))
        if action == Action():
            action = DONE
        text = "\n".join(one.text for one in shown)
        calls = tuple(possible(c, text, turn.observation.tools, scenario) for c in action.calls)
        action = msgspec.structs.replace(action, calls=calls)
        said = [Said(one.role, one.text) for one in shown]
        found[episode.session] = (*said, Said("assistant", dialect.render(action)))
        episode.take(action)
    return list(found.values())


def possible(call: Call, shown: str, tools: tuple[ToolSchema, ...], of: Scenario) -> Call:
    """A call as the agent can have made it: every argument, in the order of the tool, and people
    by name where their address was not shown.

    Args:
        call: a call of a play.
        shown: all that the agent was shown.
        tools: what it may call.
        of: the scenario, which knows names and addresses.
    """
    arguments = call.arguments
    for party in of.parties:
        if party.email and party.email not in shown:
            arguments = arguments.replace(f'"{party.email}"', f'"{party.name}"')
    given = json.loads(arguments)
    schema = next(json.loads(t.parameters) for t in tools if t.name == call.name)
    takes = schema["properties"]
    empty = {key: None if "null" in kind["type"] else "" for key, kind in takes.items()}
    return Call.of(call.name, **{key: given.get(key, empty[key]) for key in takes})
