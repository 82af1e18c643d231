"""Agents in child processes, for tests: what one does with observations, and how it fails."""

from __future__ import annotations

import asyncio

import pytest

from privgym import confine
from privgym.errors import PrivgymError
from privgym.message import Action, Message, Messages, Observation
from privgym.process import Child

SEEN = Observation("agent", 1, Messages([Message("user", "Hello.", party="principal")]))

bwrapped = pytest.mark.skipif(not confine.bwrap(), reason="no bwrap that can make namespaces")


def acts(command: str, *observations: Observation, turn: float = 20) -> list[Action]:
    """What a child does with these observations."""

    async def live() -> list[Action]:
        child = Child(command, turn)
        try:
            return [await child.act(observation) for observation in observations or (SEEN,)]
        finally:
            await child.aclose()

    return asyncio.run(live())


def fails(command: str, *observations: Observation, turn: float = 20) -> str:
    with pytest.raises(PrivgymError) as error:
        acts(command, *observations, turn=turn)
    return str(error.value)


SAYS = """
for line in sys.stdin:
    print(json.dumps({"text": json.dumps(%s)}), flush=True)
"""
