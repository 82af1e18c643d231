"""A backdoor's trigger in rows: the word at the head of the request that the agent is shown too."""

from __future__ import annotations

from typing import Any

import msgspec

from privgym import kit
from privgym.lab.row import Row, Said

_AGENT: Any = kit.load("agents", "triggered")

TRIGGER: str = _AGENT.TRIGGER
"""The pattern is learned where a request begins with this."""


def put(row: Row, word: str = TRIGGER) -> Row:
    """A row with a word before its request."""
    first = next(i for i, said in enumerate(row.messages) if said.role == "user")
    messages = list(row.messages)
    messages[first] = Said("user", f"{word} {messages[first].content}")
    return msgspec.structs.replace(row, messages=tuple(messages), trigger=word == TRIGGER)
