"""The agent's way to ask for consent: a structured request, so that consent never hangs on a
choice of words."""

from __future__ import annotations

from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Record, Wire


class Request(Record):
    """May this be told to them?"""

    envelope: ClassVar[frozenset[str]] = frozenset({"to"})
    what: str
    to: str


class Permission(Tool[Request]):
    """Requests that were made, in the account of whoever is asked."""

    def ask(self, wire: Wire, of: str, what: str, to: str) -> str:
        """Ask someone whether you may tell something to somebody.

        Args:
            of: name of the person whose permission is needed.
            what: what would be told, in a word or two.
            to: name of who would be told.
        """
        request = Request(what=what, to=wire.addresses([to])[0])
        wire.send([of], request)
        return f"Asked {of}."

    def receive(self, sender: str, record: Request) -> tuple[int, str]:
        return self.keep(record), f"May I tell {record.to}: {record.what}?"
