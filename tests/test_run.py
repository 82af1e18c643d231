"""A run: order, failures, going on, judging anew."""

from __future__ import annotations

import msgspec
import pytest

from privgym import kit, pack, trace
from privgym.errors import REFUSED, Failure, PrivgymError
from privgym.folder import RunFolder, judge, rescore
from privgym.run import FLOORS, floors, run
from privgym.spec import Spec
from privgym.table import row
from tests.plan import ROOT

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date", "drug_question"), level=1)


@pytest.fixture(autouse=True)
def agents(monkeypatch):
    """Agents that misbehave, for these tests only."""
    monkeypatch.setenv(kit.PATH, "")
    kit.add(ROOT / "tests" / "kit")


@pytest.fixture
def live(tmp_path):
    """Run an agent on the plan of these tests."""

    def go(agent: str, **how) -> RunFolder:
        return run(PACK, Spec.read(agent), NAMES, out=tmp_path, **how)

    return go


def scenarios(folder: RunFolder) -> list[str]:
    return [one.header.scenario for one in trace.read(folder.traces)]


def test_traces_stand_in_the_order_of_the_plan_at_any_concurrency(live):
    one, many = live("uneven", at_once=1, new=True), live("uneven", at_once=8, new=True)
    assert scenarios(many) == [str(name) for name in NAMES]
    assert one.traces.read_bytes() == many.traces.read_bytes()


@pytest.mark.parametrize("torn", [b"", b'{"header":{"scen'])
@pytest.mark.parametrize("kept", [0, 1, 4])
def test_a_run_cut_short_goes_on_to_the_same_bytes(live, kept, torn):
    folder = live("oversharer")
    whole, timings = folder.traces.read_bytes(), folder.timings.read_bytes()
    lines = whole.splitlines(keepends=True)
    folder.traces.write_bytes(b"".join(lines[:kept]) + torn)
    folder.timings.write_bytes(b"".join(timings.splitlines(keepends=True)[:kept]) + torn)
    seen: list[tuple[int, int]] = []
    again = live("oversharer", progress=lambda done, total: seen.append((done, total)))
    assert again.path == folder.path
    assert again.traces.read_bytes() == whole
    assert len(list(trace.lines(again.timings))) == len(NAMES)
    assert seen[0] == (kept, len(NAMES))
    assert seen[-1] == (len(NAMES), len(NAMES))


def test_only_the_same_unfinished_run_goes_on(live):
    first = live("refuser")
    assert live("refuser").path != first.path
    first.traces.write_bytes(first.traces.read_bytes().splitlines(keepends=True)[0])
    assert live("echo").path != first.path
    assert live("refuser", new=True).path != first.path
    assert live("refuser").path == first.path


def test_a_broken_run_folder_stands_in_nobodys_way(live, tmp_path):
    (tmp_path / "99999999T000000Z-broken").mkdir()
    (tmp_path / "99999999T000000Z-broken" / "run.json").write_text("{")
    assert live("refuser").count() == len(NAMES)


@pytest.mark.parametrize(
    ("agent", "kind"),
    [
        ("faulty", "ZeroDivisionError"),
        ("wordy", "TypeError"),
        ("unwritable", "UnicodeEncodeError"),
    ],
)
def test_a_failing_episode_is_recorded_and_never_counts_as_private(live, agent, kind):
    folder = live(agent)
    judged = rescore(folder)
    assert [one.failure and one.failure.kind for one in judged] == [kind] * len(NAMES)
    found = row("everyday", Spec(agent), judged)
    assert found.failed == found.n == len(NAMES)
    assert found.figures["utility"].value == 0
    assert found.figures["missing"].value == 1
    assert found.figures["refusal"].value is None
    assert found.figures["inappropriate"].value in (None, 1)


def test_what_happened_before_a_failure_is_kept(live):
    assert any(one.events for one in trace.read(live("faulty").traces))


def test_the_good_play_has_full_marks_and_its_traces_replay(live):
    folder = live("play:good")
    judged = rescore(folder, replay=True)
    assert all(one.failure is None for one in judged)
    assert all(one.right for one in judged)


def test_scores_come_from_the_traces_alone(live):
    folder = live("oversharer")
    before = rescore(folder)
    scores = (folder.path / "scores.json").read_bytes()
    for name in ("scores.json", "findings.jsonl", "timings.jsonl"):
        (folder.path / name).unlink()
    assert rescore(RunFolder(folder.path)) == before
    assert (folder.path / "scores.json").read_bytes() == scores
    assert any(one.score.inappropriate for one in before)


def test_a_trace_of_another_scenario_is_refused(live):
    folder = live("refuser")
    lines = list(trace.lines(folder.traces))
    one = trace.decode(lines[0])
    forged = msgspec.structs.replace(one, header=msgspec.structs.replace(one.header, digest="0"))
    folder.traces.write_bytes(trace.encode(forged))
    with pytest.raises(PrivgymError) as error:
        rescore(folder)
    assert error.value.code == REFUSED
    assert str(NAMES[0]) in str(error.value)


def test_traces_out_of_the_plans_order_are_refused(live):
    folder = live("refuser")
    lines = folder.traces.read_bytes().splitlines(keepends=True)
    for wrong in ([lines[1], lines[0]], [lines[0], lines[0]], [*lines, lines[0]]):
        folder.traces.write_bytes(b"".join(wrong))
        with pytest.raises(PrivgymError, match="plan") as error:
            rescore(folder)
        assert error.value.code == REFUSED


def test_an_altered_trace_is_refused_on_replay(live):
    folder = live("oversharer")
    one = next(trace.read(folder.traces))
    folder.traces.write_bytes(trace.encode(msgspec.structs.replace(one, events=one.events[:-1])))
    rescore(folder)
    with pytest.raises(PrivgymError) as error:
        rescore(folder, replay=True)
    assert error.value.code == REFUSED


def test_the_record_says_what_was_run(live):
    record = live("random").record
    assert record.plan == tuple(str(name) for name in NAMES)
    assert len(set(record.digests)) == len(NAMES)
    assert record.trust == "agents in-process: trusted"
    assert record.hash != msgspec.structs.replace(record, spec="echo").hash
    assert record.hash == msgspec.structs.replace(record, grader="other").hash


def test_floors_are_what_the_same_agents_reach_in_a_run(live):
    found = floors(PACK, NAMES)
    assert tuple(found) == FLOORS
    assert found["oversharer"] == rescore(live("oversharer"))
    assert found["random"] == rescore(live("random"))


def test_no_run_folder_is_told_so(tmp_path):
    with pytest.raises(PrivgymError, match="no run folder"):
        RunFolder(tmp_path)


def test_a_failed_episode_keeps_the_leak_it_made_first(live):
    folder = live("oversharer")
    leaking = next(i for i, one in enumerate(rescore(folder)) if one.score.inappropriate)
    one = list(trace.read(folder.traces))[leaking]
    failed = msgspec.structs.replace(one, failure=Failure("X", "after the leak"))
    judged = judge(failed, pack.scenario(one.header.scenario))
    assert judged.score.inappropriate
    assert judged.score.met == 0
    found = row("everyday", Spec("oversharer"), [judged]).figures["inappropriate"]
    assert (found.value, found.n) == (1, 1)
