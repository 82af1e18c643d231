"""What a server does with what it is asked: holds it, ignores it, or refuses it.

A server mostly answers as if a field that it does not know were not there. So each field that
the house relies on, or a reader of its traces might, is asked for once, where one can see what
became of it. "Held" is evidence and no proof: the model may have done by itself as it was told.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import msgspec

from privgym.message import ToolSchema
from privgym.models import chat
from privgym.models.chat import Completion
from privgym.models.server import Answer

WORDS = "Note down the word robin."
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {"word": {"type": "string", "enum": ["heron"]}},
        "required": ["word"],
        "additionalProperties": False,
    }
)
"""Allows only what was not asked for."""

TOOLS = [chat.tool(ToolSchema("note", "Note a word down.", SCHEMA))]
FEW, ROOM = 16, 128
"""Tokens for an answer, and for one with a call: some servers put much white space into it."""

WILD = {"temperature": 2, "seed": 7}
CALL = {"tools": TOOLS, "tool_choice": "required", "max_tokens": ROOM}

Answers = Mapping[str, Completion]
Ask = Callable[[dict[str, Any]], Awaitable[Answer]]


class Question(msgspec.Struct, frozen=True):
    """One thing to ask for.

    Args:
        name: what it is.
        more: what the request says beside model, sampler and words.
        held: whether the last answer shows that it was held, given all answers by name;
            None if it asks for what cannot be, so that only a refusal holds it.
    """

    name: str
    more: dict[str, Any]
    held: Callable[[Completion, Answers], bool] | None = None


QUESTIONS = (
    Question("max_tokens", {"max_tokens": 1}, lambda a, _: a.spent.completion_tokens <= 1),
    Question("temperature", WILD, lambda a, was: a.text != was["plain"].text),
    Question("seed", WILD, lambda a, was: was["plain"].text != a.text == _text(was, "temperature")),
    Question(
        "schema",
        {"response_format": chat.form(SCHEMA), "max_tokens": ROOM},
        lambda a, _: _is_heron(a.text),
    ),
    Question("tools", {"tools": TOOLS}, lambda a, was: _longer(a, was["plain"])),
    Question("tool_choice", CALL, lambda a, _: bool(a.calls)),
    Question("strict", CALL, lambda a, _: any(_is_heron(call.arguments) for call in a.calls)),
    Question("logprobs", {"logprobs": True}, lambda a, _: bool(a.choices[0].logprobs)),
    Question("unknown model", {"model": "no-such-model"}),
    Question("unknown field", {"no_such_field": 1}),
)


class Probed(msgspec.Struct, frozen=True):
    """Names of what was held, ignored and refused; and what the server calls itself."""

    held: tuple[str, ...]
    ignored: tuple[str, ...]
    refused: tuple[str, ...]
    server: str

    @property
    def about(self) -> dict[str, str]:
        """The lines of a header."""
        named = {"held": self.held, "ignored": self.ignored, "refused": self.refused}
        lines = {key: ", ".join(names) for key, names in named.items()}
        return {key: text for key, text in {"server": self.server, **lines}.items() if text}


async def probe(ask: Ask) -> Probed:
    """Ask one question after the other: beside others a server may sample differently.

    Args:
        ask: sends a request that says this beside the model and its sampler.

    Raises:
        PrivgymError: the server cannot be reached.
        ValueError: it does not answer even a plain request; the message says why.
    """
    plain = {"messages": [{"role": "user", "content": WORDS}], "max_tokens": FEW}
    answers = {"plain": chat.read(await ask(plain))}
    came: dict[str, list[str]] = {"held": [], "ignored": [], "refused": []}
    for question in QUESTIONS:
        answer = await ask({**plain, **question.more})
        came[_outcome(question, answer, answers)].append(question.name)
    held, ignored, refused = (tuple(came[key]) for key in ("held", "ignored", "refused"))
    return Probed(held, ignored, refused, answers["plain"].system_fingerprint or "")


def _outcome(question: Question, answer: Answer, answers: dict[str, Completion]) -> str:
    try:
        completion = answers[question.name] = chat.read(answer)
    except ValueError:
        return "refused" if question.held else "held"
    return "held" if question.held and question.held(completion, answers) else "ignored"


def _text(answers: Answers, name: str) -> str:
    return answers[name].text if name in answers else ""


def _is_heron(text: str) -> bool:
    try:
        return bool(json.loads(text) == {"word": "heron"})
    except ValueError:
        return False


def _longer(answer: Completion, plain: Completion) -> bool:
    """Whether more was read; taken on trust where the server counts no tokens."""
    read, before = answer.spent.prompt_tokens, plain.spent.prompt_tokens
    return read > before or not before
