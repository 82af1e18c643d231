"""A real language model: the smallest, on llama.cpp, with its weights fetched by name."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest

from privgym import kit, models, tool
from privgym.episode import live, verify
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.message import Messages
from privgym.model import Prompt, Turn
from privgym.models.llamacpp import LlamaCpp
from privgym.runner import seed_of
from privgym.scenario import Budget, Name
from privgym.spec import Metered
from tests.small import begin, office, see

assistant: Any = kit.load("agents", "assistant")
pytestmark = pytest.mark.model


@pytest.fixture(scope="module")
def smollm2() -> Iterator[LlamaCpp]:
    try:
        model = LlamaCpp("smollm2", slots=2, context=2048)
    except PrivgymError as error:
        if error.code != ENVIRONMENT:
            raise
        pytest.skip(str(error).replace("\n", ";"))
    yield model
    model.close()


def test_a_constrained_turn_is_an_action_that_fits_its_schema(
    smollm2: LlamaCpp, capfd: pytest.CaptureFixture[str]
) -> None:
    observation = see(begin(office(tools=("email",))))
    mind = assistant.make(smollm2, 0)
    action = asyncio.run(mind.act(observation))
    assert action.fault == ""
    assert action.calls or action.text
    for call in action.calls:
        tool.methods("email")[call.name].read(call.arguments)
    assert capfd.readouterr() == ("", "")
    assert mind.about["constrained"] == "yes"


def test_an_engine_that_was_never_asked_can_be_closed(smollm2: LlamaCpp) -> None:
    """In a process of its own: one that is stopped while it starts would wait for itself."""
    close = 'LlamaCpp("smollm2+helpful", slots=1, context=512).close()'
    program = f"from privgym.models.llamacpp import LlamaCpp; {close}"
    subprocess.run([sys.executable, "-c", program], check=True, timeout=120)


def test_the_same_prompt_alone_has_the_same_answer(smollm2: LlamaCpp) -> None:
    prompt = Prompt((Turn("user", "Name three colours."),), max_tokens=16)
    first, again = (asyncio.run(smollm2.complete(prompt)) for _ in range(2))
    assert first == again
    assert (first.stopped, first.tokens) == ("length", 16)


def test_the_rules_and_all_tools_take_at_most_850_tokens(smollm2: LlamaCpp) -> None:
    every = ("email", "calendar", "contacts", "search", "memory", "permission")
    bare = msgspec.structs.replace(see(begin(office(tools=every))), messages=Messages([], 0))
    (system,) = assistant.turns(bare)
    reply = asyncio.run(smollm2.complete(Prompt((system, Turn("user", "-")), max_tokens=1)))
    assert 300 < reply.prompt_tokens <= 850


def test_a_model_run_replays(smollm2: LlamaCpp) -> None:
    """What a model said is recorded and never generated again; the rest must come out the same."""
    scenario = office(tools=("email",))
    scenario = msgspec.structs.replace(scenario, budget=Budget(turns=2))
    episode = asyncio.run(live(scenario, assistant.make(smollm2, 0)))
    assert verify(scenario, episode.events).events == episode.events


def test_a_prompt_that_is_too_long_overflows(smollm2: LlamaCpp) -> None:
    prompt = Prompt((Turn("user", "word " * 3000),), max_tokens=8)
    reply = asyncio.run(smollm2.complete(prompt))
    assert reply.stopped == "overflow"
    assert "2048" in reply.text


@pytest.fixture(scope="module")
def warm() -> Iterator[LlamaCpp]:
    model = models.load("llamacpp:smollm2?temperature=0.8", slots=1)
    assert isinstance(model, LlamaCpp)
    yield model
    model.close()


def test_samples_differ_and_a_sample_is_the_same_twice(smollm2: LlamaCpp, warm: LlamaCpp) -> None:
    def sampled(sample: int) -> tuple[str, ...]:
        meter = Metered(warm, seed_of(Name("house", "office"), sample))
        prompt = Prompt((Turn("user", "Tell me of the sea."),), max_tokens=24, logprobs=True)
        replies = [asyncio.run(meter.complete(prompt)) for _ in range(2)]
        for reply in replies:
            assert reply.logprobs is not None
            assert reply.token_ids is not None
            assert len(reply.logprobs) == len(reply.token_ids) == reply.tokens
            assert max(reply.logprobs) <= 0
        return tuple(reply.text for reply in replies)

    first, again, second = sampled(0), sampled(0), sampled(1)
    assert first == again
    assert len({*first, *second}) == 4  # and one prompt, asked twice, has another answer
    assert warm.about["sampler"] == "temperature 0.8"


def test_a_token_that_is_part_of_a_character_leaves_none(smollm2: LlamaCpp) -> None:
    prompt = Prompt(
        (Turn("user", "Hi"),), schema='{"const": "\u05d7"}', max_tokens=24, logprobs=True
    )
    reply = asyncio.run(smollm2.complete(prompt))
    assert json.loads(reply.text) == "\u05d7"
    assert (reply.logprobs, reply.token_ids) == (None, None)


def test_asking_for_log_probabilities_changes_no_answer(smollm2: LlamaCpp) -> None:
    prompt = Prompt((Turn("user", "Name three colours."),), max_tokens=16)
    plain = asyncio.run(smollm2.complete(prompt))
    told = asyncio.run(smollm2.complete(msgspec.structs.replace(prompt, logprobs=True, seed=5)))
    assert told.logprobs
    assert msgspec.structs.replace(told, logprobs=None, token_ids=None) == plain


def test_a_schema_that_no_engine_reads_is_an_error(smollm2: LlamaCpp) -> None:
    prompt = Prompt((Turn("user", "hello"),), schema='{"type": "bogus"}', max_tokens=8)
    with pytest.raises(PrivgymError, match=r"llama\.cpp failed"):
        asyncio.run(smollm2.complete(prompt))
