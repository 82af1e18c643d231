"""What an agent can reach from what it is shown: nothing of the answer key."""

from __future__ import annotations

import asyncio
import gc
import types
from collections.abc import Iterator

import msgspec
import pytest

import privgym
from privgym import kit
from privgym.env import Env
from privgym.episode import Episode
from privgym.flow import Fact, Finding, Flow, Party
from privgym.message import Message, Messages, Observation
from privgym.monitor import Monitor
from privgym.norm import Norm
from privgym.pack import Pack
from privgym.scenario import Goal, Name, Planted, Play, Scenario
from privgym.score import Fold, Score
from privgym.verdict import Verdict

KEY = (
    Scenario, Fact, Play, Goal, Planted, Party, Finding, Flow, Verdict, Norm, Monitor, Fold,
    Score, Episode, Pack, Env,
)  # fmt: skip


def reachable(start: object) -> Iterator[object]:
    """All that references lead to from an object.

    The walk stops at types, modules, functions and code: through a function's globals or a
    class's module everything in the process is reachable, which no in-process gym can prevent
    (agents in the process are trusted).
    """
    stops = (type, types.ModuleType, types.FunctionType, types.BuiltinFunctionType, types.CodeType)
    seen, todo = {id(start)}, [start]
    while todo:
        found = todo.pop()
        yield found
        for other in gc.get_referents(found):
            if id(other) not in seen and not isinstance(other, stops):
                seen.add(id(other))
                todo.append(other)


def in_key(found: object, scenario: Scenario) -> bool:
    """Whether an object belongs to the answer key: one of its records, or a line of its norms."""
    return isinstance(found, KEY) or (isinstance(found, str) and found in scenario.lines)


@pytest.mark.parametrize("seed", range(4))
def test_nothing_reachable_from_an_observation_leads_to_the_answer_key(seed: int) -> None:
    env = privgym.make("everyday")
    observation, info = env.reset(seed=seed)
    scenario = env.pack.scenario(Name.read(info["scenario"]))
    walked = 0
    agent = kit.load("agents", "random").make(None, seed)
    done = False
    while not done:
        for found in reachable(observation):
            assert not in_key(found, scenario), found
            walked += 1
        observation, _, terminated, truncated, _ = env.step(asyncio.run(agent.act(observation)))
        done = terminated or truncated
    assert walked > 100


@pytest.mark.parametrize("what", ["scenario", "episode", "fact", "norm", "fold"])
def test_the_walk_finds_what_is_planted(what: str) -> None:
    env = privgym.make("everyday")
    observation, _ = env.reset(options={"scenario": "everyday/treatment_leave#0"})
    live = env._live
    assert live is not None
    scenario = live.episode.scenario
    planted = {
        "scenario": scenario,
        "episode": live.episode.take,
        "fact": {"deep": [scenario.facts[0]]},
        "norm": scenario.norms[0],
        "fold": live.fold.see,
    }[what]
    message = msgspec.structs.replace(observation.messages[0], calls=(planted,))
    tainted = Observation("agent", 1, Messages([message, Message("user", "Hello.")]))
    assert any(in_key(found, scenario) for found in reachable(tainted))
