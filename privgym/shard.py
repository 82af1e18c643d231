"""One machine's share of a plan."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from privgym.errors import PrivgymError
from privgym.scenario import Name


class Shard(msgspec.Struct, frozen=True):
    """Share `part` of `parts`, counted from 1. The pairs of twins are dealt in turn, so that a
    pair stays together, no share is larger than another by more than a pair, and every share
    has some of every family.
    """

    part: int = 1
    parts: int = 1

    @classmethod
    def read(cls, text: str) -> Shard:
        """Read "2/3"; "" is the whole.

        Raises:
            PrivgymError: it names no share.
        """
        found = re.fullmatch(r"(\d{1,6})/(\d{1,6})", text or "1/1")
        shard = cls(*map(int, found.groups())) if found else cls(0)
        if not 1 <= shard.part <= shard.parts:
            raise PrivgymError(f'"{text}" is no share', do="write 1/3, 2/3 or 3/3")
        return shard

    def __str__(self) -> str:
        return f"{self.part}/{self.parts}" if self.parts > 1 else ""

    def of(self, plan: Sequence[str]) -> tuple[int, ...]:
        """The numbers of the plan's scenarios that are in this share, in order."""
        pairs: dict[tuple[str, str, int, int], int] = {}
        share = []
        for number, name in enumerate(map(Name.read, plan)):
            pair = name.pack, name.family, name.level, name.seed
            if pairs.setdefault(pair, len(pairs)) % self.parts == self.part - 1:
                share.append(number)
        return tuple(share)
