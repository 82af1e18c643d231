"""Raw model text as actions."""

from __future__ import annotations

import pytest

import privgym
from privgym import dialect
from privgym.message import Action, Call
from privgym.space import TextSpace

EASY = {"scenario": "everyday/treatment_leave#0"}


@pytest.fixture
def env() -> privgym.RawText:
    return privgym.RawText(privgym.make("everyday"))


def test_what_a_model_prints_is_the_action_it_means(env: privgym.RawText) -> None:
    call = Action(calls=(Call.of("email_search", query=""),))
    raw, _ = env.reset(options=EASY)
    raw, *_ = env.step(dialect.render(call))
    plain = privgym.make("everyday")
    plain.reset(options=EASY)
    known, *_ = plain.step(call)
    assert raw == known


def test_a_broken_call_is_a_malformed_turn_that_says_what_was_wrong(env: privgym.RawText) -> None:
    env.reset(options=EASY)
    observation, _, terminated, truncated, info = env.step('{"tool": "email_send", "argum')
    assert (terminated, truncated) == (False, False)
    assert observation.messages[-1].text.startswith("Error: the JSON breaks off")
    assert info["events"][0].action.fault == "malformed"


def test_any_sample_of_the_space_can_be_stepped(env: privgym.RawText) -> None:
    assert isinstance(env.action_space, TextSpace)
    env.action_space.seed(1)
    env.reset(seed=1)
    done = False
    while not done:
        *_, terminated, truncated, _ = env.step(env.action_space.sample())
        done = terminated or truncated


def test_another_dialect_is_another_parser() -> None:
    shout = privgym.RawText(privgym.make("everyday"), lambda text, tools: Action(text.upper()))
    shout.reset(options=EASY)
    *_, info = shout.step("hello")
    assert info["events"][0].action == Action("HELLO")
