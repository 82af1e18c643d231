"""What a real vLLM answered, in `vllm.jsonl`; and how that was recorded.

    python -m tests.recorded.vllm NAME@URL

asks a running server (`scripts/vllm-cpu --serve`) what the tests ask, and writes the file anew.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Any
from unittest import mock

import msgspec

from privgym.message import Call, ToolSchema
from privgym.model import Prompt, Turn
from privgym.models.openai import OpenAI
from privgym.models.server import Answer, Server

FILE = Path(__file__).with_suffix(".jsonl")

CLOSED = '{"type":"object","properties":%s,"required":["%s"],"additionalProperties":false}'
TEXT = '{"%s":{"type":"string","maxLength":60}}'
FIND = ToolSchema("contacts_find", "Look somebody up.", CLOSED % (TEXT % "name", "name"))
RULES = Turn("system", "You are an assistant and work with functions.")
ASK = Turn("user", "Look up Dev Patel in my contacts.")
LOOKED = Turn("assistant", "", (Call.of("contacts_find", name="Dev Patel"),))
GARBLED = Turn("assistant", "", (Call("contacts_find", '{"name": '),))
FOUND = Turn("tool", "1: Dev Patel <dev@example.org>")

PROMPTS = {
    "text": Prompt((ASK,), max_tokens=8),
    "schema": Prompt((RULES, ASK), schema=CLOSED % (TEXT % "say", "say"), max_tokens=64),
    "tools": Prompt((RULES, ASK), tools=(FIND,), max_tokens=64),
    "answered": Prompt((RULES, ASK, LOOKED, FOUND), tools=(FIND,), max_tokens=64),
    "garbled": Prompt((RULES, ASK, GARBLED, FOUND), tools=(FIND,), max_tokens=16),
    "too long": Prompt((Turn("user", "a " * 5000),), max_tokens=8),
}


class Exchange(msgspec.Struct, frozen=True):
    """One request and its answer."""

    path: str
    request: Any
    status: int
    answer: Any


def exchanges() -> list[Exchange]:
    """All that was recorded."""
    return [msgspec.json.decode(line, type=Exchange) for line in FILE.read_bytes().splitlines()]


def record(address: str) -> None:
    """Ask, and write down."""
    kept: list[Exchange] = []
    ask = Server._patiently

    async def keep(server: Server, method: str, path: str, body: bytes) -> Answer:
        answer = await ask(server, method, path, body)
        asked = json.loads(body) if body else None
        kept.append(Exchange(path, asked, answer.status, json.loads(answer.body)))
        return answer

    with mock.patch.object(Server, "_patiently", keep):
        model = OpenAI(address)
        for prompt in PROMPTS.values():
            asyncio.run(model.complete(prompt))
        model.close()
    FILE.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in kept))


if __name__ == "__main__":
    record(sys.argv[1])
