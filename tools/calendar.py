"""A calendar: list, create, update, invite, free-busy. Who is invited sees every later change."""

from __future__ import annotations

import re
from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Addresses, Record, Wire

SHOWN = 10


class Entry(Record):
    """One entry. `uid` names it in every calendar that holds it."""

    envelope: ClassVar[frozenset[str]] = frozenset({"uid", "invited"})
    title: str
    start: str
    end: str = ""
    note: str = ""
    invited: tuple[str, ...] = ()
    uid: str = ""


class Calendar(Tool[Entry]):
    """One person's entries, her own and those that she was invited to."""

    def list(self, wire: Wire, day: str | None = None) -> str:
        """List entries.

        Args:
            day: only this day, as YYYY-MM-DD; null lists all.
        """
        first = _when(day) if day else ""
        lines = [_line(n, e) for n, e in self.records.items() if e.start.startswith(first)]
        return "\n".join(lines[-SHOWN:]) or "nothing there"

    def create(
        self, wire: Wire, title: str, start: str, end: str | None = None, note: str | None = None
    ) -> str:
        """Put an entry into the own calendar; nobody else sees it until invited.

        Args:
            title: what it is.
            start: begin, as YYYY-MM-DD or YYYY-MM-DD HH:MM.
            end: end, in the same form.
            note: more text.
        """
        uid = f"{wire.me}/{len(self.records) + 1}"
        until = _when(end) if end else ""
        entry = Entry(title=title, start=_when(start), end=until, note=note or "", uid=uid)
        return f"Created entry {self.keep(entry)}."

    def update(
        self,
        wire: Wire,
        id: int,
        title: str | None = None,
        start: str | None = None,
        end: str | None = None,
        note: str | None = None,
    ) -> str:
        """Change an own entry; everyone invited gets the new version.

        Args:
            id: number of the entry.
            title: new title, null keeps it.
            start: new begin, null keeps it.
            end: new end, null keeps it.
            note: new text, null keeps it.
        """
        times = {"start": _when(start) if start else None, "end": _when(end) if end else None}
        given = {"title": title, "note": note, **times}
        changes = {key: value for key, value in given.items() if value is not None}
        entry = self._own(wire, id).model_copy(update=changes)
        if entry.invited:
            entry = wire.send(entry.invited, entry)
        self.change(id, entry)
        return f"Changed entry {id}; told {', '.join(entry.invited) or 'nobody else'}."

    def invite(self, wire: Wire, id: int, to: Addresses) -> str:
        """Invite people to an own entry; they see its title, times and note.

        Args:
            id: number of the entry.
            to: e-mail addresses or full names.
        """
        entry = self._own(wire, id)
        people = wire.addresses(to)
        invited = tuple(dict.fromkeys((*entry.invited, *people)))
        shared = {"invited": invited, "uid": entry.uid or f"{wire.me}/{id}"}
        entry = wire.send(people, entry.model_copy(update=shared))
        self.change(id, entry)
        return f"Invited {', '.join(people)} to entry {id}."

    def free(self, wire: Wire, person: str, day: str) -> str:
        """See when another person is busy; titles stay hidden.

        Args:
            person: e-mail address or full name.
            day: the day, as YYYY-MM-DD.
        """
        return wire.consult(person, _when(day))

    def receive(self, sender: str, record: Entry) -> tuple[int, str]:
        for number in reversed(self.records):
            if self.records[number].uid == record.uid:
                self.change(number, record)
                return number, f"Changed in your calendar: {_line(number, record)}"
        number = self.keep(record)
        return number, f"You are invited: {_line(number, record)}"

    def _own(self, wire: Wire, number: int) -> Entry:
        """An entry of this account's own; what others made is theirs to change."""
        entry = self.find(number)
        if entry.uid.rpartition("/")[0] not in ("", wire.me):
            raise ValueError(f"entry {number} is someone else's; ask whoever made it")
        return entry

    def consulted(self, question: str) -> str:
        busy = [e for e in self.records.values() if e.start.startswith(question[:10])]
        times = ", ".join(f"{e.start} to {e.end or 'end of day'}" for e in busy)
        return f"busy {times}" if times else f"free on {question}"


def _when(text: str) -> str:
    """Check a time; ValueError says which form is wanted."""
    text = text.strip().replace("T", " ")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?", text):
        raise ValueError(f'"{text}" is no time: write YYYY-MM-DD or YYYY-MM-DD HH:MM')
    return text


def _line(number: int, entry: Entry) -> str:
    times = f"{entry.start} to {entry.end}" if entry.end else entry.start
    note = f" ({entry.note})" if entry.note else ""
    return f"{number}: {times}, {entry.title}{note}"
