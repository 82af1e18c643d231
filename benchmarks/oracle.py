"""The monitor against a second opinion on random cases: `python -m benchmarks.oracle [--out FILE]`.

Half of the cases are tight (few names, many repeats), half wide. Each is judged by the monitor and
by the naive oracle of `tests/oracle.py`, which was written from docs/norms.md alone; every verdict
has to be the same. On every twentieth case it is asked which parts of the norm language decided a
verdict, and whether a verdict is contradicted by a way in which its `maybe` findings can turn out.
Then monitors with one fault each are told from the right one.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections import Counter
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any

from tests.agree import opinions, verdicts
from tests.completions import doubt, maybes
from tests.decided import decided
from tests.gen import draw
from tests.mutants import MUTANTS, killed

EVERY = 20
"""Of so many cases one is looked at closely."""
DOUBTS = 5
"""Cases with more `maybe` findings than this are not completed: two to the fifth is enough."""
KILLED_WITHIN = 2000


class Tally:
    """What is counted over cases; tallies of several processes add up."""

    def __init__(self) -> None:
        self.cases, self.lines, self.refused = 0, 0, 0
        self.verdicts: Counter[str] = Counter()
        self.parts: Counter[str] = Counter()
        self.doubt: Counter[str] = Counter()
        self.disagree: list[int] = []

    def add(self, seed: int, tight: bool) -> None:
        """Judge one case twice."""
        case = draw(Random(seed), tight)
        said, expected = opinions(verdicts(case)), case.oracle().opinions()
        self.cases += 1
        self.lines += len(case.lines) + case.refused
        self.refused += case.refused
        self.verdicts.update(opinion.kind for opinion in expected)
        if said != expected:
            self.disagree.append(seed)
        if seed % EVERY:
            return
        self.parts.update(decided(case, expected))
        if 0 < maybes(case) <= DOUBTS:
            found = doubt(case, said)
            self.doubt += Counter(
                cases=1,
                wrong=len(found.wrong),
                undecided=found.undecided,
                the_same_in_all_completions=found.settled,
            )

    def merge(self, other: Tally) -> None:
        """Add another's counts."""
        for name, count in vars(other).items():
            setattr(self, name, getattr(self, name) + count)

    def row(self) -> dict[str, Any]:
        """The figures, as they are printed."""
        close = len(range(0, self.cases, EVERY))
        shares = {part: round(100 * n / close, 2) for part, n in self.parts.items()}
        names = ("cases", "wrong", "undecided", "the_same_in_all_completions")
        return {
            "cases": self.cases,
            "disagreements": len(self.disagree),
            "disagreeing_seeds": self.disagree[:10],
            "verdicts": dict(sorted(self.verdicts.items())),
            "lines": self.lines,
            "lines_refused": self.refused,
            "percent_of_cases_decided_by": dict(sorted(shares.items())),
            "completions": {name: self.doubt[name] for name in names},
        }


def tally(seeds: range, tight: bool) -> Tally:
    """Count over the cases of some seeds."""
    found = Tally()
    for seed in seeds:
        found.add(seed, tight)
    return found


def compare(cases: int, tight: bool, at_once: int) -> dict[str, Any]:
    """Judge so many cases of one world."""
    start = time.monotonic()
    blocks = [(range(at, min(at + 1000, cases)), tight) for at in range(0, cases, 1000)]
    whole = Tally()
    with Pool(at_once) as pool:
        for found in pool.starmap(tally, blocks, chunksize=1):
            whole.merge(found)
    return {**whole.row(), "seconds": round(time.monotonic() - start)}


def main() -> None:
    """Exit code 1 if monitor and oracle disagree, a verdict is contradicted or a mutant lives."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cases", type=int, default=100_000, help="of both worlds together")
    options.add_argument("--at-once", type=int, default=1, help="processes")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    given = options.parse_args()
    worlds = {}
    for name, tight in (("tight", True), ("wide", False)):
        worlds[name] = compare(given.cases // 2, tight, given.at_once)
        print(name, worlds[name], file=sys.stderr)
    mutants = []
    for mutant in MUTANTS:
        cases = killed(mutant, KILLED_WITHIN)
        about = {"mutant": mutant.what, "module": mutant.module, "cases": cases}
        mutants.append(about | ({"equivalent": mutant.same} if mutant.same else {}))
        print(mutant.what, cases or "lives", file=sys.stderr)
    about = {
        "what": "monitor and oracle on random cases: verdicts compared one by one; mutants killed",
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
        "python": platform.python_version(),
        "cores": os.cpu_count(),
        "killed_within": KILLED_WITHIN,
    }
    text = json.dumps({**about, "worlds": worlds, "mutants": mutants}, indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")
    wrong = [row["disagreements"] or row["completions"]["wrong"] for row in worlds.values()]
    raise SystemExit(any(wrong) or any(not m["cases"] and "equivalent" not in m for m in mutants))


if __name__ == "__main__":
    main()
