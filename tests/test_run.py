"""A run: order, failures, going on, judging anew."""

from __future__ import annotations

import msgspec
import pytest

from privgym import floor, kit, pack, trace
from privgym.allowance import Allowance
from privgym.errors import ENVIRONMENT, REFUSED, Failure, PrivgymError
from privgym.folder import RunFolder, judge, rescore
from privgym.lock import locked
from privgym.run import run
from privgym.shard import Shard
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
    rescore(first)
    second = live("refuser")
    assert second.path != first.path
    rescore(second)
    first.traces.write_bytes(first.traces.read_bytes().splitlines(keepends=True)[0])
    assert live("echo").path != first.path
    third = live("refuser", new=True)
    rescore(third)
    assert third.path not in (first.path, second.path)
    assert live("refuser").path == first.path


def test_a_run_that_was_not_judged_is_not_finished(live):
    first = live("refuser")
    seen: list[tuple[int, int]] = []
    again = live("refuser", progress=lambda done, total: seen.append((done, total)))
    assert again.path == first.path
    assert seen == [(len(NAMES), len(NAMES))]  # and nothing is lived twice


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


def test_another_sample_is_another_run_and_a_record_without_one_is_sample_0(live):
    first = live("random")
    rescore(first)
    second = live("random", sample=1)
    assert second.path != first.path
    assert (first.record.sample, second.record.sample) == (0, 1)
    assert first.record.hash != second.record.hash
    assert second.traces.read_bytes() != first.traces.read_bytes()
    kept = (first.path / "run.json").read_bytes()
    (first.path / "run.json").write_bytes(kept.replace(b'  "sample": 0,\n', b""))
    old = RunFolder(first.path)
    assert (first.path / "run.json").read_bytes() != kept
    assert (old.record, old.record.hash) == (first.record, first.record.hash)


def test_floors_are_what_the_same_agents_reach_in_a_run(live):
    found = floor.reached(PACK, NAMES)
    assert tuple(found) == floor.SHOWN
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


# -- as much as is allowed ---------------------------------------------------------------------


@pytest.mark.parametrize("workers", [0, 2])
def test_what_is_over_the_allowance_is_not_run_and_can_be_run_later(live, workers):
    whole = live("echo", new=True)
    rescore(whole)
    folder = live("echo", at_once=2, workers=workers, allowance=Allowance(turns=1))
    assert folder.path != whole.path
    assert 1 <= folder.count() <= 2  # those that were under way
    assert folder.left() == len(NAMES) - folder.count()
    kept = folder.traces.read_bytes()
    assert live("echo", allowance=Allowance(turns=1)).traces.read_bytes() == kept
    assert live("echo").traces.read_bytes() == whole.traces.read_bytes()


def test_turns_and_tokens_stand_beside_the_traces(live):
    folder = live("assistant@scripted:" + "|".join(["hm"] * 500), at_once=1)
    score = [one.score.turns for one in rescore(folder)]
    assert [timing.turns for timing in folder.took()] == score
    assert sum(score) > len(NAMES)


def test_seconds_that_are_over_leave_everything_to_the_next_command(live):
    assert live("echo", allowance=Allowance(seconds=0)).count() == 0
    assert live("echo").left() == 0


# -- alone at it, and a share of it ------------------------------------------------------------


def test_a_run_that_another_process_is_at_is_refused(live):
    first = live("refuser")
    told: list[RunFolder] = []
    with locked(first.path), pytest.raises(PrivgymError, match="is at this run") as refused:
        live("refuser", started=told.append)
    assert refused.value.code == ENVIRONMENT
    assert told == []


def test_going_on_takes_away_what_was_said_of_less(live):
    folder = live("refuser", allowance=Allowance(turns=1))
    rescore(folder)
    stale = (folder.path / "scores.json").read_bytes()
    again = live("refuser")
    assert again.path == folder.path
    assert not (again.path / "scores.json").exists()
    rescore(again)
    assert (again.path / "scores.json").read_bytes() != stale


def test_a_shard_is_its_part_of_the_plan(live):
    share = live("refuser", shard=Shard(2, 2))
    assert share.record.plan == tuple(str(name) for name in NAMES)
    assert scenarios(share) == [str(NAMES[number]) for number in Shard(2, 2).of(share.record.plan)]
    assert share.left() == 0
    assert len(rescore(share)) == len(share.record.share)
    assert live("refuser", shard=Shard(1, 2)).path != share.path
    lines = share.traces.read_bytes().splitlines(keepends=True)
    share.traces.write_bytes(b"".join(lines[:1]))
    assert live("refuser", shard=Shard(2, 2)).path == share.path
    assert share.traces.read_bytes() == b"".join(lines)
