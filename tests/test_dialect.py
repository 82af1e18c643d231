"""The dialect: what is rendered reads back, and any text whatever gives an action."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import dialect
from privgym.message import Action, Call, ToolSchema

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**40), 2**40) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
arguments = st.dictionaries(texts, values, max_size=3)
calls = st.builds(
    lambda name, given: Call(name, Call.of("x", **{}).arguments if not given else _text(given)),
    st.from_regex(r"[a-z]+_[a-z]+", fullmatch=True),
    arguments,
)


def _text(given: dict[str, object]) -> str:
    return json.dumps(given, ensure_ascii=False, separators=(",", ":"))


@given(st.builds(Action, text=texts, calls=st.lists(calls, max_size=3).map(tuple)))
def test_a_rendered_action_reads_back(action: Action) -> None:
    back = dialect.parse(dialect.render(action))
    assert back.text == action.text
    assert [(c.name, json.loads(c.arguments)) for c in back.calls] == [
        (c.name, json.loads(c.arguments)) for c in action.calls
    ]
    assert (back.fault, back.raw) == ("", "")


pieces = st.sampled_from(
    (
        *('{"tool": "a_b"', '"arguments": {', "}", "{", '"say": ', '"x"', "```json\n", "[", ","),
        *("<think>", "</think>", "\ud800", '"\\ud800"', "NaN", "1e999", "\n", "<tool_call>", "so "),
    )
)


@given(st.lists(pieces, max_size=20).map("".join) | st.text())
def test_any_text_gives_an_action_that_can_be_stored(text: str) -> None:
    action = dialect.parse(text, ["a_b"])
    assert (action.fault == "malformed") == bool(action.detail)
    if action.fault:
        assert (action.text, action.calls) == ("", ())
    for call in action.calls:
        assert isinstance(json.loads(call.arguments), dict)
    repr(action).encode()
    (action.text + action.raw).encode()


def test_nesting_without_end_is_malformed() -> None:
    assert dialect.parse('{"say": ' + "[" * 100_000).fault == "malformed"


CALL = Call.of("email_read", id=3)


@pytest.mark.parametrize(
    "text",
    [
        '{"tool": "email_read", "arguments": {"id": 3}}',
        '```json\n{\n  "tool": "email_read",\n  "arguments": {"id": 3}\n}\n```',
        '<tool_call>\n{"name": "email_read", "arguments": {"id": 3}}\n</tool_call>',
        '{"name": "email_read", "arguments": "{\\"id\\": 3}"}',
        '[{"tool": "email_read", "arguments": {"id": 3}}]',
        '<think>Read {"say": 1} first?</think>\n{"tool": "email_read", "arguments": {"id": 3}}',
        'So I read.</think>{"tool": "email_read", "arguments": {"id": 3}}',
    ],
)
def test_what_tuned_models_print_around_a_call(text: str) -> None:
    action = dialect.parse(text)
    assert action.calls == (CALL,)
    assert (action.text, action.fault) == ("", "")


def test_prose_before_a_call_is_said() -> None:
    text = 'Let me look.\n{"tool": "email_read", "arguments": {"id": 3}}'
    assert dialect.parse(text) == Action(text="Let me look.", calls=(CALL,), raw=text)


def test_several_calls_keep_their_order() -> None:
    text = '{"tool": "b_b", "arguments": {}}\n{"tool": "a_a", "arguments": {}}\n{"say": "there"}'
    action = dialect.parse(text)
    assert [call.name for call in action.calls] == ["b_b", "a_a"]
    assert action.text == "there"


def test_plain_prose_is_said() -> None:
    assert dialect.parse("It is done, {nearly}.") == Action(text="It is done, {nearly}.")


def test_reasoning_is_kept_apart_and_never_said() -> None:
    action = dialect.parse("<think>Ana has lupus.</think>Done.")
    assert action.text == "Done."
    assert "lupus" in action.raw


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "nothing"),
        ("<think>and then", "nothing"),
        ('{"tool": "email_send", "arguments": {"to": ["a@b', "breaks off"),
        ('{"tool": 3, "arguments": {}}', "names no tool"),
        ('{"tool": "a_b", "arguments": [1]}', "no object"),
        ('{"arguments": {}}', "names no tool"),
        ('{"say": 1}', "no text"),
        ('{"to": "bob"}', "neither"),
        ('{"tool": "a_b", "args": {}}', "args"),
        ("email_read(id=3)", "another notation"),
        ('I call:\nemail_read: {"id": 3}', "another notation"),
    ],
)
def test_a_call_that_cannot_be_read_is_malformed_and_says_why(text: str, why: str) -> None:
    action = dialect.parse(text, ["email_read", "email_send"])
    assert action.fault == "malformed"
    assert why in action.detail
    assert dialect.FORM in action.detail
    assert (action.text, action.calls, action.raw) == ("", (), text)


SEND = ToolSchema(
    "email_send",
    "Send a letter.",
    _text(
        {
            "type": "object",
            "properties": {
                "to": {"type": "array", "items": {"type": "string"}, "description": "whom"},
                "subject": {"type": ["string", "null"], "description": "line"},
                "id": {"type": "integer"},
            },
            "required": ["to", "subject", "id"],
            "additionalProperties": False,
        }
    ),
)


def test_a_signature_is_one_line() -> None:
    assert dialect.signature(SEND) == (
        "email_send(to: [whom], subject: line, id: number): Send a letter."
    )


def test_the_grammar_is_closed_and_bounded() -> None:
    call, say = json.loads(dialect.grammar([SEND]))["anyOf"]
    assert call["properties"]["tool"] == {"const": "email_send"}
    given = call["properties"]["arguments"]
    assert given["additionalProperties"] is call["additionalProperties"] is False
    assert given["properties"]["subject"]["maxLength"] == dialect.LONGEST
    assert given["properties"]["to"]["maxItems"] == dialect.MOST
    assert given["properties"]["to"]["items"]["maxLength"] == dialect.LONGEST
    assert say["required"] == ["say"]
