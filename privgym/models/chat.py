"""Chat completions: what a server takes beyond what templates do, and its answers as records."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from privgym.message import Call, ToolSchema
from privgym.model import Turn
from privgym.models import notation
from privgym.models.server import Answer

PATH = "/chat/completions"

_OVERFLOW = re.compile(r"maximum context length|context_length_exceeded|exceed_context_size")


class Function(msgspec.Struct, frozen=True):
    """What is called, and its arguments as the model wrote them."""

    name: str
    arguments: str = "{}"


class ToolCall(msgspec.Struct, frozen=True):
    """One call."""

    function: Function


class Said(msgspec.Struct, frozen=True):
    """The message of an answer."""

    content: str | None = None
    tool_calls: tuple[ToolCall, ...] | None = None


class Token(msgspec.Struct, frozen=True):
    """A token that was generated: its log-probability."""

    logprob: float


class Tokens(msgspec.Struct, frozen=True):
    """The tokens of an answer, where they were asked for."""

    content: tuple[Token, ...]


class Choice(msgspec.Struct, frozen=True):
    """One of the answers; the house asks for one."""

    message: Said
    finish_reason: str | None = None
    logprobs: Any = None


class Usage(msgspec.Struct, frozen=True):
    """Tokens read and generated."""

    prompt_tokens: int = 0
    completion_tokens: int = 0


class Completion(msgspec.Struct, frozen=True):
    """An answer, as far as the house reads it."""

    choices: tuple[Choice, ...]
    usage: Usage | None = None
    system_fingerprint: str | None = None

    @property
    def text(self) -> str:
        """What was said."""
        return self.choices[0].message.content or ""

    @property
    def calls(self) -> tuple[Call, ...]:
        """What was called. They alone tell: servers differ in what `finish_reason` says of them."""
        made = self.choices[0].message.tool_calls or ()
        return tuple(Call(call.function.name, call.function.arguments) for call in made)

    @property
    def cut(self) -> bool:
        """Whether it ended only because it might not be longer."""
        return self.choices[0].finish_reason == "length"

    @property
    def logprobs(self) -> tuple[float, ...] | None:
        """Of each token its log-probability; None unless they came for as many as were counted."""
        try:
            tokens = msgspec.convert(self.choices[0].logprobs, Tokens).content
        except msgspec.ValidationError:  # none, or as other servers write them
            return None
        whole = len(tokens) == self.spent.completion_tokens
        return tuple(token.logprob for token in tokens) if whole else None

    @property
    def spent(self) -> Usage:
        """Tokens; none where the server does not count them."""
        return self.usage or Usage()


def read(answer: Answer) -> Completion:
    """What the server answered.

    Raises:
        ValueError: it refused or failed, or what came is no completion; the message says which.
    """
    if answer.status != 200:
        raise ValueError(f"the server answered {answer.status}: {refusal(answer)}")
    try:
        completion = msgspec.json.decode(answer.body, type=Completion)
    except ValueError as error:
        shown = answer.body[:80].decode("utf-8", "replace")
        raise ValueError(f"what came is no completion ({error}): {shown!r}") from None
    if not completion.choices:
        raise ValueError("the answer is empty: it has no choices")
    return completion


def refusal(answer: Answer) -> str:
    """The words of a refusal: the server's message and codes, or the body as it is."""
    text = answer.body[:2000].decode("utf-8", "replace")
    try:
        error = json.loads(text)["error"]
        return " ".join(str(error[key]) for key in ("message", "type", "code") if error.get(key))
    except (ValueError, LookupError, TypeError, AttributeError):
        return text.strip()[:400]


def overflowed(answer: Answer) -> bool:
    """Whether the prompt was refused because it does not fit the context."""
    return 400 <= answer.status < 500 and bool(_OVERFLOW.search(refusal(answer)))


def messages(turns: Iterable[Turn]) -> Iterator[dict[str, Any]]:
    """The conversation; calls and their answers are tied by the number of the call."""
    made = answered = 0
    for turn in turns:
        message = notation.as_message(turn, arguments=str)
        if turn.role == "tool":
            message["tool_call_id"] = _number(answered)
            answered += 1
        elif turn.calls:
            answered = made
            for call in message["tool_calls"]:
                call["id"] = _number(made)
                made += 1
        yield message


def tool(schema: ToolSchema) -> dict[str, Any]:
    """A tool, its arguments held to their schema: vLLM does so only where it is strict."""
    described = notation.describe(schema)
    described["function"]["strict"] = True
    return described


def form(schema: str) -> dict[str, Any]:
    """The `response_format` that holds an answer to a schema."""
    held = {"name": "turn", "strict": True, "schema": msgspec.Raw(schema.encode())}
    return {"type": "json_schema", "json_schema": held}


def _number(call: int) -> str:
    return f"call{call:05d}"  # nine letters and digits: Mistral's templates take no other
