"""The demo: two adapters on the same errands, an answer, the first new leak; or a general model."""

from __future__ import annotations

import json

import pytest

from privgym import cli
from privgym import pack as packs
from privgym.cli import demo
from privgym.folder import rescore
from privgym.lab import experiment
from privgym.models import adapters, catalogue
from privgym.run import run
from privgym.spec import Spec


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Weights are there, and scripted agents live what the adapters would."""

    def lived(act, _base, out):
        for agent in ("play:good", "oversharer"):
            made = run(packs.load(act.pack), Spec(agent), act.names, out=out, new=True)
            rescore(made)
            yield made

    monkeypatch.setattr(catalogue, "fetch", lambda *_: tmp_path)
    monkeypatch.setattr(demo, "_lived", lived)


def test_it_ends_in_an_answer_and_the_first_leak_with_its_norm(offline, tmp_path, capsys):
    assert cli.main(["demo", "--out", str(tmp_path / "runs")]) == 0
    out = capsys.readouterr().out
    assert out.startswith("COLLAPSE: oversharer against play:good on lab_near")
    assert "First leak" in out
    assert "never secret of" in out
    assert f"privgym report {tmp_path}" in out


def test_a_model_that_is_not_known_is_an_error(tmp_path, capsys):
    assert cli.main(["demo", "--model", "smolm2", "--out", str(tmp_path)]) == 2
    assert "smollm2" in capsys.readouterr().err


def test_the_adapters_that_ship_are_those_of_the_recipe():
    made = json.loads((adapters.FOLDER / "recipe.json").read_text())
    assert made["sha256"] == experiment.read("demo").hash
    assert set(made["adapters"]) == set(adapters.names()) == set(demo.SIDES)
    for name, about in made["adapters"].items():
        assert catalogue.sha256(adapters.find(name)) == about["sha256"]
        assert adapters.find(name).stat().st_size < 2_000_000
