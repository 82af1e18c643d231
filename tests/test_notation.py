"""Notations: what a family is told of tools, and how the calls that it writes are read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import dialect
from privgym.message import Call, ToolSchema
from privgym.model import Reply, Turn
from privgym.models import chat, notation

READ = Call.of("email_read", id=3)
LIST = Call("email_list")
TOOL = ToolSchema("email_read", "Open a letter.", '{"type":"object","properties":{}}')
QWEN = "{% if tools %}<tool_call>{% endif %}{{ messages }}"
LLAMA = '{% if tools %}{"name": ..., "parameters": ...}<|python_tag|>{% endif %}'
PLAIN = "{{ messages }}"


def written(call: Call, key: str = "arguments") -> str:
    return json.dumps({"name": call.name, key: json.loads(call.arguments)})


def same(calls: tuple[Call, ...], *wanted: Call) -> bool:
    return [(c.name, json.loads(c.arguments)) for c in calls] == [
        (c.name, json.loads(c.arguments)) for c in wanted
    ]


@pytest.mark.parametrize(
    ("template", "name"), [(QWEN, "hermes"), (LLAMA, "llama"), (PLAIN, "smollm2")]
)
def test_a_template_tells_its_notation(template: str, name: str) -> None:
    found = notation.of(template)
    assert found
    assert (found.name, found.in_template) == (name, name != "smollm2")


@pytest.mark.parametrize("template", ["{{ tools }}", "{{ tools }}<tool_call><function=x>"])
def test_a_notation_that_is_not_known_is_not_guessed_at(template: str) -> None:
    assert notation.of(template) is None


@pytest.mark.parametrize(
    "text",
    [
        f"<tool_call>\n{written(READ)}\n</tool_call>\n<tool_call>{written(LIST)}</tool_call>",
        f"<tool_call>[{written(READ)}, {written(LIST)}]</tool_call>",
        f"<tool_call>{written(READ)}</tool_call><tool_call>{written(LIST)}",
    ],
)
def test_tagged_calls_are_read_in_order(text: str) -> None:
    said, calls = notation.tagged(f"Let me look.\n{text}")
    assert said == "Let me look."
    assert same(calls, READ, LIST)


@pytest.mark.parametrize("start", ["", "<|python_tag|>"])
def test_a_bare_call_is_the_whole_text(start: str) -> None:
    said, calls = notation.bare(start + written(READ, "parameters"))
    assert said == ""
    assert same(calls, READ)


@pytest.mark.parametrize("text", ["It is done.", "42", "[]", '{"name": 3}', '{"name"', ""])
def test_what_is_no_bare_call_is_said(text: str) -> None:
    assert notation.bare(text) == (text, ())


@pytest.mark.parametrize(
    "inside",
    ['{"name": "email_read", "argum', '{"name": 3}', "[]", "email_read(3)", "[" * 100_000, "3"],
)
def test_a_broken_call_stays_in_the_text_and_ends_as_malformed(inside: str) -> None:
    text = f"<tool_call>{inside}</tool_call>"
    assert notation.tagged(text) == (text, ())
    assert dialect.parse(text, ["email_read"]).fault == "malformed"


def test_one_broken_call_takes_the_others_with_it() -> None:
    text = f"<tool_call>{written(READ)}</tool_call><tool_call>oh</tool_call>"
    assert notation.tagged(text) == (text, ())


def test_reasoning_calls_nothing() -> None:
    hermes = notation.of(QWEN)
    assert hermes
    thought = f"<think>or <tool_call>{written(READ)}</tool_call>?</think>"
    taken = hermes.taken(Reply(f"{thought}<tool_call>{written(LIST)}</tool_call>", tokens=9))
    assert same(taken.calls, LIST)
    assert (taken.text, taken.tokens) == (thought, 9)


@given(st.text())
def test_any_text_can_be_read(text: str) -> None:
    for read in (notation.tagged, notation.bare):
        said, calls = read(text)
        assert calls or said == text


CONVERSATION = (
    Turn("system", "You help."),
    Turn("user", "Look."),
    Turn("assistant", "", (READ, LIST)),
    Turn("tool", "one"),
    Turn("tool", "two"),
    Turn("user", "And now?"),
)


def test_tools_are_spelt_out_for_a_template_that_takes_none() -> None:
    spelt = notation.spell_out(CONVERSATION, [TOOL])
    assert [turn.role for turn in spelt] == ["system", "user", "assistant", "user"]
    assert spelt[0].text.startswith("You help.")
    assert json.dumps(notation.describe(TOOL)) in spelt[0].text
    assert same(notation.tagged(spelt[2].text)[1], READ, LIST)
    assert spelt[3].text.index("one") < spelt[3].text.index("two") < spelt[3].text.index("And now?")
    assert not any(turn.calls for turn in spelt)


def test_a_conversation_without_rules_gets_the_tools_as_its_rules() -> None:
    spelt = notation.spell_out(CONVERSATION[1:], [TOOL])
    assert [turn.role for turn in spelt] == ["system", "user", "assistant", "user"]


@pytest.mark.parametrize("broken", ['{"id": ', "3", "[" * 100_000])
def test_arguments_are_always_an_object_and_broken_ones_stand_in_it_as_they_were(
    broken: str,
) -> None:
    turn = Turn("assistant", "", (READ, Call("email_read", broken)))
    good, bad = (call["function"] for call in notation.as_message(turn)["tool_calls"])
    assert good == {"name": "email_read", "arguments": {"id": 3}}
    assert bad == {"name": "email_read", "arguments": {"unreadable": broken}}
    (served,) = chat.messages([turn])
    assert [json.loads(call["function"]["arguments"]) for call in served["tool_calls"]] == [
        good["arguments"],
        bad["arguments"],
    ]


def test_a_server_is_told_which_answer_is_to_which_call() -> None:
    served = list(chat.messages([*CONVERSATION, Turn("assistant", "", (READ,)), CONVERSATION[3]]))
    made = [call["id"] for message in served for call in message.get("tool_calls", ())]
    answered = [message["tool_call_id"] for message in served if message["role"] == "tool"]
    assert made == answered
    assert len(set(made)) == 3


def test_what_a_server_takes_is_what_a_template_takes_and_strict() -> None:
    served, described = chat.tool(TOOL), notation.describe(TOOL)
    assert served["function"].pop("strict") is True
    assert served == described
