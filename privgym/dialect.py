"""How a model writes an action as text, and how what it printed is read.

The dialect "json": one JSON object a line, `{"tool": NAME, "arguments": {...}}` for a call and
`{"say": TEXT}` for what is said. Reading is forgiving about what tuned models print around
that (code fences, Hermes' `<tool_call>` tags, `"name"` for `"tool"`, prose before a call,
reasoning), and says what was wrong where a text is meant as a call and cannot be one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from privgym.message import Action, Call, ToolSchema

LONGEST, MOST = 600, 4
"""Characters of a string, and entries of a list, that constrained decoding lets a model write."""

FORM = 'write {"tool": NAME, "arguments": {...}} or {"say": TEXT}'

_DECODER = json.JSONDecoder()
_OBJECT = re.compile(r'\{\s*"(?:tool|name|arguments|say)"\s*:')
_REASONING = re.compile(r"<think>.*?(?:</think>|\Z)", re.DOTALL)
_WRAPPING = re.compile(r"</?tool_call>|```(?:json)?[^\S\n]*(?=\n|$)")
_BETWEEN = " \t\r\n,;[]"
_OTHER_JSON = re.compile(r"\s*(?:```json|<tool_call>|\[?\s*\{)")
_OTHER_CALL = re.compile(r"^\W*(\w+)\s*[({:]", re.MULTILINE)


def render(action: Action) -> str:
    """The canonical text of an action; `parse` reads it back."""
    said = [_dump({"say": action.text})] if action.text or not action.calls else []
    calls = [
        f'{{"tool": {_dump(call.name)}, "arguments": {_spaced(call.arguments)}}}'
        for call in action.calls
    ]
    return "\n".join(said + calls)


def parse(text: str, tools: Iterable[str] = ()) -> Action:
    """The action that a model printed.

    Args:
        text: what it printed; any text gives an action.
        tools: names of the tools it has, by which a call in another notation is told from prose.

    Returns:
        The action. It is "malformed" if the text is meant as a call and cannot be read as one,
        or if there is nothing in it; `detail` says what to write instead.
    """
    text = text.encode("utf-8", "replace").decode()
    try:
        objects, prose = _objects(_without_reasoning(text))
        if not objects:
            _refuse_other_notations(prose, tools)
        calls = tuple(_call(found) for found in objects if "tool" in found)
    except (ValueError, RecursionError) as error:
        return Action(fault="malformed", detail=f"{error}: {FORM}.", raw=text)
    said = (found["say"] for found in objects if "say" in found)
    action = Action(text="\n".join(filter(None, [prose, *said])), calls=calls)
    if text in (action.text, render(action)):
        return action
    return msgspec.structs.replace(action, raw=text)


def grammar(tools: Iterable[ToolSchema]) -> str:
    """JSON Schema text of one call of these tools or one `say`, for constrained decoding."""
    calls = [
        _closed({"tool": {"const": t.name}, "arguments": _bounded(json.loads(t.parameters))})
        for t in tools
    ]
    say = _closed({"say": {"type": "string", "maxLength": LONGEST}})
    return _dump({"anyOf": [*calls, say]})


def signature(tool: ToolSchema) -> str:
    """A tool in one line: `email_read(id: number of the letter): Open a letter.`"""
    properties = json.loads(tool.parameters)["properties"]
    takes = ", ".join(f"{name}: {_what(schema)}" for name, schema in properties.items())
    return f"{tool.name}({takes}): {tool.description}"


def _without_reasoning(text: str) -> str:
    # A model whose template opens its reasoning prints only the closing tag. A text that begins
    # with an object does not reason, whatever tags stand in its strings.
    if text.lstrip().startswith("{"):
        return text
    return _REASONING.sub("", text).rpartition("</think>")[2]


def _objects(text: str) -> tuple[list[dict[str, Any]], str]:
    """The objects of the dialect in a text, and what stands around them."""
    objects: list[dict[str, Any]] = []
    around, at = [], 0
    while found := _OBJECT.search(text, at):
        try:
            value, end = _DECODER.raw_decode(text, found.start())
        except ValueError as error:
            raise ValueError(f"the JSON breaks off or is wrong ({error})") from None
        around.append(text[at : found.start()])
        objects.append(_checked(value))
        at = end
    if not objects:
        return [], text.strip()
    bare = (_WRAPPING.sub("", piece).strip(_BETWEEN) for piece in [*around, text[at:]])
    return objects, "\n".join(filter(None, bare))


def _checked(value: dict[str, Any]) -> dict[str, Any]:
    """An object as the dialect has it; ValueError says what is wrong with it."""
    if "name" in value and "tool" not in value:
        value["tool"] = value.pop("name")
    if other := value.keys() - {"tool", "arguments", "say"}:
        raise ValueError(f"the object has {', '.join(sorted(other))}")
    if not isinstance(value.get("say", ""), str):
        raise ValueError('"say" is no text')
    if value.keys() != {"say"} and not isinstance(value.get("tool"), str):
        raise ValueError('"tool" names no tool')
    _dump(value).encode()  # refuses half a surrogate pair and numbers that JSON does not have
    return value


def _call(value: dict[str, Any]) -> Call:
    arguments = value.get("arguments", {})
    if isinstance(arguments, str):
        arguments = json.loads(arguments)
    if not isinstance(arguments, dict):
        raise ValueError('"arguments" is no object')
    return Call(value["tool"], msgspec.json.encode(arguments).decode())


def _refuse_other_notations(text: str, tools: Iterable[str]) -> None:
    """Raise ValueError where a text without an object of the dialect is no prose either."""
    if not text:
        raise ValueError("nothing was printed")
    if _OTHER_JSON.match(text):
        raise ValueError('the JSON has neither "tool" nor "say"')
    if named := set(_OTHER_CALL.findall(text)) & set(tools):
        raise ValueError(f"{min(named)} is called in another notation")


def _closed(properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _bounded(schema: dict[str, Any]) -> dict[str, Any]:
    """A tool's schema with bounds on texts and lists, so that a looping model comes to an end."""
    kept = {k: v for k, v in schema.items() if k != "description"}
    if "properties" in kept:
        kept["properties"] = {k: _bounded(v) for k, v in kept["properties"].items()}
    if "items" in kept:
        kept = {**kept, "items": _bounded(kept["items"]), "minItems": 1, "maxItems": MOST}
    if "string" in kept.get("type", ()) and "enum" not in kept:
        kept["maxLength"] = LONGEST
    return kept


def _what(schema: dict[str, Any]) -> str:
    """What an argument is, in its own words where it has any and may be anything."""
    said = str(schema.get("description", "")).rstrip(".")
    if not said or "enum" in schema:
        return _kind(schema)
    return f"[{said}]" if schema["type"] == "array" else said


def _kind(schema: dict[str, Any]) -> str:
    if "enum" in schema:
        return "|".join(str(value) for value in schema["enum"])
    kind = schema["type"]
    if isinstance(kind, list):
        return "|".join(_kind({**schema, "type": one}) for one in kind)
    if kind == "array":
        return f"list of {_kind(schema['items'])}"
    return {"string": "text", "integer": "number"}.get(kind, str(kind))


def _dump(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


def _spaced(arguments: str) -> str:
    """JSON text with the spaces that models put in; malformed text stays as it is."""
    try:
        return _dump(json.loads(arguments))
    except ValueError:
        return arguments
