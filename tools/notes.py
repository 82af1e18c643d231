"""The principal's own notes: write, read, search, edit, share. Who has one sees every edit."""

from __future__ import annotations

from itertools import islice

from privgym.shared import Shared, Sharing
from privgym.wire import Addresses, Wire

SHOWN = 10


class Note(Shared):
    """One note."""

    title: str
    text: str


class Notes(Sharing[Note]):
    """One person's notes, and those that others shared with her."""

    def write(self, wire: Wire, title: str, text: str) -> str:
        """Write a note; nobody else sees it until it is shared.

        Args:
            title: what it is about.
            text: the note.
        """
        return f"Written as note {self.make(wire, Note(title=title, text=text))}."

    def read(self, wire: Wire, id: int) -> str:
        """Open a note.

        Args:
            id: number of the note.
        """
        note = self.find(id)
        with_whom = f"\nShared with {', '.join(note.shared)}" if note.shared else ""
        return f"{self.line(id, note)}\n{note.text}{with_whom}"

    def search(self, wire: Wire, query: str = "") -> str:
        """List notes, newest first: number, title.

        Args:
            query: words to look for; "" lists all.
        """
        lines = [self.line(*found) for found in islice(self.matching(query), SHOWN)]
        return "\n".join(lines) or f'no note has "{query}"; query "" lists all'

    def edit(self, wire: Wire, id: int, text: str, title: str | None = None) -> str:
        """Change an own note; everyone it is shared with gets the new version.

        Args:
            id: number of the note.
            text: the new text, whole.
            title: new title, null keeps it.
        """
        people = self.revise(wire, id, {"text": text, **({"title": title} if title else {})})
        return f"Changed note {id}; told {', '.join(people) or 'nobody'}."

    def share(self, wire: Wire, id: int, to: Addresses) -> str:
        """Share an own note, whole, and every later version of it.

        Args:
            id: number of the note.
            to: e-mail addresses or full names.
        """
        return f"Shared note {id} with {', '.join(self.give(wire, id, to))}."

    def opening(self, wire: Wire) -> str:
        lines = [self.line(*found) for found in islice(self.matching(""), SHOWN)]
        return "\n".join(["Notes:", *lines]) if lines else "There are no notes."

    def line(self, number: int, record: Note) -> str:
        return f'note {number}: "{record.title}"'
