"""What a comparison is asked on: the packs, their controls, and the episodes of each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path

import msgspec

from privgym import kit
from privgym import pack as packs
from privgym.comparison import Asked, Margins
from privgym.errors import PrivgymError
from privgym.estimate import earlier
from privgym.folder import RunFolder, judge
from privgym.pack import Pack, Split
from privgym.power import World, seen
from privgym.scenario import Name, split
from privgym.side import Episodes, plan
from privgym.spec import Spec
from privgym.table import FIGURES

CONTROLS = ("controls_utility", "controls_safety")
"""The packs that go along with every other, where a kit has them."""


class Question(msgspec.Struct, frozen=True):
    """What both sides live.

    Args:
        packs: the packs that were asked about; `controls` those that go along.
        names: the scenarios, of the packs and then of the controls.
        left_out: controls that are not held by the runs that were given.
        level, split: what the packs were narrowed to.
    """

    packs: tuple[Pack, ...]
    controls: tuple[Pack, ...]
    names: tuple[Name, ...]
    left_out: tuple[str, ...] = ()
    level: int | None = None
    split: Split | None = None

    def of(self, pack: Pack) -> tuple[Name, ...]:
        """The scenarios of one pack."""
        return tuple(name for name in self.names if name.pack == pack.name)

    @property
    def seeds(self) -> int:
        """How many scenario seeds the packs are lived with."""
        own = {pack.name for pack in self.packs}
        return len({name.seed for name in self.names if name.pack in own})

    def asked(self, base: Episodes, margins: Margins) -> Asked:
        """The question as a comparison keeps it."""
        return Asked(
            packs=tuple(pack.name for pack in self.packs),
            controls=tuple(pack.name for pack in self.controls),
            versions={pack.name: pack.version for pack in (*self.packs, *self.controls)},
            seeds=self.seeds,
            samples=len({key.sample for key in base.lived}),
            level=self.level,
            split=self.split,
            plan=plan(base.digests),
            margins=margins,
        )


def question(
    names: Sequence[str],
    given: Sequence[Sequence[RunFolder]] = (),
    *,
    seeds: int | None = None,
    level: int | None = None,
    split_: Split | None = None,
    controls: bool = True,
) -> Question:
    """Work out what both sides live.

    Args:
        names: the packs asked about.
        given: the run folders of each side that is given as such: then no more than what all of
            them hold is asked.
        seeds: scenario seeds 0 to N-1; all that given runs hold, else 1.
        level, split_: narrow the packs; the controls are never narrowed.
        controls: whether they go along.

    Raises:
        PrivgymError: there is no such pack, it is a control itself, or nothing is left of it.
    """
    asked = [packs.load(name) for name in dict.fromkeys(names)]
    for pack in asked:
        if pack.control:
            what = f'"{pack.name}" is a control, and says nothing of privacy'
            raise PrivgymError(what, do="name another pack; the controls go along with it")
    known = [name for name in CONTROLS if controls and name in kit.names("scenarios")]
    held = [_held(runs) for runs in given]
    own = {pack: _of(pack, held, seeds, level, split_) for pack in asked}
    beside = {pack: _of(pack, held, seeds) for pack in map(packs.load, known)}
    for pack, found in own.items():
        if not found:
            what = f'the runs that were given share nothing of pack "{pack.name}"'
            raise PrivgymError(what, do="give runs of it, and nothing that narrows them away")
    return Question(
        packs=tuple(own),
        controls=tuple(pack for pack, found in beside.items() if found),
        names=tuple(chain(*own.values(), *beside.values())),
        left_out=tuple(pack.name for pack, found in beside.items() if not found),
        level=level,
        split=split_,
    )


def world(asked: Question, spec: Spec, runs: Path, given: Sequence[RunFolder]) -> World:
    """What is known of the base before it runs: from runs that are there, else assumed."""
    own = {pack.name for pack in asked.packs}
    found = given or [*chain(*(earlier(pack, spec, runs) for pack in asked.packs))]
    families: dict[tuple[str, str], list[bool]] = {}
    for run in found:
        for trace, scenario in run.read() if run.record.pack in own else ():
            if counted := FIGURES["inappropriate"](judge(trace, scenario)):
                family = run.record.pack, scenario.family
                families.setdefault(family, []).append(counted[0] > 0)
    count = sum(map(len, families.values()))
    return seen(families.values(), f"{count:,} episodes of earlier runs") if count else World()


def _of(
    pack: Pack,
    held: Sequence[Sequence[Name]],
    seeds: int | None,
    level: int | None = None,
    split_: Split | None = None,
) -> tuple[Name, ...]:
    """The scenarios of a pack: its plan, or what all given runs hold of it, narrowed alike."""
    if not held:
        return pack.names((), level, range(seeds or 1), split_)
    return tuple(
        name
        for name in held[0]
        if name.pack == pack.name
        and all(name in other for other in held)
        and (seeds is None or name.seed < seeds)
        and level in (None, name.level)
        and split_ in (None, split(name.family))
    )


def _held(runs: Sequence[RunFolder]) -> tuple[Name, ...]:
    """The scenarios that runs hold, each once."""
    return tuple(dict.fromkeys(chain(*(_plan(run) for run in runs))))


def _plan(run: RunFolder) -> Iterator[Name]:
    return (Name.read(run.record.plan[number]) for number in run.record.share)
