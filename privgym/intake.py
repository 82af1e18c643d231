"""How a run becomes a row of a board: verified, and where the board is asked to, lived here.

Nothing of a run is in the board until it was verified whole: what is kept of it is written into a
stage, and the board makes that a row at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from itertools import zip_longest
from pathlib import Path
from typing import IO

import msgspec

from privgym import floor, trace
from privgym import pack as packs
from privgym.board import Board
from privgym.entry import Belief, Entry
from privgym.errors import PrivgymError
from privgym.examiner import examined
from privgym.folder import rescore
from privgym.handed import Handed
from privgym.hosted import Order, hosted
from privgym.ledger import now
from privgym.lock import turn
from privgym.refusal import Refusal, Refused
from privgym.run import Progress, run
from privgym.scenario import Name
from privgym.spec import Spec
from privgym.submission import Asked, Keep, Verified, examine


def submit(
    board: Board,
    folder: Path,
    *,
    nonce: str = "",
    claimed: bool = False,
    again: bool = False,
    note: str = "",
    progress: Progress | None = None,
) -> Entry:
    """Take a run in, if it is what it says.

    Args:
        board: the board.
        folder: the run folder.
        nonce: under which its seeds were issued; "" for seeds 0 to any.
        claimed: take its scores as they are; its traces are not looked at, nor kept.
        again: also run its agent again here, and compare what it does.
        note: what the submitter says of it.
        progress: told how many episodes were lived again, and of how many.

    Returns:
        Its row; the one that is there already, where the same run was taken in before.

    Raises:
        Refused: it is not taken in, and nothing of it is kept but that it was tried.
        PrivgymError: a claim is to be lived again, or is of seeds that were issued.
    """
    if claimed and (nonce or again):
        raise PrivgymError("a claim has no traces to hold against seeds or another run")
    with board.stage() as stage, board.noted(nonce):
        asked = issued(board, nonce) if nonce else Asked(claimed=claimed)
        verified = examined(folder, asked, _fresh(stage / "run"))
        opened = board.opened(nonce)
        if opened and opened.spec != verified.record.spec:
            what = f"it was handed out to {opened.spec}"
            raise Refused(Refusal.NONCE, what, spec=verified.record.spec)
        belief = verified.belief
        if again:
            _lived_again(verified, stage, progress)
            belief = "re-run"
        return _take(board, verified, stage, _entry(verified, belief, nonce, note))


def host(board: Board, spec: str, note: str = "", progress: Progress | None = None) -> Entry:
    """Run an agent here, on the hidden seeds of this round, and take the run in.

    Args:
        board: the board.
        spec: the agent.
        note: what is said of it.
        progress: told how many episodes are done, and of how many.

    Raises:
        PrivgymError: the agent could not be run.
        Refused: what it did is not taken in.
    """
    rules, rule = board.rules, f"hidden {board.rules.round}"
    seeds = board.seeds(rule)
    names = packs.load(rules.pack).names((), rules.level, seeds, rules.split)
    order = Order(rules.pack, tuple(map(str, names)), str(Spec.read(spec)))
    with board.stage() as stage, board.noted():
        ran = hosted(order, _fresh(stage / "ran"), progress)
        verified = examined(ran.path, Asked(seeds, rule), _fresh(stage / "run"))
        return _take(board, verified, stage, _entry(verified, "hidden seeds", "", note))


def issued(board: Board, nonce: str) -> Asked:
    """What a run under a nonce has to be.

    Raises:
        Refused: the board handed out no such nonce.
    """
    if not board.opened(nonce):
        do = "privgym leaderboard open BOARD --attempt hands one out"
        raise Refused(Refusal.NONCE, f'there is no nonce "{nonce[:40]}"', do=do)
    return Asked(board.seeds(nonce), f"issued {board.rules.seeds}")


def _lived_again(verified: Verified, stage: Path, progress: Progress | None) -> None:
    """Refuse a run whose agent does otherwise when it is run here."""
    record = verified.record
    order = Order(record.pack, record.plan, record.spec, record.guard, record.sample)
    ran = hosted(order, _fresh(stage / "ran"), progress)
    both = zip_longest(trace.read(stage / "run" / "traces.jsonl"), ran.read())
    for number, (old, new) in enumerate(both):
        if not old or not new or old != new[0]:
            what = f"{record.plan[number]} goes another way here"
            where = f"traces.jsonl, line {number + 1}"
            raise Refused(Refusal.RERUN_DIFFERS, what, where=where, spec=record.spec)


def _take(board: Board, verified: Verified, stage: Path, entry: Entry) -> Entry:
    """Put a row where it belongs, with the floors of its group there before it."""
    _floors(board, verified)
    return board.place(entry, stage / "run")


def _entry(verified: Verified, belief: Belief, nonce: str, note: str) -> Entry:
    record = verified.record
    return Entry(
        id=verified.id,
        key=verified.key,
        row=verified.row,
        belief=belief,
        spec=record.spec,
        about=record.about,
        utc=now(),
        sample=record.sample,
        nonce=nonce,
        flags=verified.flags,
        note=note,
    )


# -- the trivial policies ---------------------------------------------------------------------


def _floors(board: Board, verified: Verified) -> None:
    """See that the trivial policies stand beside a row, on its own plan.

    They are lived on the plan of the first row of their group: where each row has seeds of its
    own, as under nonces, on those of one.
    """
    with turn(board.path / "staging"):
        plan = verified.key.plan
        if not any(one.floor and one.key == plan for one in board.entries()):
            for agent in floor.SHOWN:
                with board.stage() as stage:
                    found = _lived(agent, verified, stage)
                    entry = _entry(found, "re-run", "", "a trivial policy, lived by the board")
                    board.place(msgspec.structs.replace(entry, floor=True), stage / "run")


def _lived(agent: str, verified: Verified, stage: Path) -> Verified:
    """A trivial policy on the plan of a run."""
    record, names = verified.record, tuple(map(Name.read, verified.record.plan))
    pack, out = packs.load(record.pack), _fresh(stage / "ran")
    ran = run(pack, Spec(agent), names, guard=record.guard, out=out, new=True)
    rescore(ran)
    asked = Asked(tuple(dict.fromkeys(name.seed for name in names)), verified.key.seeds)
    with _kept(_fresh(stage / "run")) as keep:
        return examine(Handed(ran.path), asked, keep)


def _fresh(folder: Path) -> Path:
    folder.mkdir()
    return folder


@contextmanager
def _kept(folder: Path) -> Iterator[Keep]:
    """Writes the lines that `examine` keeps to their files in a folder."""
    with ExitStack() as stack:
        files: dict[str, IO[bytes]] = {}

        def keep(name: str, line: bytes) -> None:
            if name not in files:
                files[name] = stack.enter_context((folder / name).open("xb"))
            files[name].write(line + b"\n")

        yield keep
