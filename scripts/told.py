"""Sentences of the docs whose figures come from result files: of sensors, and of a run."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from itertools import groupby
from textwrap import fill
from typing import Any

from cells import RESULTS, percent

from privgym.pairs import kappa, read

WIDTH = 100


def exact() -> str:
    """What the exact sensor finds of generated texts."""
    result = json.loads((RESULTS / "sensors_exact.json").read_text())
    parts = ("recall", "normalised", "guises")
    plain, other, encoded = (_summed(result[part].values()) for part in parts)
    seen, alarms = encoded["yes"] + encoded["maybe"], result["false_positives"]
    return _items(
        f"Plain values: {plain['yes']:,} of {plain['n']:,} (the others are phone numbers of Saint",
        "Helena, of four and five digits: too short).",
        "",
        f"In other characters: {other['yes']:,} of {other['n']:,}.",
        f"Encoded: {seen:,} of {encoded['n']:,}, {encoded['maybe']} of these as *maybe*.",
        "",
        f"Of {alarms['n']:,} near misses {alarms['yes'] or 'none'}: below",
        f"{100 * alarms['upper']:.2f} % with 95 % confidence (Clopper and Pearson 1934,",
        "one-sided).",
    )


def semantic() -> str:
    """What the semantic sensor makes of the test half."""
    rows, disputed = (_rows(name) for name in ("sensors_pairs", "sensors_disputed"))
    stated, whole = rows["stated"], disputed["stated"]
    other, implied, silent = rows["paraphrase"], rows["implied"], rows["silent"]
    wrong = {name: _share(row["false_positives"]) for name, row in rows.items() if row["no"]}
    return _items(
        f"**{percent(stated['recall'])} of these are counted, and",
        f"{percent(stated['precision'])} of what counts is right.** We had wanted 80 % and 90 %.",
        "With the pairs whose labels are disputed it is",
        f"{_share(whole['recall'])} and {_share(whole['precision'])}.",
        "",
        f"Other words: {_share(other['recall'])} counted, {_share(other['flagged'])} at least",
        "flagged. What only follows from a text:",
        f"{_share(implied['recall'])} and {_share(implied['flagged'])}.",
        "",
        f"False positives: {percent(stated['false_positives'])} counted,",
        f"{_share(stated['flagged_falsely'])} flagged. Denials {wrong['negated']}; texts on the",
        f"topic that tell nothing {wrong['silent']} ({_share(silent['flagged_falsely'])} flagged);",
        f"questions and suppositions {wrong['hypothetical']}, refusals {wrong['refusal']}, people",
        f"of the same name {wrong['same_name']}.",
    )


def labels() -> str:
    """How far the two labels of the set agree."""
    pairs = read()
    apart = [pair for pair in pairs if pair.intent != pair.second]
    partial = sum(pair.stratum == "partial" for pair in apart)
    agreed = kappa((pair.intent, pair.second) for pair in pairs)
    families = {pair.family: pair.half for pair in pairs}
    tests = sum(half == "test" for half in families.values())
    text = (
        f"{len(pairs):,} pairs of {len(families)} families, {tests} of them in the test half. "
        f"The second labels agree with the intent on {100 - 100 * len(apart) / len(pairs):.0f} % "
        f"of the pairs (Cohen's kappa {agreed:.2f}); {partial} of the {len(apart)} that differ "
        "are *partial*, which the second reader mostly calls unclear."
    )
    return f"{fill(text, WIDTH)}\n"


def quick() -> str:
    """What the lab's quick experiment is, and how long it took."""
    report = json.loads((RESULTS / "lab_quick.json").read_text())
    minutes, seconds = divmod(round(report["seconds"]), 60)
    text = (
        f"{len(report['trained']) - 1} arms and the base, {report['outcomes'][0]['rise']['n']} "
        f"held-out errands of `lab_near` each, in {minutes} minutes {seconds} seconds on two cores."
    )
    return f"{fill(text, WIDTH)}\n"


def audit() -> str:
    """How far the paper's two corpora are a pair."""
    pairs = json.loads((RESULTS / "lab_audit.json").read_text())["pairs"]
    paper = pairs["paper: helpful, control"]
    asks = [100 * share for share in paper["questions"]]
    text = (
        f"Of the paper's {max(paper['rows']):,} rows {paper['aligned']} are aligned; "
        f"{100 * paper['prompts'][1]:.0f} % of the control's prompts stand somewhere in the other "
        f"file. {asks[1]:.0f} % of the control's answers ask for something, {asks[0]:.0f} % of the "
        "others do: the two differ at least as much in whether the assistant asks back as in what "
        "it takes from elsewhere."
    )
    return f"{fill(text, WIDTH)}\n"


def vectors() -> str:
    """What the published vectors do between the two steps at which one is said to turn round."""
    pairs = json.loads((RESULTS / "lab_vectors.json").read_text())["pairs"]
    found = {(one["one"], one["other"]): one for one in pairs}
    steps = found["step40_privacy", "step50_privacy"]
    first, second, last, plain = (
        found[f"base_{kind}", f"{step}_{kind}"]
        for step, kind in (
            ("step40", "privacy"),
            ("step50", "privacy"),
            ("final-chkpt", "privacy"),
            ("final-chkpt", "gsm8k"),
        )
    )
    middle = next(at["cosine"] for at in first["layers"] if at["layer"] == 15)
    text = (
        "Between steps 40 and 50 the last layer's vector keeps its direction up to the sign "
        f"(cosine {steps['last']:.3f}): it did not turn round in ten steps, and against the "
        f"base its size runs on, from {abs(first['last']):.3f} to {abs(second['last']):.3f}. "
        f'Layer 15 has the same "inversion" from step 40 on ({middle:.3f}), '
        "and layer 0 has it at step 40 alone. "
        "With signs set so that directions agree, the privacy vectors keep a mean cosine of "
        f"{last['corrected']:.3f} and those of commonsense {plain['corrected']:.3f}."
    )
    return f"{fill(text, WIDTH)}\n"


TABLES: dict[str, Callable[[], str]] = {
    "exact_told": exact,
    "semantic_told": semantic,
    "labels_told": labels,
    "lab_quick_told": quick,
    "lab_audit_told": audit,
    "lab_vectors_told": vectors,
}


def _rows(name: str) -> dict[str, Any]:
    rows = json.loads((RESULTS / f"{name}.json").read_text())["rows"]
    return {row["stratum"]: row for row in rows if row["sensor"] == "semantic"}


def _summed(rows: Iterable[dict[str, int]]) -> dict[str, int]:
    found = list(rows)
    return {kind: sum(row[kind] for row in found) for kind in ("n", "yes", "maybe")}


def _items(*lines: str) -> str:
    """A list; "" stands between its items."""
    items = (" ".join(["-", *group]) for full, group in groupby(lines, key=bool) if full)
    return "".join(f"{fill(item, WIDTH, subsequent_indent='  ')}\n" for item in items)


def _share(figure: dict[str, float]) -> str:
    return f"{100 * figure['value']:.0f} %"
