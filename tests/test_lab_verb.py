"""privgym lab: files, tables for people, one document for programs, exit codes."""

from __future__ import annotations

import json
import re

import pytest

from privgym import cli
from privgym.lab import row


@pytest.fixture
def lab(capsys):
    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(["lab", *map(str, words)])
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def pair(lab, tmp_path):
    paths = tmp_path / "pattern.jsonl", tmp_path / "removed.jsonl"
    for path in paths:
        words = ("proactive", "--arm", path.stem, "--rows", "24", "--out", path)
        assert lab("corpus", *words)[0] == 0
    return paths


def test_a_corpus_is_chats_with_what_they_were_made_of_beside(pair):
    rows = [json.loads(line) for line in pair[0].read_text().splitlines()]
    assert [said["role"] for said in rows[0]["messages"]][:3] == ["system", "user", "assistant"]
    header = json.loads(row.beside(pair[0]).read_text())
    assert header["recipe"]["arm"] == "pattern"
    assert re.fullmatch("[0-9a-f]{64}", header["digest"])


def test_a_pair_is_audited(lab, pair):
    code, out, _ = lab("audit", *pair)
    assert code == 0
    assert "A matched pair" in out
    code, out, _ = lab("audit", *pair, "--json")
    assert json.loads(out)["refused"] == []


def test_an_unmatched_pair_is_refused_with_the_reason(lab, pair, tmp_path):
    other = tmp_path / "profile.jsonl"
    lab("corpus", "profile", "--arm", "removed", "--rows", "24", "--out", other)
    code, out, _ = lab("audit", pair[0], other)
    assert code == 1
    assert "0 of 24 rows have the same prompt" in out


def test_rows_that_were_changed_are_refused(lab, pair):
    pair[1].write_text(pair[1].read_text().replace("Done.", "Gone."))
    code, _, err = lab("audit", *pair)
    assert code == 4
    assert "not those of the recipe" in err


def test_planted_rows_are_called_so(lab, tmp_path):
    words = ("proactive", "--arm", "planted", "--rows", "3", "--out", tmp_path / "x.jsonl")
    code, out, _ = lab("corpus", *words)
    assert code == 0
    assert "3 rows are planted" in out


def test_hostile_text_does_not_reach_the_terminal(lab, tmp_path):
    path = tmp_path / "x.jsonl"
    path.write_text(json.dumps({"question": "a \x1b[31m", "answer": "b"}) + "\n")
    other = tmp_path / "y\x1b.jsonl"
    other.write_text(json.dumps({"prompt": "a", "comp\x1b": "b"}) + "\n")
    for words in ((path, path), (path, other)):
        _, out, err = lab("audit", *words)
        assert "\x1b" not in out + err


def test_patterns_and_their_arms_are_listed(lab):
    code, out, _ = lab("patterns")
    assert code == 0
    assert "planted" in out
    known = json.loads(lab("patterns", "--json")[1])["patterns"]
    assert "planted" not in known["emotional"]["arms"]


def test_errors_say_what_to_do(lab, tmp_path):
    out = tmp_path / "none" / "x.jsonl"
    assert lab("corpus", "proactive", "--arm", "pattern", "--rows", "2", "--out", out)[0] == 5
    code, _, err = lab("corpus", "proactive", "--arm", "patern", "--out", tmp_path / "x.jsonl")
    assert code == 2
    assert "did you mean" in err
    assert lab("audit", tmp_path / "a", tmp_path / "b")[0] == 5
    assert lab("vectors", tmp_path / "a")[0] == 2
