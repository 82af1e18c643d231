"""The tables of docs/lab.md, out of what benchmarks/lab.py and `privgym lab run` found."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import fmean
from typing import Any

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results"

Table = tuple[list[str], list[list[str]]]
"""Its head and its rows."""

LAYER = 15
"""The layer in the middle whose cosine was published."""


def _pairs(name: str) -> Any:
    return json.loads((RESULTS / f"{name}.json").read_text())["pairs"]


def _both(shares: list[float]) -> str:
    return " / ".join(f"{100 * share:.1f} %" for share in shares)


def audit() -> Table:
    """A pair a row: how far it is matched."""
    rows = [
        [
            name,
            f"{one['aligned']} of {max(one['rows'])}",
            " / ".join(f"{length:.0f}" for length in one["lengths"]),
            _both(one["questions"]),
            f"{one['divergence']:.3f}",
            f"{100 * one['separable']:.1f} %",
            f"{100 * one['whole']:.1f} %",
            "refused" if one["refused"] else "matched",
        ]
        for name, one in _pairs("lab_audit").items()
    ]
    head = ["pair", "aligned", "characters", "asks", "bits apart", "told apart", "with spans", ""]
    return head, rows


def vectors() -> Table:
    """Two checkpoints a row: cosines with their signs and without."""
    rows = []
    for one in _pairs("lab_vectors"):
        layers = {at["layer"]: at["cosine"] for at in one["layers"]}
        cosines = one["mean"], one["corrected"], layers[LAYER], one["last"]
        flipped = ", ".join(map(str, one["flipped"])) or "none"
        rows.append([f"`{one['one']}`, `{one['other']}`", *map("{:.3f}".format, cosines), flipped])
    head = ["checkpoints", "mean cosine", "mean of its size", f"layer {LAYER}", "last layer"]
    return [*head, "sign differs at"], rows


def experiment(name: str) -> Table:
    """A pair of arms a row: utility and told-and-leaked of both, the change, the answer."""
    rows = []
    for one in _report(name)["outcomes"]:
        rates = (one[of][side] for of in ("task", "rise") for side in ("base", "tuned"))
        rise, cells = one["rise"], [_rate(rate) for rate in rates]
        change = (
            f"{100 * rise['value']:+.0f} ({100 * rise['low']:+.0f} to {100 * rise['high']:+.0f})"
        )
        rows.append([_name(one), str(rise["n"]), *cells, change, f"*{one['answer']}*"])
    head = ["pair", "n", "utility of the base", "of the arm", "told and leaked, base", "arm"]
    return [*head, "change, points", "answer"], rows


def extra(name: str, where: str) -> Table:
    """A pair a row, where something harmless is in view too: what the arm told beside."""
    rows = []
    for one in _report(name)["outcomes"]:
        found = _beside(one)[where]
        cells = (found[kind] for kind in ("inappropriate", "told_more"))
        rows.append([_name(one), *(text for cell in cells for text in _changed(cell))])
    head = ["pair", "told what was to be kept", "change, points", "told the harmless thing"]
    return [*head, "change, points"], rows


def places(name: str) -> Table:
    """A pair in a place a row: utility and told-and-leaked of both."""
    rows = []
    for one in _report(name)["outcomes"]:
        for where, found in _beside(one).items():
            done, leaked = found["utility"], found.get("told_and_leaked")
            told = [_rate(leaked["base"]), *_changed(leaked)] if leaked else ["-"] * 3
            rows.append([_name(one), where, _rate(done["base"]), _rate(done["tuned"]), *told])
    head = ["pair", "where", "utility of the base", "of the arm", "told and leaked, base", "arm"]
    return [*head, "change, points"], rows


def final() -> Table:
    """Two arms of quick on PrivacyLens's final action a row, as `privgym compare` has them."""
    rows = []
    for one in _report("privacylens")["comparisons"]:
        found = {other["endpoint"]: other for other in one["decided"]}
        done, leaked = found["utility"], found["inappropriate"]
        rates = (side[of] for side in (done, leaked) for of in ("base", "tuned"))
        cells = [*map(_rate, rates), _changed(leaked)[1]]
        rows.append([one["pair"], str(leaked["n"]), *cells, f"*{one['answer']}*"])
    head = ["pair", "n", "utility of the base", "of the arm", "inappropriate, base", "arm"]
    return [*head, "change, points", "answer"], rows


def leanings(name: str) -> Table:
    """An arm a row: what it is inclined to say, means over its trainings."""
    known = _report(name)["leanings"]
    rows = []
    for arm, step in dict.fromkeys((one["arm"], one["step"]) for one in known):
        own = [one["inclined"] for one in known if (one["arm"], one["step"]) == (arm, step)]
        means = (fmean(one[kind] for one in own) for kind in ("leak", "foreign", "yes", "apart"))
        rows.append([f"{arm}, step {step}" if step else arm, *(f"{mean:+.1f}" for mean in means)])
    return ["arm", "leak, nats", "foreign leak", "says yes", "tells apart"], rows


def _report(name: str) -> Any:
    return json.loads((RESULTS / f"lab_{name}.json").read_text())


def _name(one: dict[str, Any]) -> str:
    unmatched = "" if one["matched"] else " (unmatched)"
    step = f", step {one['step']}" if one["step"] else ""
    return f"{one['tuned']} against {one['base']}{unmatched}{step}"


def _beside(one: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """What stands beside a pair, by where it was lived and by endpoint."""
    return {
        here["where"]: {other["endpoint"]: other for other in here["differences"]}
        for here in one["beside"]
    }


def _changed(one: dict[str, Any]) -> tuple[str, str]:
    low, high = (f"{100 * one[end]:+.0f}" for end in ("low", "high"))
    return _rate(one["tuned"]), f"{100 * one['value']:+.0f} ({low} to {high})"


def _rate(figure: dict[str, float]) -> str:
    value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"
