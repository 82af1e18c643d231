"""The agent's notes to itself, which outlive a session. A write is told to memory; a recall
comes from it."""

from __future__ import annotations

from typing import ClassVar, Literal

from privgym.store import Store, Stored
from privgym.wire import Wire


class Note(Stored):
    """One note."""


class Memory(Store[Note]):
    """Notes, looked up by a query.

    Args:
        by: which notes fit: those that share a word with the query, newest first; those most
            alike; or simply the newest.
    """

    plural: ClassVar[str] = "notes"
    by: Literal["word", "likeness", "time"] = "word"

    def remember(self, wire: Wire, text: str) -> str:
        """Keep a note for later sessions.

        Args:
            text: the note.
        """
        return f"Kept as note {self.write(wire, Note(text=text))}."

    def recall(self, wire: Wire, query: str = "") -> str:
        """Look notes up.

        Args:
            query: words to look for; "" lists all.
        """
        words = query if self.by == "word" else ""
        alike = self.by == "likeness" and query
        found = self.alike(query) if alike else list(self.matching(words))
        return self.bring(wire, found) or self.none()

    def forget(self, wire: Wire, id: int) -> str:
        """Drop a note.

        Args:
            id: number of the note.
        """
        return self.bury(id)
