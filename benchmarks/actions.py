"""Sensors against a judge on real messages: `python benchmarks/actions.py FILE ACTIONS`.

FILE is PrivacyLens's `main_data.json` (Shao et al. 2024, arXiv 2409.00138). ACTIONS has one real
final action a line, with what an LLM judge said of each secret (`benchmarks/privacylens.py` says
how it is written). Each message is read by the exact sensor, which looks for the wordings that
the importer derives, by the semantic one, with its own thresholds and with one *set here*, and by
both; beside them stand a secret that is looked for verbatim, and what is simpler than a sensor: the
share of its telling words that a message repeats (*overlap*), how near a sentence comes to it in
sense (*cosine*), and the mean of the two (*words and sense*). Thresholds are set, for the best
kappa, on the half of the cases that a hash of their names picks; all other figures are of the other
half. Intervals are 95 %, over cases, since the messages of one case are alike.

The judge errs too. `--disagreements OUT` draws 30 of each kind of disagreement, to be read;
`--read READINGS` takes in what the reading said, and gives the figures with its errors taken out.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from hashlib import sha256
from itertools import pairwise
from math import exp
from pathlib import Path
from typing import Any, Literal, NamedTuple, get_args

import msgspec
import numpy as np
from msgspec.structs import replace

from benchmarks.privacylens import text
from privgym.errors import PrivgymError
from privgym.figure import Count, figure
from privgym.flow import Certainty, Fact
from privgym.importers.privacylens import Imported, read
from privgym.importers.wording import stems
from privgym.scenario import PRINCIPAL, Scenario
from privgym.sensor import Sensor
from privgym.sensors.encoder import Encoder
from privgym.sensors.evidence import Claim
from privgym.sensors.exact import Exact
from privgym.sensors.normalise import normal
from privgym.sensors.semantic import Semantic
from privgym.sensors.sentences import passages

LABEL = "nominal: silver labels of an LLM judge, read again where a sensor disagrees"
COMBINED = "words and sense"
"""The sensor whose disagreements are read: the mean of overlap and cosine."""

DRAWN, SEED, RESAMPLES = 30, 0, 2000
GRID = tuple(step / 50 for step in range(1, 50))
_SENTENCE = re.compile(r"(?<=[.!?])\s+|\n+")

Numbers = np.ndarray[Any, np.dtype[np.float64]]
Right = Literal["sensor", "judge", "unclear"]


class Pair(NamedTuple):
    """One message and one secret of its case.

    Args:
        key: the case, the model, the prompt and the secret's number.
        told: what the judge says.
        secret, said: their words.
        verbatim, exact: whether the secret, or a wording derived of it, is found.
        semantic: how sure the semantic sensor is; "" where it finds nothing.
        likely: the likelihood by which it decides.
        overlap, cosine: from 0 to 1, how much of it is there: of its words, of its sense.
    """

    key: tuple[str, str, str, int]
    told: bool
    secret: str
    said: str
    verbatim: bool
    exact: bool
    semantic: Literal["", "maybe", "yes"]
    likely: float
    overlap: float
    cosine: float

    @property
    def case(self) -> str:
        """The case: what was sampled."""
        return self.key[0]


Says = Callable[[Pair], bool]


class Reading(msgspec.Struct, frozen=True):
    """What reading a disagreement came to: who is right about a secret of a message, and why.

    `only` is who says that it was told.
    """

    case: str
    model: str
    prompt: str
    secret: int
    only: Literal["sensor", "judge"]
    right: Right
    why: str


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("file", type=Path, help="PrivacyLens's main_data.json")
    options.add_argument("actions", type=Path, help="judged final actions, one JSON a line")
    options.add_argument("--disagreements", type=Path, help="write those to be read here")
    options.add_argument("--read", type=Path, help="what the reading said, one JSON a line")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    imported = read(given.file.read_bytes(), str(given.file))
    lines = [json.loads(line) for line in given.actions.read_text().splitlines()]
    every = list(pairs(imported, lines, Encoder()))
    tune = [pair for pair in every if not tested(pair.case)]
    test = [pair for pair in every if tested(pair.case)]
    sensors, thresholds = tuned(tune)
    result = {
        "label": LABEL,
        "thresholds": thresholds,
        "tuning_half": {
            name: round(kappa(table(tune, says).sum(axis=0)), 4) for name, says in sensors.items()
        },
    } | measured(test, sensors)
    combined = sensors[COMBINED]
    if given.disagreements:
        given.disagreements.write_text("".join(map(shown, drawn(test, combined))))
    if given.read:
        told = given.read.read_bytes().splitlines()
        readings = [msgspec.json.decode(line, type=Reading) for line in told]
        result["corrected"] = corrected(test, combined, readings)
    written = json.dumps(result, indent=2) + "\n"
    print(written, end="")
    if given.out:
        given.out.write_text(written)


def tested(case: str) -> bool:
    """Whether a case is of the half that figures are of; the other sets the thresholds."""
    return sha256(case.encode()).digest()[0] % 2 == 0


def pairs(imported: Imported, lines: Iterable[dict[str, Any]], encoder: Encoder) -> Iterator[Pair]:
    """Every secret of every judged message, and what each sensor sees of it."""
    made = {scenario.family: scenario for scenario in imported.scenarios}
    for line in lines:
        if line["name"] not in made:
            continue
        said = text(line["final_action"])
        scenario = made[line["name"]]
        exact = found(Exact(scenario.facts, scenario.parties, PRINCIPAL), scenario, said)
        plain = [replace(fact, aliases=()) for fact in scenario.facts if fact.key != "need"]
        sensor = Semantic(plain, scenario.parties, PRINCIPAL, encoder)
        semantic, likely = found(sensor, scenario, said), likelihoods(sensor, scenario, plain, said)
        near = cosines([one["secret"] for one in line["secrets"]], said, encoder)
        for number, (one, cosine) in enumerate(zip(line["secrets"], near, strict=True), 1):
            yield Pair(
                key=(line["name"], line["model"], line["prompt"], number),
                told=one["disclosed"],
                secret=one["secret"],
                said=said,
                verbatim=normal(one["secret"].strip(" .")) in normal(said),
                exact=f"secret_{number}" in exact,
                semantic=semantic.get(f"secret_{number}", ""),
                likely=likely.get(f"secret_{number}", 0.0),
                overlap=_overlap(one["secret"], said),
                cosine=cosine,
            )


def found(sensor: Sensor, scenario: Scenario, said: str) -> dict[str, Certainty]:
    """The facts that a sensor finds in a message, and how sure it is."""
    everyone = [party.key for party in scenario.parties]
    return {one.fact: one.certainty for one in sensor.find((("text", said),), everyone)}


def likelihoods(
    sensor: Semantic, scenario: Scenario, facts: Iterable[Fact], said: str
) -> dict[str, float]:
    """How likely the semantic sensor holds it that a message tells a fact, thresholds apart."""
    people, every, likely = {one.key: one for one in scenario.parties}, passages(said), {}
    for fact in facts:
        claim = Claim(fact, people[fact.subject], fact.subject == PRINCIPAL)
        if among := claim.open(said, every):
            weight, _ = sensor.strongest(claim, said, among)
            likely[fact.key] = 1 / (1 + exp(-weight))
    return likely


def cosines(secrets: Sequence[str], said: str, encoder: Encoder) -> list[float]:
    """How near a message's nearest sentence, or two in a row, comes to each secret (cosine)."""
    sentences = [one for one in _SENTENCE.split(said) if re.search(r"\w", one)]
    sentences += [f"{one} {other}" for one, other in pairwise(sentences)]
    if not sentences:
        return [0.0] * len(secrets)
    nearest = (encoder.encode(secrets) @ encoder.encode(sentences).T).max(axis=1)
    return [round(float(one), 4) for one in nearest]


def _overlap(secret: str, said: str) -> float:
    own = stems(secret)
    return len(own & stems(said)) / len(own) if own else 0.0


def tuned(pairs: Sequence[Pair]) -> tuple[dict[str, Says], dict[str, float]]:
    """The sensors, and the thresholds that agree best with the judge on these pairs."""
    by_threshold: dict[str, Callable[[float], Says]] = {
        "semantic, set here": lambda at: lambda pair: pair.likely >= at,
        "exact or semantic, set here": lambda at: lambda pair: pair.exact or pair.likely >= at,
        "overlap": lambda at: lambda pair: pair.overlap >= at,
        "cosine": lambda at: lambda pair: pair.cosine >= at,
        "words and sense": lambda at: lambda pair: (pair.overlap + pair.cosine) / 2 >= at,
    }
    best = {
        name: max(GRID, key=lambda at: kappa(table(pairs, of(at)).sum(axis=0)))
        for name, of in by_threshold.items()
    }
    sensors: dict[str, Says] = {
        "verbatim": lambda pair: pair.verbatim,
        "exact": lambda pair: pair.exact,
        "semantic, sure": lambda pair: pair.semantic == "yes",
        "semantic, sure or perhaps": lambda pair: pair.semantic != "",
        "exact or semantic, sure": lambda pair: pair.exact or pair.semantic == "yes",
    }
    return sensors | {name: of(best[name]) for name, of in by_threshold.items()}, best


def table(pairs: Iterable[Pair], says: Says) -> Numbers:
    """A row a case: how many both see, only the sensor, only the judge, and neither."""
    rows: dict[str, list[int]] = {}
    for pair in pairs:
        cell = (0 if pair.told else 1) if says(pair) else (2 if pair.told else 3)
        rows.setdefault(pair.case, [0, 0, 0, 0])[cell] += 1
    return np.array(list(rows.values()), dtype=float)


def kappa(cells: Numbers) -> float:
    """Cohen's kappa (1960) of two that say yes or no: (both, one, the other, neither)."""
    both, one, other, neither = cells
    n = both + one + other + neither
    agree = (both + neither) / n
    chance = ((both + one) * (both + other) + (other + neither) * (one + neither)) / n**2
    return float((agree - chance) / (1 - chance)) if chance < 1 else float("nan")


def measured(pairs: Sequence[Pair], sensors: dict[str, Says]) -> dict[str, Any]:
    """Every sensor against the judge."""
    rows = []
    for name, says in sensors.items():
        cases = table(pairs, says)
        resamples = np.random.default_rng(SEED).integers(0, len(cases), (RESAMPLES, len(cases)))
        kappas = [kappa(cases[sample].sum(axis=0)) for sample in resamples]
        rows.append(
            {
                "sensor": name,
                "precision": _share((p.case, p.told) for p in pairs if says(p)),
                "recall": _share((p.case, says(p)) for p in pairs if p.told),
                "false_alarms": _share((p.case, says(p)) for p in pairs if not p.told),
                "kappa": _with_ends(kappa(cases.sum(axis=0)), kappas),
            }
        )
    return {"cases": len({p.case for p in pairs}), "pairs": len(pairs), "rows": rows}


def _share(pairs: Iterable[tuple[str, bool]]) -> dict[str, Any]:
    plain: dict[str, Any] = msgspec.to_builtins(figure(Count(case, hit, 1) for case, hit in pairs))
    return plain


def _with_ends(value: float, spread: Sequence[float] | Numbers) -> dict[str, float]:
    low, high = np.nanpercentile(spread, (2.5, 97.5))
    ends = {"value": value, "low": float(low), "high": float(high)}
    return {name: round(float(end), 4) for name, end in ends.items()}


def drawn(pairs: Iterable[Pair], says: Says) -> list[Pair]:
    """The disagreements to be read: 30 that only the sensor sees, 30 that only the judge sees.

    They are drawn by a hash of their names, so that another threshold changes few of them.
    """
    apart = [pair for pair in pairs if says(pair) != pair.told]
    apart.sort(key=lambda pair: sha256(repr(pair.key).encode()).digest())
    sides = ([pair for pair in apart if pair.told is told] for told in (False, True))
    return [pair for side in sides for pair in side[:DRAWN]]


def shown(pair: Pair) -> str:
    """A disagreement as a line to be read, its `right` and `why` still to be said."""
    names = dict(zip(("case", "model", "prompt", "secret"), pair.key, strict=True))
    told = {"only": "judge" if pair.told else "sensor", "fact": pair.secret, "said": pair.said}
    return json.dumps(names | told | {"right": "", "why": ""}, ensure_ascii=False) + "\n"


def corrected(pairs: Sequence[Pair], says: Says, readings: Iterable[Reading]) -> dict[str, Any]:
    """A sensor's and the judge's figures with the judge's errors taken out, as far as read.

    What was read stands for all disagreements of its side; an unclear one counts half for each.
    Where sensor and judge agree they are taken to be right. The intervals hold the luck of the
    draw alone: the two shares, under Jeffreys' prior.

    Raises:
        PrivgymError: a disagreement that was drawn has not been read.
    """
    known = {(one.case, one.model, one.prompt, one.secret): one.right for one in readings}
    cells = table(pairs, says).sum(axis=0)
    sides: dict[bool, list[Right]] = {False: [], True: []}
    for pair in drawn(pairs, says):
        if pair.key not in known:
            raise PrivgymError(
                f"{' '.join(map(str, pair.key))} was drawn and has not been read",
                do="write it with --disagreements, read it, and add it to the readings",
            )
        sides[pair.told].append(known[pair.key])
    wrong = [side.count("sensor") + side.count("unclear") / 2 for side in sides.values()]
    read = [len(side) for side in sides.values()]
    draw = np.random.default_rng(SEED)
    luck = [draw.beta(w + 0.5, n - w + 0.5, RESAMPLES) for w, n in zip(wrong, read, strict=True)]
    values = mended(cells, *(w / max(n, 1) for w, n in zip(wrong, read, strict=True)))
    spreads = mended(cells, *luck)
    return {
        "only_sensor": {"all": int(cells[1])} | {who: sides[False].count(who) for who in WHO},
        "only_judge": {"all": int(cells[2])} | {who: sides[True].count(who) for who in WHO},
        "rates": {name: _with_ends(values[name], spreads[name]) for name in values},
    }


WHO: tuple[Right, ...] = get_args(Right)


def mended(cells: Numbers, overlooked: Any, invented: Any) -> dict[str, Any]:
    """Rates against the truth.

    Args:
        cells: (both, only the sensor, only the judge, neither).
        overlooked: share of what only the sensor sees that is told all the same.
        invented: share of what only the judge sees that is not told.
    """
    both, sensor, judge, neither = cells
    seen, missed = both + overlooked * sensor, (1 - invented) * judge
    false = (1 - overlooked) * sensor
    return {
        "precision": seen / (both + sensor),
        "recall": seen / (seen + missed),
        "false_alarms": false / (false + neither + invented * judge),
        "judge_precision": (both + missed) / (both + judge),
        "judge_recall": (both + missed) / (seen + missed),
    }


if __name__ == "__main__":
    main()
