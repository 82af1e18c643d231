"""The agent's notes to itself, which outlive a session. A write is told to memory; a recall
comes from it."""

from __future__ import annotations

from itertools import islice

from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 5


class Note(Record):
    """One note."""

    text: str


class Memory(Tool[Note]):
    """What the agent keeps from session to session."""

    def remember(self, wire: Wire, text: str) -> str:
        """Keep a note for later sessions.

        Args:
            text: the note.
        """
        return f"Kept as note {self.keep(wire.tell('memory', Note(text=text)))}."

    def recall(self, wire: Wire, query: str = "") -> str:
        """Look notes up, newest first.

        Args:
            query: words to look for; "" lists all.
        """
        found = list(islice(self.matching(query), SHOWN))
        text = "\n".join(f"note {number}: {note.text}" for number, note in found)
        if not text:
            return "no note about that" if self.records else "there are no notes yet"
        return wire.fetch("memory", Note(text=text)).text

    def forget(self, wire: Wire, id: int) -> str:
        """Drop a note.

        Args:
            id: number of the note.
        """
        self.drop(id)
        return f"Dropped note {id}."

    def opening(self) -> str:
        return f"Notes in your memory: {len(self.records)}."
