"""A run judged again, beside what was said of it when it was scored."""

from __future__ import annotations

import json

import msgspec
import pytest

from privgym import cli, pack
from privgym.errors import PrivgymError
from privgym.folder import rescore
from privgym.regrade import regrade
from privgym.run import run
from privgym.spec import Spec


@pytest.fixture
def folder(tmp_path):
    """A run of two episodes, scored."""
    everyday = pack.load("everyday")
    names = everyday.names(["treatment_leave"], 1, seeds=range(1))
    made = run(everyday, Spec.read("oversharer"), names, out=tmp_path)
    rescore(made)
    return made


def test_under_the_same_grader_nothing_changes_and_nothing_is_written(folder):
    before = {path.name: path.read_bytes() for path in folder.path.iterdir()}
    found = regrade(folder.path)
    assert found.changed == ()
    assert found.old == found.new
    assert {path.name: path.read_bytes() for path in folder.path.iterdir()} == before


def test_what_another_grader_said_is_shown_beside(folder, capsys):
    scores = json.loads((folder.path / "scores.json").read_text())
    scores["grader"] = "0"
    scores["episodes"][0]["inappropriate"] = 0
    (folder.path / "scores.json").write_text(json.dumps(scores))
    path = folder.path / "findings.jsonl"
    said = [msgspec.json.decode(line) for line in path.read_bytes().splitlines()]
    leak = next(v for v in said[0]["verdicts"] if v["kind"] == "inappropriate")
    # It may have been told more than once.
    rest = [
        v for v in said[0]["verdicts"] if (v["norm"], v["fact"]) != (leak["norm"], leak["fact"])
    ]
    said[0]["verdicts"] = rest
    path.write_bytes(b"".join(msgspec.json.encode(one) + b"\n" for one in said))
    found = regrade(folder.path)
    assert found.grader == "0"
    (changed,) = found.changed
    assert changed.gone == ()
    assert changed.new[0].norm == leak["norm"]
    before, after = (r.figures["inappropriate"].value for r in (found.old, found.new))
    assert before is not None
    assert after is not None
    assert before < after
    assert cli.main(["regrade", str(folder.path)]) == 0
    assert "1 judged otherwise" in capsys.readouterr().out
    assert cli.main(["regrade", str(folder.path), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)[0]["grader"][0] == "0"


def test_a_run_that_was_never_scored_is_refused(folder):
    (folder.path / "scores.json").unlink()
    with pytest.raises(PrivgymError, match="never scored"):
        regrade(folder.path)
