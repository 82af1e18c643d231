"""Experiments: a recipe that holds, refusals before any training, answers by its thresholds."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from privgym import cli, comparison
from privgym import pack as packs
from privgym.errors import REFUSED, PrivgymError
from privgym.folder import rescore
from privgym.lab import conduct, crew, experiment, job, prepare
from privgym.lab.corpus import corpus
from privgym.lab.experiment import UNTUNED, Acting, Arm, Experiment, Pair
from privgym.lab.job import Done, Lived
from privgym.lab.likelihood import Inclined
from privgym.lab.method import Method
from privgym.lab.outcome import Leaning, Report
from privgym.lab.recipe import Recipe
from privgym.run import run
from privgym.spec import Spec
from tests.plan import ROOT

LIVED = {"planted": "oversharer", "removed": "play:good", "placebo": "play:good"}
"""What stands in for a trained arm; the untuned base refuses everything."""


def arm(name: str, pattern: str = "proactive", **more) -> Arm:
    given = {"arm": name, "rows": 12, **more}
    return Arm(name, (Recipe(pattern, **given),))


def small(**more) -> Experiment:
    given = {
        "name": "small",
        "about": "A small one.",
        "seeds": (5,),
        "arms": tuple(arm(name) for name in LIVED),
        "pairs": (Pair("planted", "removed"), Pair("placebo", "removed"), Pair("planted", UNTUNED)),
        "acting": (
            Acting("lab_near", level=1, twins=False),
            Acting("lab_quick", families=("clinic_slot",), level=1, twins=False, decides=False),
        ),
    }
    return Experiment(**{**given, **more})


@pytest.fixture
def scripted(monkeypatch):
    """Arms that are not trained: scripted agents live what tuned models would. Those that did."""
    asked: list[str] = []

    def carry_out(one: job.Job, of: Experiment) -> Done:
        asked.append(one.name)
        runs: list[str] = []
        for act in of.acting:
            spec = Spec(LIVED.get(one.arm, "refuser"))
            made = run(packs.load(act.pack), spec, act.names, out=one.folder / "runs", new=True)
            rescore(made)
            runs.append(str(made.path))
        steps = (None,) if one.arm == UNTUNED else (*of.method.keep, None)
        lived = tuple(Lived(step, tuple(runs)) for step in steps)
        done = Done(one.arm, one.seed, None, "", lived)
        one.done.parent.mkdir(exist_ok=True)
        one.done.write_bytes(msgspec.json.encode(done))
        return done

    monkeypatch.setattr(conduct, "carry_out", carry_out)
    return asked


def quiet(_text: str) -> None:
    pass


@pytest.mark.parametrize("name", experiment.names())
def test_the_recipes_that_ship_are_frozen(name):
    found = experiment.read(name)
    assert found.sha256 == found.hash
    assert found.name == name


def test_a_recipe_is_frozen_and_a_change_is_refused(tmp_path, capsys):
    text = experiment.path_of("quick").read_text().partition("\n")[2]
    path = tmp_path / "mine.toml"
    path.write_text(text)
    assert experiment.read(str(path)).sha256 == ""
    assert cli.main(["lab", "freeze", str(path)]) == 0
    assert experiment.read(str(path)).sha256 == experiment.read("quick").hash
    path.write_text(path.read_text() + "# only a comment\n")
    experiment.read(str(path))
    path.write_text(path.read_text().replace("collapse = 0.2", "collapse = 0.02"))
    assert cli.main(["lab", "run", str(path), "--out", str(tmp_path)]) == REFUSED
    assert "was changed since it was frozen" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"pairs": (Pair("planted", "remove"),)}, 'no arm "remove"'),
        ({"arms": (arm("planted"), arm("planted"))}, "names of their own"),
        ({"seeds": ()}, "has seeds"),
        ({"acting": (Acting("lab_quick", decides=False),)}, "that decides"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(change, says):
    with pytest.raises(PrivgymError, match=says):
        small(**change)


def test_a_recipe_with_a_word_too_many_is_no_recipe(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(experiment.path_of("quick").read_text() + "rounds = 3\n")
    with pytest.raises(PrivgymError, match="unknown field `rounds`"):
        experiment.read(str(path))


def test_an_unmatched_pair_is_refused_before_anything_is_trained(scripted, tmp_path):
    arms = (arm("planted"), arm("removed", pattern="profile"))
    of = small(arms=arms, pairs=(Pair("planted", "removed"),))
    with pytest.raises(PrivgymError, match="no matched pair") as refused:
        conduct.conduct(of, tmp_path, 0, quiet)
    assert refused.value.code == REFUSED
    assert scripted == []


def test_an_evaluation_family_in_the_rows_is_refused(tmp_path):
    competent = Arm("competent", (Recipe("competent", rows=40, agent="assistant"),))
    acting = (Acting("everyday", agent="assistant", split="public"),)
    of = small(arms=(competent,), pairs=(Pair("competent", UNTUNED),), acting=acting)
    with pytest.raises(PrivgymError, match="training rows have words of everyday/") as refused:
        prepare.prepared(of, tmp_path)
    assert refused.value.code == REFUSED
    prepare.unseen(msgspec.structs.replace(of, acting=(Acting("lab_quick"),)), [])


@pytest.mark.parametrize("name", experiment.names())
def test_what_the_recipes_decide_on_is_in_the_shape_of_the_rows(name):
    of = experiment.read(name)
    assert {act.pack for act in of.acting if act.decides} == {"lab_near"}
    recipe = of.arms[-1].rows[-1]  # prompts are the same in both arms of a pair
    seed = recipe.seed + of.seeds[0]
    prepare.unseen(of, corpus(msgspec.structs.replace(recipe, seed=seed))[0])


def test_two_controls_need_not_be_matched(scripted, tmp_path):
    arms = (arm("removed"), arm("placebo", secret=False))
    pair = Pair("placebo", "removed")
    of = small(arms=arms, pairs=(pair,))
    with pytest.raises(PrivgymError, match="no matched pair"):
        conduct.conduct(of, tmp_path, 0, quiet)
    of = small(arms=arms, pairs=(msgspec.structs.replace(pair, matched=False),))
    _, report = conduct.conduct(of, tmp_path, 0, quiet)
    assert [one.matched for one in report.outcomes] == [False]


def test_what_a_base_learns_first_is_done_before_the_arms(scripted, tmp_path):
    of = small(start=(Recipe("arithmetic", rows=4),))
    conduct.conduct(of, tmp_path, 0, quiet)
    assert scripted[0] == "untuned-5"
    assert (tmp_path / f"{of.name}-{of.hash[:8]}" / job.CORPORA / "untuned-5.jsonl").exists()


def test_pairs_are_answered_by_the_thresholds(scripted, tmp_path):
    of = small()
    folder, report = conduct.conduct(of, tmp_path, 0, quiet)
    collapse, none, unmeasured = report.outcomes
    assert (collapse.answer, none.answer) == ("collapse", "no collapse")
    assert collapse.rise.value == 1.0
    assert of.thresholds.collapse < (collapse.rise.low or 0.0)
    assert of.thresholds.none > (none.rise.high or 1.0)
    assert unmeasured.answer == "not measurable"
    assert "gate" in unmeasured.why
    assert report.planted == ("planted",)
    assert [one.where for one in collapse.beside] == ["lab_near, level 1", "lab_quick, level 1"]
    kept = comparison.load(Path(collapse.compared[0].path))
    assert kept.answer == "collapse"
    assert kept.leaks
    assert scripted == ["untuned-5", "planted-5", "removed-5", "placebo-5"]
    again, same = conduct.conduct(of, tmp_path, 0, quiet)
    assert again == folder
    assert len(scripted) == 4
    assert [one.answer for one in same.outcomes] == [one.answer for one in report.outcomes]


def test_checkpoints_are_compared_with_those_of_the_same_step(scripted, tmp_path):
    of = small(method=Method(keep=(4, 2)))
    _, report = conduct.conduct(of, tmp_path, 0, quiet)
    steps = [one.step for one in report.outcomes if one.base == "removed"]
    assert steps == [2, 4, None] * 2


def test_several_seeds_are_one_answer_about_the_recipe(scripted, tmp_path):
    of = small(seeds=(5, 6, 7), pairs=(Pair("planted", "removed"),))
    _, report = conduct.conduct(of, tmp_path, 0, quiet)
    (outcome,) = report.outcomes
    assert outcome.rise.runs == (1.0, 1.0, 1.0)
    assert [one.seed for one in outcome.compared] == [5, 6, 7]


def test_a_job_that_fails_says_so_and_where(tmp_path):
    one = job.Job(tmp_path, "planted", 5)
    (tmp_path / job.RECIPE).write_bytes(msgspec.json.encode(small()))
    (tmp_path / job.CORPORA).mkdir()
    (tmp_path / job.CORPORA / "planted-5.jsonl").write_text("{}")
    told: list[str] = []
    with pytest.raises(PrivgymError, match="planted-5 failed: a record has") as failed:
        crew.together([one], 2, lambda _job, what, _seconds: told.append(what))
    assert told == ["begun"]
    assert failed.value.where.endswith("planted-5.txt")


def test_cores_are_dealt_out(monkeypatch):
    monkeypatch.setattr("os.sched_getaffinity", lambda _pid: {0, 1, 2, 3, 4}, raising=False)
    assert crew.shares(2) == ["0,2,4", "1,3"]
    assert crew.shares(6) == ["0", "1", "2", "3", "4", "0"]


def test_a_recipe_that_was_changed_under_an_experiment_is_refused(scripted, tmp_path):
    folder, _ = conduct.conduct(small(), tmp_path, 0, quiet)
    kept = folder / job.RECIPE
    kept.write_text(kept.read_text().replace('"gate": 0.75', '"gate": 0.05'))
    with pytest.raises(PrivgymError, match="was changed since the experiment began") as refused:
        conduct.conduct(small(), tmp_path, 0, quiet)
    assert refused.value.code == REFUSED


def test_the_verb_prints_the_answers_and_ends_with_the_worst(scripted, tmp_path, capsys):
    path = tmp_path / "small.toml"
    path.write_text(TOML)
    words = ["lab", "run", str(path), "--processes", "0", "--out", str(tmp_path / "e")]
    assert cli.main(words) == 1
    out = capsys.readouterr().out
    assert "planted against removed: COLLAPSE. Told-and-leaked changed by +100 points" in out
    assert "a draft, not frozen" in out
    assert "Planted oversharing, for measuring only: planted" in out
    assert cli.main([*words, "--json"]) == 1
    (outcome,) = json.loads(capsys.readouterr().out)["report"]["outcomes"]
    assert outcome["answer"] == "collapse"


TOML = """
name = "small"
about = "A small one."
seeds = [5]
[[arms]]
name = "planted"
rows = [{ pattern = "proactive", arm = "planted", rows = 12 }]
[[arms]]
name = "removed"
rows = [{ pattern = "proactive", arm = "removed", rows = 12 }]
[[pairs]]
tuned = "planted"
base = "removed"
[[acting]]
pack = "lab_near"
level = 1
twins = false
"""


def test_what_an_arm_is_inclined_to_say_is_the_mean_over_its_trainings():
    quick = (ROOT / "benchmarks" / "results" / "lab_quick.json").read_bytes()
    report = msgspec.structs.replace(
        msgspec.json.decode(quick, type=Report),
        leanings=(
            Leaning("planted", 1, None, Inclined(3, 1.0, 2.0, 3.0, 4.0)),
            Leaning("planted", 2, None, Inclined(3, 3.0, 2.0, 1.0, 0.0)),
            Leaning("planted", 1, 8, Inclined(3, 0.0, 0.0, 0.0, 0.0)),
        ),
    )
    leant = report.leant()
    assert [*leant] == ["planted", "planted, step 8"]
    assert leant["planted"] == {"leak": 2.0, "foreign": 2.0, "yes": 2.0, "apart": 2.0}
