"""One episode of a run: its line, its deadline, its end."""

from __future__ import annotations

import asyncio
import time
from random import Random

import pytest

from privgym import dialect, kit, models, pack, trace
from privgym.episode import verify
from privgym.message import Action
from privgym.model import Prompt, Reply
from privgym.runner import Runner, encoded, seed_of
from privgym.spec import Spec
from privgym.trace import Trace
from tests.plan import ROOT

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date", "drug_question"), level=1)


@pytest.fixture(autouse=True)
def agents(monkeypatch):
    monkeypatch.setenv(kit.PATH, "")
    kit.add(ROOT / "tests" / "kit")


def lived(spec: str, deadline: float | None = None, number: int = 0) -> Trace:
    read = Spec.read(spec)
    model = models.load(read.model) if read.model else None
    return asyncio.run(Runner(PACK, read, model, deadline).episode(NAMES[number]))[0]


class Sampling:
    """Draws each reply from its prompt's seed."""

    keeps_format, takes_tools = True, False

    def __init__(self) -> None:
        self.about = {"model": "sampling"}

    async def complete(self, prompt: Prompt) -> Reply:
        said = " ".join(Random(prompt.seed).choices(["yes", "no", "perhaps", "Ana"], k=12))
        return Reply(dialect.render(Action(text=said)))


def sampled(sample: int) -> list[Trace]:
    runner = Runner(PACK, Spec("assistant"), Sampling(), sample=sample)
    return [asyncio.run(runner.episode(name))[0] for name in NAMES]


def test_a_sample_is_the_same_in_every_run_another_one_is_another_and_both_replay():
    first, again, second = sampled(0), sampled(0), sampled(1)
    assert first == again
    for one, other, name in zip(first, second, NAMES, strict=True):
        assert one.header == other.header
        assert one.events != other.events
        for one_ in (one, other):
            assert tuple(verify(PACK.scenario(name), one_.events).events) == one_.events


def test_sample_0_has_the_seeds_that_there_were_before_there_were_samples():
    assert seed_of(NAMES[0]) == seed_of(NAMES[0], 0) == 4049229625
    seeds = [seed_of(name, sample) for name in NAMES for sample in range(9)]
    assert len(set(seeds)) == len(seeds)


def test_an_episode_in_time_is_the_same_with_and_without_a_deadline():
    assert lived("uneven", 60) == lived("uneven")


def test_an_episode_that_waits_too_long_has_failed_and_keeps_what_happened():
    start = time.monotonic()
    one = lived("plodder", 0.2)
    assert time.monotonic() - start < 5
    assert one.failure
    assert (one.failure.kind, one.failure.what) == ("deadline", "it had not ended after 0.2 s")
    assert one.events


def test_an_agent_that_never_waits_is_late_too(monkeypatch):
    plodder = kit.load("agents", "plodder")

    async def act(self, observation):
        time.sleep(0.05)
        return Action(text="Hm.")

    monkeypatch.setattr(plodder.Agent, "act", act)
    one = lived("plodder", 0.06)
    assert one.failure
    assert one.failure.kind == "deadline"


def test_an_agents_own_time_out_is_its_own_failure(monkeypatch):
    faulty = kit.load("agents", "faulty")

    async def act(self, observation):
        raise TimeoutError("the agent's own")

    monkeypatch.setattr(faulty.Agent, "act", act)
    one = lived("faulty", 60)
    assert one.failure
    assert one.failure.kind == "TimeoutError"


@pytest.mark.parametrize("spec", ["closing", "closing@scripted:"])
def test_an_agent_is_closed_however_its_episode_ends(spec):
    closing = kit.load("agents", "closing")
    before = len(closing.closed)
    one = lived(spec)
    assert (one.failure is None) == (spec == "closing")
    assert closing.open_now == []
    assert len(closing.closed) == before + 1


def test_an_agent_that_cannot_be_closed_is_a_failed_episode(monkeypatch):
    closing = kit.load("agents", "closing")

    async def aclose(self):
        closing.open_now.remove(self)
        raise OSError("it will not end")

    monkeypatch.setattr(closing.Agent, "aclose", aclose)
    one = lived("closing")
    assert one.failure
    assert one.failure.kind == "OSError"


def test_an_agent_that_cannot_be_made_is_a_failed_episode(monkeypatch):
    def make(model, seed):
        raise KeyError("no such setting")

    monkeypatch.setattr(kit.load("agents", "faulty"), "make", make)
    one = lived("faulty")
    assert one.failure
    assert one.failure.kind == "KeyError"
    assert one.header.scenario == str(NAMES[0])


def test_a_trace_too_long_to_be_read_is_a_failed_one(monkeypatch):
    one = lived("echo")
    assert trace.decode(encoded(one)) == one
    monkeypatch.setattr(trace, "MAX_LINE", 1000)
    kept = trace.decode(encoded(one))
    assert kept.failure
    assert "bytes" in kept.failure.what
    assert kept.events == ()
