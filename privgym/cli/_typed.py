"""What a person types, read as an action.

A line that begins with the name of a call is that call: `email_read id=1`, where a value is JSON
or one bare word, or `email_read {"id": 1}`. Any other line is said. Unlike a model, a person is
told what is wrong with a line before it is a turn.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from privgym.dialect import signature
from privgym.message import Action, Call, ToolSchema

_DECODER = json.JSONDecoder(strict=False)
_KEY = re.compile(r"\s*(\w+)=")
_WORD = re.compile(r"\S*")


def read(line: str, tools: Sequence[ToolSchema]) -> Action:
    """The action that a line is.

    Args:
        line: what was typed.
        tools: what may be called.

    Raises:
        ValueError: it is meant as a call and cannot be read as one; says why.
    """
    head = re.match(r"\s*(\w+)\s*", line)
    tool = next((tool for tool in tools if head and tool.name == head[1]), None)
    if head is None or tool is None:
        return Action(text=line.strip())
    rest = line[head.end() :]
    given = _object(rest) if rest.startswith("{") else _words(rest)
    return Action(calls=(call(tool, given),))


def parameters(tool: ToolSchema) -> dict[str, dict[str, Any]]:
    """JSON Schema of each argument, in order."""
    found: dict[str, dict[str, Any]] = json.loads(tool.parameters)["properties"]
    return found


def optional(schema: Mapping[str, Any]) -> bool:
    """Whether an argument may be left out."""
    return "null" in _types(schema)


def call(tool: ToolSchema, given: Mapping[str, Any]) -> Call:
    """A call of a tool; values are brought to the kind that the tool takes.

    Raises:
        ValueError: an argument is missing, unknown or of another kind.
    """
    takes = parameters(tool)
    missing = [name for name, schema in takes.items() if name not in given and not optional(schema)]
    for trouble, names in (("needs", missing), ("has no", [n for n in given if n not in takes])):
        if names:
            raise ValueError(f"{tool.name} {trouble} {', '.join(names)}; it is {signature(tool)}")
    return Call.of(
        tool.name, **{name: _fit(name, given.get(name), schema) for name, schema in takes.items()}
    )


def _object(text: str) -> dict[str, Any]:
    try:
        given: dict[str, Any] = _DECODER.decode(text)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"the JSON is wrong: {error}") from None
    return given


def _words(text: str) -> dict[str, Any]:
    """`key=VALUE ...`, where VALUE is JSON or a bare word."""
    given: dict[str, Any] = {}
    at, end = 0, len(text.rstrip())
    while at < end:
        key = _KEY.match(text, at)
        if key is None:
            raise ValueError(f'"{text[at:].strip()}" is no name=value; put quotes around spaces')
        given[key[1]], at = _value(text, key.end())
    return given


def _value(text: str, at: int) -> tuple[Any, int]:
    """The value that stands there, and where it ends."""
    word = _WORD.match(text, at)
    end = word.end() if word else at
    try:
        value, stop = _DECODER.raw_decode(text, at)
    except (ValueError, RecursionError):
        if text[at : at + 1] in ('"', "["):
            raise ValueError(f"{text[at:end]} is not closed") from None
        return text[at:end], end
    # "3pm" begins with a number and is a word all the same.
    return (value, stop) if stop >= end else (text[at:end], end)


def _fit(name: str, value: Any, schema: Mapping[str, Any]) -> Any:
    """A value as the kind that a schema asks for, where that is beyond doubt."""
    kinds = _types(schema)
    if value is None and "null" in kinds:
        return None
    if "array" in kinds and not isinstance(value, list):
        return [part.strip() for part in str(value).split(",")]
    if "string" in kinds or "enum" in schema:
        return value if isinstance(value, str) else json.dumps(value)
    if "integer" in kinds and not isinstance(value, int):
        if not re.fullmatch(r"\s*[+-]?[0-9]{1,15}\s*", str(value)):
            raise ValueError(f"{name} is a whole number, not {json.dumps(value)}")
        return int(value)
    return value


def _types(schema: Mapping[str, Any]) -> Sequence[str]:
    kind = schema.get("type", "")
    return [kind] if isinstance(kind, str) else kind
