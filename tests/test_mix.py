"""Dial agents: which episodes are the second's, and that they are nobody else's."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import kit, models, pack
from privgym.errors import PrivgymError
from privgym.mix import Mix
from privgym.runner import Runner, seed_of
from privgym.spec import Spec, load_agent
from privgym.table import grid, row
from privgym.trace import Trace
from tests.plan import ROOT

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date", "drug_question"), level=1, seeds=range(2))
MANY = PACK.names(level=1, seeds=range(50))
SHARES = st.floats(0, 1)


def lived(spec: str, sample: int = 0) -> list[Trace]:
    read = Spec.read(spec)
    model = models.load(read.model) if read.model else None
    runner = Runner(PACK, read, model, sample=sample)
    return [asyncio.run(runner.episode(name))[0] for name in NAMES]


def seconds(p: float, sample: int = 0) -> set[str]:
    mix = Mix("play:good", "oversharer", p)
    return {str(name) for name in MANY if mix.turns_to_second(seed_of(name, sample))}


@given(st.integers(0, 2**32 - 1), SHARES, SHARES)
def test_what_is_the_seconds_stays_the_seconds_at_every_greater_share(seed, one, other):
    less, more = sorted([one, other])
    assert Mix("a", "b", less).turns_to_second(seed) <= Mix("a", "b", more).turns_to_second(seed)
    assert not Mix("a", "b", 0).turns_to_second(seed)
    assert Mix("a", "b", 1).turns_to_second(seed)


@pytest.mark.parametrize("p", [0.05, 0.2, 0.4])
def test_the_share_is_the_share_within_four_standard_deviations(p):
    deviation = (p * (1 - p) * len(MANY)) ** 0.5
    assert len(MANY) == 2400
    assert abs(len(seconds(p)) - p * len(MANY)) < 4 * deviation


def test_another_sample_is_another_choice_and_the_same_the_same():
    assert seconds(0.2) == seconds(0.2, 0)
    both = len(seconds(0.5) & seconds(0.5, 1))
    assert abs(both - 0.25 * len(MANY)) < 4 * (0.25 * 0.75 * len(MANY)) ** 0.5


def test_an_episode_of_a_mix_is_one_of_its_agents_own():
    mixed, good, bad = (
        lived("mix:play:good,oversharer,0.5"),
        lived("play:good"),
        lived("oversharer"),
    )
    dial = Mix.read("mix:play:good,oversharer,0.5")
    whose = [dial.turns_to_second(seed_of(name)) for name in NAMES]
    assert len(set(whose)) == 2
    for one, second, left, right in zip(mixed, whose, good, bad, strict=True):
        assert one.events == (right if second else left).events


@pytest.mark.parametrize(("p", "alone"), [(0, "play:good"), (1, "oversharer")])
def test_the_ends_of_the_dial_are_its_agents(p, alone):
    mixed = lived(f"mix:play:good,oversharer,{p}")
    assert [one.events for one in mixed] == [one.events for one in lived(alone)]


def test_a_header_says_what_was_mixed_and_is_the_same_in_every_episode():
    record = Runner(PACK, Spec.read("mix:play:good,oversharer,.50")).record(NAMES)
    assert record.spec == record.about["mix"] == "mix:play:good,oversharer,0.5"
    assert record.about["first.play"] == "good"
    assert record.about["second.agent"] == "oversharer"
    mixed = lived("mix:play:good,oversharer,0.5")
    assert [one.header for one in mixed] == [record.header(name) for name in NAMES]


def test_the_two_share_a_model_and_one_may_need_none():
    spec = Spec.read("mix:assistant,refuser,0@scripted:" + "|".join(["hm"] * 99))
    assert spec == Spec("mix:assistant,refuser,0", spec.model)
    assert not any(one.failure for one in lived(str(spec)))
    with pytest.raises(PrivgymError, match="needs a model"):
        load_agent(Spec.read("mix:refuser,assistant,0"))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("mix:refuser,oversharer", "no mix"),
        ("mix:refuser,,0.5", "no mix"),
        ("mix:assistant@m,refuser,0.5", "P@MODEL"),
        ("mix:a,b,c,0.5", "no mix"),
        ("mix:refuser,oversharer,1.5", "no share"),
        ("mix:refuser,oversharer,-0.1", "no share"),
        ("mix:refuser,oversharer,nan", "no share"),
        ("mix:refuser,oversharer,half", "no share"),
        ("mix:play:bad,oversharer,0.5", "play:good"),
        ("mix:command:true,oversharer,0.5", "in this process"),
        ("mix:mix:a,b,0.5", "no mix"),
    ],
)
def test_what_is_no_mix_is_told_so(text, said):
    with pytest.raises(PrivgymError) as error:
        Spec.read(text)
    assert said in str(error.value)


def test_an_unknown_agent_in_it_is_told_what_was_meant():
    with pytest.raises(PrivgymError, match="no agent") as error:
        load_agent(Spec.read("mix:play:good,overshar,0.5"))
    assert "oversharer" in error.value.meant


@pytest.mark.parametrize("spec", ["mix:closing,refuser,0", "mix:refuser,closing,0"])
def test_both_are_closed_whichever_acted(spec, monkeypatch):
    monkeypatch.setenv(kit.PATH, "")
    kit.add(ROOT / "tests" / "kit")
    closing = kit.load("agents", "closing")
    before = len(closing.closed)
    lived(spec)
    assert closing.open_now == []
    assert len(closing.closed) == before + len(NAMES)


def test_a_table_folds_a_mix_between_its_parts():
    spec = Spec.read("mix:play:good,oversharer,0.05")
    shown = grid([row("everyday", spec, [])], []).columns[0]
    assert str(next(iter(shown.cells))) == "mix:play:good, oversharer, 0.05"
