"""privgym leaderboard, as a shell sees it."""

from __future__ import annotations

import json
import shlex
import shutil

import pytest

from privgym import cli, kit
from tests.paper import edited, honest

HOSTILE = "\x1b[31mred\x1b[0m \u202eright to left \u200bnothing"


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A run."""
    return honest(tmp_path_factory.mktemp("base"), "constant", seeds=1)


@pytest.fixture
def privgym(tmp_path, monkeypatch, capsys):
    """Run a verb in a folder of its own; its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(kit.PATH, "")

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(["leaderboard", *words])
        return code, *capsys.readouterr()

    return call


def read(privgym, *words: str):
    """The document that a verb prints."""
    code, out, err = privgym(*words, "--json")
    assert code == 0, err
    return json.loads(out)


def test_a_row_from_open_to_retract(privgym, base, tmp_path):
    code, out, _ = privgym("open", "board", "--level", "1", "--seeds", "1", "--name", "Ours")
    assert (code, out) == (
        0,
        "Ours: 0 rows; it gives 1 seeds of everyday, round 1 of hidden ones\n",
    )
    taken = read(privgym, "submit", "board", str(base), "--note", HOSTILE)
    assert taken["belief"] == "recomputed"
    assert taken["note"] == HOSTILE
    (group,) = read(privgym, "list", "board")["groups"]
    assert len(group["standings"]) == 5
    code, out, _ = privgym("list", "board")
    assert taken["id"] in out
    assert "(floor)" in out
    code, out, _ = privgym("retract", "board", taken["id"], "--why", HOSTILE)
    assert code == 0
    assert "\x1b" not in out
    assert "<U+001B>" in out
    code, out, _ = privgym("list", "board", "--attempts")
    assert "retracted" in out
    assert "\x1b" not in out
    assert "\u202e" not in out
    code, out, _ = privgym("rebuild", "board")
    assert out == "4 rows\n"


def test_the_seeds_of_an_attempt_come_with_the_commands_that_use_them(privgym, tmp_path):
    privgym("open", "board", "--level", "1", "--split", "held-out", "--seeds", "1")
    code, _, err = privgym("open", "board", "--attempt")
    assert code == 2
    assert "--agent SPEC" in err
    given = read(privgym, "open", "board", "--attempt", "--agent", "constant")
    assert cli.main([*shlex.split(given["run"])[1:], "--json"]) == 0
    (run,) = (tmp_path / "runs").iterdir()
    nonce = ("--nonce", given["nonce"])
    code, out, _ = privgym("verify", str(run), "--board", "board", *nonce)
    assert code == 0
    assert "seeds issued 1" in out
    code, _, err = privgym("verify", str(run))
    assert code == 4
    assert "seed-changed" in err
    words = shlex.split(given["submit"])[2:]
    code, out, _ = privgym(*[str(run) if word == "RUN" else word for word in words])
    assert code == 0
    assert "recomputed" in out


def test_a_refusal_is_exit_code_4_with_its_code_and_line(privgym, base, tmp_path):
    run = shutil.copytree(base, tmp_path / "run")
    with edited(run) as paper:
        paper.traces[3]["header"]["agent"] = HOSTILE
    code, out, err = privgym("verify", str(run))
    assert (code, out) == (4, "")
    assert err.startswith("error: header-edited: agent is <U+001B>[31mred")
    assert "traces.jsonl, line 4" in err
    code, out, _ = privgym("verify", str(run), "--json")
    assert code == 4
    assert json.loads(out)["refused"] == "header-edited"
    assert read(privgym, "verify", str(base))["belief"] == "recomputed"


def test_what_does_not_go_together_is_said(privgym, base):
    assert privgym("verify", str(base), "--nonce", "x")[0] == 2
    privgym("open", "board")
    code, _, err = privgym("submit", "board", "refuser", "--rerun")
    assert code == 2
    assert "no run folder" in err
    assert privgym("list", "nowhere")[0] == 2
    code, _, err = privgym("open", "board", "--level", "2")
    assert code == 2
    assert "its rules stay" in err
    code, out, _ = privgym("open", "board", "--round")
    assert "round 2" in out
    assert read(privgym, "open", "board")["rules"]["round"] == 2
