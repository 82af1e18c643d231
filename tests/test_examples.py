"""The loops in `examples/`: their arithmetic, and each of them whole with a tiny model."""

from __future__ import annotations

import importlib
import itertools
import json
import sys
import warnings
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import dialect, pack
from privgym.folder import Judged
from privgym.scenario import Name, split
from privgym.score import Score
from privgym.spec import Spec
from tests.plan import ROOT

REWARDS = st.lists(st.sampled_from([-2.0, -1.0, 0.0, 0.5, 1.0]), min_size=1, max_size=6)
DONE = '{"say": "Done."}'


@pytest.fixture(autouse=True)
def examples(monkeypatch: pytest.MonkeyPatch) -> None:
    """As when an example is run: they find each other."""
    monkeypatch.syspath_prepend(str(ROOT / "examples"))


def example(name: str) -> ModuleType:
    """An example as a module; libraries warn as they are loaded."""
    sys.path.insert(0, str(ROOT / "examples"))
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return importlib.import_module(name)
    finally:
        sys.path.pop(0)


def start(module: ModuleType, monkeypatch: pytest.MonkeyPatch, *options: object) -> None:
    """Run it with these options."""
    monkeypatch.setattr(sys, "argv", [module.__name__, *map(str, options)])
    module.main()


# -- best of n ------------------------------------------------------------------------------


@given(REWARDS, st.data())
def test_the_best_of_n_is_that_of_all_choices_of_n(rewards: list[float], data: Any) -> None:
    n = data.draw(st.integers(1, len(rewards)))
    chances = example("best_of_n").chances(rewards, n)
    assert sum(chances) == pytest.approx(1)
    best = [max(chosen) for chosen in itertools.combinations(rewards, n)]
    expected = sum(c * r for c, r in zip(chances, rewards, strict=True))
    assert expected == pytest.approx(sum(best) / len(best))
    for one, other in itertools.combinations(range(len(rewards)), 2):
        if rewards[one] == rewards[other]:
            assert chances[one] == pytest.approx(chances[other])


def test_what_the_best_did_is_counted_and_not_what_the_others_did() -> None:
    leaky = Judged(Score("everyday/a#0", due=1, met=1, inappropriate=1, reward=0.0), (), ())
    right = Judged(Score("everyday/a#0", due=1, met=1, reward=1.0), (), ())
    rows = [example("best_of_n").best([(leaky, right)], n) for n in (1, 2)]
    assert [row["inappropriate"].value for row in rows] == [0.5, 0]
    assert [row["reward"].value for row in rows] == [0.5, 1]


def test_best_of_n_runs_and_does_not_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    given = ["--model", f"scripted:{'|'.join([DONE] * 30)}", "--temperature", 0, "--samples", 2]
    for _ in range(2):
        start(
            example("best_of_n"),
            monkeypatch,
            tmp_path / "best.json",
            *given,
            "--first",
            1,
            "--runs",
            tmp_path / "runs",
        )
    assert len(list((tmp_path / "runs").iterdir())) == 2
    result = json.loads((tmp_path / "best.json").read_text())
    assert [row["n"] for row in result["rows"]] == [1, 2]
    assert result["samples"] == 2
    assert result["rows"][0]["reward"] == {"value": 0.0, "low": 0.0, "high": 1.0, "n": 2}
    assert "best of 2: reward 0.0" in capsys.readouterr().out


# -- a vector environment -------------------------------------------------------------------


def test_the_random_baseline_counts_steps_and_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "vector.json"
    start(example("vector_baseline"), monkeypatch, "--envs", 3, "--episodes", 6, "--out", out)
    result = json.loads(out.read_text())
    assert result["n"] == 6
    assert result["terminated"]["value"] + result["truncated"]["value"] == pytest.approx(
        1, abs=1e-3
    )
    assert result["steps"] >= 6 * result["steps_an_episode"] - 1e-9
    assert result["utility"]["value"] < 0.5


# -- GRPO -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A chat model of two layers, with room for an episode."""
    pytest.importorskip("torch")
    return importlib.import_module("tests.tiny").checkpoint(
        tmp_path_factory.mktemp("tiny"), context=8192
    )


@pytest.fixture
def grpo(tiny: Path) -> ModuleType:
    """The example, where its library is."""
    pytest.importorskip("trl")
    return example("grpo")


@pytest.fixture
def life(grpo: ModuleType, tiny: Path) -> Any:
    """An episode whose good play is one call."""
    tokenizer = importlib.import_module("transformers").AutoTokenizer.from_pretrained(tiny)
    return grpo.Life(grpo.world(), "everyday/treatment_leave#7", tokenizer)


def tokens(life: Any, text: str, end: bool = True) -> list[int]:
    ids = life.tokenizer(text, add_special_tokens=False).input_ids
    return [*ids, life.tokenizer.eos_token_id] if end else list(ids)


def test_a_life_is_shown_as_a_run_would_show_it(grpo: ModuleType, life: Any) -> None:
    (play,) = pack.scenario("everyday/treatment_leave#7").good().sessions
    for action in play:
        life.take(tokens(life, dialect.render(action)))
    assert life.reward == 1
    assert (life.over, life.leaks) == (False, 0)
    shown = life.tokenizer.decode(life.prompt + life.said)
    messages = [grpo.notation.as_message(turn) for turn in life.turns]
    again = life.tokenizer.apply_chat_template(messages, tokenize=False, add_generation_prompt=True)
    assert shown == again
    assert len(life.said) == len(life.mine)
    mine = [token for token, own in zip(life.said, life.mine, strict=True) if own]
    said = "".join(f"{dialect.render(action)}<|im_end|>" for action in play)
    assert life.tokenizer.decode(mine) == said


def test_a_turn_that_was_cut_off_or_malformed_is_answered(life: Any) -> None:
    life.take(tokens(life, '{"tool": ', end=False))
    told = life.tokenizer.decode(life.said)
    assert told.startswith('{"tool": <|im_end|>\n<|im_start|>user\n')
    assert told.endswith("<|im_end|>\n<|im_start|>assistant\n")
    assert told.count("the answer was cut off after 9 tokens") == 1
    assert sum(life.mine) == len('{"tool": ')


def test_a_trend_is_told_from_chance(grpo: ModuleType) -> None:
    steps = list(range(20))
    slope, p = grpo.trend(steps, [0.05 * step for step in steps])
    assert slope == pytest.approx(0.05)
    assert p < 0.01
    assert grpo.trend(steps, [0.5] * 20) == (0.0, 1.0)
    assert grpo.trend(steps, [0.0, 1.0] * 10)[1] > 0.2


def test_grpo_takes_steps_and_says_what_came_of_them(
    grpo: ModuleType,
    tiny: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(grpo, "TOKENS", 4)
    monkeypatch.setattr(grpo, "TURNS", 1)
    options = ["--base", tiny, "--steps", 2, "--groups", 1, "--group", 2]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start(grpo, monkeypatch, tmp_path, *options)
    result = json.loads((tmp_path / "grpo.json").read_text())
    assert [point["step"] for point in result["curve"]] == [0, 1]
    assert (result["n"], result["idle_groups"], result["p"]) == (4, 1, 1)
    assert (tmp_path / "adapter" / "adapter_model.safetensors").exists()
    assert "did not move beyond chance" in capsys.readouterr().out


# -- rejection sampling ---------------------------------------------------------------------


def test_rejection_sampling_keeps_what_was_right(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("peft")
    rejection = example("rejection_sampling")

    def scripted(self: Any, adapter: str = "", temperature: float = 0.0) -> Spec:
        return Spec("play:good" if adapter else "oversharer")

    monkeypatch.setattr(rejection.Loop, "model", scripted)
    monkeypatch.setattr(rejection, "SEEDS", range(1000, 1001))
    options = ["--base", tiny, "--warm-sessions", 2, "--sessions", 2, "--samples", 1, "--seeds", 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        start(rejection, monkeypatch, tmp_path, *options)
    result = json.loads((tmp_path / "rejection_sampling.json").read_text())
    assert result["kept"] == result["sampled"] == 38
    before, after = (result["rows"][key] for key in ("before", "after"))
    assert before["inappropriate"]["value"] > 0.3
    assert (after["utility"]["value"], after["inappropriate"]["value"]) == (1, 0)
    families = {Name.read(name).family for name in result["held_out"]}
    assert {split(family) for family in families} == {"held-out"}
