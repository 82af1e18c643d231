"""Tables of docs/board.md: how fast the board's pages are, and what was thrown at them."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cells import RESULTS, Table

PAGES = {
    "empty": "an empty page of starlette, behind the same fence",
    "board": "the board, all rows in one group",
    "board.json": "the same as JSON",
    "row": "a row",
    "episode": "a transcript",
    "transcript": "a transcript of 200 steps, without the request",
    "compare": "two rows compared",
}


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((RESULTS / name).read_text(encoding="utf-8"))
    return found


def speed() -> Table:
    """A page a row."""
    pages = _read("board.json")["pages"]
    rows = [
        [said, f"{pages[name]['ms']:g}", f"{pages[name]['cpu_ms']:g}", f"{pages[name]['bytes']:,}"]
        for name, said in PAGES.items()
    ]
    return ["page", "ms", "ms of the processor", "bytes"], rows


def hostile() -> Table:
    """What was tried, a row each."""
    found = _read("board_hostile.json")
    markup, asked, kills = found["markup"], found["requests"], found["kills"]
    most = found["most"]
    rows = [
        [
            f"{markup['payloads']} texts, each alone in all texts of "
            f"{markup['kinds_of_pages']} kinds of pages, served and exported",
            f"{markup['wrong']} of {markup['tried']:,} changed a page's elements or attributes",
        ]
    ]
    for kind, said in (("tricks", "tricks with paths in an upload"), ("bombs", "bombs")):
        sent = found["archives"][kind]
        rows.append(
            [
                f"{sent['tried']} {said}",
                f"{sent['refused']} refused, the slowest after {sent['slowest']:g} s "
                f"({sent['too_slow']} took over {most['seconds']:g} s); server and children at "
                f"most {sent['most_mib']} MiB; others answered within "
                f"{sent['slowest_answer_to_others']:g} s",
            ]
        )
    rows += [
        [
            f"{asked['forged']} forged writes, {asked['misnamed']} false names of the server, "
            f"{asked['injections']} injections into {asked['injecting_requests']} addresses",
            f"{asked['let_in']} let in, {asked['changed']} changed anything",
        ],
        [
            f"{kills['kills']} SIGKILLs of the server during a submission",
            f"the row wholly there {kills['after']} times, not there {kills['before']}, "
            f"half there {kills['half']}",
        ],
    ]
    return ["what", "what came of it"], rows


def verified() -> Table:
    """What it costs to verify a trace, by agent and in the mean."""
    found = _read("submissions.json")["speed"]
    rows = [
        [
            f"`{agent}`",
            str(one["episodes"]),
            f"{one['wall_ms_a_trace']:.1f}",
            f"{one['cpu_ms_a_trace']:.1f}",
            f"{found['peer_ms'] / one['wall_ms_a_trace']:.0f}",
        ]
        for agent, one in (*found["agents"].items(), ("all", found))
    ]
    return ["agent", "episodes", "ms a trace", "of the processor", "times cheaper"], rows


TABLES: dict[str, Callable[[], Table]] = {
    "board_speed": speed,
    "board_hostile": hostile,
    "board_verified": verified,
}
