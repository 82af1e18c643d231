"""The tables of docs/loops.md, out of what the loops in examples/ found."""

from __future__ import annotations

import json
from collections.abc import Callable

from cells import RESULTS, Table, percent, signed


def vector() -> Table:
    """What a random policy earns in a vector environment, and how fast."""
    result = json.loads((RESULTS / "loops_vector.json").read_text())
    rates = ("utility", "inappropriate", "terminated", "truncated")
    cells = [str(result["n"]), signed(result["reward"]), *(percent(result[k]) for k in rates)]
    cells += [f"{result['steps_an_episode']:.1f}", f"{result['cpu_ms_a_step']:.1f}"]
    head = ["episodes", "reward", *rates, "steps each", "CPU a step, ms"]
    return head, [cells]


def best() -> Table:
    """The best of n attempts on reward."""
    result = json.loads((RESULTS / "loops_best.json").read_text())
    rates = ("utility", "inappropriate", "right")
    rows = [
        [
            str(r["n"]),
            str(result["scenarios"]),
            signed(r["reward"]),
            *(percent(r[k]) for k in rates),
        ]
        for r in result["rows"]
    ]
    return ["best of", "scenarios", "reward", *rates], rows


def rejection() -> Table:
    """A model before and after it was tuned on its own best episodes."""
    result = json.loads((RESULTS / "loops_rejection.json").read_text())
    rates = ("utility", "inappropriate", "missing", "malformed", "twin_accuracy")
    rows = [
        [name, str(r["n"]), *(percent(r[rate]) for rate in rates)]
        for name, r in result["rows"].items()
    ]
    return ["on held-out families", "n", *(k.replace("_", " ") for k in rates)], rows


def grpo() -> Table:
    """How the reward went."""
    result = json.loads((RESULTS / "loops_grpo.json").read_text())
    halves = (signed(result[key]) for key in ("first_half", "second_half"))
    last = result["curve"][-1]
    found = (str(last["step"] + 1), f"{last['seconds'] / 60:.0f}", str(result["n"]), *halves)
    slope, idle = f"{result['slope_a_step']:+.4f}", f"{100 * result['idle_groups']:.0f} %"
    head = ["steps", "minutes", "episodes", "reward, first half", "second half"]
    head += ["slope a step", "p", "idle groups"]
    return head, [[*found, slope, str(result["p"]), idle]]


TABLES: dict[str, Callable[[], Table]] = {
    f"loops_{make.__name__}": make for make in (vector, best, rejection, grpo)
}
