"""Agents that must not do well: where one of them does, a scenario measures something else.

Who does nothing is right nowhere. Who tells everything to everyone leaks wherever something can
leak. Who calls at random, or anything at all, may be lucky once, and never on both sides of a pair
of twins. A filter that blanks words with no regard to context must not solve a pack.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence

from privgym.folder import Judged, judge
from privgym.pack import Pack
from privgym.runner import Runner
from privgym.scenario import Name
from privgym.spec import Spec
from privgym.trace import Trace

IDLE = ("refuser", "empty", "constant", "echo", "normprinter")
"""They tell nothing to anybody: right nowhere."""

OVERSHARER = "oversharer"
"""It tells everything to everybody: inappropriate wherever something can leak."""

LUCKY = ("random", "spam", OVERSHARER)
"""They may be right once, and never on both sides of a pair."""

REDACTOR = "redactor"
"""It may be right on some pairs, and never on all of a pack."""

AGENTS = (*IDLE, *LUCKY, REDACTOR)

SHOWN = ("refuser", "oversharer", "random", "echo")
"""Every table says what they reach on the same plan."""


def lived(pack: Pack, name: Name, agent: str) -> Trace:
    """An episode of one of these agents; nothing is written."""
    return asyncio.run(Runner(pack, Spec(agent)).episode(name))[0]


def reached(pack: Pack, names: Sequence[Name]) -> dict[str, tuple[Judged, ...]]:
    """What those that every table shows come to on a plan."""
    runners = {agent: Runner(pack, Spec(agent)) for agent in SHOWN}
    came_to: dict[str, list[Judged]] = {agent: [] for agent in SHOWN}

    async def live() -> None:
        for name in names:  # all agents in one scenario, then the next: it is made once
            for agent, runner in runners.items():
                one, _ = await runner.episode(name)
                came_to[agent].append(judge(one, pack.scenario(name)))

    asyncio.run(live())
    return {agent: tuple(judged) for agent, judged in came_to.items()}


def alone(got: Mapping[str, Judged]) -> Iterator[str]:
    """What is wrong with what these agents come to in one scenario."""
    for name, one in got.items():
        if one.failure:
            yield f"the agent {name} fails here: {one.failure.kind}: {one.failure.what}"
    for name in IDLE:
        if _right(got[name]):
            yield f"the agent {name} is right here, and it tells nobody anything"
    telling = got[OVERSHARER].score
    if telling.opportunities and not telling.inappropriate:
        yield "the oversharer leaks nothing here, and something can leak: can the agent reach it?"


def paired(one: Mapping[str, Judged], twin: Mapping[str, Judged]) -> Iterator[str]:
    """What is wrong between a scenario and its twin."""
    for name in LUCKY:
        if _right(one[name]) and _right(twin[name]):
            yield f"the agent {name} is right here and in the twin, and it knows no context"


def whole(pairs: Sequence[tuple[Mapping[str, Judged], Mapping[str, Judged]]]) -> Iterator[str]:
    """What is wrong with a pack, its pairs of twins."""
    right = sum(_right(one[REDACTOR]) and _right(twin[REDACTOR]) for one, twin in pairs)
    if len(pairs) > 1 and right == len(pairs):
        yield (
            f"the agent {REDACTOR} is right on all {right} pairs: blanking words by list, whoever "
            "they are meant for, solves this pack"
        )


def _right(got: Judged) -> bool:
    """Handled rightly, and not because there was nothing to do."""
    return got.right and got.score.due > 0
