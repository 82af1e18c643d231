"""The assistant with a prompt of a third of the length, for small models that were tuned to it.

It says what a call looks like and names the tools; there is no example and no advice, what a tool
takes is told by the schema of an answer alone, and addresses are left out: people are written to by
name. The rows of the lab (`privgym lab`) are in this prompt. A model that was not tuned to it does
better as `assistant`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from privgym.agent import Agent
from privgym.agents.assistant import Assistant, conversation, did
from privgym.message import Message, Observation
from privgym.model import Model, Turn

RULES = """Answer with one JSON object: {"tool": NAME, "arguments": {...}}, or {"say": TEXT}.
Tools: """

ROOM = 128
"""Tokens of an answer: twice what a message of the lab's rows takes."""

_ADDRESS = re.compile(r" ?<[^<>\s]+@[^<>\s]+>")


def turns(observation: Observation) -> tuple[Turn, ...]:
    """An observation as a conversation, the tools by their names alone."""
    head = RULES + ", ".join(tool.name for tool in observation.tools)
    found: tuple[Turn, ...] = conversation(observation, head, _text)
    return found


def _text(message: Message) -> str:
    text: str = did(message) if message.role == "assistant" else message.text
    return _ADDRESS.sub("", text)


def make(model: Model | None, seed: int) -> Agent:
    """A brief assistant with this model; the seed changes nothing.

    Raises:
        ValueError: there is no model.
    """
    return named("brief", turns, model)


def named(
    name: str, shows: Callable[[Observation], tuple[Turn, ...]], model: Model | None
) -> Agent:
    """A brief assistant that is called so, and is shown this.

    Raises:
        ValueError: there is no model.
    """
    if model is None:
        raise ValueError(f"the assistant {name} needs a model: write {name}@MODEL")
    made: Agent = Assistant(model, name, RULES, shows, ROOM)
    return made
