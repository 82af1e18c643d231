"""Tools whose records can be shared: whoever was given one gets every later version of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, Generic, TypeVar

from privgym.tool import Tool
from privgym.wire import Record, Wire


class Shared(Record):
    """A record that others can hold too. `uid` names it in every account that holds it."""

    envelope: ClassVar[frozenset[str]] = frozenset({"uid", "shared"})
    shared: tuple[str, ...] = ()
    uid: str = ""


S = TypeVar("S", bound=Shared)


class Sharing(Tool[S], Generic[S]):
    """An account of such records: those of one's own, and those that others shared with one."""

    came: ClassVar[str] = "Shared with you"
    changed: ClassVar[str] = "Changed"

    def line(self, number: int, record: S) -> str:
        """A record in one line."""
        raise NotImplementedError

    def make(self, wire: Wire, record: S) -> int:
        """Keep a new record of one's own."""
        uid = f"{wire.me}/{self._journal.last + 1}"
        return self.keep(record.model_copy(update={"uid": uid}))

    def mine(self, wire: Wire, number: int) -> S:
        """A record of this account's own; what others made is theirs to change and to share."""
        record = self.find(number)
        if record.uid.rpartition("/")[0] not in ("", wire.me):
            raise ValueError(f"{self.noun()} {number} is someone else's; ask whoever made it")
        return record

    def give(self, wire: Wire, number: int, to: Sequence[str]) -> tuple[str, ...]:
        """Share a record with people; gives their addresses."""
        record = self.mine(wire, number)
        people = tuple(one for one in wire.addresses(to) if one != wire.mine)
        if not people:
            raise ValueError(f"{self.noun()} {number} is yours already")
        shared = tuple(dict.fromkeys((*record.shared, *people)))
        known = {"shared": shared, "uid": record.uid or f"{wire.me}/{number}"}
        self.change(number, wire.send(people, record.model_copy(update=known)))
        return people

    def revise(self, wire: Wire, number: int, changes: dict[str, str]) -> tuple[str, ...]:
        """Change a record of one's own; gives the addresses of those who get the new version."""
        record = self.mine(wire, number).model_copy(update=changes)
        if record.shared:
            record = wire.send(record.shared, record)
        self.change(number, record)
        return record.shared

    def receive(self, sender: str, record: S) -> tuple[int, str]:
        for number in reversed(self.records):
            if self.records[number].uid == record.uid:
                self.change(number, record)
                return number, f"{self.changed}: {self.line(number, record)}"
        number = self.keep(record)
        return number, f"{self.came}: {self.line(number, record)}"
