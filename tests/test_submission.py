"""What is handed in is believed as far as its traces, lived again, bear it out."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path
from random import Random
from typing import Any

import hypothesis.strategies as st
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from privgym import confine, examiner, kit, pack
from privgym.choice import Choice
from privgym.errors import REFUSED, PrivgymError
from privgym.examiner import examined
from privgym.folder import RunFolder, rescore
from privgym.handed import Handed
from privgym.merge import merge
from privgym.refusal import Refusal, Refused
from privgym.run import run
from privgym.shard import Shard
from privgym.spec import Spec
from privgym.submission import Asked, Verified, examine
from tests.paper import AGENT, FAMILIES, HONEST, Paper, edited, honest
from tests.plan import ROOT
from tests.tampered import TAMPERED, Tampering, know

KIT = ROOT / "tests" / "kit"

OF_A_BOARD = {
    Refusal.NONCE,
    Refusal.SECOND_ATTEMPT,
    Refusal.RETRACTED,
    Refusal.RERUN_DIFFERS,
    Refusal.LIMIT,
}
"""Codes that no folder alone can be refused with."""


def verified(path: Path, **asked: object) -> Verified:
    """A run folder, verified in this process; nothing is kept."""
    return examine(Handed(path), Asked(**asked), lambda name, line: None)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def base(tmp_path_factory):
    """A run that nobody tampered with."""
    return honest(tmp_path_factory.mktemp("base"), seeds=1)


@pytest.fixture
def folder(base, tmp_path):
    """A copy of it."""
    return Path(shutil.copytree(base, tmp_path / "run"))


# -- what is refused --------------------------------------------------------------------------


@pytest.mark.parametrize("tampering", TAMPERED, ids=lambda tampering: tampering.name)
def test_what_was_tampered_with_is_refused_with_its_own_code(folder, tampering: Tampering):
    tampering.do(folder)
    with pytest.raises(Refused) as refused:
        verified(folder)
    assert refused.value.refusal is tampering.refusal
    assert refused.value.code == REFUSED
    assert ".json" in refused.value.where  # the file, and where it has lines the first wrong one


def test_every_code_is_met():
    assert len(TAMPERED) >= 60
    assert {one.refusal for one in TAMPERED} | OF_A_BOARD == set(Refusal)
    assert all(refusal.means for refusal in Refusal)


def test_the_page_says_what_each_code_means():
    page = (ROOT / "docs" / "leaderboard.md").read_text(encoding="utf-8")
    table = page.partition("<!-- refusals -->")[2].partition("<!-- end -->")[0]
    rows = [f"| `{refusal}` | {refusal.means} |" for refusal in Refusal]
    assert table.strip().splitlines()[2:] == rows


def test_the_first_line_that_is_wrong_is_named(folder):
    with edited(folder) as paper:
        paper.event(2, "returned").update(text="Sent.")
        paper.event(4, "returned").update(text="Sent.")
        place = paper.place(2, "returned")
    rescore(RunFolder(folder))
    with pytest.raises(Refused) as refused:
        verified(folder)
    assert refused.value.where == f"traces.jsonl, line 3, event {place}"


def test_seeds_have_to_be_those_that_were_issued(base, tmp_path):
    with pytest.raises(Refused) as refused:
        verified(base, seeds=(7,), rule="issued 1")
    assert refused.value.refusal is Refusal.SEED_CHANGED
    everyday = pack.load("everyday")
    issued = run(everyday, Spec(AGENT), everyday.names(FAMILIES, 1, [2**40]), out=tmp_path)
    rescore(issued)
    assert verified(issued.path, seeds=(2**40,), rule="issued 1").key.seeds == "issued 1"
    with pytest.raises(Refused) as refused:
        verified(issued.path)
    assert refused.value.refusal is Refusal.SEED_CHANGED


ODD: tuple[Any, ...] = (None, True, -1, 10**30, 1.5, [], {}, "", "\x00", "agent", [{}], {"a": 1})


def warped(value: Any, rng: Random) -> Any:
    """JSON with one thing in it taken out, put in twice or made something else."""
    if not value or not isinstance(value, dict | list) or rng.random() < 0.05:
        return rng.choice(ODD)
    key = rng.choice([*value] if isinstance(value, dict) else range(len(value)))
    if rng.random() < 0.1:
        del value[key]
    elif rng.random() < 0.1 and isinstance(value, list):
        value.insert(key, rng.choice(value))
    else:
        value[key] = warped(value[key], rng)
    return value


@given(st.randoms(use_true_random=False), st.sampled_from(["run", "scores", "traces", "findings"]))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_written_there_it_is_taken_or_refused(base, tmp_path, rng, which):
    folder = Path(shutil.copytree(base, tmp_path / "warped", dirs_exist_ok=True))
    with edited(folder) as paper:
        if which in ("traces", "findings"):
            lines, number = getattr(paper, which), rng.randrange(len(paper.traces))
            lines[number] = warped(lines[number], rng)
        else:
            setattr(paper, which, warped(getattr(paper, which), rng))
    with suppress(Refused):
        assert verified(folder).belief == "recomputed"


def test_the_kind_of_an_event_may_be_no_word(folder):
    with edited(folder) as paper:
        paper.event(0, "closed")["event"] = {}
    with pytest.raises(Refused) as refused:
        verified(folder)
    assert refused.value.refusal is Refusal.FOREIGN_EVENT


# -- what is taken ----------------------------------------------------------------------------


@pytest.mark.parametrize("write", HONEST.values(), ids=HONEST)
def test_the_same_run_written_another_way_is_the_same_row(base, folder, write):
    write(folder)
    assert verified(folder).id == verified(base).id


def test_shards_put_together_are_the_row_of_the_whole_run(base, tmp_path):
    everyday = pack.load("everyday")
    names = everyday.names(FAMILIES, 1, [0])
    shards = [run(everyday, Spec(AGENT), names, shard=Shard(n, 2), out=tmp_path) for n in (1, 2)]
    merged = merge(shards, tmp_path)
    rescore(merged)
    assert verified(merged.path).id == verified(base).id


@pytest.mark.parametrize(
    ("agent", "given"),
    [
        ("random", {"sample": 3}),
        ("oversharer", {"guard": "block"}),
        ("mix:random,oversharer,0.5", {}),
        ("faulty", {}),
        ("unwritable", {}),
    ],
)
def test_whatever_an_agent_does_its_run_is_taken(monkeypatch, tmp_path, agent, given):
    monkeypatch.setenv(kit.PATH, "")
    kit.add(KIT)
    path = honest(tmp_path, agent, seeds=1, **given)
    found = verified(path)
    assert found.record == RunFolder(path).record
    assert found.key.guard == given.get("guard", "off")
    assert bool(found.flags) == (agent in ("faulty", "unwritable"))
    assert found.row.failed == (6 if agent in ("faulty", "unwritable") else 0)


def test_what_is_kept_is_a_run_folder_that_says_the_same(folder, tmp_path, walls):
    (folder / "page.html").write_text("<script>")
    with edited(folder) as paper:
        paper.traces[0]["more"] = "<script>"
    kept = tmp_path / "kept"
    kept.mkdir()
    found = examined(folder, into=kept)
    assert found == verified(folder)
    assert {path.name for path in kept.iterdir()} == {
        *("run.json", "traces.jsonl", "findings.jsonl", "timings.jsonl", "scores.json")
    }
    assert b"<script>" not in b"".join(path.read_bytes() for path in kept.iterdir())
    rescore(RunFolder(kept), replay=True)
    assert verified(kept).id == found.id


def test_a_claim_is_possible_or_refused(folder):
    (folder / "traces.jsonl").unlink()
    with pytest.raises(Refused, match="traces"):
        verified(folder)
    found = verified(folder, claimed=True)
    assert found.belief == "claimed"
    assert found.row.figures["inappropriate"].value
    with edited_scores(folder) as episodes:
        episodes[0]["met"] = 99
    with pytest.raises(Refused) as refused:
        verified(folder, claimed=True)
    assert refused.value.refusal is Refusal.SCORE_EDITED


class edited_scores:
    """The episodes of scores.json, to be changed."""

    def __init__(self, path: Path) -> None:
        self.file = path / "scores.json"
        self.scores = msgspec.json.decode(self.file.read_bytes())

    def __enter__(self):
        return self.scores["episodes"]

    def __exit__(self, *_error: object) -> None:
        self.file.write_bytes(msgspec.json.encode(self.scores))


# -- in a process of its own ------------------------------------------------------------------


def test_a_refusal_comes_through_the_pipe_as_it_is(folder, walls):
    with edited(folder) as paper:
        paper.scores["episodes"][2]["met"] += 1
    with pytest.raises(Refused) as here:
        verified(folder)
    with pytest.raises(Refused) as there:
        examined(folder)
    assert str(there.value) == str(here.value)
    assert there.value.refusal is Refusal.SCORE_EDITED
    assert there.value.spec == AGENT


@pytest.mark.parametrize("bomb", [b"[{}" + b",{}" * 1_300_000 + b"]", b'{"a":' * 700_000])
def test_a_bomb_is_refused_and_not_felt(folder, monkeypatch, bomb):
    monkeypatch.setattr(confine, "bwrap", lambda: "")
    (folder / "run.json").write_bytes(bomb)
    with pytest.raises(Refused) as refused:
        examined(folder)
    assert refused.value.refusal in (Refusal.FORMAT, Refusal.LIMIT)


def test_who_takes_too_long_is_ended(folder, monkeypatch):
    monkeypatch.setattr(examiner, "SECONDS", 0.05)
    with pytest.raises(Refused) as refused:
        examined(folder)
    assert refused.value.refusal is Refusal.LIMIT


def test_what_is_no_folder_is_no_submission(tmp_path):
    with pytest.raises(PrivgymError, match="no folder"):
        examined(tmp_path / "nowhere")


# -- flags ------------------------------------------------------------------------------------


def test_the_good_play_is_flagged(tmp_path):
    assert "knows the answer" in verified(honest(tmp_path, "play:good", seeds=1)).flags[0]


def test_code_that_holds_what_is_tested_is_flagged(monkeypatch, tmp_path):
    monkeypatch.setenv(kit.PATH, "")
    donation = pack.scenario("everyday/blood_donation#0")
    fact = next(fact.value for fact in donation.facts if fact.attribute == "tablets")
    code = (ROOT / "agents" / "refuser.py").read_text()
    (tmp_path / "agents").mkdir()
    hints = f'HINTS = """{fact}\n{donation.norms[0]}"""\n'
    (tmp_path / "agents" / "cheat_sheet.py").write_text(code + hints)
    kit.add(tmp_path)
    flags = verified(honest(tmp_path / "runs", "cheat_sheet", seeds=1)).flags
    assert [fact in flag for flag in flags] == [True, False]
    assert donation.norms[0] in flags[1]


def test_a_guess_is_flagged(folder):
    know(folder, "surprise_party", "party_place")
    assert "nowhere in view" in verified(folder).flags[0]


def test_what_was_passed_on_unread_is_no_guess(tmp_path):
    everyday = pack.load("everyday")
    names = everyday.names(["exam_appeal", "reduced_fee"], 2, [0])
    folder = run(everyday, Spec("spam"), names, out=tmp_path)
    rescore(folder)
    assert verified(folder.path).flags == ()


# -- which part of a pack ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("families", "level", "split", "words"),
    [
        ((), None, None, "all"),
        ((), 2, None, "all, level 2"),
        ((), None, "held-out", "held-out"),
        ((), 1, "public", "public, level 1"),
    ],
)
def test_a_choice_is_told_from_its_plan(families, level, split, words):
    everyday = pack.load("everyday")
    plan = everyday.names(families, level, (4, 9), split)
    chosen = Choice.of(everyday, plan)
    assert chosen
    assert chosen.words == words
    assert chosen.seeds == (4, 9)
    assert chosen.plan(everyday) == plan
    assert not Choice.of(everyday, plan[1:])


def test_some_families_have_a_name_of_their_own():
    everyday = pack.load("everyday")
    one, other = (Choice.of(everyday, everyday.names(f, 1)) for f in (FAMILIES, FAMILIES[:2]))
    assert one
    assert other
    assert one.words.startswith("some ")
    assert one.words != other.words


def test_a_paper_reads_what_it_writes(folder, base):
    Paper(folder).write()
    assert verified(folder) == verified(base)
