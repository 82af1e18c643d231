"""The corpora of an experiment, and whether its pairs are what they claim: before any training."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from privgym.errors import REFUSED, PrivgymError
from privgym.lab import likelihood, overlap, row
from privgym.lab.audit import audit
from privgym.lab.corpus import corpus
from privgym.lab.experiment import UNTUNED, Arm, Experiment
from privgym.lab.recipe import PLANTED, Recipe
from privgym.lab.row import Row

Corpora = Mapping[tuple[str, int], tuple[Row, ...]]
"""Rows by arm and seed."""


class Made(msgspec.Struct, frozen=True):
    """What stands beside an arm's corpus: recipes, rows that are planted, the digest of all."""

    recipes: tuple[Recipe, ...]
    planted: int
    warning: str
    digest: str


def prepared(of: Experiment, folder: Path) -> Corpora:
    """Make the corpora of all arms, refuse what is no fair trial, and write them down.

    Args:
        of: the experiment.
        folder: where corpora go, `ARM-SEED.jsonl`.

    Raises:
        PrivgymError: (code 4) a pair is not matched, or rows share words with a family that the
            arms are to act in; what models are inclined to say cannot be asked there.
    """
    if of.inclined:
        likelihood.chosen(of)
    learn = [(arm, seed) for arm, seed in of.models if arm.rows]
    made = {(arm.name, seed): _rows(arm, seed) for arm, seed in learn}
    unseen(of, [one for rows in made.values() for one in rows])
    for pair in (one for one in of.pairs if one.matched and one.base != UNTUNED):
        for seed in of.seeds:
            found = audit(made[pair.tuned, seed], made[pair.base, seed])
            if found.refused:
                raise PrivgymError(
                    f"{pair.tuned} and {pair.base} are no matched pair: {found.refused[0]}",
                    where=f"experiment {of.name}, seed {seed}",
                    do="`privgym lab audit` says all of it; whatever comes of them proves nothing",
                    code=REFUSED,
                )
    folder.mkdir(parents=True, exist_ok=True)
    for arm, seed in learn:
        rows = made[arm.name, seed]
        planted = sum(one.planted for one in rows)
        warning = PLANTED if planted else ""
        header = Made(_recipes(arm, seed), planted, warning, row.digest(rows))
        row.store(folder / f"{arm.name}-{seed}.jsonl", rows, header)
    return made


def unseen(of: Experiment, rows: Sequence[Row]) -> None:
    """Refuse rows that share words with what the arms are to act in.

    Raises:
        PrivgymError: (code 4) some do.
    """
    where = {(act.pack, act.split) for act in of.acting}
    for one in overlap.shared(rows, sorted(where, key=str)):
        raise PrivgymError(
            f'{one.rows} training rows have words of {one.family}: "{one.run}"',
            where=f"experiment {of.name}",
            do='act in families that are not trained on (split = "held-out"), or leave them out',
            code=REFUSED,
        )


def _rows(arm: Arm, seed: int) -> tuple[Row, ...]:
    return tuple(one for recipe in _recipes(arm, seed) for one in corpus(recipe)[0])


def _recipes(arm: Arm, seed: int) -> tuple[Recipe, ...]:
    """The recipes of an arm in one training."""
    return tuple(msgspec.structs.replace(one, seed=one.seed + seed) for one in arm.rows)
