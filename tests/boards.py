"""A small board to look at: a few scripted agents on two families, verified and beside floors."""

from __future__ import annotations

import atexit
import shutil
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from tempfile import mkdtemp

import msgspec
from msgspec.structs import replace

from privgym import pack as packs
from privgym import trace
from privgym.board import Board, Rules
from privgym.event import Acted, AnyEvent, Opened, Returned, Sent
from privgym.folder import rescore
from privgym.intake import host, submit
from privgym.run import run
from privgym.spec import Spec
from privgym.trace import Trace

FAMILIES = ("treatment_leave", "moving_day")
HOSTILE = "</title><script>alert(1)</script>\u202e{{ 7 * 7 }}"
"""The note of a row, and the reason of a tombstone."""


def lived(out: Path, spec: str, families: Sequence[str] = FAMILIES[:1], seeds: int = 1) -> Path:
    """A run folder of an agent, judged."""
    pack = packs.load("everyday")
    names = pack.names(tuple(families), 1, range(seeds))
    ran = run(pack, Spec.read(spec), names, out=out, new=True)
    rescore(ran)
    return ran.path


def small(path: Path) -> Board:
    """A board with two rows and their floors, a tombstone, and a nonce that was handed out."""
    shutil.copytree(_made(), path)
    return Board(path)


@cache
def _made() -> Path:
    home = Path(mkdtemp(prefix="board-"))
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    board = Board.create(home / "board", Rules("a small board", "everyday", 1, None, 1))
    for spec in ("redactor", "play:good"):
        submit(board, lived(home / "runs", spec, FAMILIES), note=HOSTILE)
    gone = submit(board, lived(home / "runs", "empty", FAMILIES))
    board.retract(gone.id, HOSTILE)
    board.attempt("redactor")
    return board.path


def hostile(path: Path, texts: Sequence[str]) -> Board:
    """A small board with a row in which every text that came from outside holds others.

    Nobody could submit it so, since its traces would not be lived again; it is put in place.
    """
    board, text = small(path), "".join(texts)
    good = next(one for one in board.entries() if one.spec == "redactor")
    run = path.parent / "hostile"
    shutil.copytree(board.run(good), run)
    traces = [_spoiled(one, text) for one in trace.read(run / "traces.jsonl")]
    (run / "traces.jsonl").write_bytes(b"".join(map(trace.encode, traces)))
    said = {"about": {f"agent{text}": text, "adapter": text}, "flags": (text, text), "note": text}
    row = replace(good.row, agent=text, model=text)
    board.place(replace(good, id="f" * 16, spec=f"redactor@{text}", row=row, **said), run)
    board.attempt(f"redactor@{text[:3000]}")
    return board


def _spoiled(one: Trace, text: str) -> Trace:
    return replace(one, events=tuple(_event(event, text) for event in one.events))


def _event(event: AnyEvent, text: str) -> AnyEvent:
    match event:
        case Acted(action=said):
            calls = tuple(replace(c, arguments=_argued(c.arguments, text)) for c in said.calls)
            return replace(event, action=replace(said, text=said.text + text, calls=calls))
        case Sent():
            return replace(event, parts=tuple((name, told + text) for name, told in event.parts))
        case Returned() | Opened():
            return replace(event, text=event.text + text)
    return event


def _argued(arguments: str, text: str) -> str:
    """The JSON text of a call's arguments, with another one."""
    return msgspec.json.encode({**msgspec.json.decode(arguments), "more": text}).decode()


def hidden(board: Board) -> str:
    """Have a row of hidden seeds made; its id. It takes seconds."""
    return host(board, "redactor").id
