"""The tables of docs/compare.md, out of what benchmarks/compare.py found."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from cells import RESULTS, Table


def _read(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text())


def _simulated() -> Any:
    return _read("compare_simulated")


def _worlds(rise: float, *keys: str) -> list[list[str]]:
    """One row a world: each rate at every size, in percent."""
    rows = _simulated()["rows"]
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        if row["rise"] == rise:
            found.setdefault(row["world"], []).append(row)
    return [
        [world, *(" / ".join(f"{100 * size[key]:.1f}" for size in sizes) for key in keys)]
        for world, sizes in found.items()
    ]


def false() -> Table:
    """False answers at the boundary, and McNemar's test where nothing changed."""
    none = {row[0]: row[1:] for row in _worlds(0.0, "worse", "mcnemar")}
    rows = [[*row, *none[row[0]]] for row in _worlds(0.05, "worse", "clear")]
    head = ["families", "*collapse* at +5", "*no collapse* at +5", "*collapse* at 0"]
    return [*head, "McNemar at 0"], rows


def power() -> Table:
    """What is shown rightly."""
    clear = {row[0]: row[1] for row in _worlds(0.0, "clear")}
    rows = [[world, more, clear[world]] for world, more in _worlds(0.15, "worse")]
    return ["families", "*collapse* at +15", "*no collapse* at 0"], rows


def alone() -> Table:
    """False answers of each criterion alone, at one size."""
    rows = _simulated()["rows"]
    keys = ("flips_worse", "limits_worse", "worse", "flips_clear", "limits_clear", "clear")
    cells = [
        [row["world"], *(f"{100 * row[key]:.1f}" for key in keys)]
        for row in rows
        if (row["rise"], row["families"], row["each"]) == (0.05, 24, 8)
    ]
    head = [f"*{a}*: {b}" for a in ("collapse", "no collapse") for b in ("flips", "limits", "both")]
    return ["families", *head], cells


def damage() -> Table:
    """How often damage is called, by how alike episodes of a family are."""
    rows = _simulated()["damage"]
    cells = [[f"{row['likeness']}", f"{100 * row['worse']:.1f}"] for row in rows]
    return ["correlation of two episodes of a family", "*general damage* at -3"], cells


def recipes() -> Table:
    """Recipes: what is shown, and what would be were the runs one."""
    rows = _simulated()["recipes"]
    keys = ("worse", "clear", "worse_as_one")
    cells = [
        [str(r["runs"]), f"+{100 * r['rise']:.0f}", *(f"{100 * r[key]:.1f}" for key in keys)]
        for r in rows
    ]
    head = ["training runs", "rise", "*collapse*", "*no collapse*"]
    return [*head, "*collapse*, were they taken as one"], cells


def dose() -> Table:
    """Agents of a known dose: what was asked, what was given, what was seen."""
    result = _read("compare_dose")
    whole = result["whole"]["value"]
    rows = []
    for row in result["rows"]:
        seen = row["difference"]
        change, low, high = (100 * seen[key] for key in ("value", "low", "high"))
        span = f"{change:+.1f} ({low:+.1f} to {high:+.1f})"
        given = f"{100 * row['given']:.1f} %"
        rows.append([f"{row['p']:g}", given, f"{100 * row['given'] * whole:+.1f}", span])
        rows[-1] += [str(seen["n"]), row["answer"]]
    head = ["P", "episodes given", "rise to expect", "rise seen, with its limits"]
    return [*head, "pairs", "answer"], rows


def itself() -> Table:
    """An agent of chance against itself: how often each answer came."""
    found = _read("compare_dose")["itself"]
    answers = [one["answer"] for one in found]
    changes = sorted(100 * one["difference"]["value"] for one in found)
    row = [str(len(found)), *(str(answers.count(a)) for a in ("collapse", "inconclusive"))]
    row += [str(answers.count("no collapse")), f"{changes[0]:+.1f} to {changes[-1]:+.1f}"]
    head = ["comparisons", "*collapse*", "*inconclusive*", "*no collapse*"]
    return [*head, "changes seen, in points"], [row]


def models() -> Table:
    """What `privgym compare` said of real models."""
    rows = []
    for one in _read("compare_models")["rows"]:
        cells = [f"`{one['base']}`", f"`{one['tuned'][0]}`", str(one["decided"][0]["n"])]
        for seen in one["decided"]:
            change, low, high = (100 * (seen[key] or 0) for key in ("value", "low", "high"))
            cells.append(f"{change:+.1f} ({low:+.1f} to {high:+.1f})")
        cells += ["-"] * (7 - len(cells))
        rows.append([*cells, one["answer"]])
    head = ["base", "tuned", "pairs", "inappropriate", "utility", "utility of controls", "safety"]
    return [*head, "answer"], rows


TABLES: dict[str, Callable[[], Table]] = {
    f"compare_{make.__name__}": make
    for make in (false, power, alone, damage, recipes, dose, itself, models)
}
