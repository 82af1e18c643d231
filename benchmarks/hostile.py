"""What strangers can do to a leaderboard: `python benchmarks/hostile.py [--kills N] [--out FILE]`.

markup     each payload alone in every text of every kind of page, served and exported: the
           elements and attributes of the page stay what they are
archives   tricks with paths, and bombs, sent to a server that has to refuse them, how long that
           takes and how much memory, and whether it answers others meanwhile
requests   forged, misnamed and injecting requests: none is let in, none changes anything
kills      SIGKILLs of a server at random moments of a submission: the database opens, and the row
           is wholly there or not at all

Texts and archives are those of the tests, which try them too; here is the whole of it, counted.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import platform
import random
import shutil
import sqlite3
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from privgym.board import Board
from privgym.leaderboard.app import app
from privgym.leaderboard.frame import Frame
from tests.boards import lived, small
from tests.payloads import PAYLOADS
from tests.shapes import KINDS, kinds, shape
from tests.spoil import HARMLESS
from tests.test_app import STRANGE, zipped
from tests.test_fence import FORGED
from tests.test_fence import STRANGE as MISNAMED
from tests.test_server import Served
from tests.test_upload import BOMBS, TRICKS, packed
from tests.web import HOST, OURS, TOKEN, ask

MOST_SECONDS, MOST_MIB = 2.0, 300.0
AS_ZIP = {"Content_Type": "application/zip"}
MADE_UP = {"a long directory"}
"""Of the tests' bombs, those that are no real file and cannot be sent."""

KINDS_OF_END = ("before", "half", "after")


# -- markup -----------------------------------------------------------------------------------


def markup(board: Board) -> dict[str, int]:
    """How often a payload was more than text."""
    tried = wrong = 0
    for kind in KINDS:
        path, page = kinds(board)[kind]
        for served in (True, False):
            frame = Frame(served=served, writes=served)
            expected = shape(frame, path, page, HARMLESS)
            for payload in PAYLOADS:
                tried += 1
                wrong += shape(frame, path, page, payload) != expected
    return {
        "payloads": len(PAYLOADS),
        "kinds_of_pages": 2 * len(KINDS),
        "tried": tried,
        "wrong": wrong,
    }


# -- archives ---------------------------------------------------------------------------------


def texts(run: Path) -> Iterator[tuple[str, bytes]]:
    """Archives whose files are hostile: nested, long, many, and what no JSON is."""
    record, traces = (run / "run.json").read_bytes(), (run / "traces.jsonl").read_bytes()
    flood = b",".join(f'"k{number}":1'.encode() for number in range(400_000))
    plan = json.dumps([f"everyday/treatment_leave#{number}" for number in range(200_000)])
    hostile = {
        "nested lists": (record, b"[" * 1_000_000 + b"\n"),
        "nested objects": (record, b'{"a":' * 500_000 + b"\n"),
        "a long number": (record, b'{"header":' + b"9" * 3_000_000 + b"}\n"),
        "a long line": (record, b'"' + b"x" * 60_000_000 + b'"\n'),
        "a million lines": (record, b"{}\n" * 1_000_000),
        "empty lines": (record, b"\n" * 8_000_000),
        "many keys": (record, b"{" + flood + b"}\n"),
        "one trace a thousand times": (
            record,
            traces.partition(b"\n")[0] * 1 + b"\n" + traces * 1000,
        ),
        "a long plan": (
            record.replace(b'"plan": [', b'"plan": ' + plan.encode()[:-1] + b",", 1),
            traces,
        ),
        "a deep plan": (b"[" * 400_000, traces),
        "no UTF-8": (record, b"\xff\xfe" * 1_000_000 + b"\n"),
        "half surrogates": (record, b'"' + rb"\ud800" * 300_000 + b'"\n'),
    }
    for name, (head, lines) in hostile.items():
        yield name, _archive(run, head, lines)


def _archive(run: Path, record: bytes, traces: bytes) -> bytes:
    rest = {name: (run / name).read_bytes() for name in ("findings.jsonl", "scores.json")}
    # Stored, so that it is the reader of what is in it and not `upload` that has to refuse it.
    method = 0 if len(traces) < 20_000_000 else 8
    return packed({"run.json": record, "traces.jsonl": traces, **rest}, method).getvalue()


class Watch(threading.Thread):
    """Asks a server for a page all the time, and sees how much memory it and its children take."""

    def __init__(self, served: Served) -> None:
        super().__init__(daemon=True)
        self._served, self._over = served, threading.Event()
        self.slowest, self.answered, self.mib = 0.0, 0, 0.0

    def run(self) -> None:
        self._look()
        while not self._over.wait(0.05):
            self._look()

    def _look(self) -> None:
        start = time.monotonic()
        self.answered += self._served.ask(path="/proves")[0] == 200
        self.slowest = max(self.slowest, time.monotonic() - start)
        # The sum of what each has had at most: more than they have had at any one time.
        self.mib = max(self.mib, sum(_mib(pid) for pid in _family(self._served.process.pid)))

    def end(self) -> dict[str, float]:
        self._over.set()
        self.join()
        slowest = round(self.slowest, 3)
        return {"mib": round(self.mib), "answered": self.answered, "slowest_answer": slowest}


def _family(pid: int) -> list[int]:
    """A process, and all that it and its children have started."""
    found = [pid]
    for path in Path(f"/proc/{pid}/task").glob("*/children"):
        found += [one for child in _read(path).split() for one in _family(int(child))]
    return found


def _mib(pid: int) -> float:
    """The most memory that a process has had resident."""
    line = [
        one for one in _read(Path(f"/proc/{pid}/status")).splitlines() if one.startswith("VmHWM")
    ]
    return int(line[0].split()[1]) / 1024 if line else 0.0


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""


def archives(scratch: Path) -> dict[str, Any]:
    """Send every one of them; what was taken in would be a row."""
    run, tricks = lived(scratch / "runs", "constant"), {}
    for name in TRICKS:
        member = [
            (name.replace("\0", "@"), b"{}"),
            *((f"a/{k}", b"{}") for k in ("run.json", "traces.jsonl")),
        ]
        tricks[ascii(name)] = packed(member).getvalue()
    bombs = {name: make().getvalue() for name, make in BOMBS.items() if name not in MADE_UP}
    bombs |= dict(texts(run))
    served = Served(small(scratch / "board").path, scratch / "token")
    before = Board(scratch / "board")._index.dump()
    try:
        found = {"tricks": _sent(served, tricks), "bombs": _sent(served, bombs)}
    finally:
        served.close()
    return {**found, "changed": Board(scratch / "board")._index.dump() != before}


def _sent(served: Served, archives: dict[str, bytes]) -> dict[str, Any]:
    rows = {}
    for name, archive in archives.items():
        watch, start = Watch(served), time.monotonic()
        watch.start()
        status, _ = served.ask("POST", "/submit", archive, **AS_ZIP)
        took = time.monotonic() - start
        row = {
            "status": status,
            "seconds": round(took, 2),
            "mib_sent": round(len(archive) / 2**20, 1),
        }
        rows[name] = {**row, **watch.end()}
        print(name, rows[name], file=sys.stderr)
    return {
        "tried": len(rows),
        "refused": sum(400 <= row["status"] < 500 for row in rows.values()),
        "too_slow": sum(row["seconds"] > MOST_SECONDS for row in rows.values()),
        "too_large": sum(row["mib"] > MOST_MIB for row in rows.values()),
        "slowest": max(row["seconds"] for row in rows.values()),
        "most_mib": max(row["mib"] for row in rows.values()),
        "slowest_answer_to_others": max(row["slowest_answer"] for row in rows.values()),
        "rows": rows,
    }


# -- requests ---------------------------------------------------------------------------------


def requests(board: Board) -> dict[str, int]:
    """How many of each kind were let in, or changed something."""
    site, before = app(board, [OURS], TOKEN), board._index.dump()
    forged = [list(HOST.items()) + list(h.items() if isinstance(h, dict) else h) for h in FORGED]
    row = board.entries()[0].id
    paths = [
        f"{at}{words}" for words in STRANGE for at in ("/", "/rows/", f"/rows/{row}/", "/agents/")
    ]
    let_in = sum(ask(site, "POST", f"/rows/{row}/retract", h).status < 400 for h in forged)
    let_in += sum(ask(site, headers=h).status < 400 for h in MISNAMED)
    let_in += sum(ask(site, path=path).status not in (400, 404, 405) for path in paths)
    return {"forged": len(forged), "misnamed": len(MISNAMED), "injections": len(STRANGE),
            "injecting_requests": len(paths), "let_in": let_in,
            "changed": int(board._index.dump() != before)}  # fmt: skip


# -- kills ------------------------------------------------------------------------------------


def kills(times: int, scratch: Path) -> dict[str, Any]:
    """Kill a server in the midst of a submission; what was left of it."""
    rng, ends = random.Random(0), dict.fromkeys(KINDS_OF_END, 0)
    archive, base = zipped(lived(scratch / "runs", "constant")), small(scratch / "base").path
    for number in range(times):
        home = Path(shutil.copytree(base, scratch / f"board{number}"))
        served, before = Served(home, scratch / "token"), Board(home)._index.ids()
        with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as one:
            head = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/zip"}
            one.request("POST", "/submit", archive, head)
            time.sleep(rng.uniform(0, 2.5 if number % 2 else 5))
            served.close()
        ends[_left(home, before)] += 1
        shutil.rmtree(home)
    return {"kills": times, **ends}


def _left(home: Path, before: frozenset[str]) -> str:
    """Whether a row is there, after the board was opened once more."""
    board = Board(home)
    with closing(sqlite3.connect(board._index.path)) as db:
        sound = db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ids = board._index.ids()
    whole = all(
        (board.run(e) / "traces.jsonl").read_bytes().count(b"\n") == e.row.n
        for e in board.entries()
    )
    if (
        not sound
        or not whole
        or {p.name for p in (home / "entries").iterdir()} != ids
        or not ids >= before
    ):
        return "half"
    mine = [one for one in board.entries() if one.spec == "constant"]
    return "after" if mine else "before"


def main() -> None:
    """Try it all, print, and fail where something came through, or took more than it may."""
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    options.add_argument("--kills", type=int, default=100)
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        board = small(Path(scratch) / "read")
        found: dict[str, Any] = {"markup": markup(board), "requests": requests(board)}
        found["archives"] = archives(Path(scratch) / "archives")
        found["kills"] = kills(given.kills, Path(scratch) / "kills")
    about = {
        "what": "hostile texts, archives, requests and kills, against the leaderboard",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "load": round(os.getloadavg()[0], 1),
        "most": {"seconds": MOST_SECONDS, "mib": MOST_MIB},
    }
    text = json.dumps({**about, **found}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")
    sent = [found["archives"][kind] for kind in ("tricks", "bombs")]
    wrong = [found["markup"]["wrong"], found["requests"]["let_in"], found["requests"]["changed"],
             found["archives"]["changed"], found["kills"]["half"],
             *(kind["tried"] - kind["refused"] for kind in sent),
             *(kind["too_slow"] + kind["too_large"] for kind in sent)]  # fmt: skip
    sys.exit(any(wrong))


if __name__ == "__main__":
    main()
