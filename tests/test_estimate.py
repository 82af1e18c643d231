"""What a plan will take: from its scenarios, from good plays, from earlier runs."""

from __future__ import annotations

from pathlib import Path

import pytest

from privgym import pack
from privgym.estimate import estimate
from privgym.folder import rescore
from privgym.run import run
from privgym.spec import Spec

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date"), seeds=range(2))


def test_with_nothing_measured_the_good_plays_are_gone_by(tmp_path):
    found = estimate(PACK, Spec("play:good"), NAMES, tmp_path)
    folder = run(PACK, Spec("play:good"), NAMES, out=tmp_path / "other")
    turns = sum(one.score.turns for one in rescore(folder))
    assert found.episodes == len(NAMES)
    assert found.basis == f"{len(NAMES)} good plays"
    assert found.turns == turns <= found.turns_at_most < found.calls_at_most
    assert found.bytes == folder.traces.stat().st_size
    assert (found.prompt_tokens, found.tokens, found.seconds) == (None, None, None)


def test_the_most_that_the_scenarios_allow():
    most = [s.budget.turns * len(s.sessions) for s in map(PACK.scenario, NAMES)]
    found = estimate(PACK, Spec("echo"), NAMES, Path("nowhere"))
    assert found.turns_at_most == sum(most)


def test_earlier_runs_of_the_same_spec_are_gone_by(tmp_path):
    spec = Spec.read("assistant@scripted:" + "|".join(["hm"] * 300))
    folder = run(PACK, spec, NAMES[:4], at_once=1, out=tmp_path)
    run(PACK, Spec("echo"), NAMES, out=tmp_path)
    (tmp_path / "broken").mkdir()
    (tmp_path / "broken" / "run.json").write_text("{")
    found = estimate(PACK, spec, NAMES, tmp_path)
    took = list(folder.took())
    assert found.basis == "4 episodes of earlier runs"
    assert found.turns == round(sum(t.turns for t in took) / 4 * len(NAMES))
    assert found.tokens == 0
    assert found.seconds == pytest.approx(sum(t.wall_s for t in took) / 4 * len(NAMES), abs=0.1)
    assert found.bytes == round(folder.traces.stat().st_size / 4 * len(NAMES))


def test_a_large_plan_is_sampled(tmp_path):
    names = PACK.names(("court_date",), seeds=range(100))
    found = estimate(PACK, Spec("echo"), names, tmp_path)
    sampled = int(found.basis.split()[0])
    assert 25 <= sampled <= 50 < len(names)
