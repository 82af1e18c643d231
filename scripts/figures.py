#!/usr/bin/env python3
"""Write the tables of README and docs from the committed result files.

    scripts/figures.py            write them
    scripts/figures.py --check    exit 1 if one is not what its result file gives

A table, or sentences, stand between `<!-- figures: NAME -->` and `<!-- end -->`.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import audited
import boarded
import compared
import looped
import measured
import told
from cells import RESULTS, percent, signed

ROOT = Path(__file__).resolve().parent.parent
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
BLOCK = re.compile(r"(<!-- figures: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)

COLUMNS = (
    "utility",
    "inappropriate",
    "inappropriate_where_possible",
    "missing",
    "malformed",
    "over_refusal",
    "twin_accuracy",
)

LEAKS = ("inappropriate", "written", "retrieved", "sent", "per_opportunity", "refusal")
"""By which flow an episode leaked."""

LEVELS = ("seed", "vignette", "trajectory")
"""How much of a case is told, least first."""


def table(head: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def agents(name: str, columns: tuple[str, ...] = COLUMNS) -> str:
    """One row an agent."""
    result = json.loads((RESULTS / f"{name}.json").read_text())
    rows = [
        [_named(r), str(r["n"])] + [percent(r[column]) for column in columns]
        for r in result["rows"]
    ]
    return table(["agent", "n", *(c.replace("_", " ") for c in columns)], rows)


def _named(row: dict[str, Any]) -> str:
    """An agent, its model, and the sensors that judged it beside the exact one."""
    beside = [f"(and {name})" for name in row.get("sensors", ())]
    return " ".join(filter(None, (f"`{row['agent']}`", row["model"].partition("@")[0], *beside)))


def regrade() -> str:
    """Stored runs under the grader that scored them and under the newest."""
    rows = json.loads((RESULTS / "regrade.json").read_text())
    pairs = [(rate, side) for rate in ("utility", "inappropriate") for side in ("old", "new")]
    lines = []
    for r in rows:
        name, n = _named(r["old"]), str(r["old"]["n"])
        rates = (percent(r[side][rate]) for rate, side in pairs)
        lines.append([r["old"]["pack"], name, n, str(len(r["changed"])), *rates])
    head = ["pack", "agent", "n", "judged otherwise"]
    head += [f"{rate}, {side}" for rate, side in pairs]
    return table(head, lines)


def sensor() -> str:
    """The imported facts of PrivacyLens against the judge's labels."""
    result = json.loads((RESULTS / "privacylens_sensor.json").read_text())
    head = ["", "of those told, found", "of those not told, found", "of those found, told"]
    rows = []
    for rules, words in (("wording", "the rules above"), ("verbatim", "verbatim")):
        for unit in ("secret", "action"):
            figures = result[rules][f"by_{unit}"]
            cells = [figures[key] for key in ("recall", "false_alarms", "precision")]
            n = ", ".join(f"{cell['n']:,}" for cell in cells)
            rows.append([f"{words}, by {unit} (n = {n})", *map(percent, cells)])
    return table(head, rows)


def need() -> str:
    """How often real, empty and misplaced messages meet the derived need."""
    result = json.loads((RESULTS / "privacylens_sensor.json").read_text())["need"]
    rows = [[key.replace("_", " "), percent(f), str(f["n"])] for key, f in result.items()]
    return table(["the need is", "share", "n"], rows)


def probing() -> str:
    """One row an answerer and level, models first."""
    rows = json.loads((RESULTS / "privacylens_probing.json").read_text())["rows"]
    heads = ("original", "counterbalanced", "yes", "letter_b", "consistent", "unreadable")
    heads = (*heads, "controls", "balanced")
    lines = [
        [row["level"], f"`{row['answerer']}`" if row["about"] else row["answerer"]]
        + [str(row["n"]), str(row["failed"])]
        + [percent(row["figures"][head]) for head in heads]
        for row in sorted(rows, key=lambda row: (LEVELS.index(row["level"]), not row["about"]))
    ]
    return table(
        ["level", "answerer", "n", "failed", *(head.replace("_", " ") for head in heads)], lines
    )


def prompts() -> str:
    """What each change of the prompt did to one small model."""
    rows = json.loads((RESULTS / "prompts.json").read_text())["rows"]
    cells = [
        [r["prompt"], str(r["n"]), *(f"{100 * r[k]:.0f} %" for k in ("utility", "inappropriate"))]
        for r in rows
    ]
    return table(["what the prompt does", "n", "utility", "inappropriate"], cells)


def step() -> str:
    """What a step costs beside the floor of its parts."""
    kinds = json.loads((RESULTS / "step.json").read_text())["kinds"]
    head = ["step", "CPU, µs", "floor of its parts, µs", "ratio", "after 10,000 steps"]
    rows = [
        [
            kind,
            f"{k['step_us']:.0f}",
            f"{k['floor_us']['sum']:.0f}",
            f"{k['ratio']:.1f}",
            f"x {k['slope']:.2f}",
        ]
        for kind, k in kinds.items()
    ]
    return table(head, rows)


def reset() -> str:
    """What a reset costs, of a scenario that is known and of a new one."""
    families = json.loads((RESULTS / "reset.json").read_text())["families"]
    head = ["reset", "known, µs", "of its floor", "new, µs", "of its floor"]
    rows = []
    for name, kinds in families.items():
        known, new = (
            [f"{kinds[kind]['reset_us']:.0f}", f"x {kinds[kind]['ratio']:.1f}"]
            for kind in ("known", "new")
        )
        rows.append([name, *known, *new])
    return table(head, rows)


def peer() -> str:
    """A step and a reset beside AgentDojo's."""
    step, reset = (
        json.loads((RESULTS / f"{n}.json").read_text())["peer"] for n in ("step", "reset")
    )
    found = {
        "letters sent in a loop, each": step["loop"],
        "a letter sent after a pause": step["pause"],
        "reset, known scenario": reset["known"],
        "reset, new scenario": reset["new"],
    }
    rows = [
        [what, f"{r['ours_us']:.0f}", f"{r['peer_us']:.0f}", f"{r['times']:.1f}"]
        for what, r in found.items()
    ]
    return table(["CPU, µs", "privgym", f"AgentDojo {step['agentdojo']}", "times"], rows)


def monitor() -> str:
    """What a monitor costs an event."""
    result = json.loads((RESULTS / "monitor.json").read_text())
    shares = (result["share_of_flows"], result["share_of_flows_with_a_norm"])
    found = {
        "events a second, 50 norms": f"{result['events_a_second']:,}",
        "of them flows; of these judged by a norm": "; ".join(f"{100 * s:.0f} %" for s in shares),
        "an event after 100,000 beside one after 100": f"x {result['history']['ratio']:.2f}",
        "an event under 1,000 norms beside 10": f"x {result['norms_ratio']['ratio']:.2f}",
        "bytes kept after 10,000 events; after 100,000 of the same keys": "; ".join(
            f"{count:,}" for count in result["memory_bytes"].values()
        ),
    }
    rows = [[what, figure] for what, figure in found.items()]
    return table(["one core", ""], rows)


CONFAIDE = {
    "norm": "the default norms: the norm cited",
    "verdict": "the default norms: the verdict alone",
    "kind_and_purpose": "kind of information + purpose",
    "own_use_or_passed_on": "for its own use, or passed on",
    "purpose": "purpose",
    "kind": "kind of information",
}
"""What is set against people's ratings."""


def confaide() -> str:
    """Correlations of the default norms and of baselines with people's ratings."""
    rows = json.loads((RESULTS / "confaide.json").read_text())["rows"]
    cells = [
        [words, *(signed(rows[name][of]) for of in ("pearson", "spearman"))]
        for name, words in CONFAIDE.items()
    ]
    return table(["guessed from", "Pearson's r", "Spearman's"], cells)


def confaide_worst() -> str:
    """The flows whose rating is farthest from that of the others of their norm."""
    worst = json.loads((RESULTS / "confaide.json").read_text())["worst"]
    rows = [
        [
            str(number),
            one["flow"].replace("_", " "),
            "fine" if one["appropriate"] else "not",
            *(f"{one[key]:.0f}" for key in ("rating", "guess")),
        ]
        for number, one in enumerate(worst, 1)
    ]
    return table(["", "flow", "norms", "people", "guessed"], rows)


def guard() -> str:
    """What a guard prevents and what it costs, by agent and mode."""
    rows = json.loads((RESULTS / "guard.json").read_text())["agents"]
    heads = ("utility", "inappropriate", "stopped")
    lines = [
        [f"`{row['agent']}`", f"`{row['guard']}`", str(row["n"]), *(percent(row[h]) for h in heads)]
        for row in rows
        if row["guard"] in ("off", "redact", "block")
    ]
    return table(["agent", "guard", "n", *heads], lines)


def guard_attacks() -> str:
    """How often each trick gets past it."""
    rows = json.loads((RESULTS / "guard.json").read_text())["attacks"]
    lines = [
        [
            row["tricks"],
            str(row["off"]["n"]),
            *(percent(row[k]) for k in ("off", "redact", "block")),
        ]
        for row in rows
    ]
    return table(["trick", "n", "no guard", "`redact`", "`block`"], lines)


TABLES: dict[str, Callable[[], str]] = {
    "confaide": confaide,
    "confaide_worst": confaide_worst,
    "everyday": lambda: agents("everyday"),
    "everyday_1": lambda: agents("everyday_1"),
    "leaks": lambda: agents("everyday", LEAKS),
    "leaks_1": lambda: agents("everyday_1", LEAKS),
    "controls_utility": lambda: agents("controls_utility", ("utility", "malformed")),
    "controls_safety": lambda: agents(
        "controls_safety", ("inappropriate_where_possible", "utility", "twin_accuracy")
    ),
    "engines": lambda: agents("engines", ("utility", "inappropriate", "missing", "malformed")),
    "privacylens": lambda: agents("privacylens", ("utility", "inappropriate", "malformed")),
    "privacylens_live": lambda: agents(
        "privacylens_live", ("utility", "inappropriate", "malformed")
    ),
    "probing": probing,
    "prompts": prompts,
    "sensor": sensor,
    "regrade": regrade,
    **{name: lambda make=make: table(*make()) for name, make in measured.TABLES.items()},
    **told.TABLES,
    "monitor": monitor,
    **{name: lambda make=make: table(*make()) for name, make in looped.TABLES.items()},
    "guard": guard,
    "guard_attacks": guard_attacks,
    **{name: lambda make=make: table(*make()) for name, make in compared.TABLES.items()},
    **{name: lambda make=make: table(*make()) for name, make in boarded.TABLES.items()},
    "lab_audit": lambda: table(*audited.audit()),
    "lab_vectors": lambda: table(*audited.vectors()),
    "lab_quick": lambda: table(*audited.experiment("quick")),
    "lab_quick_first": lambda: table(*audited.experiment("quick_first")),
    "lab_standard": lambda: table(*audited.experiment("standard")),
    "lab_standard_extra": lambda: table(*audited.extra("standard")),
    "lab_standard_leanings": lambda: table(*audited.leanings("standard")),
    "lab_dynamics": lambda: table(*audited.experiment("dynamics")),
    "lab_dynamics_leanings": lambda: table(*audited.leanings("dynamics")),
    "lab_competent": lambda: table(*audited.places("competent")),
    "lab_privacylens": lambda: table(*audited.final()),
    "lab_backdoor": lambda: table(*audited.places("backdoor")),
    "need": need,
    "step": step,
    "reset": reset,
    "peer": peer,
}


def main() -> int:
    """Write the tables, or say which are stale."""
    stale = []
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        new = BLOCK.sub(lambda m: f"{m[1]}{TABLES[m[2]]()}{m[3]}", old)
        if new != old and "--check" in sys.argv:
            stale.append(page.name)
        elif new != old:
            page.write_text(new, encoding="utf-8")
    for name in stale:
        print(f"{name}: a table is not what its result file gives; run scripts/figures.py")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
