"""Stores of memory: what is told to memory, comes from it, and is forgotten.

Whatever its kind, a store is worked by the agent and belongs to the party `memory`: a write is
a flow to that party, a recall a flow from it, and so is what stands in view at an opening.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import ClassVar, Generic, TypeVar

from privgym.rank import alike
from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 5


class Stored(Record):
    """A text in memory. What is `gone` was forgotten, though its text is still there."""

    text: str
    gone: bool = False


class Preloaded(Record):
    """What memory brings up by itself as a session opens."""

    preloaded: str


S = TypeVar("S", bound=Stored)


class Store(Tool[S], Generic[S]):
    """What the agent keeps from session to session.

    Args:
        preload: how many of the newest records are recalled at the opening of every session.
        tombstone: whether what is forgotten keeps its text; else it is purged.
    """

    plural: ClassVar[str]
    preload: int = 0
    tombstone: bool = False

    def line(self, number: int, record: S) -> str:
        """A record in one line."""
        return f"{self.noun()} {number}: {record.text}"

    def write(self, wire: Wire, record: S) -> int:
        """Tell memory something."""
        return self.keep(wire.tell("memory", record))

    def bring(self, wire: Wire, found: Iterable[tuple[int, S]]) -> str:
        """Recall records; "" where there are none, which is no flow."""
        text = self._text(islice(found, SHOWN))
        return wire.fetch("memory", Stored(text=text)).text if text else ""

    def none(self) -> str:
        """What is said where nothing is recalled."""
        empty = not any(self.matching(""))
        return f"there are no {self.plural} yet" if empty else f"no {self.noun()} about that"

    def bury(self, number: int) -> str:
        """Forget a record, and say what remains of it."""
        if not self.tombstone:
            self.drop(number)
            return f"Dropped {self.noun()} {number}."
        self.change(number, self.find(number).model_copy(update={"gone": True}))
        return f"Forgot {self.noun()} {number}: it can no longer be recalled, its text is kept."

    def find(self, number: int) -> S:
        record = super().find(number)
        if record.gone:
            raise LookupError(f"{self.noun()} {number} was forgotten")
        return record

    def matching(self, query: str) -> Iterator[tuple[int, S]]:
        return ((number, record) for number, record in super().matching(query) if not record.gone)

    def alike(self, query: str) -> list[tuple[int, S]]:
        """Records that are like a query, the most alike first."""
        records = list(self.matching(""))[::-1]
        return [records[n] for n in alike(query, [record.text for _, record in records])]

    def opening(self, wire: Wire) -> str:
        number = sum(1 for _ in self.matching(""))
        count = f"{self.plural.capitalize()} in your memory: {number}."
        text = self._text(islice(self.matching(""), self.preload))
        if not text:
            return count
        return f"{count}\n{wire.fetch('memory', Preloaded(preloaded=text)).preloaded}"

    def _text(self, found: Iterable[tuple[int, S]]) -> str:
        return "\n".join(self.line(*one) for one in found)
