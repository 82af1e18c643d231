"""What a board takes, refuses and survives: `python benchmarks/submissions.py [--out FILE]`.

Runs that were tampered with, and honest ones written in other ways; how long an honest episode
takes to verify; agents that must not do well, handed in; a process that submits, killed (SIGKILL)
at random moments; and many processes that hand the same run in at once.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from threading import Barrier
from typing import Any

from privgym import pack
from privgym.board import Board, Rules
from privgym.errors import PrivgymError
from privgym.examiner import examined
from privgym.folder import rescore
from privgym.handed import Handed
from privgym.index import Index
from privgym.intake import submit
from privgym.refusal import Refused
from privgym.run import run
from privgym.spec import Spec
from privgym.submission import Asked, examine
from tests.paper import HONEST, honest
from tests.tampered import TAMPERED

ROOT = Path(__file__).resolve().parent.parent
PEER_MS = 387
"""Milliseconds that tau2-bench took to score a stored trajectory (docs/design.md, section 10), on
another machine of this kind."""

TIMED = ("random", "redactor", "oversharer")
NULL = ("refuser", "empty", "constant", "oversharer", "injector", "normprinter", "spam")
FILES = {"entry.json", "run.json", "traces.jsonl", "findings.jsonl", "timings.jsonl", "scores.json"}


# -- what is refused, and what is not ---------------------------------------------------------


def tampered(scratch: Path) -> dict[str, Any]:
    """Hand every tampered run in; each must be refused with its own code and leave nothing."""
    base, board = honest(scratch / "base"), Board.create(scratch / "board", _rules())
    codes, wrong = Counter[str](), []
    for number, tampering in enumerate(TAMPERED):
        folder = Path(shutil.copytree(base, scratch / str(number), symlinks=True))
        tampering.do(folder)
        try:
            submit(board, folder)
        except Refused as refused:
            codes[refused.refusal] += 1
            if refused.refusal is not tampering.refusal:
                wrong.append(f"{tampering.name}: {refused}")
        else:
            wrong.append(f"{tampering.name}: taken in")
        shutil.rmtree(folder)
    left = [path for name in ("entries", "staging") for path in (board.path / name).glob("*/")]
    return {
        "handed_in": len(TAMPERED),
        "refused_with_their_code": codes.total() - len(wrong),
        "codes": dict(sorted(codes.items())),
        "wrong": wrong,
        "left_in_the_board": len(left),
        "noted": sum(attempt.what == "refused" for attempt in board.attempts()),
    }


def variants(scratch: Path, pythons: Sequence[str]) -> dict[str, Any]:
    """Hand the same run in, written in other ways and by other Pythons; all are one row."""
    base, board = honest(scratch / "base"), Board.create(scratch / "board", _rules())
    ids = {submit(board, base).id}
    for number, write in enumerate(HONEST.values()):
        folder = Path(shutil.copytree(base, scratch / str(number)))
        write(folder)
        ids.add(submit(board, folder).id)
    versions = []
    for python in pythons:
        code = "from tests.paper import honest; import pathlib, platform, sys; "
        code += "print(platform.python_version(), honest(pathlib.Path(sys.argv[1])))"
        words = [python, "-c", code, str(scratch / f"python-{len(versions)}")]
        done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
        version, path = done.stdout.split()
        versions.append(version)
        ids.add(submit(board, Path(path)).id)
    return {"accepted": len(HONEST) + len(versions), "rows": len(ids), "other_pythons": versions}


# -- how long it takes ------------------------------------------------------------------------


def speed(scratch: Path, seeds: int) -> dict[str, Any]:
    """Verify honest episodes of agents that do little, much, and as much as there is."""
    rows = {agent: _timed(scratch, agent, seeds) for agent in TIMED}
    count = sum(row["episodes"] for row in rows.values())
    keys = ("wall_ms_a_trace", "cpu_ms_a_trace")
    wall, cpu = (sum(row["episodes"] * row[key] for row in rows.values()) / count for key in keys)
    return {
        "episodes": count,
        "wall_ms_a_trace": round(wall, 2),
        "cpu_ms_a_trace": round(cpu, 2),
        "peer_ms": PEER_MS,
        "times_cheaper_by_the_clock": round(PEER_MS / wall, 1),
        "times_cheaper_by_the_processor": round(PEER_MS / cpu, 1),
        "load": round(os.getloadavg()[0], 1),
        "agents": rows,
    }


def _timed(scratch: Path, agent: str, seeds: int) -> dict[str, Any]:
    """Milliseconds a trace, by the clock and by the processor, the child's start included."""
    everyday = pack.load("everyday")
    folder = run(everyday, Spec(agent), everyday.names(seeds=range(seeds)), out=scratch)
    count = len(rescore(folder))
    start = time.perf_counter()
    examined(folder.path)
    wall = time.perf_counter() - start
    child = _bare(folder.path)
    return {
        "episodes": count,
        "kb_a_trace": round(folder.traces.stat().st_size / count / 1000, 1),
        "wall_ms_a_trace": round(1000 * wall / count, 2),
        "cpu_ms_a_trace": round(1000 * (child.ru_utime + child.ru_stime) / count, 2),
        "child_mb": round(child.ru_maxrss / 1024),
    }


def _bare(folder: Path) -> resource.struct_rusage:
    """What verifying takes in a child without bwrap, in which a process is no grandchild."""
    code = (
        "import sys, resource, pathlib; from privgym import confine; confine.bwrap = lambda: ''; "
    )
    code += "from privgym.examiner import examined; examined(pathlib.Path(sys.argv[1])); "
    code += "print(*resource.getrusage(resource.RUSAGE_CHILDREN))"
    words = [sys.executable, "-c", code, str(folder)]
    done = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=True)
    return resource.struct_rusage(map(float, done.stdout.split()))


# -- agents that must not do well -------------------------------------------------------------


def nulls(scratch: Path) -> dict[str, Any]:
    """Hand in agents that know no context, and say where they stand."""
    everyday, board = pack.load("everyday"), Board.create(scratch / "board", _rules())
    names, rows = everyday.names(level=1, seeds=(0,)), {}
    for agent in NULL:
        folder = run(everyday, Spec(agent), names, out=scratch / "runs")
        rescore(folder)
        figures = submit(board, folder.path).row.figures
        wanted = ("utility", "inappropriate", "twin_accuracy")
        rows[agent] = {name: figures[name].value for name in wanted}
    return {"episodes": len(names), "rows": rows}


# -- killed, and many at once -----------------------------------------------------------------


def kills(times: int, scratch: Path, seed: int = 0) -> dict[str, Any]:
    """Kill a process that submits, and look at what it left; what was seen, counted."""
    rng, moments, wrong = random.Random(seed), Counter[str](), list[str]()
    board = _board_with_floors(scratch)
    fresh, whole = _samples(scratch), 0
    folder, id = next(fresh)
    while moments.total() < times:
        moment = _kill(board.path, folder, rng)
        board = Board(board.path)
        rows = {entry.id for entry in board.entries()}
        wrong += _faults(board, id if id in rows else "")
        moments[moment] += 1
        if id in rows:
            whole += 1
            folder, id = next(fresh)
    return {
        "kills": moments.total(),
        "moments": dict(sorted(moments.items())),
        "rows_wholly_there": whole,
        "rows_wholly_not": times - whole,
        "wrong": wrong,
    }


def _kill(board: Path, folder: Path, rng: random.Random) -> str:
    """Submit, and kill it: half the times at any moment, half when it is about to be a row."""
    words = [sys.executable, "-m", "privgym", "leaderboard", "submit", str(board), str(folder)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    entries = len(list((board / "entries").iterdir()))
    process = subprocess.Popen(words, env={**os.environ, "PYTHONPATH": str(ROOT)}, **quiet)
    if rng.random() < 0.5:
        end = time.monotonic() + rng.uniform(0, 4)
        while process.poll() is None and time.monotonic() < end:
            time.sleep(0.005)
    else:
        while process.poll() is None and not any(board.glob("staging/*/run/entry.json*")):
            time.sleep(0.0005)
        time.sleep(rng.uniform(0, 0.03))
    ended = process.poll() is not None
    process.kill()
    process.wait()
    if ended:
        return "after its end"
    if len(list((board / "entries").iterdir())) > entries:
        return "after the rename"
    staged = any(board.glob("staging/*/run/*"))
    return "while it was prepared" if staged else "before"


def _faults(board: Board, id: str) -> list[str]:
    """What is wrong with a board that was opened after a kill."""
    wrong = []
    index = Index(board.path / "index.sqlite")
    before = index.dump()
    board.rebuild()
    if index.dump() != before:
        wrong.append("the index was not what the folders hold")
    if any((board.path / "staging").glob("*/")):
        wrong.append("something is left in staging")
    if id:
        home = board.run(board.entry(id))
        if {path.name for path in home.iterdir()} != FILES:
            wrong.append(f"{id} is not whole")
        elif examine(Handed(home), Asked(), lambda name, line: None).id != id:
            wrong.append(f"{id} is another run")
    return wrong


def crowd(runs: int, at_once: int, scratch: Path) -> dict[str, Any]:
    """Hand each of some runs in from many processes at the same moment; each is one row."""
    board, made = _board_with_floors(scratch), _samples(scratch)
    folders = [next(made) for _ in range(runs)]
    before = len(board.entries())
    context = multiprocessing.get_context("spawn")
    barrier, answers = context.Barrier(at_once), context.Queue()
    paths = [folder for folder, _ in folders]
    given = (board.path, paths, barrier, answers)
    crew = [context.Process(target=_hand_in, args=given) for _ in range(at_once)]
    for process in crew:
        process.start()
    said = Counter(answers.get() for _ in range(runs * at_once))
    for process in crew:
        process.join()
    board = Board(board.path)
    taken = sum(attempt.what == "taken in" for attempt in board.attempts())
    return {
        "runs": runs,
        "at_once": at_once,
        "submits": said.total(),
        "rows": len(board.entries()) - before,
        "taken_in": taken - 1,
        "answers_that_name_the_row": sum(said[id] for _, id in folders),
        "wrong": _faults(board, folders[0][1]),
    }


def _hand_in(board: Path, folders: Sequence[Path], barrier: Barrier, answers: Any) -> None:
    """Submit each run when all others do."""
    mine = Board(board)
    for folder in folders:
        barrier.wait()
        try:
            answers.put(submit(mine, folder).id)
        except PrivgymError as error:
            answers.put(str(error))


# -- boards and runs --------------------------------------------------------------------------


def _rules() -> Rules:
    return Rules("benchmark", "everyday", 1)


def _board_with_floors(scratch: Path) -> Board:
    """A board that has one row, so that its floors are there."""
    board = Board.create(scratch / "board", _rules())
    submit(board, honest(scratch / "first", "constant", seeds=1))
    return board


def _samples(scratch: Path) -> Any:
    """Runs that differ, without end, each with the id that its row has."""
    number = 0
    while number := number + 1:
        path = honest(scratch / "runs", "constant", seeds=1, sample=number)
        yield path, examine(Handed(path), Asked(), lambda name, line: None).id


def main() -> None:
    """All of it; exit code 1 if something went wrong."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--runs", type=int, default=50, help="handed in by many at once")
    options.add_argument("--at-once", type=int, default=8)
    options.add_argument("--seeds", type=int, default=2, help="of the episodes that are timed")
    options.add_argument("--python", action="append", default=[], help="another interpreter")
    options.add_argument("--only", action="append", default=[], help="only this part, by its name")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    found: dict[str, Any] = {}
    for name, measure in (
        ("speed", lambda path: speed(path, given.seeds)),
        ("tampered", tampered),
        ("honest", lambda path: variants(path, given.python)),
        ("null_agents", nulls),
        ("killed", lambda path: kills(given.kills, path)),
        ("many_at_once", lambda path: crowd(given.runs, given.at_once, path)),
    ):
        if given.only and name not in given.only:
            continue
        with tempfile.TemporaryDirectory() as scratch:
            start = time.monotonic()
            found[name] = measure(Path(scratch))
            found[name]["took_s"] = round(time.monotonic() - start)
            print(name, found[name], file=sys.stderr)
    about = {
        "what": "submissions tampered with and honest, timed, killed, and many at once",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
    }
    text = json.dumps({**about, **found}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")
    wrong = [what for part in found.values() for what in part.get("wrong", ())]
    rows = found.get("honest", {}).get("rows", 1), found.get("many_at_once", {}).get("rows")
    raise SystemExit(bool(wrong) or rows[0] != 1 or rows[1] not in (None, given.runs))


if __name__ == "__main__":
    main()
