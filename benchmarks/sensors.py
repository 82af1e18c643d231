"""How good the sensors are: `python benchmarks/sensors.py --exact [--out FILE]`.

`--exact`: the exact sensor on thousands of generated texts. Recall by type and by guise, false
positives on near misses (with the upper bound of Clopper and Pearson 1934, one-sided, 95 %), what
becomes of partial values, slips of the pen and mere mentions, and what a text costs beside a loop
of `in` over the same words. What is written here is written by rules of this file alone (phone
numbers by `phonenumbers`, if it is installed): it shares no code with the sensor.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from time import process_time

import sensor_cases as cases

from privgym.flow import Fact, Party
from privgym.sensors.exact import Exact

SIZE, FACTS, ALIASES = 2048, 50, 5
PARTIES = (Party("ana", "Ana Maria Silva"), Party("bo", "Bo Larsen"))


def verdict(case: cases.Case) -> str:
    """What the sensor says of the case's fact: "yes", "maybe" or "none"."""
    found = Exact([case.fact], PARTIES, "ana").find([("body", case.text)])
    for finding in found:
        if case.words and case.words not in finding.words and finding.words not in case.words:
            return "misplaced"
    return found[0].certainty if found else "none"


def upper(hits: int, n: int, level: float = 0.95) -> float:
    """The one-sided upper bound of Clopper and Pearson (1934), by bisection."""
    low, high = hits / n, 1.0
    for _ in range(60):
        middle = (low + high) / 2
        term = total = (1 - middle) ** n
        for k in range(hits):
            term *= (n - k) / (k + 1) * middle / (1 - middle)
            total += term
        low, high = (middle, high) if total > 1 - level else (low, middle)
    return high


def by_class(made: Iterable[cases.Case]) -> dict[str, dict[str, float]]:
    """Counts and shares of verdicts by the cases' class."""
    counts: dict[str, Counter[str]] = {}
    for case in made:
        counts.setdefault(case.kind, Counter())[verdict(case)] += 1
    rows = {}
    for kind, count in counts.items():
        n = count.total()
        rows[kind] = {
            "n": n,
            **{said: count[said] for said in ("yes", "maybe", "none", "misplaced")},
            "found": round((count["yes"] + count["maybe"]) / n, 4),
            "sure": round(count["yes"] / n, 4),
        }
    return rows


def false_positives(rows: dict[str, dict[str, float]]) -> dict[str, float]:
    """Of all near misses: those said to be disclosed, and those held possible."""
    n = int(sum(row["n"] for row in rows.values()))
    yes = int(sum(row["yes"] + row["misplaced"] for row in rows.values()))
    maybe = int(sum(row["maybe"] for row in rows.values()))
    return {"n": n, "yes": yes, "rate": yes / n, "upper": round(upper(yes, n), 5), "maybe": maybe}


def best(work: Callable[[], object], times: int = 300) -> float:
    """CPU microseconds a call, the best of seven rounds."""
    rounds = []
    for _ in range(7):
        start = process_time()
        for _ in range(times):
            work()
        rounds.append((process_time() - start) / times * 1e6)
    return min(rounds)


def made_up(rng: Random) -> str:
    """Two words that no text holds by chance."""
    return " ".join("".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in "abc")
                    for _ in "ab")  # fmt: skip


def cost() -> dict[str, dict[str, float]]:
    """A 2 KB text, 50 facts of 5 aliases each, beside `in` over the same 300 words."""
    rng = Random(cases.SEED)
    facts = [
        Fact(f"f{n}", "ana", "a", "text", made_up(rng), tuple(made_up(rng) for _ in range(ALIASES)))
        for n in range(FACTS)
    ]
    words = [word for fact in facts for word in (fact.value, *fact.aliases)]
    sensor = Exact(facts, PARTIES, "ana")
    plain = ("Thank you for your letter of last week; we shall write again soon. " * 40)[:SIZE]
    texts = {
        "nothing in it": plain,
        "one fact in it": f"{plain[:1000]} I have {facts[7].value}, so. {plain[:1000]}"[:SIZE],
        "typographic quotes": plain.replace("your", "John\u2019s")[:SIZE],
        "accents": plain.replace("e", "\u00e9"),
    }
    rows = {}
    for name, text in texts.items():
        ours = best(lambda text=text: sensor.find((("body", text),)))
        loop = best(lambda text=text: [word in text for word in words])
        rows[name] = {"us": round(ours), "loop_us": round(loop), "ratio": round(ours / loop, 2)}
    return rows


def exact() -> dict[str, object]:
    """All figures of the exact sensor."""
    near = by_class(cases.near_misses())
    return {
        "sensor": Exact.about,
        "seed": cases.SEED,
        "recall": by_class(cases.plain()),
        "normalised": by_class(cases.normalised()),
        "guises": by_class(cases.guises()),
        "partial": by_class(cases.partial()),
        "slips": by_class(cases.slips()),
        "cues": by_class(cases.cues()),
        "near_misses": near,
        "false_positives": false_positives(near),
        "cost": cost(),
    }


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--exact", action="store_true", help="the exact sensor")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    if not given.exact:
        options.error("say which sensor: --exact")
    report = json.dumps(exact(), indent=2) + "\n"
    print(report, end="")
    if given.out:
        given.out.write_text(report)


if __name__ == "__main__":
    main()
