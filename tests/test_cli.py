"""The error boundary of the command line, and the group that finds its verbs."""

from __future__ import annotations

import os
import signal
import subprocess
import sys

import click
import pytest

from privgym import __version__, cli, kit
from privgym.errors import ENVIRONMENT, PrivgymError
from tests.plan import ROOT


@pytest.fixture
def verb(monkeypatch):
    """Run `privgym try`, a verb that does what the test gives it."""

    def run(function):
        command = click.Command("try", callback=function)
        monkeypatch.setattr(cli.Verbs, "get_command", lambda *_: command)
        monkeypatch.setattr(cli, "_files", lambda: {"try": "nowhere"})
        return cli.main(["try"])

    return run


def raises(error: BaseException):
    def function() -> None:
        raise error

    return function


@pytest.mark.parametrize(("returned", "code"), [(None, 0), (0, 0), (1, 1), (3, 3)])
def test_what_a_verb_returns_is_the_exit_code(verb, returned, code):
    assert verb(lambda: returned) == code


def test_an_error_that_teaches_is_at_most_four_lines(verb, capsys):
    error = PrivgymError("a\nb\nc\nd\ne\x1b[2J", where="w", code=ENVIRONMENT)
    assert verb(raises(error)) == ENVIRONMENT
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == ["error: a", "b", "c", "d"]


def test_hostile_text_in_an_error_is_made_visible(verb, capsys):
    verb(raises(PrivgymError("\x1b[2Jgone")))
    assert capsys.readouterr().err == "error: <U+001B>[2Jgone\n"


def test_any_other_error_is_a_bug_with_its_traceback(verb, capsys):
    assert verb(raises(ZeroDivisionError("oops"))) == 70
    err = capsys.readouterr().err
    assert "Traceback" in err
    assert "ZeroDivisionError: oops" in err
    assert err.splitlines()[-1].startswith("This is a bug in privgym")


def test_ctrl_c_says_how_to_go_on(verb, capsys):
    stop = KeyboardInterrupt()
    stop.add_note("the same command goes on")
    assert verb(raises(stop)) == 130
    assert capsys.readouterr().err.splitlines() == ["stopped", "the same command goes on"]


def test_sigterm_unwinds_and_ends_in_143(verb):
    closed = []

    def function() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            signal.pause()
        finally:
            closed.append(True)

    before = signal.getsignal(signal.SIGTERM)
    assert verb(function) == 143
    assert closed
    assert signal.getsignal(signal.SIGTERM) is before


def test_usage_is_2_and_an_unknown_verb_says_what_was_meant(capsys, monkeypatch):
    monkeypatch.setattr(cli, "_files", lambda: {"score": "nowhere"})
    assert cli.main(["--no-such-option"]) == 2
    assert cli.main(["scor"]) == 2
    assert 'did you mean "score"?' in capsys.readouterr().err


def test_version(capsys):
    assert cli.main(["--version"]) == 0
    assert __version__ in capsys.readouterr().out


def test_every_verb_has_its_line_of_help(capsys):
    assert set(cli._files()) == set(cli.VERBS)
    assert cli.main(["--help"]) == 0
    out = capsys.readouterr().out
    assert all(text in out for text in cli.VERBS.values())


def test_every_verb_is_a_command_that_can_tell_what_it_does(capsys):
    for name in cli.VERBS:
        assert cli.main([name, "--help"]) == 0
        assert "Usage: privgym" in capsys.readouterr().out


def test_a_kit_can_be_named_before_the_verb(monkeypatch, tmp_path):
    added: list[str] = []
    monkeypatch.setattr(kit, "add", added.append)
    monkeypatch.setattr(cli, "_files", lambda: {"try": "nowhere"})
    monkeypatch.setattr(cli.Verbs, "get_command", lambda *_: click.Command("try"))
    assert cli.main(["--kit", str(tmp_path), "try"]) == 0
    assert added == [str(tmp_path)]


def test_a_reader_that_leaves_is_no_noise():
    code = (
        "import click, sys\nfrom privgym import cli\n"
        "def spew():\n    while True:\n        click.echo('x' * 4096)\n"
        "cli._files = lambda: {'try': 'nowhere'}\n"
        "cli.Verbs.get_command = lambda *_: click.Command('try', callback=spew)\n"
        "sys.exit(cli.main(['try']))\n"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stderr
    child.stdout.read(10)
    child.stdout.close()
    assert child.wait(timeout=60) == 141
    assert child.stderr.read() == b""
    child.stderr.close()
