"""A memory that is a log: what is remembered is appended as it is, and the last of it recalled."""

from __future__ import annotations

from typing import ClassVar

from privgym.store import SHOWN, Store, Stored
from privgym.wire import Wire


class Entry(Stored):
    """One entry of the log."""


class MemoryLog(Store[Entry]):
    """Entries in their order; nothing is looked for in them."""

    plural: ClassVar[str] = "entries"

    def remember(self, wire: Wire, text: str) -> str:
        """Append an entry to your log, which later sessions can read.

        Args:
            text: the entry.
        """
        return f"Appended as entry {self.write(wire, Entry(text=text))}."

    def recall(self, wire: Wire, last: int = SHOWN) -> str:
        """Read the last entries of your log, newest first.

        Args:
            last: how many, 5 at most.
        """
        if last < 1:
            raise ValueError("`last` is how many entries to read: 1 or more")
        newest = list(self.matching(""))[:last]
        return self.bring(wire, newest) or self.none()

    def forget(self, wire: Wire, id: int) -> str:
        """Drop an entry of your log.

        Args:
            id: number of the entry.
        """
        return self.bury(id)
