"""The spaces: sampling, checking, JSON, equality, batching."""

from __future__ import annotations

import copy
import json
import pickle
from typing import Any

import pytest
from gymnasium import spaces
from gymnasium.vector.utils import batch_space, concatenate, create_empty_array, iterate
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.message import Action, Call, Message, Messages, Observation, ToolSchema
from privgym.space import (
    LONGEST,
    ActionSpace,
    ObservationSpace,
    PromptSpace,
    RecordSpace,
    TextSpace,
)


def schema(name: str, **properties: object) -> ToolSchema:
    closed = {"type": "object", "properties": properties, "required": list(properties)}
    return ToolSchema(name, "Does it.", json.dumps(closed))


SEND = schema(
    "email_send", to={"type": "array", "items": {"type": "string"}}, body={"type": "string"}
)
LIST = schema("calendar_list", day={"type": ["string", "null"]})
SPACES: list[RecordSpace] = [
    ActionSpace((SEND, LIST)),
    ObservationSpace((SEND, LIST)),
    PromptSpace(),
    TextSpace(),
]
every_space = pytest.mark.parametrize("space", SPACES, ids=lambda s: type(s).__name__)


@every_space
@given(seed=st.integers(0, 2**31))
def test_a_sample_is_inside_and_survives_json(space: RecordSpace, seed: int) -> None:
    space.seed(seed)
    samples = [space.sample() for _ in range(3)]
    assert all(sample in space for sample in samples)
    text = json.dumps(space.to_jsonable(samples))
    assert space.from_jsonable(json.loads(text)) == samples


@every_space
def test_the_seed_decides_what_is_sampled(space: RecordSpace) -> None:
    def draws(seed: int) -> list[object]:
        space.seed(seed)
        return [space.sample() for _ in range(20)]

    assert draws(7) == draws(7)
    assert draws(7) != draws(8)


@every_space
def test_copies_and_pickles_are_equal(space: RecordSpace) -> None:
    assert copy.deepcopy(space) == space
    again = pickle.loads(pickle.dumps(space))
    assert again == space
    assert hash(again) == hash(space)
    assert again.sample() in space


def test_spaces_are_equal_by_their_tools() -> None:
    assert ActionSpace((SEND,)) == ActionSpace((SEND,), seed=3)
    assert ActionSpace((SEND,)) != ActionSpace((SEND, LIST))
    assert ActionSpace((SEND,)) != ObservationSpace((SEND,))
    assert TextSpace() != ActionSpace(())


@pytest.mark.parametrize(
    "outside",
    [
        "send it",
        None,
        {"text": "hello"},
        Action(calls=(Call.of("bank_pay"),)),
        Action(calls=(Call.of("email_send"), Call.of("bank_pay"))),
    ],
)
def test_what_is_no_action_of_these_tools_is_outside(outside: object) -> None:
    assert outside not in ActionSpace((SEND, LIST))


def test_ill_fitting_arguments_are_the_worlds_matter() -> None:
    assert Action(calls=(Call("email_send", "{not json"),)) in ActionSpace((SEND,))
    assert Action(fault="malformed", detail="no object", raw="{") in ActionSpace((SEND,))


@pytest.mark.parametrize(
    "outside",
    [
        "hello",
        Observation("boss", 1, Messages(), (SEND,)),
        Observation("agent", 0, Messages(), (SEND,)),
        Observation("agent", 1, (Message("notice", "hello"),), (SEND,)),  # type: ignore[arg-type]
        Observation("agent", 1, Messages(), (SEND, schema("bank_pay"))),
    ],
)
def test_what_is_no_observation_of_the_agents_is_outside(outside: object) -> None:
    assert outside not in ObservationSpace((SEND, LIST))


def test_a_scenario_may_offer_fewer_tools() -> None:
    assert Observation("agent", 2, Messages(), (LIST,)) in ObservationSpace((SEND, LIST))


def test_raw_text_is_bounded() -> None:
    assert "x" * LONGEST in TextSpace()
    assert "x" * (LONGEST + 1) not in TextSpace()
    assert 3 not in TextSpace()


def test_a_mask_is_refused_with_what_to_do_instead() -> None:
    with pytest.raises(PrivgymError, match=r"observation\.tools"):
        SPACES[0].sample(mask=(1, 0))


@every_space
def test_batched_as_a_tuple(space: RecordSpace) -> None:
    batched = batch_space(space, 3)
    assert isinstance(batched, spaces.Tuple)
    sample = batched.sample()
    assert sample in batched
    assert list(iterate(batched, sample)) == list(sample)
    empty: Any = create_empty_array(space, 3)
    assert concatenate(space, sample, empty) == sample
