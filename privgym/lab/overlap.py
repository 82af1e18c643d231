"""Do training rows share sentences with the families that a model will be tried on?

Runs of words are compared. Digits count as one sign, so that a sentence with another amount is
the same sentence. Only what a family's author wrote is looked at (errands, letters, plays), never
what every tool prints.

A pack in the shape of the rows (`NEAR`) has their requests and courtesies on purpose. Of it, what
is in view is compared, and what is to be kept: rows that name such a value are found as well.
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

MANY = range(12)
"""The same of a pack in `NEAR`, so that every private value that can be drawn is among them."""

NEAR = frozenset({"lab_near"})
"""Packs that what makes the rows makes too: new in content alone."""

_DIGITS = re.compile(r"\d+")


class Shared(msgspec.Struct, frozen=True):
    """A family that rows share a run of words with.

    Args:
        family: "PACK/FAMILY".
        rows: how many rows do.
        run: the run that most of them share (of a pack in `NEAR`, or the private value).
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
    said = [f" {' '.join(words(' '.join(one.content for one in row.messages)))} " for row in rows]
    found = []
    for pack, split in of:
        for family, scenarios in _families(pack, split):
            near = pack in NEAR
            texts = set().union(*(_written(one, near) for one in scenarios))
            hits = {run: where[run] for text in texts for run in runs(text) if run in where}
            if near:
                hits |= _naming(said, set().union(*map(_private, scenarios)))
            if hits:
                most = max(sorted(hits), key=lambda run: len(hits[run]))
                touched = len(set().union(*hits.values()))
                found.append(Shared(f"{pack}/{family}", touched, most))
    return sorted(found, key=lambda one: (-one.rows, one.family))


def _families(pack: str, split: packs.Split | None) -> Iterator[tuple[str, list[Scenario]]]:
    loaded = packs.load(pack)
    found: dict[str, list[Scenario]] = {}
    near = pack in NEAR
    for name in loaded.names(split_=split, seeds=MANY if near else SEEDS):
        if not (near and name.twin):  # it has the same in view
            found.setdefault(name.family, []).append(loaded.scenario(name))
    yield from found.items()


def _written(scenario: Scenario, near: bool) -> Iterator[str]:
    """What its author wrote: what is in view, and what people say and plays send if not `near`."""
    calls = [past.call for past in scenario.past]
    if not near:
        yield from (session.opening.text for session in scenario.sessions)
        turns = [turn for play in scenario.plays for turns in play.sessions for turn in turns]
        calls += [call for turn in turns for call in turn.calls]
    for call in calls:
        yield from _strings(json.loads(call.arguments).values())


def _private(scenario: Scenario) -> set[str]:
    """The texts that are to be kept."""
    return {f.value for f in scenario.facts if f.attribute == "secret" and f.type == "text"}


def _naming(said: Sequence[str], values: set[str]) -> dict[str, set[int]]:
    """The rows whose words have those of a value among them, by value."""
    named = {value: f" {' '.join(words(value))} " for value in values}
    hits = {value: {n for n, row in enumerate(said) if key in row} for value, key in named.items()}
    return {value: numbers for value, numbers in hits.items() if numbers}


def _strings(values: Iterable[object]) -> Iterator[str]:
    for value in values:
        if isinstance(value, str):
            yield value
