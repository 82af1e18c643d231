"""Which part of a pack a plan is, told from the plan: what `privgym run` was asked for."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from privgym.errors import PrivgymError
from privgym.pack import Pack, Split
from privgym.scenario import Name

_SPLITS: tuple[Split | None, ...] = (None, "public", "held-out")


class Choice(msgspec.Struct, frozen=True):
    """What a plan is narrowed to.

    Args:
        families: only these; all of them where there are none.
        level: only this one; None for every level.
        split: only this one; None for both.
        seeds: the seeds, in order.
    """

    families: tuple[str, ...]
    level: int | None
    split: Split | None
    seeds: tuple[int, ...]

    @classmethod
    def of(cls, pack: Pack, plan: Sequence[Name]) -> Choice | None:
        """What gives a plan; None where nothing does, as where somebody picked its episodes."""
        seeds = tuple(dict.fromkeys(name.seed for name in plan))
        families = tuple(dict.fromkeys(name.family for name in plan))
        levels = {name.level for name in plan}
        for level in (None, *levels) if len(levels) == 1 else (None,):
            for some in ((), families):
                for split in _SPLITS:
                    choice = cls(some, level, split, seeds)
                    if choice.plan(pack) == tuple(plan):
                        return choice
        return None

    def plan(self, pack: Pack) -> tuple[Name, ...]:
        """The plan that it gives; empty where nothing is left of the pack."""
        try:
            return pack.names(self.families, self.level, self.seeds, self.split)
        except PrivgymError:
            return ()

    @property
    def words(self) -> str:
        """All of it but the seeds, in words: "all", "public, level 1", "some 3f2a91c0"."""
        return ", ".join(self._words())

    def _words(self) -> Iterator[str]:
        if self.families:
            yield f"some {hashlib.sha256(' '.join(self.families).encode()).hexdigest()[:8]}"
        if self.split:
            yield self.split
        if not self.families and not self.split:
            yield "all"
        if self.level is not None:
            yield f"level {self.level}"
