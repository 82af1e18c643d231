"""The tables of docs/lab.md, out of what benchmarks/lab.py and `privgym lab run` found."""

from __future__ import annotations

import json
from pathlib import Path
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
    report = json.loads((RESULTS / f"lab_{name}.json").read_text())
    rows = []
    for one in report["outcomes"]:
        step = f", step {one['step']}" if one["step"] else ""
        rates = (one[of][side] for of in ("task", "rise") for side in ("base", "tuned"))
        rise, cells = one["rise"], [_rate(rate) for rate in rates]
        change = (
            f"{100 * rise['value']:+.0f} ({100 * rise['low']:+.0f} to {100 * rise['high']:+.0f})"
        )
        pair = f"{one['tuned']} against {one['base']}{step}"
        rows.append([pair, str(rise["n"]), *cells, change, f"*{one['answer']}*"])
    head = ["pair", "n", "utility of the base", "of the arm", "told and leaked, base", "arm"]
    return [*head, "change, points", "answer"], rows


def _rate(figure: dict[str, float]) -> str:
    value, low, high = (100 * figure[key] for key in ("value", "low", "high"))
    return f"{value:.0f} % ({low:.0f} to {high:.0f})"
