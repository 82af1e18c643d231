"""What is said: calls, actions, messages, observations.

All are frozen records, so that a trace can hold them, a set can hold them, and an agent that
keeps one cannot change what another sees. Call arguments and tool schemas are JSON *text*:
text is hashable, and malformed input survives as it was written.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from random import Random
from typing import Any, Literal, overload

import msgspec

Role = Literal["user", "assistant", "tool", "notice"]


class Call(msgspec.Struct, frozen=True, omit_defaults=True):
    """One tool call: `name` is `<tool>_<method>`, `arguments` the JSON text of an object."""

    name: str
    arguments: str = "{}"

    @classmethod
    def of(cls, name: str, /, **arguments: Any) -> Call:
        """A call with its arguments given as Python values."""
        return cls(name, msgspec.json.encode(arguments).decode())


class Action(msgspec.Struct, frozen=True, omit_defaults=True):
    """One turn of a mind: text, any number of calls, or a fault.

    Args:
        text: what is said to the session's asker ("" says nothing).
        calls: tool calls, executed in order.
        fault: "malformed" if what the model printed could not be read as an action,
            "overflow" if the prompt no longer fitted its context.
        detail: the parser's or server's words on the fault; shown to the model.
        raw: what the model printed, where that is not `text` (reasoning included). It is
            recorded and never delivered, so it is never judged as speech.
    """

    text: str = ""
    calls: tuple[Call, ...] = ()
    fault: Literal["", "malformed", "overflow"] = ""
    detail: str = ""
    raw: str = ""


class Message(msgspec.Struct, frozen=True):
    """One line of an observation.

    Args:
        role: "user" is someone speaking to this party, "assistant" this party itself, "tool"
            the answer to a call, "notice" what the house shows (opening, arrived mail).
        text: the words.
        party: key of the party who spoke, "" for tools and notices.
        calls: the calls of an "assistant" message.
        call: for "tool": the name of the call answered.
        channel: how it came: "talk", or the name of a tool.
        record: for what arrived through a tool: its number in this party's account.
    """

    role: Role
    text: str
    party: str = ""
    calls: tuple[Call, ...] = ()
    call: str = ""
    channel: str = ""
    record: int = 0


class ToolSchema(msgspec.Struct, frozen=True):
    """One callable function: its name, what it does, and its parameters as JSON Schema text."""

    name: str
    description: str
    parameters: str

    def sample(self, rng: Random, words: Sequence[str]) -> Call:
        """A random call that fits the schema, its strings taken from `words`."""
        properties = msgspec.json.decode(self.parameters)["properties"]
        return Call.of(self.name, **{k: _sample(v, rng, words) for k, v in properties.items()})


def _sample(schema: dict[str, Any], rng: Random, words: Sequence[str]) -> Any:
    """A random value of one JSON Schema of the kind that tools have (closed, no references)."""
    if "enum" in schema:
        return rng.choice(schema["enum"])
    kind = schema.get("type")
    if isinstance(kind, list):
        kind = rng.choice(kind)
    if kind == "array":
        return [_sample(schema["items"], rng, words) for _ in range(rng.randint(1, 2))]
    if kind in ("integer", "number"):
        return rng.randint(schema.get("minimum", 1), 5)
    if kind == "boolean":
        return rng.random() < 0.5
    return None if kind == "null" else rng.choice(words)


class Messages(Sequence[Message]):
    """A frozen view of the first `stop` entries of an append-only log (no copy is made)."""

    __slots__ = ("_log", "_stop")

    def __init__(self, log: Sequence[Message] = (), stop: int | None = None) -> None:
        self._log = log
        self._stop = len(log) if stop is None else stop

    def __len__(self) -> int:
        return self._stop

    @overload
    def __getitem__(self, index: int) -> Message: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Message, ...]: ...
    def __getitem__(self, index: int | slice) -> Message | tuple[Message, ...]:
        if isinstance(index, slice):
            return tuple(self._log[i] for i in range(*index.indices(self._stop)))
        if not -self._stop <= index < self._stop:
            raise IndexError(index)
        return self._log[index % self._stop]

    def __iter__(self) -> Iterator[Message]:
        return (self._log[i] for i in range(self._stop))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Messages):
            return NotImplemented
        if self._stop != other._stop:
            return False
        return self._log is other._log or all(a == b for a, b in zip(self, other, strict=True))

    def __hash__(self) -> int:
        return hash((self._stop, self[-1] if self._stop else None))

    def __repr__(self) -> str:
        return f"Messages({list(self)!r})"

    def __reduce__(self) -> tuple[type[Messages], tuple[tuple[Message, ...]]]:
        return Messages, (self[:],)


class Observation(msgspec.Struct, frozen=True):
    """All that a party may know at its turn.

    For the agent: this session so far, whole. Between sessions the agent forgets, so an agent
    is a function of what it sees here. For people: all sessions.

    Args:
        party: key of the party whose turn it is.
        session: number of the session, from 1.
        messages: oldest first.
        tools: what the party may call in this scenario.
    """

    party: str
    session: int
    messages: Messages
    tools: tuple[ToolSchema, ...] = ()


_KEPT = {"\n", "\t"}
_HIDDEN = {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}


def visible(text: str) -> str:
    """Hostile text made safe to show: control, bidi and zero-width characters become tokens.

    The one boundary before a terminal, a page or a database; `visible` of a printable text is
    that text.
    """
    if text.isascii() and text.isprintable():
        return text
    return "".join(
        f"<U+{ord(c):04X}>" if c not in _KEPT and unicodedata.category(c) in _HIDDEN else c
        for c in text
    )
