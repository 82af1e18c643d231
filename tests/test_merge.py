"""The shards of a run, put together: the bytes of one run, or a refusal that says why."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from privgym import pack
from privgym.errors import INCONCLUSIVE, REFUSED, PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.merge import merge
from privgym.run import run
from privgym.shard import Shard
from privgym.spec import Spec

PACK = pack.load("everyday")
NAMES = PACK.names(("treatment_leave", "court_date", "drug_question"), seeds=range(2))


def live(out: Path, shard: str = "", agent: str = "oversharer", names=NAMES) -> RunFolder:
    folder = run(PACK, Spec(agent), names, shard=Shard.read(shard), out=out, new=True)
    rescore(folder)
    return folder


def content(folder: RunFolder) -> dict[str, bytes]:
    names = ("run.json", "traces.jsonl", "findings.jsonl", "scores.json")
    return {name: (folder.path / name).read_bytes() for name in names}


@pytest.mark.parametrize("parts", [1, 2, 3, 40])
def test_shards_in_any_order_give_the_bytes_of_one_run(tmp_path, parts):
    shards = [live(tmp_path / "shards", f"{part + 1}/{parts}") for part in range(parts)]
    merged = merge(shards[::-1], tmp_path / "merged")
    rescore(merged, replay=True)
    assert content(merged) == content(live(tmp_path))
    assert [timing.scenario for timing in merged.took()] == list(merged.record.plan)


def refused(shards: list[RunFolder], out: Path) -> PrivgymError:
    with pytest.raises(PrivgymError) as error:
        merge(shards, out)
    assert not out.exists()  # nothing half done is left
    return error.value


def test_an_episode_that_two_runs_hold_is_refused(tmp_path):
    one, two = live(tmp_path, "1/2"), live(tmp_path, "2/2")
    for shards in ([one, two, one], [one, live(tmp_path, "1/3")], [live(tmp_path), two]):
        error = refused(shards, tmp_path / "out")
        assert error.code == REFUSED
        assert "in two of the runs" in str(error)


def test_a_plan_with_gaps_is_incomplete(tmp_path):
    one, two = live(tmp_path, "1/2"), live(tmp_path, "2/2")
    error = refused([two], tmp_path / "out")
    assert error.code == INCONCLUSIVE
    assert f"{len(one.record.share)} of {len(NAMES)}" in str(error)
    assert one.record.plan[0] in str(error)
    two.traces.write_bytes(b"".join(two.traces.read_bytes().splitlines(keepends=True)[:-1]))
    assert "1 of" in str(refused([one, two], tmp_path / "out"))


@pytest.mark.parametrize(
    ("key", "other"),
    [
        ("pack_version", 99),
        ("about", {"agent": "oversharer", "version": "0"}),
        ("digests", ["0"] * len(NAMES)),
        ("spec", "echo"),
        ("trust", "none"),
    ],
)
def test_runs_that_differ_are_refused_and_told_in_what(tmp_path, key, other):
    one, two = live(tmp_path, "1/2"), live(tmp_path, "2/2")
    file = two.path / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), key: other}))
    error = refused([one, RunFolder(two.path)], tmp_path / "out")
    assert error.code == REFUSED
    assert f"{key} differs" in str(error)


def test_another_plan_is_refused(tmp_path):
    error = refused([live(tmp_path, "1/2"), live(tmp_path, "2/2", names=NAMES[2:])], tmp_path / "o")
    assert "differs" in str(error)


def test_timings_that_are_gone_are_not_made_up(tmp_path):
    one, two = live(tmp_path, "1/2"), live(tmp_path, "2/2")
    two.timings.unlink()
    assert "fewer timings" in str(refused([one, two], tmp_path / "out"))


def test_another_grader_does_not_matter(tmp_path):
    one, two = live(tmp_path, "1/2"), live(tmp_path, "2/2")
    file = two.path / "run.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "grader": "0"}))
    assert merge([one, RunFolder(two.path)], tmp_path / "out").left() == 0
