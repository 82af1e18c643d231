"""Episodes in processes of their own: the same bytes, and a death is one failed episode."""

from __future__ import annotations

import asyncio
import sys

import msgspec
import pytest

from privgym import kit, pack, trace, worker
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.run import run
from privgym.spec import Spec
from privgym.table import row
from privgym.trace import Trace
from privgym.worker import Worker
from tests.plan import ROOT

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date"), level=1)


@pytest.fixture(autouse=True)
def agents(monkeypatch):
    monkeypatch.setenv(kit.PATH, "")
    kit.add(ROOT / "tests" / "kit")


@pytest.fixture
def live(tmp_path):
    def go(agent: str, **how) -> RunFolder:
        return run(PACK, Spec.read(agent), NAMES, out=tmp_path, new=True, **how)

    return go


def traces(folder: RunFolder) -> list[Trace]:
    return list(trace.read(folder.traces))


@pytest.mark.parametrize("agent", ["uneven", "faulty", "unwritable", "play:good"])
def test_workers_give_the_bytes_of_one_process(live, agent):
    here, there = live(agent), live(agent, workers=2)
    assert there.traces.read_bytes() == here.traces.read_bytes()
    assert (there.path / "run.json").read_bytes() == (here.path / "run.json").read_bytes()
    assert [t.turns for t in there.took()] == [t.turns for t in here.took()]


def test_workers_live_the_sample_that_was_asked_for(live):
    here, there = live("random", sample=2), live("random", workers=2, sample=2)
    assert there.traces.read_bytes() == here.traces.read_bytes()
    assert there.traces.read_bytes() != live("random").traces.read_bytes()


@pytest.mark.parametrize(
    ("deed", "why"), [("exit", "exit code 7"), ("crash", "SIGSEGV"), ("kill", "SIGKILL")]
)
def test_a_dead_worker_is_a_failed_episode_and_the_run_goes_on(live, deed, why):
    folder = live(f"mortal@scripted:{deed}", workers=1)
    failed = [one.failure for one in traces(folder) if one.failure]
    assert 0 < len(failed) < len(NAMES)
    assert {(f.kind, f.what) for f in failed} == {("crash", f"its worker ended with {why}")}
    assert [one.header.scenario for one in traces(folder)] == [str(name) for name in NAMES]
    assert all(one.header.about == folder.record.about for one in traces(folder))
    judged = rescore(folder)
    found = row("everyday", Spec("mortal"), judged)
    assert (found.n, found.failed) == (len(NAMES), len(failed))
    assert all(one.score.met == 0 for one in judged if one.failure)


def test_what_had_happened_before_a_worker_died_is_kept(live):
    whole = traces(live("mortal@scripted:talk|talk|talk|talk", workers=1))
    folder = live("mortal@scripted:kill", workers=1)
    cut = [(one, full) for one, full in zip(traces(folder), whole, strict=True) if one.failure]
    took = {timing.scenario: timing.turns for timing in folder.took()}
    assert cut
    for one, full in cut:
        assert 0 < one.turns < full.turns
        assert one.events == full.events[: len(one.events)]
        assert took[one.header.scenario] == one.turns


def test_what_an_agent_prints_and_reads_is_not_the_pipe(live, capfd):
    folder = live("mortal@scripted:talk|talk|talk|talk", workers=1)
    assert not any(one.failure for one in traces(folder))
    assert "this is no answer" in capfd.readouterr().err


@pytest.mark.parametrize("deed", ["sleep|sleep|sleep|sleep", "hog"])
def test_an_episode_beyond_its_deadline_has_failed(live, monkeypatch, deed):
    monkeypatch.setattr(worker, "GRACE", 0.3)
    folder = live(f"mortal@scripted:{deed}", workers=2, deadline=0.4)
    failed = [one.failure for one in traces(folder) if one.failure]
    assert 0 < len(failed) < len(NAMES)
    assert {(f.kind, f.what) for f in failed} == {("deadline", "it had not ended after 0.4 s")}
    assert all(one.turns for one in traces(folder))


def test_a_worker_that_died_while_it_was_idle_costs_no_episode(live):
    record = live("echo").record

    async def go() -> list[bytes]:
        own = Worker(record)
        try:
            first = await own.line(NAMES[0])
            assert own._process
            own._process.kill()
            await own._process.wait()
            return [first[0], (await own.line(NAMES[0]))[0]]
        finally:
            await own.close()

    one, two = asyncio.run(go())
    assert one == two
    assert trace.decode(one).failure is None


def test_a_worker_that_cannot_start_ends_the_run_and_says_so(live, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(PrivgymError, match="cannot be started") as error:
        live("echo", workers=2)
    assert error.value.code == ENVIRONMENT


def test_a_worker_ends_with_its_parent_whatever_it_is_at(live):
    folder = live("mortal@scripted:sleep|sleep|sleep|sleep", deadline=0.2)
    busy = next(n for n, one in zip(NAMES, traces(folder), strict=True) if one.failure)
    record = msgspec.structs.replace(folder.record, spec="mortal@scripted:hog")

    async def go() -> int:
        own = Worker(record)
        episode = asyncio.create_task(own.line(busy))
        await asyncio.sleep(1.5)
        process = own._process
        assert process
        assert process.stdin
        assert process.returncode is None
        process.stdin.close()  # all that it sees of its parent's end
        async with asyncio.timeout(20):
            await episode
            return await process.wait()

    assert asyncio.run(go()) == 0
