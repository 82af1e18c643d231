"""Is a tool or an agent sound: it is tried in small scenarios, and its file is read for imports.

A tool must have calls with schemas, refuse what it will not do by LookupError or ValueError, leave
no trace of a call that failed, do the same when it is called the same, reach nobody but over the
wire, and keep what the wire delivered and not what it was given. An agent must act on whatever it
is shown, and act the same when it is shown the same.
"""

from __future__ import annotations

import ast
import asyncio
import inspect
import re
import typing
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from msgspec.structs import replace

from privgym import kit, tool
from privgym import pack as packs
from privgym.agent import Agent
from privgym.check import SEEDS, Problem, Report, guarded
from privgym.draw import Draw
from privgym.episode import Episode, cast, settle
from privgym.errors import PrivgymError
from privgym.event import Sent
from privgym.flow import AGENT
from privgym.message import Action, Call, Observation
from privgym.model import Prompt, Reply
from privgym.scenario import PRINCIPAL, Scenario
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


class _Changing(World):
    """A world whose post delivers other words than it was given; `given` keeps those."""

    given = ""

    def carry(self, delivery: Delivery) -> Record:
        record = delivery.record
        self.given = "\n".join([self.given, *(text for _, text in record.parts())])
        content = type(record).model_fields.keys() - record.envelope
        other = {field: _other(getattr(record, field)) for field in content}
        return super().carry(replace(delivery, record=record.model_copy(update=other)))


def _other(value: Any) -> Any:
    """What a field comes to with the words that were marked taken out."""
    if isinstance(value, tuple):
        return tuple(map(_other, value))
    return re.sub(r"marked \d+", "changed", value) if isinstance(value, str) else value


def _tool(name: str, seed: int) -> Iterator[str]:
    yield from _silent(name)
    if not tool.methods(name):
        yield "it has no call: a public method that takes a `wire`"
        return
    scenario = _office(name, seed)
    people = [word for p in scenario.parties for word in (p.name, p.email) if word]
    rng = Random(f"{name}/{seed}")
    schemas = [s for s in schemas_of(scenario, AGENT) if s.name.startswith(f"{name}_")]
    calls = [rng.choice(schemas).sample(rng, [*ODD, *people]) for _ in range(CALLS)]
    yield from _works(name, scenario, calls)
    yield from _steady(name, scenario, calls)
    for number in range(CALLS):
        words = [*people, *(f"marked {number}" for _ in people)]
        calls[number] = rng.choice(schemas).sample(rng, words)
    yield from _keeps(name, scenario, calls)


def _silent(name: str) -> Iterator[str]:
    """Methods that look like calls and are none."""
    cls = tool.load(name)
    inherited = {key for above in cls.__mro__[1:] for key in vars(above)}
    for key, value in vars(cls).items():
        if not inspect.isfunction(value) or key.startswith("_") or key in inherited:
            continue
        if "wire" not in inspect.signature(value).parameters:
            yield f"{key} takes no `wire` and so is no call: give it one, or call it _{key}"


def _works(name: str, scenario: Scenario, calls: Sequence[Call]) -> Iterator[str]:
    """Whether calls are taken, leave nothing where they fail, and reach people by the wire."""
    world, deaf = World(scenario), _Deaf(scenario)
    keys = {party.key for party in scenario.parties if party.kind == "person"}
    worked = 0
    for call in calls:
        before = _states(world, name)
        outcome = world.call(AGENT, call)
        returned = outcome.returned
        worked += not returned.error
        if returned.error == "malformed":
            yield f"{call.name} does not take what its own schema allows: {returned.text}"
        if returned.error and _states(world, name) != before:
            yield f"{call.name} failed and changed an account all the same: use keep, change, drop"
        sent = (part for e in outcome.events if isinstance(e, Sent) for part in e.parts)
        for field in dict.fromkeys(field for field, text in sent if text in keys):
            yield (
                f"{call.name} tells people a key of the house in `{field}`: `wire.mine` is how an "
                "account is addressed, and what is no content goes into `envelope`"
            )
        deaf.call(AGENT, call)
        if any(_states(deaf, name)[key]["records"] for key in keys - {PRINCIPAL}):
            yield f"{call.name} reached somebody, and not over the wire"
    if not worked:
        yield f"none of {len(calls)} calls worked"


def _steady(name: str, scenario: Scenario, calls: Sequence[Call]) -> Iterator[str]:
    """Whether the same calls do the same in two worlds."""
    one, other = World(scenario), World(scenario)
    for call in calls:
        same = one.call(AGENT, call) == other.call(AGENT, call)
        if not same or _states(one, name) != _states(other, name):
            yield f"{call.name} did two things in two worlds that are the same: no chance, no clock"
            return


def _keeps(name: str, scenario: Scenario, calls: Sequence[Call]) -> Iterator[str]:
    """Whether it keeps what was delivered, where that is not what it was given."""
    world = _Changing(scenario)
    for number, call in enumerate(calls):
        world.given = ""
        world.call(AGENT, call)
        words = f"marked {number}"
        if words in world.given and words in world.account(PRINCIPAL, name).model_dump_json():
            yield f"{call.name} keeps what it was given: keep what `wire.send` returned"


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
    about = getattr(agent, "about", None)
    if not isinstance(about, Mapping) or not all(
        isinstance(word, str) for pair in about.items() for word in pair
    ):
        yield f'its `about` must say in words what it is, such as {{"agent": "{name}"}}'
    elif about.get("agent") != name:
        yield f'its `about` must call it by the name of its file: {{"agent": "{name}"}}'
    episode, people = Episode(scenario), cast(scenario)
    while turn := settle(episode, people):
        action = _acted(agent, turn.observation)
        if not isinstance(action, Action):
            yield f"act gives a {type(action).__name__} and not an Action"
            return
        if _acted(_made(name), turn.observation) != action:
            yield "it acts in two ways on one observation: an agent keeps no state between turns"
            return
        episode.take(action)


def _acted(agent: Agent, observation: Observation) -> object:
    act = getattr(agent, "act", None)
    acting = act(observation) if act else None
    if not inspect.iscoroutine(acting):
        raise PrivgymError("its `act` must be `async def act(self, observation)`")
    return asyncio.run(acting)


def _made(name: str) -> Agent:
    make = getattr(kit.load("agents", name), "make", None)
    if make is None:
        raise PrivgymError("its file needs `def make(model, seed)`, which gives the agent")
    try:
        return typing.cast(Agent, make(None, 0))
    except ValueError:  # it needs a model
        return typing.cast(Agent, make(_Always(), 0))


class _Always:
    """A model that gives the same reply, however often it is asked."""

    keeps_format = takes_tools = True

    def __init__(self) -> None:
        self.about = {"model": "always"}

    async def complete(self, prompt: Prompt) -> Reply:
        return Reply("Done.")
