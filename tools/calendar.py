"""A calendar: list, create, update, invite, free-busy. Who is invited sees every later change."""

from __future__ import annotations

import re
from typing import ClassVar, Literal

from privgym.shared import Shared, Sharing
from privgym.wire import Addresses, Wire

SHOWN = 10


class Entry(Shared):
    """One entry; or, with an `answer`, what somebody says to an invitation."""

    envelope: ClassVar[frozenset[str]] = Shared.envelope | {"by"}
    title: str
    start: str
    end: str = ""
    note: str = ""
    answer: str = ""
    by: str = ""


class Calendar(Sharing[Entry]):
    """One person's entries, her own and those that she was invited to."""

    came: ClassVar[str] = "You are invited"
    changed: ClassVar[str] = "Changed in your calendar"

    def list(self, wire: Wire, day: str | None = None) -> str:
        """List entries.

        Args:
            day: only this day, as YYYY-MM-DD; null lists all.
        """
        first = _when(day) if day else ""
        lines = [self.line(n, e) for n, e in self.records.items() if e.start.startswith(first)]
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
        until = _when(end) if end else ""
        entry = Entry(title=title, start=_when(start), end=until, note=note or "")
        return f"Created entry {self.make(wire, entry)}."

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
        people = self.revise(wire, id, changes)
        return f"Changed entry {id}; told {', '.join(people) or 'nobody else'}."

    def invite(self, wire: Wire, id: int, to: Addresses) -> str:
        """Invite people to an own entry; they see its title, times and note.

        Args:
            id: number of the entry.
            to: e-mail addresses or full names.
        """
        return f"Invited {', '.join(self.give(wire, id, to))} to entry {id}."

    def free(self, wire: Wire, person: str, day: str) -> str:
        """See when another person is busy; titles stay hidden.

        Args:
            person: e-mail address or full name.
            day: the day, as YYYY-MM-DD.
        """
        return wire.consult(person, _when(day))

    def respond(
        self,
        wire: Wire,
        id: int,
        answer: Literal["accept", "decline", "tentative"],
        note: str | None = None,
    ) -> str:
        """Answer an invitation; the answer goes to whoever sent it.

        Args:
            id: number of the entry.
            answer: accept, decline or tentative.
            note: a few words with it.
        """
        entry = self.find(id)
        host = entry.uid.rpartition("/")[0]
        if host in ("", wire.me):
            raise ValueError(f"entry {id} is your own")
        said = Entry(title="", start="", note=note or "", answer=answer, by=wire.mine)
        said = said.model_copy(update={"uid": entry.uid})
        said = wire.send([host], said, thread=f"{entry.title}\n{entry.note}")
        self.change(id, entry.model_copy(update={"answer": said.answer}))
        return f"Answered: {said.answer}."

    def receive(self, sender: str, record: Entry) -> tuple[int, str]:
        if not record.answer:
            return super().receive(sender, record)
        own = next(entry for entry in self.records.values() if entry.uid == record.uid)
        title = f'{record.by}: {record.answer} "{own.title}"'
        number = self.keep(Entry(title=title, start=own.start, end=own.end, note=record.note))
        return number, f"Answer to your invitation: {self.line(number, self.find(number))}"

    def line(self, number: int, record: Entry) -> str:
        times = f"{record.start} to {record.end}" if record.end else record.start
        note = f" ({record.note})" if record.note else ""
        return f"{number}: {times}, {record.title}{note}"

    def consulted(self, question: str) -> str:
        busy = [e for e in self.records.values() if e.start.startswith(question[:10])]
        times = ", ".join(dict.fromkeys(f"{e.start} to {e.end or 'end of day'}" for e in busy))
        return f"busy {times}" if times else f"free on {question}"


def _when(text: str) -> str:
    """Check a time; ValueError says which form is wanted."""
    text = text.strip().replace("T", " ")
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}( \d{2}:\d{2}(:\d{2})?)?", text):
        raise ValueError(f'"{text}" is no time: write YYYY-MM-DD or YYYY-MM-DD HH:MM')
    return text
