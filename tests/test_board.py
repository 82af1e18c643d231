"""A board is a folder; a row is in it whole, or not at all, and its index hangs on nothing else."""

from __future__ import annotations

import shutil
import stat
from pathlib import Path

import pytest

from benchmarks import submissions
from privgym import floor, kit, pack
from privgym.board import Board, Rules
from privgym.entry import Entry
from privgym.errors import PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.index import Index
from privgym.intake import host, submit
from privgym.lock import locked
from privgym.refusal import Refusal, Refused
from privgym.run import run
from privgym.spec import Spec
from tests.paper import edited, honest

FILES = {"entry.json", "run.json", "traces.jsonl", "findings.jsonl", "timings.jsonl", "scores.json"}


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    """A run of each of two agents."""
    out = tmp_path_factory.mktemp("runs")
    return {agent: honest(out, agent, seeds=1) for agent in ("constant", "redactor")}


@pytest.fixture(scope="module")
def kept(tmp_path_factory, runs):
    """A board with one row and its floors."""
    board = Board.create(tmp_path_factory.mktemp("kept") / "board", Rules("Ours", "everyday", 1))
    submit(board, runs["constant"], note="as it came")
    return board.path


@pytest.fixture
def board(kept, tmp_path):
    """A board of its own."""
    return Board(Path(shutil.copytree(kept, tmp_path / "board")))


def row(board: Board, spec: str = "constant") -> Entry:
    """The row of an agent."""
    return next(entry for entry in board.entries() if entry.spec == spec)


def untouched(board: Board) -> bool:
    """Whether only the one row and its floors stand there, and nothing is being prepared."""
    homes = {path.name for path in (board.path / "entries").iterdir()}
    staged = [path for path in (board.path / "staging").iterdir() if path.is_dir()]
    return (
        len(homes) == 1 + len(floor.SHOWN)
        and homes == {e.id for e in board.entries()}
        and not staged
    )


# -- a row ------------------------------------------------------------------------------------


def test_a_row_stands_beside_its_floors(board):
    entry = row(board)
    assert entry.belief == "recomputed"
    assert entry.note == "as it came"
    assert entry.key.seeds == "public 0..0"
    assert {path.name for path in board.run(entry).iterdir()} == FILES
    assert [judged.score for judged in rescore(RunFolder(board.run(entry)), replay=True)]
    (group,) = board.groups()
    assert {s.entry.spec for s in group.standings if s.entry.floor} == set(floor.SHOWN)
    assert board.entry(entry.id) == entry
    assert untouched(board)


def test_the_same_run_again_is_the_same_row(board, runs):
    assert submit(board, runs["constant"], note="again") == row(board)
    assert untouched(board)


def test_what_is_refused_leaves_nothing_but_that_it_was_tried(board, runs, tmp_path):
    spoiled = shutil.copytree(runs["redactor"], tmp_path / "spoiled")
    with edited(spoiled) as paper:
        paper.scores["episodes"][0]["met"] += 1
    with pytest.raises(Refused):
        submit(board, spoiled)
    assert untouched(board)
    last = board.attempts()[-1]
    assert (last.what, last.spec, last.code) == ("refused", "redactor", "score-edited")
    assert submit(board, runs["redactor"]).attempts == 2


def test_what_is_claimed_stands_below_without_a_rank(board, runs, tmp_path):
    bare = Path(shutil.copytree(runs["redactor"], tmp_path / "bare"))
    (bare / "traces.jsonl").unlink()
    entry = submit(board, bare, claimed=True)
    assert entry.belief == "claimed"
    (group,) = board.groups()
    assert group.standings[-1].entry == entry
    assert group.standings[-1].rank == 0
    assert not (board.run(entry) / "traces.jsonl").exists()


def test_what_the_board_lives_again_is_believed_further(board, runs):
    before = row(board)
    entry = submit(board, runs["constant"], again=True)
    assert (entry.id, entry.belief) == (before.id, "re-run")
    assert row(board) == entry
    assert Board(board.path).rebuild() == len(board.entries())
    assert submit(board, runs["constant"]) == entry


MOODY = """
import os
from privgym.message import Action

class Moody:
    about = {"agent": "moody"}

    async def act(self, observation):
        return Action(text=os.urandom(8).hex())

def make(model, seed):
    return Moody()
"""


def test_an_agent_that_does_otherwise_here_is_refused(board, monkeypatch, tmp_path):
    monkeypatch.setenv(kit.PATH, "")
    (tmp_path / "agents").mkdir()
    (tmp_path / "agents" / "moody.py").write_text(MOODY)
    kit.add(tmp_path)
    moody = honest(tmp_path / "runs", "moody", seeds=1)
    with pytest.raises(Refused) as refused:
        submit(board, moody, again=True)
    assert refused.value.refusal is Refusal.RERUN_DIFFERS
    assert refused.value.where == "traces.jsonl, line 1"
    assert untouched(board)


# -- seeds ------------------------------------------------------------------------------------


def issued(out: Path, seeds: tuple[int, ...], agent: str = "constant") -> Path:
    """A run of one family on seeds that a board gave."""
    everyday = pack.load("everyday")
    folder = run(everyday, Spec(agent), everyday.names(["court_date"], 1, seeds), out=out)
    rescore(folder)
    return folder.path


def test_a_nonce_is_for_one_run_of_one_agent(board, tmp_path):
    nonce, seeds = board.attempt("constant")
    assert len(set(seeds)) == board.rules.seeds
    assert board.seeds(nonce) == seeds
    entry = submit(board, issued(tmp_path, seeds), nonce=nonce)
    assert (entry.key.seeds, entry.nonce) == ("issued 2", nonce)
    assert entry.attempts == 2  # the public run before, and this
    assert submit(board, issued(tmp_path, seeds), nonce=nonce) == entry
    other = issued(tmp_path, seeds, "normprinter")
    with pytest.raises(Refused) as refused:
        submit(board, other, nonce=nonce)
    assert refused.value.refusal is Refusal.NONCE
    with pytest.raises(Refused) as refused:
        submit(board, other, nonce="0123")
    assert refused.value.refusal is Refusal.NONCE


def test_a_second_run_under_a_nonce_is_refused_also_when_the_first_was_retracted(board, tmp_path):
    nonce, seeds = board.attempt("constant")
    everyday = pack.load("everyday")
    names = everyday.names(["court_date"], 1, seeds)
    folders = [run(everyday, Spec("constant"), names, out=tmp_path, sample=n) for n in (0, 1)]
    for folder in folders:
        rescore(folder)
    first = submit(board, folders[0].path, nonce=nonce)
    with pytest.raises(Refused) as refused:
        submit(board, folders[1].path, nonce=nonce)
    assert refused.value.refusal is Refusal.SECOND_ATTEMPT
    board.retract(first.id, "a mistake")
    with pytest.raises(Refused) as refused:
        submit(board, folders[1].path, nonce=nonce)
    assert refused.value.refusal is Refusal.SECOND_ATTEMPT


def test_seeds_of_another_nonce_are_refused(board, tmp_path):
    (nonce, _), (_, others) = board.attempt("constant"), board.attempt("constant")
    with pytest.raises(Refused) as refused:
        submit(board, issued(tmp_path, others), nonce=nonce)
    assert refused.value.refusal is Refusal.SEED_CHANGED


def test_hidden_seeds_are_one_boards_and_one_rounds(board, tmp_path):
    other = Board.create(tmp_path / "other", board.rules)
    first = board.seeds("hidden 1")
    assert first != other.seeds("hidden 1")
    board.next_round()
    assert Board(board.path).rules.round == 2
    assert board.seeds("hidden 2") != first
    assert board.seeds("hidden 1") == first
    secret = board.path / "secret"
    assert stat.S_IMODE(secret.stat().st_mode) == 0o600


def test_the_board_runs_an_agent_on_hidden_seeds(tmp_path):
    board = Board.create(tmp_path / "board", Rules("Ours", "everyday", 1, "held-out", 1))
    entry = host(board, "empty")
    assert (entry.belief, entry.key.seeds) == ("hidden seeds", "hidden 1")
    assert entry.key.split == "held-out, level 1"
    plan = RunFolder(board.run(entry)).record.plan
    assert {int(name.partition("#")[2]) for name in plan} == set(board.seeds("hidden 1"))


def test_an_agent_that_is_not_there_cannot_be_run(board):
    with pytest.raises(PrivgymError, match="code 2"):
        host(board, "nobody")
    assert untouched(board)


# -- what is taken out ------------------------------------------------------------------------


def test_a_retracted_row_leaves_a_tombstone_and_does_not_come_back(board, runs):
    entry = row(board)
    stone = board.retract(entry.id, "the prompt held the answers")
    assert board.tombstones() == (stone,)
    assert entry.id not in {one.id for one in board.entries()}
    assert not board.run(entry).exists()
    with pytest.raises(Refused, match="the prompt held the answers") as refused:
        submit(board, runs["constant"])
    assert refused.value.refusal is Refusal.RETRACTED
    with pytest.raises(PrivgymError, match="no row"):
        board.retract(entry.id, "again")


def test_a_floor_stays(board):
    with pytest.raises(PrivgymError, match="floor"):
        board.retract(row(board, "refuser").id, "it looks bad")


# -- killed, and many at once -----------------------------------------------------------------


def test_a_killed_process_leaves_a_row_or_none(tmp_path):
    found = submissions.kills(3, tmp_path)
    assert found["wrong"] == []
    assert found["kills"] == 3


def test_many_who_hand_in_one_run_get_one_row(tmp_path):
    found = submissions.crowd(1, 3, tmp_path)
    assert found["wrong"] == []
    assert (found["rows"], found["taken_in"]) == (1, 1)
    assert found["answers_that_name_the_row"] == 3


# -- the folder and its index -----------------------------------------------------------------


@pytest.mark.parametrize("broken", ["gone", "not a database", "empty"])
def test_the_index_is_made_anew_from_the_folders(board, broken):
    index = board.path / "index.sqlite"
    before = Index(index).dump()
    for path in board.path.glob("index.sqlite-*"):
        path.unlink()
    if broken == "gone":
        index.unlink()
    else:
        index.write_bytes(b"" if broken == "empty" else b"what is this" * 1000)
    again = Board(board.path)
    assert Index(index).dump() == before
    assert again.rebuild() == len(again.entries())
    assert Index(index).dump() == before


def test_what_a_killed_process_left_is_put_right(board):
    entry = row(board)
    index = Index(board.path / "index.sqlite")
    before = index.dump()
    index.drop(entry.id)  # it was renamed, and the index not written
    half = board.path / "staging" / "half"
    half.mkdir()
    (half / "run").mkdir()
    with (board.path / "attempts.jsonl").open("ab") as file:
        file.write(b'{"what": "taken')
    with locked(half):
        assert row(Board(board.path)) == entry
        assert half.exists()  # somebody is at it
    again = Board(board.path)
    assert index.dump() == before
    assert not half.exists()
    again.attempt("constant")
    assert [one.what for one in again.attempts()] == ["taken in", "opened"]


def test_what_a_killed_retraction_left_is_put_right(board, tmp_path):
    entry = row(board)
    saved = shutil.copytree(board.run(entry), tmp_path / "saved")
    board.retract(entry.id, "a reason")
    shutil.copytree(saved, board.run(entry))
    again = Board(board.path)
    assert entry.id not in {one.id for one in again.entries()}
    assert not again.run(entry).exists()


def test_what_is_no_board_is_named(tmp_path, board):
    with pytest.raises(PrivgymError, match="no board"):
        Board(tmp_path)
    with pytest.raises(PrivgymError, match="a board already"):
        Board.create(board.path, board.rules)
    with pytest.raises(PrivgymError, match="no pack"):
        Board.create(tmp_path / "new", Rules("x", "nowhere"))
    with pytest.raises(PrivgymError, match="no row"):
        board.entry("x")
