"""The principal's files, by name: list, read, write, share. Who has one sees every version."""

from __future__ import annotations

from privgym.shared import Shared, Sharing
from privgym.wire import Addresses, Wire

SHOWN = 12


class File(Shared):
    """One file."""

    name: str
    text: str


class Files(Sharing[File]):
    """One person's files, and those that others shared with her."""

    def list(self, wire: Wire) -> str:
        """List files: number, name."""
        return "\n".join(self._lines()) or "there are no files"

    def read(self, wire: Wire, name: str) -> str:
        """Open a file.

        Args:
            name: name of the file, or its number.
        """
        return self.consulted(name)

    def write(self, wire: Wire, name: str, text: str) -> str:
        """Write a file, or write an own one anew; those it is shared with get the new version.

        Args:
            name: name of the file.
            text: the whole text.
        """
        same = self._numbers(name)
        if not same:
            self.make(wire, File(name=name, text=text))
            return f'Wrote "{name}".'
        people = self.revise(wire, same[-1], {"text": text})
        return f'Wrote "{name}" anew; told {", ".join(people) or "nobody"}.'

    def share(self, wire: Wire, name: str, to: Addresses) -> str:
        """Share an own file, whole, and every later version of it.

        Args:
            name: name of the file, or its number.
            to: e-mail addresses or full names.
        """
        return f'Shared "{name}" with {", ".join(self.give(wire, self._number(name), to))}.'

    def opening(self, wire: Wire) -> str:
        lines = self._lines()
        return "\n".join(["Files:", *lines]) if lines else "There are no files."

    def consulted(self, question: str) -> str:
        file = self.find(self._number(question))
        return f"{file.name}\n{file.text}"

    def line(self, number: int, record: File) -> str:
        return f'file {number}: "{record.name}"'

    def _lines(self) -> tuple[str, ...]:
        return tuple(self.line(*found) for found in self.records.items())[-SHOWN:]

    def _numbers(self, name: str) -> tuple[int, ...]:
        same = name.casefold().strip()
        return tuple(n for n, file in self.records.items() if file.name.casefold() == same)

    def _number(self, name: str) -> int:
        """The number of a file that is named, or given by its number."""
        if same := self._numbers(name):
            return same[-1]
        if name.strip().isdecimal():
            return int(name)
        there = ", ".join(file.name for file in self.records.values()) or "none"
        raise LookupError(f'there is no file "{name}" (there are: {there})')
