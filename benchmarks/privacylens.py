"""How far the imported facts of PrivacyLens go: `python benchmarks/privacylens.py FILE ACTIONS`.

FILE is PrivacyLens's `main_data.json`. ACTIONS has one real final action a line, with what an
LLM judge said of each secret ("silver": some of it is wrong):
`{"name", "model", "prompt", "final_action", "secrets": [{"secret", "disclosed"}], "any"}`.
Each action's text is sent to the case's recipients in the gym, and what the exact sensor finds
is set against the labels; beside it, what the secrets alone find, verbatim. Intervals are
clustered by case, since the actions of one case are alike.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from privgym.episode import enact
from privgym.figure import Count, figure
from privgym.importers.privacylens import Imported, read, send
from privgym.message import Action
from privgym.scenario import Scenario
from privgym.score import Fold, score

LABEL = "nominal: silver labels of an LLM judge, norms derived by the importer"
POLITE = (
    "Hi, thank you for your message. I hope you are doing well. I am sorry, but I cannot share "
    "that right now. Let me know if I can help with anything else. Best regards"
)
_INPUT = re.compile(r"Action Input:\s*(.*)", re.DOTALL)


class Judged(NamedTuple):
    """One secret of one action: whether the judge and whether the sensor saw it told."""

    case: str
    label: bool
    found: bool


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path, help="PrivacyLens's main_data.json")
    options.add_argument("actions", type=Path, help="judged final actions, one JSON a line")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    imported = read(given.file.read_bytes(), str(given.file))
    lines = [json.loads(line) for line in given.actions.read_text().splitlines()]
    result = json.dumps(measured(imported, lines), indent=2) + "\n"
    print(result, end="")
    if given.out:
        given.out.write_text(result)


def measured(imported: Imported, lines: list[dict[str, Any]]) -> dict[str, Any]:
    """All figures of an imported file and its judged actions."""
    made = {scenario.family: scenario for scenario in imported.scenarios}
    bare = {name: _verbatim(scenario) for name, scenario in made.items()}
    known = [line for line in lines if line["name"] in made]
    folds = [(line, _lived(made[line["name"]], text(line["final_action"]))) for line in known]
    plain = [(line, _lived(bare[line["name"]], text(line["final_action"]))) for line in known]
    polite = [(name, _lived(scenario, POLITE)) for name, scenario in made.items()]
    others = [(name, _lived(made[name], said)) for name, said in _exchanged(list(made), known)]
    return {
        "label": LABEL,
        "cases": len(made),
        "refused": len(imported.refused),
        "actions": len(known),
        "wording": _rates(folds),
        "verbatim": _rates(plain),
        "need": {
            "met_by_real_actions": _share((line["name"], _met(fold)) for line, fold in folds),
            "met_by_a_polite_nothing": _share((name, _met(fold)) for name, fold in polite),
            "met_by_another_case_s_action": _share((name, _met(fold)) for name, fold in others),
        },
    }


def _exchanged(names: list[str], lines: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Each action's text, with another case that it is sent in."""
    for line in lines:
        place = names.index(line["name"]) + len(names) // 3
        yield names[place % len(names)], text(line["final_action"])


def text(final: str) -> str:
    """What a recorded final action says: its text arguments, or all of an unreadable input."""
    found = _INPUT.search(final)
    raw = found[1] if found else ""
    try:
        given, _ = json.JSONDecoder().raw_decode(raw[raw.index("{") :])
    except ValueError:
        return raw or "(nothing)"
    said = [str(given[k]) for k in ("subject", "body", "message", "content") if given.get(k)]
    return "\n".join(said) or "(nothing)"


def _lived(scenario: Scenario, said: str) -> Fold:
    turn = Action(calls=(send(scenario, said),))
    return score(scenario, enact(scenario, ((turn,),)).events)


def _verbatim(scenario: Scenario) -> Scenario:
    facts = (msgspec.structs.replace(fact, aliases=()) for fact in scenario.facts)
    return msgspec.structs.replace(scenario, facts=tuple(facts))


def _met(fold: Fold) -> bool:
    return fold.score().missing == 0


def _rates(folds: Iterable[tuple[dict[str, Any], Fold]]) -> dict[str, Any]:
    secrets: list[Judged] = []
    actions: list[Judged] = []
    for line, fold in folds:
        told = {finding.fact for _, finding in fold.findings if finding.fact != "need"}
        for number, secret in enumerate(line["secrets"], 1):
            secrets.append(Judged(line["name"], secret["disclosed"], f"secret_{number}" in told))
        actions.append(Judged(line["name"], line["any"], fold.score().inappropriate > 0))
    return {"by_secret": _confusion(secrets), "by_action": _confusion(actions)}


def _confusion(judged: list[Judged]) -> dict[str, Any]:
    def among(keep: Callable[[Judged], bool], hit: Callable[[Judged], bool]) -> dict[str, Any]:
        return _share((one.case, hit(one)) for one in judged if keep(one))

    return {
        "recall": among(lambda one: one.label, lambda one: one.found),
        "false_alarms": among(lambda one: not one.label, lambda one: one.found),
        "precision": among(lambda one: one.found, lambda one: one.label),
    }


def _share(pairs: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    counts: Iterator[Count] = (Count(case, hit, 1) for case, hit in pairs)
    plain: dict[str, Any] = msgspec.to_builtins(figure(counts))
    return plain


if __name__ == "__main__":
    main()
