"""The notations in which families of models are told of tools and write calls.

Most chat templates take tools and print them as the family learned to read them; what is then
generated has to be read here, one reader a notation. A template that takes no tools (SmolLM2's)
is told of them in the system turn, as its authors do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from itertools import groupby
from typing import Any, NamedTuple

import msgspec

from privgym.message import Call, ToolSchema
from privgym.model import Reply, Turn

_TAGGED = re.compile(r"<tool_call>(.*?)(?:</tool_call>|\Z)", re.DOTALL)

_TOLD = """You can call these tools, each described as JSON:
<tools>
{tools}
</tools>
To call some, answer with a list of calls between tags and nothing else:
<tool_call>[{{"name": NAME, "arguments": {{...}}}}]</tool_call>"""


class Notation(NamedTuple):
    """How a family writes calls.

    Args:
        name: what it is called in a header.
        in_template: whether the chat template is handed the tools.
        read: text -> the words in it and the calls. What is meant as a call and cannot be read
            as one stays among the words, so that the agent sees that something went wrong.
    """

    name: str
    in_template: bool
    read: Callable[[str], tuple[str, tuple[Call, ...]]]

    def taken(self, reply: Reply) -> Reply:
        """A reply with the calls taken out of its text; reasoning calls nothing."""
        thought, mark, said = reply.text.rpartition("</think>")
        text, calls = self.read(said)
        return msgspec.structs.replace(reply, text=f"{thought}{mark}{text}", calls=calls)


def of(template: str) -> Notation | None:
    """The notation of a chat template; None where it takes tools in one that is not known."""
    if not re.search(r"\btools\b", template):
        return Notation("smollm2", False, tagged)
    if "<tool_call>" in template and "<function=" not in template:
        return Notation("hermes", True, tagged)
    if "<|python_tag|>" in template or '"parameters"' in template:
        return Notation("llama", True, bare)
    return None


def tagged(text: str) -> tuple[str, tuple[Call, ...]]:
    """Read `<tool_call>{...}</tool_call>` (Hermes, Qwen), or a list in the tag (SmolLM2)."""
    try:
        calls = [call for inside in _TAGGED.findall(text) for call in _calls(inside, "arguments")]
    except ValueError:
        return text, ()
    return (_TAGGED.sub("", text).strip() if calls else text), tuple(calls)


def bare(text: str) -> tuple[str, tuple[Call, ...]]:
    """Read `{"name": ..., "parameters": {...}}` with nothing around it (Llama 3)."""
    try:
        return "", tuple(_calls(text.removeprefix("<|python_tag|>"), "parameters"))
    except ValueError:
        return text, ()


def describe(tool: ToolSchema) -> dict[str, Any]:
    """A tool as chat templates want it."""
    function = {
        "name": tool.name,
        "description": tool.description,
        "parameters": json.loads(tool.parameters),
    }
    return {"type": "function", "function": function}


def spell_out(turns: Iterable[Turn], tools: Iterable[ToolSchema]) -> tuple[Turn, ...]:
    """A conversation with tools for a template that takes none.

    The tools stand in the system turn, calls in the assistant's text, their answers in the
    user's; turns of one role that come to stand side by side become one, since many templates
    insist on alternation.
    """
    listed = "\n".join(json.dumps(describe(tool), ensure_ascii=False) for tool in tools)
    spelt = [Turn("system", _TOLD.format(tools=listed)), *map(_spelt, turns)]
    if len(spelt) > 1 and spelt[1].role == "system":
        spelt[:2] = [spelt[1], spelt[0]]
    return tuple(
        Turn(role, "\n\n".join(turn.text for turn in group))
        for role, group in groupby(spelt, lambda turn: turn.role)
    )


def as_message(turn: Turn, arguments: Callable[[str], Any] = json.loads) -> dict[str, Any]:
    """A turn as chat templates want it.

    Args:
        turn: the turn.
        arguments: what is made of the text of a call's arguments; by default an object.
    """
    message: dict[str, Any] = {"role": turn.role, "content": turn.text}
    if turn.calls:
        message["tool_calls"] = [
            {"type": "function", "function": _function(call, arguments)} for call in turn.calls
        ]
    return message


def _spelt(turn: Turn) -> Turn:
    if turn.role == "tool":
        return Turn("user", f"<tool_response>\n{turn.text}\n</tool_response>")
    if not turn.calls:
        return turn
    calls = json.dumps([_function(call, json.loads) for call in turn.calls], ensure_ascii=False)
    return Turn(turn.role, "\n".join(filter(None, [turn.text, f"<tool_call>{calls}</tool_call>"])))


def _function(call: Call, arguments: Callable[[str], Any]) -> dict[str, Any]:
    return {"name": call.name, "arguments": arguments(_readable(call.arguments))}


def _readable(arguments: str) -> str:
    """Arguments that a template can read: one that cannot refuses every prompt from then on."""
    try:
        readable = isinstance(json.loads(arguments), dict)
    except (ValueError, RecursionError):
        readable = False
    return arguments if readable else json.dumps({"unreadable": arguments})


def _calls(text: str, key: str) -> list[Call]:
    """The calls that a JSON text holds; ValueError where it holds anything else."""
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError("nested too deep") from None
    if value == []:
        raise ValueError("no call")
    return [_call(one, key) for one in (value if isinstance(value, list) else [value])]


def _call(value: Any, key: str) -> Call:
    arguments = value.get(key, {}) if isinstance(value, dict) else None
    if not isinstance(arguments, dict) or not isinstance(value.get("name"), str):
        raise ValueError("not a call")
    return Call(value["name"], json.dumps(arguments, ensure_ascii=False))
