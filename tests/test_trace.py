"""The reader trusts nothing, and what is written is read again."""

from __future__ import annotations

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import trace
from privgym.errors import REFUSED, Failure, PrivgymError
from privgym.event import (
    Acted,
    AnyEvent,
    Asked,
    Closed,
    Consented,
    Opened,
    Returned,
    Sent,
    Withdrew,
)
from privgym.message import Action, Call
from privgym.trace import Header, Trace

HEADER = Header("everyday/x#0", "00ff", 1, "echo", {"agent": "echo"})
ONE = Trace(HEADER, (Opened(1, "Hello."), Acted("agent", Action("hi")), Closed(1, "done")))

words = st.text(st.characters(codec="utf-8"), max_size=6)
several = st.lists(words, max_size=2).map(tuple)
parts = st.lists(st.tuples(words, words), max_size=2).map(tuple)
calls = st.lists(st.builds(Call, words, words), max_size=2).map(tuple)
faults = st.sampled_from(["", "malformed", "overflow"])
errors = st.sampled_from(["", "malformed", "refused"])
ends = st.sampled_from(["done", "turns", "overflow"])
actions = st.builds(Action, words, calls, faults, words, words)
events: st.SearchStrategy[AnyEvent] = st.one_of(
    st.builds(Opened, st.integers(0, 9), words),
    st.builds(Acted, words, actions),
    st.builds(Sent, words, words, words, several, parts, words, words),
    st.builds(Returned, words, words, words, errors, st.booleans()),
    st.builds(Consented, words, words, words),
    st.builds(Withdrew, words, words, words),
    st.builds(Asked, words, words),
    st.builds(Closed, st.integers(0, 9), ends),
)


@given(st.lists(events).map(tuple), st.none() | st.builds(Failure, words, words))
def test_what_is_written_is_read_again_from_one_line(happened, failure):
    one = Trace(HEADER, happened, failure)
    line = trace.encode(one)
    assert line.count(b"\n") == 1
    assert trace.decode(line[:-1]) == one
    assert trace.encode(trace.decode(line[:-1])) == line


def spoiled(old: str, new: str) -> bytes:
    line = trace.encode(ONE)[:-1].decode()
    assert old in line
    return line.replace(old, new, 1).encode("utf-8", "surrogatepass")


@pytest.mark.parametrize(
    "line",
    [
        b"",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        trace.encode(ONE)[:-10],
        trace.encode(ONE)[:-1].decode().encode("utf-16"),
        trace.encode(ONE)[:-1].decode().encode("utf-8-sig"),
        spoiled('"agent":"echo"', '"agent":"echo","agent":"refuser"'),
        spoiled('"session":1', '"session":1,"session":2'),
        spoiled('"session":1', '"session":NaN'),
        spoiled('"session":1', '"session":Infinity'),
        spoiled('"session":1', '"session":1.5'),
        spoiled('"session":1', '"session":"1"'),
        spoiled('"session":1', '"session":true'),
        spoiled('"session":1', '"session":' + "9" * 5000),
        spoiled('"session":1', '"session":' + "[" * 100_000),
        spoiled('"Hello."', '"\\ud800"'),
        spoiled('"Hello."', '"\ud800"'),
        spoiled('"Hello."', '"a\nb"'),
        spoiled('"Hello."', "null"),
        spoiled('"opened"', '"judged"'),
        spoiled('"event":"opened",', ""),
        spoiled('"why":"done"', '"why":"bored"'),
        spoiled('"pack_version":1', '"pack_version":null'),
        spoiled('{"header"', '{"verdict":NaN,"header"'),
        spoiled('"format":1', '"format":2'),
    ],
    ids=range(27),
)  # fmt: skip
def test_what_is_no_trace_is_refused(line):
    with pytest.raises(PrivgymError) as error:
        trace.decode(line, "traces.jsonl, line 7")
    assert error.value.code == REFUSED
    assert error.value.where == "traces.jsonl, line 7"
    assert len(str(error.value).splitlines()) <= 4


def test_the_header_always_says_its_format():
    assert json.loads(trace.encode(ONE))["header"]["format"] == trace.FORMAT


def test_a_line_is_no_longer_than_is_stated(tmp_path, monkeypatch):
    line = trace.encode(ONE)
    path = tmp_path / "traces.jsonl"
    path.write_bytes(line + line)
    monkeypatch.setattr(trace, "MAX_LINE", len(line) - 1)
    assert len(list(trace.read(path))) == 2
    for most in (len(line) - 2, 10):
        monkeypatch.setattr(trace, "MAX_LINE", most)
        for use in (
            lambda: list(trace.read(path)),
            lambda: trace.mend(path),
            lambda: trace.decode(line),
        ):
            with pytest.raises(PrivgymError) as error:
                use()
            assert error.value.code == REFUSED
    assert path.read_bytes() == line + line


def test_a_torn_last_line_is_left_out_and_mended(tmp_path):
    path = tmp_path / "traces.jsonl"
    line = trace.encode(ONE)
    for torn in range(len(line)):
        path.write_bytes(line + line[:torn])
        assert list(trace.read(path)) == [ONE]
        assert trace.mend(path) == 1
        assert path.read_bytes() == line


def test_a_whole_file_is_left_as_it_is(tmp_path):
    path = tmp_path / "traces.jsonl"
    assert trace.mend(path) == 0
    assert not path.exists()
    path.write_bytes(trace.encode(ONE) * 3)
    assert trace.mend(path) == 3
    assert path.read_bytes() == trace.encode(ONE) * 3


def test_lines_end_at_newlines_only(tmp_path):
    path = tmp_path / "traces.jsonl"
    one = Trace(HEADER, (Opened(1, "a\u2028b\x0bc\x85d\re"),))
    path.write_bytes(trace.encode(one) * 2)
    assert list(trace.read(path)) == [one, one]


def test_a_broken_line_is_named_by_its_number(tmp_path):
    path = tmp_path / "traces.jsonl"
    path.write_bytes(trace.encode(ONE) + b"{}\n" + trace.encode(ONE))
    with pytest.raises(PrivgymError) as error:
        list(trace.read(path))
    assert error.value.where == "traces.jsonl, line 2"


def test_a_run_record_is_read_as_strictly():
    with pytest.raises(PrivgymError, match="twice"):
        trace.strict(b'{"a": 1, "a": 2}', dict[str, int])
    assert trace.strict(b'{"a": 1}', dict[str, int]) == {"a": 1}
    assert msgspec.json.decode(b'{"a": 1, "a": 2}') == {"a": 2}
