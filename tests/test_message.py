"""What is said is frozen, shared without copies, and safe to show."""

from __future__ import annotations

import pickle
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import tool
from privgym.message import Action, Call, Message, Messages, Observation, ToolSchema, visible

LINES = [Message("user", str(number), party="ana") for number in range(5)]
TOOLS = ("email", "calendar", "contacts", "search", "memory", "permission", "act")


def test_records_are_frozen_and_hashable():
    action = Action(text="hello", calls=(Call.of("email_read", id=1),))
    observation = Observation("agent", 1, Messages(LINES))
    assert len({action, action, observation}) == 2
    with pytest.raises(AttributeError):
        action.text = "changed"  # type: ignore[misc]


def test_a_call_of_values_is_their_json():
    call = Call.of("email_send", to=["a@x.example"], subject=None, body='say "hi"\n')
    given = msgspec.json.decode(call.arguments)
    assert given == {"to": ["a@x.example"], "subject": None, "body": 'say "hi"\n'}


def test_an_action_survives_json():
    action = Action("text", (Call("x", "{broken"),), fault="malformed", detail="why", raw="<x>")
    assert msgspec.json.decode(msgspec.json.encode(action), type=Action) == action


def test_messages_do_not_grow_with_their_log():
    log = LINES[:2]
    seen = Messages(log)
    log.append(LINES[2])
    assert list(seen) == LINES[:2]
    assert seen != Messages(log)


@given(st.integers(0, 5), st.integers(-7, 7))
def test_messages_are_the_sequence_of_their_first_entries(stop, index):
    seen, plain = Messages(LINES, stop), LINES[:stop]
    assert len(seen) == len(plain)
    assert list(seen) == plain
    if -stop <= index < stop:
        assert seen[index] == plain[index]
    else:
        with pytest.raises(IndexError):
            seen[index]


@given(st.slices(5))
def test_messages_are_sliced_like_lists(part):
    assert Messages(LINES)[part] == tuple(LINES[part])


def test_equal_messages_hash_alike_and_survive_pickling():
    one, other = Messages(LINES), Messages(list(LINES))
    assert one == other
    assert hash(one) == hash(other)
    assert pickle.loads(pickle.dumps(one)) == one
    assert one != Messages(LINES, 4)
    assert one != LINES


def test_pickling_a_view_leaves_the_rest_of_the_log_behind():
    copy = pickle.loads(pickle.dumps(Messages(LINES, 2)))
    assert len(copy._log) == 2


@pytest.mark.parametrize("name", TOOLS)
@given(seed=st.integers(0, 10**6))
def test_a_sampled_call_fits_its_tool(name, seed):
    rng = Random(seed)
    for method in tool.methods(name).values():
        call = method.schema.sample(rng, ("2026-12-01", "someone@x.example", "ü"))
        assert call.name == method.schema.name
        method.read(call.arguments)


def test_samples_are_a_function_of_the_generator():
    schema = tool.methods("email")["email_send"].schema
    draw = [schema.sample(Random(7), ("a", "b", "c")) for _ in range(2)]
    assert draw[0] == draw[1]


def test_every_kind_of_schema_can_be_sampled():
    kinds = {
        "choice": {"enum": ["x", "y"]},
        "maybe": {"type": ["string", "null"]},
        "many": {"type": "array", "items": {"type": "integer", "minimum": 3}},
        "share": {"type": "number"},
        "flag": {"type": "boolean"},
    }
    schema = ToolSchema("t_m", "", msgspec.json.encode({"properties": kinds}).decode())
    drawn = [msgspec.json.decode(schema.sample(Random(n), ("w",)).arguments) for n in range(40)]
    assert {one["choice"] for one in drawn} == {"x", "y"}
    assert {one["maybe"] for one in drawn} == {"w", None}
    assert {one["flag"] for one in drawn} == {True, False}
    assert all(value >= 3 for one in drawn for value in one["many"])


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain, ünicode, two\nlines\tand tabs", "plain, ünicode, two\nlines\tand tabs"),
        ("\x1b[31mred", "<U+001B>[31mred"),
        ("abc\u202edef", "abc<U+202E>def"),
        ("a\u200bb", "a<U+200B>b"),
        ("\r", "<U+000D>"),
        ("\u2028", "<U+2028>"),
        ("\ue000", "<U+E000>"),
        ("\ud800", "<U+D800>"),
    ],
)
def test_hostile_text_becomes_visible(text, shown):
    assert visible(text) == shown


@given(st.text())
def test_what_is_visible_stays_as_it_is(text):
    assert visible(visible(text)) == visible(text)
    visible(text).encode()
