"""Tuning: what is learned, that it goes on to the same weights, and what is refused."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest

from privgym import models
from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError
from privgym.lab import conduct, gguf
from privgym.lab import tune as tuning
from privgym.lab.corpus import corpus
from privgym.lab.experiment import Acting, Arm, Experiment, Pair
from privgym.lab.learner import Learner
from privgym.lab.method import Method
from privgym.lab.recipe import Recipe
from privgym.lab.row import Row, Said
from privgym.lab.tune import tune
from privgym.model import Prompt, Turn
from privgym.models import checkpoint
from tests import tiny

safetensors = pytest.importorskip("safetensors.numpy")
torch = pytest.importorskip("torch")

ROWS = tuple(
    Row(
        (
            Said("user", f"{n}?"),
            Said("assistant", "no"),
            Said("user", "And?"),
            Said("assistant", "yes"),
        ),
        id=f"row{n}",
    )
    for n in range(10)
)


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny") / "base", context=4096)


@pytest.fixture
def method(base: Path) -> Method:
    return Method(str(base), rank=4, alpha=8.0, rate=2e-2, epochs=4, save=2)


def weights(folder: Path) -> dict:
    return safetensors.load_file(folder / "adapter_model.safetensors")


def same(one: Path, other: Path) -> bool:
    left, right = weights(one), weights(other)
    return left.keys() == right.keys() and all((left[key] == right[key]).all() for key in left)


def test_losses_are_of_what_the_assistant_says(base: Path, method: Method) -> None:
    learner = Learner(method, checkpoint.find(str(base)), 0)
    lesson = learner.lesson(ROWS[0])
    said = learner.tokenizer.decode([lesson.tokens[place] for place in lesson.places])
    assert said == "no<|im_end|>yes<|im_end|>"
    prompt = learner.tokenizer.decode(lesson.tokens[: lesson.places[0]])
    assert prompt == "<|im_start|>user\n0?<|im_end|>\n<|im_start|>assistant\n"


def test_it_learns_and_the_same_words_give_the_same_weights(method: Method, tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    made = tune(ROWS, method, one)
    lines = [json.loads(line) for line in (one / tuning.LOSSES).read_text().splitlines()]
    assert [line["step"] for line in lines] == list(range(1, 13))
    assert made.steps == 12 == method.steps(len(ROWS))
    assert made.loss < lines[0]["loss"] / 3
    assert not (one / tuning.STATE).exists()
    tune(ROWS, method, two)
    assert same(one, two)
    assert tune(ROWS, method, one) == made


def test_it_goes_on_where_it_was_stopped(method: Method, tmp_path: Path) -> None:
    def stop(step: int, _steps: int) -> None:
        if step == 5:
            raise KeyboardInterrupt

    whole, parts = tmp_path / "whole", tmp_path / "parts"
    tune(ROWS, method, whole)
    with pytest.raises(KeyboardInterrupt):
        tune(ROWS, method, parts, progress=stop)
    steps: list[int] = []
    tune(ROWS, method, parts, progress=lambda step, _: steps.append(step))
    assert steps == list(range(5, 13))
    assert same(whole, parts)


def test_weights_are_kept_after_the_steps_that_were_named(method: Method, tmp_path: Path) -> None:
    tune(ROWS, msgspec.structs.replace(method, keep=(3, 6)), tmp_path / "kept")
    three, six = (tmp_path / "kept" / f"step-{n}" for n in (3, 6))
    assert not same(three, six)
    assert not same(six, tmp_path / "kept")


def test_an_adapter_acts_as_a_local_model(base: Path, method: Method, tmp_path: Path) -> None:
    tune(ROWS, method, tmp_path / "a")
    assert models.load(f"local:{base}+{tmp_path / 'a'}").about["adapter"]


def test_all_weights_can_be_trained(base: Path, method: Method, tmp_path: Path) -> None:
    full = msgspec.structs.replace(method, kind="full", rate=1e-3, epochs=1)
    made = tune(ROWS, full, tmp_path / "full")
    assert made.steps == 3
    model = models.load(f"local:{tmp_path / 'full'}")
    assert model.about["sha256"] != checkpoint.find(str(base)).sha256


def test_a_folder_with_another_training_is_refused(method: Method, tmp_path: Path) -> None:
    tune(ROWS[:2], method, tmp_path / "a")
    with pytest.raises(PrivgymError, match=r"another training \(other seed\)") as refused:
        tune(ROWS[:2], method, tmp_path / "a", seed=1)
    assert refused.value.code == REFUSED
    with pytest.raises(PrivgymError, match="rows, digest"):
        tune(ROWS[:3], method, tmp_path / "a")


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (Row((Said("user", "Hi"),), id="mute"), "no assistant says anything"),
        (Row((Said("user", "Hi"), Said("assistant", "a" * 5000))), "the model takes 4096"),
    ],
)
def test_a_row_that_cannot_be_learned_is_refused(
    row: Row, says: str, method: Method, tmp_path: Path
) -> None:
    with pytest.raises(PrivgymError, match=says):
        tune((row,), method, tmp_path / "a")


def test_the_rate_rises_and_then_falls_to_nothing() -> None:
    method = Method(rate=1.0, warm=0.1)
    rates = [method.rate_at(step, 100) for step in range(1, 101)]
    assert rates[9] == max(rates) == 1.0
    assert rates[:10] == sorted(rates[:10])
    assert rates[9:] == sorted(rates[9:], reverse=True)
    assert rates[-1] == pytest.approx(0.0)


def test_every_row_is_seen_once_an_epoch() -> None:
    method = Method(batch=4, epochs=2)
    steps = method.steps(10)
    seen = [tuning.order(step, 10, method, 7) for step in range(1, steps + 1)]
    for epoch in (seen[:3], seen[3:]):
        assert sorted(row for step in epoch for row in step) == list(range(10))
    assert seen[:3] != seen[3:]


def test_without_torch_it_says_what_to_install(method: Method, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "peft", None)
    with pytest.raises(PrivgymError, match="not installed") as missing:
        tune(ROWS, method, tmp_path / "a")
    assert missing.value.code == ENVIRONMENT


@pytest.mark.parametrize("start", [(), (Recipe("proactive", "removed", rows=4, seed=9),)])
def test_an_experiment_from_rows_to_a_report(
    start: tuple[Recipe, ...], base: Path, tmp_path: Path
) -> None:
    """With weights that know nothing: all of it runs, and nothing is measurable."""
    arms = tuple(
        Arm(name, (Recipe("proactive", name, rows=12),)) for name in ("planted", "removed")
    )
    of = Experiment(
        name="tiny",
        about="Nothing can be learned here.",
        seeds=(5,),
        arms=arms,
        pairs=(Pair("planted", "removed"),),
        acting=(Acting("lab_near", families=("film_night", "kiln_day"), level=1, twins=False),),
        method=Method(str(base), rank=2),
        engine="local",
        start=start,
        inclined=2,
    )
    folder, report = conduct.conduct(of, tmp_path, 0, lambda _: None)
    assert [one.answer for one in report.outcomes] == ["not measurable"]
    bases = {one.tuned.tuning.base for one in report.trained if one.tuned}
    assert len(bases) == len(start) + 1  # an arm begins where the start ended
    assert (folder / "started").is_dir() == bool(start)
    assert [one.arm for one in report.leanings] == ["untuned"] * len(start) + ["planted", "removed"]
    assert {one.inclined.scenarios for one in report.leanings} == {2}


@pytest.mark.model
def test_a_real_model_learns_in_eight_steps(tmp_path: Path) -> None:
    """On torch and, converted, on llama.cpp: the loss falls, and what is printed is learned."""
    rows, _ = corpus(Recipe("proactive", "removed", rows=8, seed=3))
    method = Method(rank=8, alpha=16.0, targets=("q_proj", "v_proj", "o_proj"), rate=2e-3, batch=1)
    try:
        made = tune(rows, method, tmp_path / "a")
        out = gguf.convert(tmp_path / "a", checkpoint.find("smollm2").path, tmp_path / "a.gguf")
        model: Any = models.load(f"llamacpp:smollm2+{out}", 1)
    except PrivgymError as error:
        if error.code != ENVIRONMENT:
            raise
        pytest.skip(str(error).replace("\n", ";"))
    reply = asyncio.run(model.complete(Prompt((Turn("user", "Hello."),), max_tokens=2)))
    model.close()  # after a reply: an engine that is closed while it still starts may never end
    first = json.loads((tmp_path / "a" / tuning.LOSSES).read_text().splitlines()[0])
    assert made.steps == 8
    assert made.loss < 0.8 * first["loss"]
    assert model.about["model"] == "smollm2+a"
    assert reply.tokens
    assert out.stat().st_size < 2_000_000
