"""A tool is its state, and its methods are closed, strict schemas."""

from __future__ import annotations

import json
from typing import Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import kit, tool
from privgym.errors import PrivgymError
from privgym.tool import Tool
from privgym.wire import Record, Wire

ALL = kit.names("tools")


class Note(Record):
    text: str
    tags: tuple[str, ...] = ()


class Notes(Tool[Note]):
    def add(self, wire: Wire, text: str, kind: Literal["a", "b"], many: list[int] | None = None):
        """Add a note.

        Args:
            text: the words,
                on two lines.
            kind: which.
            many: numbers.
        """

    def bare(self, wire: Wire, text: str):
        """Say nothing of the argument."""

    def silent(self, wire: Wire):
        pass


def schema(name: str) -> dict[str, Any]:
    return dict(
        json.loads(tool._method("notes", f"notes_{name}", vars(Notes)[name]).schema.parameters)
    )


def test_a_method_becomes_a_closed_strict_schema():
    assert schema("add") == {
        "type": "object",
        "properties": {
            "text": {"type": "string", "description": "the words, on two lines."},
            "kind": {"type": "string", "enum": ["a", "b"], "description": "which."},
            "many": {
                "type": ["array", "null"],
                "items": {"type": "integer"},
                "description": "numbers.",
            },
        },
        "required": ["text", "kind", "many"],
        "additionalProperties": False,
    }


def test_an_argument_without_a_description_is_refused():
    with pytest.raises(PrivgymError, match='does not describe "text"'):
        schema("bare")


def test_a_method_without_a_docstring_is_refused():
    with pytest.raises(PrivgymError, match="needs a docstring"):
        schema("silent")


@pytest.mark.parametrize("name", ALL)
def test_every_schema_that_ships_is_strict(name):
    for key, method in tool.methods(name).items():
        parameters = json.loads(method.schema.parameters)
        assert key.startswith(f"{name}_")
        assert method.schema.description
        assert parameters["additionalProperties"] is False
        assert parameters["required"] == list(parameters["properties"])
        assert all(value["description"] for value in parameters["properties"].values())
        assert "$ref" not in method.schema.parameters


def test_only_public_methods_that_take_a_wire_are_calls():
    assert set(tool.methods("email")) == {
        "email_send",
        "email_reply",
        "email_forward",
        "email_attach",
        "email_search",
        "email_read",
    }
    assert list(tool.methods("calendar")) == [
        "calendar_list",
        "calendar_create",
        "calendar_update",
        "calendar_invite",
        "calendar_free",
        "calendar_respond",
    ]


@pytest.mark.parametrize(
    ("text", "given_"),
    [
        ('{"id": 3}', {"id": 3}),
        ('{"id": "3"}', {"id": 3}),
        (' { "id" : 3.0 } ', {"id": 3}),
    ],
)
def test_arguments_are_read_forgivingly(text, given_):
    assert tool.methods("email")["email_read"].read(text) == given_


@pytest.mark.parametrize(
    "to", ["a@x.example; Bo Li <b@x.example>", "a@x.example,Bo Li <b@x.example>"]
)
def test_one_string_of_addresses_is_a_list(to):
    read = tool.methods("email")["email_send"].read(
        msgspec.json.encode({"to": to, "body": 5}).decode()
    )
    assert read == {"to": ["a@x.example", "Bo Li <b@x.example>"], "body": "5", "subject": None}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "null",
        "[]",
        '"id"',
        "{}",
        '{"id": null}',
        '{"id": "three"}',
        '{"id": NaN}',
        '{"id": 1, "extra": 2}',
        '{"id": 1e400}',
        '{"id": ' + "9" * 5000 + "}",
        '{"id": {"id": 1}}',
        '{"id": "\\ud800"}',
        "[" * 100_000,
    ],
)
def test_what_does_not_fit_is_a_value_error_that_says_what_would(text):
    with pytest.raises(ValueError, match="email_read takes: id"):
        tool.methods("email")["email_read"].read(text)


def test_numbers_are_given_once():
    notes = Notes()
    assert [notes.keep(Note(text="a")), notes.keep(Note(text="b"))] == [1, 2]
    notes.drop(2)
    assert notes.keep(Note(text="c")) == 3
    notes.change(1, Note(text="A"))
    assert {number: note.text for number, note in notes.records.items()} == {1: "A", 3: "c"}


@pytest.mark.parametrize("deed", [Notes.find, Notes.drop])
def test_a_missing_record_is_named_with_those_that_there_are(deed):
    notes = Notes()
    with pytest.raises(LookupError, match=r"there is no note 9 \(there are: none\)"):
        deed(notes, 9)
    notes.keep(Note(text="a"))
    with pytest.raises(LookupError, match=r"there is no note 9 \(there are: 1\)"):
        deed(notes, 9)


def test_two_accounts_share_no_state():
    one, other = Notes(), Notes()
    one.keep(Note(text="a"))
    assert other.records == {}


def test_records_match_by_whole_words_of_what_they_say():
    notes = Notes()
    notes.keep(Note(text="Meet Ana\nMonday", tags=("work",)))
    notes.keep(Note(text="buy milk"))
    found = {query: [n for n, _ in notes.matching(query)] for query in ("", "MONDAY", "work", "2")}
    assert found == {"": [2, 1], "MONDAY": [1], "work": [1], "2": [2]}
    assert not list(notes.matching("text tags mil nMonday"))


@given(st.lists(st.tuples(st.sampled_from(["keep", "change", "drop"]), st.integers(1, 6))))
def test_a_rollback_undoes_everything(deeds):
    notes = Notes()
    for text in "abc":
        notes.keep(Note(text=text))
    notes.commit()
    before, following = dict(notes.records), notes._journal.last
    for kind, number in deeds:
        if kind == "keep":
            notes.keep(Note(text=kind))
        elif number in notes.records:
            notes.change(number, Note(text=kind)) if kind == "change" else notes.drop(number)
    notes.rollback()
    assert notes.records == before
    assert notes._journal.last == following
    assert [number for number, _ in notes.matching("")] == [3, 2, 1]


def test_what_is_committed_stays():
    notes = Notes()
    notes.keep(Note(text="a"))
    notes.commit()
    notes.rollback()
    assert notes.records == {1: Note(text="a")}


def test_a_tool_that_is_not_there():
    with pytest.raises(PrivgymError, match='no tool "emial"') as error:
        tool.load("emial")
    assert '"email"' in error.value.meant


def test_a_file_without_a_tool_is_refused(tmp_path, monkeypatch):
    (tmp_path / "tools").mkdir()
    (tmp_path / "tools" / "hollow_tool.py").write_text("X = 1\n")
    monkeypatch.setenv(kit.PATH, "")
    kit.add(tmp_path)
    with pytest.raises(PrivgymError, match="no class made from Tool"):
        tool.load("hollow_tool")


def test_a_record_tells_its_readers_all_but_its_envelope():
    parts = Note(text="a", tags=("b", "", "c")).parts()
    assert parts == (("text", "a"), ("tags/1", "b"), ("tags/3", "c"))
    assert Note(text="").parts() == ()
