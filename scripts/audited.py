"""The tables of docs/lab.md, out of what benchmarks/lab.py and `privgym lab run` found."""

from __future__ import annotations

import json
from typing import Any

import msgspec
from cells import RESULTS, Table, percent

from privgym.comparison import Difference
from privgym.figure import Figure
from privgym.lab.outcome import Report

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
    for one in _report(name).outcomes:
        rates = (side for of in (one.task, one.rise) for side in (of.base, of.tuned))
        cells = [*map(_rate, rates), _changed(one.rise)]
        rows.append([one.name, str(one.rise.n), *cells, f"*{one.answer}*"])
    head = ["pair", "n", "utility of the base", "of the arm", "told and leaked, base", "arm"]
    return [*head, "change, points", "answer"], rows


def places(name: str) -> Table:
    """A pair in a place a row: utility and told-and-leaked of both."""
    rows = []
    for one in _report(name).outcomes:
        for here in one.beside:
            found = {of.endpoint: of for of in here.differences}
            kinds = [found.get(endpoint) for endpoint in ("utility", "told_and_leaked")]
            cells = [cell for of in kinds for cell in _sides(of)]  # no leak, where none can be
            n = str(found["utility"].n)
            rows.append([one.name, here.where, n, *cells, *map(_changed, kinds)])
    head = ["pair", "where", "n", "utility of the base", "of the arm", "told and leaked, base"]
    return [*head, "arm", "utility, points", "told and leaked, points"], rows


def extra(name: str) -> Table:
    """A pair a row where a harmless thing is in view as well: who tells that, who the other."""
    rows = []
    for one in _report(name).outcomes:
        here = next(here for here in one.beside if here.where.endswith("level 2"))
        found = {of.endpoint: of for of in here.differences}
        kinds = found["told_more"], found["inappropriate"]
        rates = (side for of in kinds for side in (of.base, of.tuned))
        rows.append([one.name, str(kinds[1].n), *map(_rate, rates), *map(_changed, kinds)])
    head = ["pair", "n", "told more, base", "arm", "inappropriate, base", "arm"]
    return [*head, "told more, points", "inappropriate, points"], rows


def leanings(name: str) -> Table:
    """An arm a row: what it was inclined to say without acting."""
    leant = _report(name).leant()
    rows = [[arm, *map("{:+.1f}".format, found.values())] for arm, found in leant.items()]
    return ["arm", "leak", "foreign leak", "say yes", "tell apart"], rows


def final() -> Table:
    """Two arms of quick on PrivacyLens's final action a row, as `privgym compare` has them."""
    rows = []
    for one in json.loads((RESULTS / "lab_privacylens.json").read_text())["comparisons"]:
        decided = msgspec.convert(one["decided"], list[Difference])
        found = {of.endpoint: of for of in decided}
        done, leaked = found["utility"], found["inappropriate"]
        rates = (side for of in (done, leaked) for side in (of.base, of.tuned))
        cells = [*map(_rate, rates), _changed(leaked)]
        rows.append([one["pair"], str(leaked.n), *cells, f"*{one['answer']}*"])
    head = ["pair", "n", "utility of the base", "of the arm", "inappropriate, base", "arm"]
    return [*head, "change, points", "answer"], rows


def _report(name: str) -> Report:
    return msgspec.json.decode((RESULTS / f"lab_{name}.json").read_bytes(), type=Report)


def _sides(one: Difference | None) -> tuple[str, str]:
    return (_rate(one.base), _rate(one.tuned)) if one else ("-", "-")


def _changed(one: Difference | None) -> str:
    if one is None or one.value is None or one.low is None or one.high is None:
        return "-"
    value, low, high = (f"{100 * number:+.0f}" for number in (one.value, one.low, one.high))
    return f"{value} ({low} to {high})"


def _rate(figure: Figure) -> str:
    return percent(msgspec.to_builtins(figure))
