"""How fast pages of the leaderboard are: `python benchmarks/board.py [--out FILE]`.

A board of 1,000 rows, and a transcript of 200 steps, asked of the app in its process, fence
included; beside them what an empty page of starlette takes in the same run. Kept between requests
are the order of the rows, made anew when a row is added, and the text of each rate; what the first
request took, which makes both, is given too. What was loaded before is frozen for the garbage
collector, as the server does.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import json
import os
import platform
import random
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import msgspec
from msgspec.structs import replace
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from privgym import pack
from privgym.board import Board
from privgym.entry import Entry
from privgym.event import Acted, AnyEvent
from privgym.figure import Figure
from privgym.folder import judge
from privgym.leaderboard.app import app
from privgym.leaderboard.fence import Fence
from privgym.leaderboard.frame import Frame
from privgym.leaderboard.site import Page
from privgym.leaderboard.story import story
from tests.boards import small
from tests.stories import MOVING, bad, lived, traced
from tests.web import OURS, TOKEN, asked

STEPS = 200
MOST = {"board_ms": 100.0, "transcript_ms": 150.0, "transcript_bytes": 300_000}
"""What was promised: a board of 1,000 rows, a transcript of 200 steps."""


def filled(path: Path, rows: int) -> Board:
    """A board of so many rows in one group, with figures drawn at random."""
    board, rng = small(path), random.Random(0)
    good = next(one for one in board.entries() if one.spec == "redactor")
    for number in range(rows - sum(not one.floor for one in board.entries())):
        entry = _drawn(good, number, rng)
        home = path / entry.run
        shutil.copytree(board.run(good), home, copy_function=os.link)
        (home / "entry.json").unlink()
        (home / "entry.json").write_bytes(msgspec.json.encode(entry))
    return Board(path)  # which finds rows that its index has not, and makes it anew


def _drawn(good: Entry, number: int, rng: random.Random) -> Entry:
    figures = dict(good.row.figures)
    for name in ("utility", "inappropriate", "missing", "malformed", "twin_accuracy"):
        value, half = rng.random(), rng.uniform(0.02, 0.15)
        figures[name] = Figure(value, max(0.0, value - half), min(1.0, value + half), 96)
    model = f"llamacpp:a-model-of-somebody-{number:04}"
    row = replace(good.row, agent="assistant", model=model, figures=figures)
    spec, flags = f"assistant@{model}", ("its prompt holds a norm",) if number % 9 == 0 else ()
    return replace(good, id=f"{number:016x}", row=row, spec=spec, flags=flags)


def empty() -> Fence:
    """A page of one line, behind the same fence."""

    def page(request: Request) -> HTMLResponse:
        return HTMLResponse("<!doctype html><title>empty</title>")

    behind = Starlette(routes=[Route("/", page)])
    return Fence(behind, [OURS], lambda request, error: HTMLResponse("", 400), token=TOKEN)


def timed(site: Fence, path: str, times: int) -> dict[str, float]:
    """Milliseconds of the first answer, medians of the others, and bytes."""

    async def ask() -> tuple[list[float], list[float], int]:
        took, used = [], []
        for _ in range(times + 1):
            start, busy = time.perf_counter(), time.process_time()
            answer = await asked(site, path=path)
            took.append(1000 * (time.perf_counter() - start))
            used.append(1000 * (time.process_time() - busy))
            assert answer.status == 200, path
        return took, used, len(answer.body)

    took, used, size = asyncio.run(ask())
    return {**_medians(took[1:], used[1:]), "first_ms": round(took[0], 1), "bytes": size}


def _medians(took: list[float], used: list[float]) -> dict[str, float]:
    """By the clock, and of the processor, which a busy machine does not change as much."""
    both = {"ms": took, "cpu_ms": used}
    return {name: round(statistics.median(values), 1) for name, values in both.items()}


def transcript(times: int) -> dict[str, float]:
    """What telling and printing an episode of 200 steps takes, and how long the page is."""
    scenario = pack.scenario(MOVING)
    base = list(lived(MOVING, bad(scenario))[0].events)
    events: list[AnyEvent] = []
    while sum(isinstance(e, Acted) and e.party == "agent" for e in events) < STEPS:
        events += base
    trace = traced(scenario, tuple(events))
    judged, frame = judge(trace, scenario), Frame(served=True)
    took, used = [], []
    for _ in range(times):
        start, busy = time.perf_counter(), time.process_time()
        said = {"row": "0" * 16, "spec": "redactor", "number": 0, "before": 1, "after": 2}
        told = {**said, "story": story(trace, scenario, judged)}
        page = frame.html(Page("told.html", scenario.name, told), "rows/0000000000000000/0")
        took.append(1000 * (time.perf_counter() - start))
        used.append(1000 * (time.process_time() - busy))
    return {**_medians(took, used), "bytes": len(page.encode()), "events": len(events)}


def measured(rows: int, times: int, scratch: Path) -> dict[str, dict[str, float]]:
    """All pages, the floor first."""
    board = filled(scratch / "board", rows)
    site = app(board, [OURS], TOKEN)
    gc.collect()
    gc.freeze()  # as `server.serve` does
    first, other = (f"{number:016x}" for number in (0, 1))
    who = {
        "row": f"rows/{first}",
        "episode": f"rows/{first}/0",
        "compare": f"compare/{first}/{other}",
    }
    found = {"empty": timed(empty(), "/", times), "board": timed(site, "/", times)}
    found["board.json"] = timed(site, "/index.json", times)
    found |= {name: timed(site, f"/{path}", times) for name, path in who.items()}
    return {**found, "transcript": transcript(times)}


def main() -> None:
    """Measure, print, and fail where a promise is not kept."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1000)
    options.add_argument("--times", type=int, default=21)
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        pages = measured(given.rows, given.times, Path(scratch))
    about = {
        "what": f"pages of a board of {given.rows:,} rows; medians of {given.times}, in process",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
    }
    text = json.dumps({**about, "most": MOST, "pages": pages}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")
    found = {
        "board_ms": pages["board"]["ms"],
        "transcript_ms": pages["transcript"]["ms"],
        "transcript_bytes": pages["transcript"]["bytes"],
    }
    sys.exit(any(found[name] > most for name, most in MOST.items()))


if __name__ == "__main__":
    main()
