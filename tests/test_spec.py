"""Specs, the play as a mind, the meter."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import pack
from privgym.episode import enact, live
from privgym.errors import PrivgymError
from privgym.model import Prompt, Reply
from privgym.models.scripted import Scripted
from privgym.spec import PLAY, Metered, Spec, load_agent


@given(st.from_regex(r"[\w-]+", fullmatch=True), st.text())
def test_a_spec_reads_back_as_it_is_written(agent, model):
    spec = Spec(agent, model)
    assert Spec.read(str(spec)) == spec


def test_the_model_may_be_said_apart_and_may_hold_an_at():
    together = Spec.read("assistant@openai:tiny@http://localhost:80")
    assert together == Spec("assistant", "openai:tiny@http://localhost:80")
    assert Spec.read("assistant", "openai:tiny@http://localhost:80") == together


@pytest.mark.parametrize(
    ("text", "model", "said"),
    [
        ("a@b", "c", "two models"),
        ("play:bad", "", "play:good"),
        ("play:good@llamacpp:x", "", "no model"),
        ("", "", "no spec"),
        ("a b", "", "no spec"),
        ("mix:a,b,0.5@c", "d", "two models"),
    ],
)
def test_what_is_no_spec_is_told_so(text, model, said):
    with pytest.raises(PrivgymError) as error:
        Spec.read(text, model)
    assert said in str(error.value)


def test_the_play_as_a_mind_lives_what_the_play_lives():
    for name in pack.load("everyday").names():
        scenario = pack.scenario(name)
        mind = load_agent(Spec(PLAY), None, scenario)
        episode = asyncio.run(live(scenario, mind))
        assert episode.events == enact(scenario, scenario.good().sessions).events


def test_an_unknown_agent_is_told_what_was_meant():
    with pytest.raises(PrivgymError, match="no agent"):
        load_agent(Spec("oversharr"))


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_an_episodes_seed_gives_each_prompt_its_own(seed, other):
    def seeds(episode: int) -> list[int]:
        model = Scripted(["a", "b", "c"])
        meter = Metered(model, episode)
        for _ in model.replies:
            asyncio.run(meter.complete(Prompt(())))
        return [prompt.seed for prompt in model.prompts]

    assert seeds(seed) == seeds(seed)
    assert len({*seeds(seed), *seeds(other)}) == (3 if seed == other else 6)
    assert all(0 <= one < 2**31 for one in seeds(seed))


def test_the_meter_counts_one_episode_of_a_shared_model():
    model = Scripted([Reply("a", prompt_tokens=10, tokens=2), Reply("b", prompt_tokens=20)])
    first, second = Metered(model), Metered(model)
    assert asyncio.run(first.complete(Prompt(()))).text == "a"
    assert asyncio.run(second.complete(Prompt(()))).text == "b"
    assert (first.prompt_tokens, first.tokens) == (10, 2)
    assert (second.prompt_tokens, second.tokens) == (20, 0)
    assert first.about == model.about
