"""The tables of sensors: on generated texts, on labelled pairs, on real actions."""

from __future__ import annotations

import json
from collections.abc import Callable

from cells import RESULTS, Table, percent, signed


def sensors_exact() -> Table:
    """What the exact sensor makes of generated texts, by class."""
    result = json.loads((RESULTS / "sensors_exact.json").read_text())
    parts = ("recall", "normalised", "guises", "partial", "slips", "cues", "near_misses")
    rows = [
        [part.replace("_", " "), kind.replace("_", " "), str(row["n"])]
        + [f"{100 * row[said] / row['n']:.1f} %" for said in ("yes", "maybe", "none")]
        for part in parts
        for kind, row in result[part].items()
    ]
    return ["", "class", "n", "yes", "maybe", "not found"], rows


def sensor_cost() -> Table:
    """What a text costs beside a loop of `in`."""
    result = json.loads((RESULTS / "sensors_exact.json").read_text())["cost"]
    rows = [
        [k.replace("_", " "), str(r["us"]), str(r["loop_us"]), str(r["ratio"])]
        for k, r in result.items()
    ]
    return ["2 KB, 50 facts of 5 aliases", "CPU, µs", "`in` loop, µs", "ratio"], rows


def sensors_pairs(name: str = "sensors_pairs") -> Table:
    """Each sensor on the labelled set by stratum, then over what is stated, and over all."""
    rows = json.loads((RESULTS / f"{name}.json").read_text())["rows"]
    sensors = dict.fromkeys(row["sensor"] for row in rows)
    found = {(row["sensor"], row["stratum"]): row for row in rows}
    lines = []
    for stratum in dict.fromkeys(row["stratum"] for row in rows):
        for rate, of in (("recall", "yes"), ("false_positives", "no"), ("precision", "")):
            some = found[next(iter(sensors)), stratum]
            whole = stratum in ("stated", "all")
            if (of and some[of]) or (not of and whole):
                cells = [percent(found[sensor, stratum][rate]) for sensor in sensors]
                n = str(some[of]) if of else ""
                lines.append([stratum.replace("_", " "), rate.replace("_", " "), n, *cells])
    return ["stratum", "", "n", *sensors], lines


RATES = ("precision", "recall", "false_alarms")
"""Of a sensor, against labels."""


def actions() -> Table:
    """Sensors against the judge's labels on real actions."""
    rows = json.loads((RESULTS / "actions.json").read_text())["rows"]
    cells = [
        [row["sensor"], *(percent(row[key]) for key in RATES), signed(row["kappa"])] for row in rows
    ]
    return ["sensor", "precision", "recall", "false alarms", "kappa"], cells


def actions_corrected() -> Table:
    """The combined sensor and the judge, with what reading them came to."""
    corrected = json.loads((RESULTS / "actions.json").read_text())["corrected"]["rates"]
    names = {
        "words and sense": RATES,
        "the judge": ("judge_precision", "judge_recall"),
    }
    cells = [
        [who, *(percent(corrected[name]) for name in rates), *["-"] * (3 - len(rates))]
        for who, rates in names.items()
    ]
    return ["", "precision", "recall", "false alarms"], cells


def actions_read() -> Table:
    """Every disagreement that was read, and who was right."""
    lines = (RESULTS / "actions_read.jsonl").read_text().splitlines()
    place = "{case}, {model}, {prompt}, {secret}"
    read = [json.loads(line) for line in lines]
    rows = [[one["only"], place.format(**one), one["right"], one["why"]] for one in read]
    return ["only seen by", "message, secret", "right", "why"], rows


TABLES: dict[str, Callable[[], Table]] = {
    "sensors_exact": sensors_exact,
    "sensor_cost": sensor_cost,
    "sensors_pairs": sensors_pairs,
    "sensors_judge": lambda: sensors_pairs("sensors_judge"),
    "actions": actions,
    "actions_corrected": actions_corrected,
    "actions_read": actions_read,
}
