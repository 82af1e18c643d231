"""Raw model text as actions."""

from __future__ import annotations

import asyncio
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import privgym
from privgym import dialect, kit
from privgym.errors import PrivgymError
from privgym.message import Action, Call, Observation
from privgym.model import Prompt, Reply
from privgym.models.scripted import Scripted
from privgym.space import TextSpace

EASY = {"scenario": "everyday/treatment_leave#0"}
SEARCH = Call.of("email_search", query="")
assistant: Any = kit.load("agents", "assistant")


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


def asked(seen: Observation) -> Prompt:
    return Prompt(assistant.turns(seen), max_tokens=assistant.MAX_TOKENS, logprobs=True)


@pytest.fixture
def texts() -> privgym.RawText:
    """Text in, text out, as the assistant has it."""
    return privgym.RawText(privgym.make("everyday"), prompt=asked, read=assistant.read)


def test_what_is_observed_is_what_the_assistant_asks_its_model(texts: privgym.RawText) -> None:
    model = Scripted([dialect.render(Action(calls=(SEARCH,))), '{"say": "Done."}'])
    agent, plain = assistant.make(model, 0), privgym.make("everyday")
    prompt, _ = texts.reset(options=EASY)
    seen, _ = plain.reset(options=EASY)
    for said in model.replies:
        assert prompt in texts.observation_space
        asyncio.run(agent.act(seen))
        assert prompt == msgspec.structs.replace(model.prompts[-1], logprobs=True)
        prompt, *_ = texts.step(said)
        seen, *_ = plain.step(dialect.parse(said.text))


def test_a_reply_comes_back_with_its_step_and_only_its_text_is_in_the_events(
    texts: privgym.RawText,
) -> None:
    said = dialect.render(Action(calls=(SEARCH,)))
    reply = Reply(said, tokens=2, logprobs=(-0.25, -0.123456789), token_ids=(31, 987654321))
    texts.reset(options=EASY)
    *_, info = texts.step(reply)
    assert info["reply"] is reply
    assert info["events"][0].action == dialect.parse(said)
    written = msgspec.json.encode(info["events"])
    assert b"123456789" not in written
    assert b"987654321" not in written


def test_a_text_is_a_reply_of_which_no_more_is_known(env: privgym.RawText) -> None:
    env.reset(options=EASY)
    *_, info = env.step("hello")
    assert info["reply"] == Reply("hello")


def test_an_action_is_no_text(env: privgym.RawText) -> None:
    env.reset(options=EASY)
    wrong: Any = Action("hello")
    with pytest.raises(PrivgymError, match="not a Action"):
        env.step(wrong)


@pytest.mark.parametrize(
    ("reply", "fault", "detail"),
    [
        (Reply("the prompt has 9 tokens", stopped="overflow"), "overflow", "9 tokens"),
        (Reply('{"tool": "em', stopped="length", tokens=7), "malformed", "cut off after 7 tokens"),
    ],
)
def test_an_agents_own_reader_knows_how_an_answer_ended(
    texts: privgym.RawText, reply: Reply, fault: str, detail: str
) -> None:
    texts.reset(options=EASY)
    action = texts.action(reply)
    assert action.fault == fault
    assert detail in action.detail


@given(words=st.text(max_size=40), seed=st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_a_reply_does_what_its_text_does(words: str, seed: int) -> None:
    envs = [privgym.RawText(privgym.make("everyday")) for _ in range(2)]
    came = []
    same: list[str | Reply] = [words, Reply(words, logprobs=(-1.0,))]
    for env, action in zip(envs, same, strict=True):
        env.reset(seed=seed)
        came.append(env.step(action)[:4])
    assert came[0] == came[1]
