"""A kit of agents that misbehave, for the tests of runs."""

from __future__ import annotations

import os
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from privgym import kit

HEAD = """
import asyncio
from privgym.message import Action, Call

class Agent:
    about = {"agent": __name__}

    async def act(self, observation):
        BODY

def make(model, seed):
    return Agent()
"""

BODIES = {
    "uneven": """
        await asyncio.sleep(sum(map(ord, observation.messages[0].text)) % 7 / 500)
        return Action(text="I have read " + observation.messages[0].text)
    """,
    "plodder": """
        await asyncio.sleep(0.15)
        return Action(text="Hm.")
    """,
    "faulty": """
        if len(observation.messages) > 2:
            raise ZeroDivisionError("the agent broke")
        return Action(text="Your letter says: " + observation.messages[0].text)
    """,
    "stranger": """
        return "just text"
    """,
    "unwritable": r"""
        return Action(text="\ud800")
    """,
}


def write(folder: Path) -> Path:
    """Write the kit into a folder."""
    (folder / "agents").mkdir()
    for name, body in BODIES.items():
        indented = textwrap.indent(textwrap.dedent(body).strip(), " " * 8).strip()
        (folder / "agents" / f"{name}.py").write_text(HEAD.replace("BODY", indented))
    return folder


@pytest.fixture(scope="session")
def agents_kit(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The kit, open for the session of tests."""
    before = os.environ.get(kit.PATH)
    yield kit.add(write(tmp_path_factory.mktemp("kit")))
    if before is None:
        os.environ.pop(kit.PATH, None)
    else:
        os.environ[kit.PATH] = before
