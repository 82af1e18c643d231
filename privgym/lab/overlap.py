"""Do training rows share sentences with the families that a model will be tried on?

Runs of words are compared. Digits count as one sign, so that a sentence with another amount is
the same sentence. Only what a family's author wrote is looked at (errands, letters, plays), never
what every tool prints.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence

import msgspec

from privgym import pack as packs
from privgym.lab.habit import words
from privgym.lab.row import Row
from privgym.scenario import Scenario

LONG = 8
"""Words in a run."""

SEEDS = range(3)
"""Seeds of a family whose texts are looked at."""

_DIGITS = re.compile(r"\d+")


class Shared(msgspec.Struct, frozen=True):
    """A family that rows share a run of words with.

    Args:
        family: "PACK/FAMILY".
        rows: how many rows do.
        run: the run that most of them share.
    """

    family: str
    rows: int
    run: str


def runs(text: str) -> set[str]:
    """The runs of words in a text."""
    found = words(_DIGITS.sub("0", text))
    return {" ".join(found[i : i + LONG]) for i in range(len(found) - LONG + 1)}


def shared(rows: Sequence[Row], of: Sequence[tuple[str, packs.Split | None]]) -> list[Shared]:
    """The families of some packs that rows share a run with, most rows first.

    Args:
        rows: training rows.
        of: packs, each with the split that a model will be tried on (None: all of it).
    """
    where: dict[str, set[int]] = {}
    for number, row in enumerate(rows):
        for run in set().union(*(runs(said.content) for said in row.messages)):
            where.setdefault(run, set()).add(number)
    found = []
    for pack, split in of:
        for family, texts in _families(pack, split):
            hits = {run: where[run] for text in texts for run in runs(text) if run in where}
            if hits:
                most = max(sorted(hits), key=lambda run: len(hits[run]))
                touched = len(set().union(*hits.values()))
                found.append(Shared(f"{pack}/{family}", touched, most))
    return sorted(found, key=lambda one: (-one.rows, one.family))


def _families(pack: str, split: packs.Split | None) -> Iterator[tuple[str, set[str]]]:
    loaded = packs.load(pack)
    texts: dict[str, set[str]] = {}
    for name in loaded.names(split_=split, seeds=SEEDS):
        texts.setdefault(name.family, set()).update(_written(loaded.scenario(name)))
    yield from texts.items()


def _written(scenario: Scenario) -> Iterator[str]:
    """What its author wrote: what people say, what is in view, what plays send."""
    yield from (session.opening.text for session in scenario.sessions)
    calls = [past.call for past in scenario.past]
    calls += [c for p in scenario.plays for turns in p.sessions for t in turns for c in t.calls]
    for call in calls:
        yield from _strings(json.loads(call.arguments).values())


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
