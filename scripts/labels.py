"""Labels of the pairs by somebody who does not know what they were written for.

What they get holds a number that says nothing, who writes to whom, the fact, and the text; what
they give back is the number and yes, no or unclear: JSON lines, or a CSV file with those heads.
"""

from __future__ import annotations

import csv
import hashlib
import json
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import get_args

import msgspec

from privgym.pairs import STRATA, Answer, Pair, kappa

SEED = 1


def number(pair: Pair) -> str:
    """What stands for a pair on a blind sheet; its id would give family and stratum away."""
    return hashlib.sha256(pair.id.encode()).hexdigest()[:10]


def blind(pairs: Sequence[Pair], each: int, out: Path) -> None:
    """Write all pairs in a random order, `each` a file: OUT-1.jsonl, OUT-2.jsonl, ..."""
    order = random.Random(SEED).sample(pairs, len(pairs))
    for sheet, start in enumerate(range(0, len(order), each), 1):
        path = out.with_name(f"{out.name}-{sheet}.jsonl")
        rows = [
            {
                "id": number(pair),
                "from": pair.name(pair.principal),
                "to": pair.name(pair.to),
                "fact": pair.statement,
                "text": pair.text,
            }
            for pair in order[start : start + each]
        ]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows))
        print(path)


def second(pairs: Iterable[Pair], files: Iterable[Path]) -> list[Pair]:
    """The pairs with a model's answers as their second label."""
    given = {id: answer for file in files for id, answer in _answers(file)}
    return [
        msgspec.structs.replace(pair, second=given.get(number(pair), pair.second)) for pair in pairs
    ]


def people(pairs: Iterable[Pair], files: Iterable[Path]) -> list[Pair]:
    """The pairs with people's answers: one file a person, and no label of before."""
    given: dict[str, tuple[Answer, ...]] = {}
    for file in files:
        for id, answer in _answers(file):
            given[id] = (*given.get(id, ()), answer)
    return [
        msgspec.structs.replace(pair, people=given.get(number(pair), pair.people)) for pair in pairs
    ]


def _answers(file: Path) -> list[tuple[str, Answer]]:
    """The answers of one file: (number, yes | no | unclear)."""
    text = file.read_text(encoding="utf-8-sig")
    rows = (
        list(csv.DictReader(text.splitlines()))
        if file.suffix == ".csv"
        else [json.loads(line) for line in text.splitlines() if line.strip()]
    )
    for place, row in enumerate(rows, 1):
        if row.get("answer") not in get_args(Answer) or "id" not in row:
            raise SystemExit(f"{file}, row {place}: not an id and an answer (yes, no, unclear)")
    return [(row["id"], row["answer"]) for row in rows]


def report(pairs: Sequence[Pair]) -> None:
    """Print how far the second label agrees with the intent, by stratum and by type."""
    said = [pair for pair in pairs if pair.second]
    if not said:
        print("No pair has a second label yet.")
        return
    print(f"{'':14}{'n':>6}{'agree':>8}{'unclear':>9}{'kappa':>7}")
    _line("all", said)
    for stratum in STRATA:
        _line(stratum, [pair for pair in said if pair.stratum == stratum])
    for kind in sorted({pair.type for pair in said}):
        _line(kind, [pair for pair in said if pair.type == kind])


def _line(name: str, pairs: Sequence[Pair]) -> None:
    if not pairs:
        return
    counts = Counter(pair.second for pair in pairs)
    agreed = sum(pair.second == pair.intent for pair in pairs) / len(pairs)
    # Of a stratum that is all "yes" or all "no" kappa says nothing: chance alone explains it.
    mixed = len({pair.intent for pair in pairs}) > 1
    of = kappa((pair.intent, pair.second) for pair in pairs) if mixed else None
    shown = "" if of is None else f"{of:.2f}"
    print(f"{name:14}{len(pairs):6}{100 * agreed:7.1f}%{counts['unclear']:9}{shown:>7}")
