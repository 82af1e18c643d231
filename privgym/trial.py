"""Is a tool or an agent sound: it is tried in small scenarios, and its file is read for imports.

A tool must have calls with schemas, refuse what it will not do by LookupError or ValueError, leave
no trace of a call that failed, and reach nobody but over the wire. An agent must act on whatever
it is shown, and act the same when it is shown the same.
"""

from __future__ import annotations

import ast
import asyncio
import typing
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any

from privgym import kit, tool
from privgym import pack as packs
from privgym.agent import Agent
from privgym.check import SEEDS, Problem, Report, guarded
from privgym.draw import Draw
from privgym.episode import Episode, cast, settle
from privgym.flow import AGENT
from privgym.message import Action
from privgym.model import Prompt, Reply
from privgym.scenario import Scenario
from privgym.wire import Delivery, Record
from privgym.world import World, schemas_of

SEES = {
    "tools": ("privgym.tool", "privgym.shared", "privgym.store", "privgym.wire", "privgym.message"),
    "agents": (
        *("privgym.agent", "privgym.model", "privgym.message", "privgym.dialect"),
        "privgym.agents",
    ),
}
"""What of the house tools and agents may import (docs/design.md, section 3)."""

CALLS = 60
"""Calls that each seed makes of a tool."""

ODD = ("", "nobody", "nobody@nowhere.example", "0", "a" * 300, "\u202e", "#none")
"""Words that calls are filled with beside people's names and addresses."""


def tried_tool(name: str, seeds: Sequence[int] = SEEDS) -> Report:
    """Try a tool; PrivgymError only if there is none of that name."""
    kit.find("tools", name)
    wrong = [what for seed in seeds for what in guarded(_tool(name, seed))]
    return _report(f"tool:{name}", len(seeds), [*_imports("tools", name), *wrong])


def tried_agent(name: str, pack: str = "everyday") -> Report:
    """Try an agent in one scenario of each family of a pack; PrivgymError only if there is none.

    One that needs a model thinks with a scripted one, which always says the same.
    """
    kit.find("agents", name)
    found = packs.load(pack)
    names = [one for one in found.names(level=1) if not one.twin]
    wrong = [what for one in names for what in guarded(_agent(name, found.scenario(one)))]
    return _report(f"agent:{name}", len(names), [*_imports("agents", name), *wrong])


def _report(name: str, checked: int, wrong: Sequence[str]) -> Report:
    return Report(name, checked, tuple(Problem(name, what) for what in dict.fromkeys(wrong)))


def _imports(kind: kit.Kind, name: str) -> Iterator[str]:
    tree = ast.parse(kit.find(kind, name).read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and node.module == "privgym":
            modules = [f"privgym.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            modules = [node.module or ""]
        for module in modules:
            own = module in SEES[kind] or module.startswith(f"privgym.{kind}.")
            if module.split(".")[0] == "privgym" and not own:
                yield f"it imports {module}; {kind} may import {', '.join(SEES[kind])}"


# -- a tool -------------------------------------------------------------------------------------


class _Deaf(World):
    """A world whose post takes everything and delivers nothing."""

    def carry(self, delivery: Delivery) -> Record:
        return delivery.record


def _tool(name: str, seed: int) -> Iterator[str]:
    if not tool.methods(name):
        yield "it has no call: a public method that takes a `wire`"
        return
    scenario = _office(name, seed)
    words = [*ODD, *(w for p in scenario.parties for w in (p.name, p.email) if w)]
    rng = Random(f"{name}/{seed}")
    schemas = [s for s in schemas_of(scenario, AGENT) if s.name.startswith(f"{name}_")]
    world, deaf = World(scenario), _Deaf(scenario)
    worked = 0
    for _ in range(CALLS):
        call = rng.choice(schemas).sample(rng, words)
        before = _states(world, name)
        returned = world.call(AGENT, call).returned
        worked += not returned.error
        if returned.error == "malformed":
            yield f"{call.name} does not take what its own schema allows: {returned.text}"
        if returned.error and _states(world, name) != before:
            yield f"{call.name} failed and changed an account all the same: use keep, change, drop"
        deaf.call(AGENT, call)
        if any(_states(deaf, name)[key]["records"] for key in ("manager", "colleague")):
            yield f"{call.name} reached somebody, and not over the wire"
    if not worked:
        yield f"none of {CALLS} calls worked"


def _states(world: World, name: str) -> dict[str, Any]:
    """Everybody's account of a tool, as plain data."""
    keys = [party.key for party in world.scenario.parties]
    return {key: world.account(key, name).model_dump() for key in keys if key != AGENT}


def _office(name: str, seed: int) -> Scenario:
    tools = ("email",) if name == "email" else ("email", name)
    s = Draw("tried", "office", seed).scenario(sphere="work", tools=tools)
    s.principal()
    s.person("manager")
    s.person("colleague")
    s.session("Hello.")
    return s.freeze()


# -- an agent -----------------------------------------------------------------------------------


def _agent(name: str, scenario: Scenario) -> Iterator[str]:
    agent = _made(name)
    if not agent.about or not all(isinstance(x, str) for kv in agent.about.items() for x in kv):
        yield 'its `about` must say in words what it is, such as {"agent": "mine"}'
    episode, people = Episode(scenario), cast(scenario)
    while turn := settle(episode, people):
        action: object = asyncio.run(agent.act(turn.observation))
        if not isinstance(action, Action):
            yield f"act gives a {type(action).__name__} and not an Action"
            return
        if asyncio.run(_made(name).act(turn.observation)) != action:
            yield "it acts in two ways on one observation: an agent keeps no state between turns"
            return
        episode.take(action)


def _made(name: str) -> Agent:
    module = kit.load("agents", name)
    try:
        return typing.cast(Agent, module.make(None, 0))
    except ValueError:  # it needs a model
        return typing.cast(Agent, module.make(_Always(), 0))


class _Always:
    """A model that gives the same reply, however often it is asked."""

    keeps_format = takes_tools = True

    def __init__(self) -> None:
        self.about = {"model": "always"}

    async def complete(self, prompt: Prompt) -> Reply:
        return Reply("Done.")
