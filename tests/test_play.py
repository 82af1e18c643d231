"""A person in the agent's place: what is typed, and what the trace keeps of it."""

from __future__ import annotations

import contextlib
import io
import json
import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import cli, pack
from privgym.cli import _typed, show
from privgym.cli._human import Human, Left
from privgym.episode import Episode, cast, replay, settle
from privgym.folder import RunFolder, rescore
from privgym.message import Action, Call
from privgym.score import Score

NAME = "everyday/treatment_leave"
SCENARIO = pack.scenario(NAME)


def view():
    """What the agent sees at first."""
    turn = settle(Episode(SCENARIO), cast(SCENARIO))
    assert turn
    return turn.observation


TOOLS = view().tools
SEND = Call.of("email_send", to=["Bo Li"], body="On 3 May.", subject=None)
MANAGER = next(p.name for p in SCENARIO.parties if ("manager", "principal") in p.roles)
DATES = next(f.value for f in SCENARIO.facts if f.attribute == "leave_dates")
GOOD = f'email_send to=["{MANAGER}"] body="I am away on {DATES.replace("/", " to ")}."'


@pytest.mark.parametrize(
    ("line", "turn"),
    [
        ("Whom may I tell?", Action(text="Whom may I tell?")),
        ("  email is broken ", Action(text="email is broken")),
        ("email_read id=1", Action(calls=(Call.of("email_read", id=1),))),
        ('email_read {"id": 1}', Action(calls=(Call.of("email_read", id=1),))),
        ('email_send to="Bo Li" body="On 3 May."', Action(calls=(SEND,))),
        ('email_send  body="On 3 May."   to=["Bo Li"] ', Action(calls=(SEND,))),
        ("email_search query=12", Action(calls=(Call.of("email_search", query="12"),))),
        ("email_search query=3pm", Action(calls=(Call.of("email_search", query="3pm"),))),
        ('email_search query="a\\nb"', Action(calls=(Call.of("email_search", query="a\nb"),))),
    ],
)
def test_a_line_is_a_turn(line, turn):
    assert _typed.read(line, TOOLS) == turn


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("email_read", "needs id"),
        ("email_read id=one", "whole number"),
        ("email_read id=1 loud=yes", "has no loud"),
        ("email_read 1", "name=value"),
        ('email_send to="Bo', "not closed"),
        ('email_read {"id": 1', "JSON is wrong"),
    ],
)
def test_a_slip_is_told_before_it_is_a_turn(line, why):
    with pytest.raises(ValueError, match=why):
        _typed.read(line, TOOLS)


@given(st.text() | st.text().map("email_send {}".format) | st.text().map("email_send to={}".format))
def test_any_line_is_a_turn_or_told_why_not(line):
    with contextlib.suppress(ValueError):
        assert not _typed.read(line, TOOLS).fault


WORD = st.text(st.characters(exclude_categories=["Cs"]))


@given(to=st.lists(WORD), body=WORD, subject=st.none() | WORD)
def test_every_call_can_be_typed(to, body, subject):
    made = Call.of("email_send", to=to, body=body, subject=subject)
    words = f"to={json.dumps(to)} body={json.dumps(body)} subject={json.dumps(subject)}"
    for line in (f"email_send {made.arguments}", f"email_send {words}"):
        assert _typed.read(line, TOOLS) == Action(calls=(made,))


def human(*lines):
    given = iter(lines)

    def ask(prompt: str) -> str:
        with contextlib.suppress(StopIteration):
            return next(given)
        raise EOFError

    return Human(ask)


def test_a_bare_name_asks_for_the_arguments(capsys):
    turn = human("email_send", "Bo Li", "On 3 May.", "").decide(view())
    assert turn == Action(calls=(SEND,))


def test_asides_are_no_turns(capsys):
    turn = human("", "/help", "/tools", "/tolls", "email_read", "x", "/done").decide(view())
    assert turn == Action()
    out = capsys.readouterr().out
    for told in (
        "email_read(id: number of the letter)",
        'did you mean "/tools"',
        "That is not a turn yet",
    ):
        assert told in out


def test_the_person_sees_what_an_agent_sees_and_no_more(capsys):
    with pytest.raises(Left):
        human("/quit").decide(view())
    out = capsys.readouterr().out
    assert all(message.text in out for message in view().messages)
    assert not any(line in out for line in SCENARIO.lines)
    assert SCENARIO.purpose not in out


def play(monkeypatch, tmp_path, typed):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))
    code = cli.main(["play", NAME])
    return code, RunFolder(next((tmp_path / "runs").iterdir()))


def test_the_trace_is_like_any_other(monkeypatch, tmp_path, capsys):
    code, run = play(monkeypatch, tmp_path, f"{GOOD}\nDone.\n/done\n/done\n")
    assert code == 0
    assert run.record.spec == "human"
    (one,) = rescore(run, replay=True)
    assert one.right
    acts = [Action(calls=(_typed.read(GOOD, TOOLS).calls)), Action(text="Done.")]
    ((lived, _),) = run.read()
    assert list(lived.events) == replay(SCENARIO, acts).events
    out = capsys.readouterr().out
    assert "ok met" in out
    assert "met               1  goals that were met\n" in out
    assert "inappropriate     0  inappropriate flows" in out
    assert "malformed" not in out.partition("goals that were met")[2]


def test_every_count_of_a_score_is_explained():
    assert set(show.COUNTS) == set(Score.__struct_fields__) - {"scenario"}
    assert set(show.ALWAYS) <= set(show.COUNTS)


def test_leaving_early_is_a_failed_episode(monkeypatch, tmp_path, capsys):
    code, run = play(monkeypatch, tmp_path, f"{GOOD}\n/quit\n")
    assert code == 3
    (one,) = rescore(run)
    assert one.failure is not None
    assert one.failure.kind == "left"
    assert one.score.met == 0
    assert "failed: left" in capsys.readouterr().out


@pytest.mark.skipif(sys.platform == "win32", reason="there are no terminals of this kind")
def test_at_a_terminal(tmp_path):
    import pty

    leader, follower = pty.openpty()
    command = [sys.executable, "-m", "privgym", "play", NAME]
    with subprocess.Popen(
        command, stdin=follower, stdout=follower, stderr=follower, cwd=tmp_path
    ) as process:
        os.close(follower)
        os.write(leader, f"{GOOD}\n/done\n/done\n".encode())
        out = b""
        with contextlib.suppress(OSError):  # what a terminal says once nobody is left
            while part := os.read(leader, 4096):
                out += part
        os.close(leader)
    assert process.returncode == 0, out.decode()
    assert b"ok met" in out
