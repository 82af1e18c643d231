"""What people do with words, as structured acts: consent, withdraw, ask. Agents do not hold it."""

from __future__ import annotations

from privgym.tool import Tool
from privgym.wire import Record, Wire


class Done(Record):
    """Acts leave no record of their own: the world's events are their record."""


class Act(Tool[Done]):
    """A person's acts."""

    def consent(self, wire: Wire, attribute: str, to: str) -> str:
        """Allow that something about oneself is told.

        Args:
            attribute: what may be told.
            to: who may be told; "anyone" for all.
        """
        wire.act("consent", attribute, to)
        return "noted"

    def withdraw(self, wire: Wire, attribute: str, to: str) -> str:
        """Take a consent back.

        Args:
            attribute: what may no longer be told.
            to: who may no longer be told; "anyone" for all.
        """
        wire.act("withdraw", attribute, to)
        return "noted"

    def ask(self, wire: Wire, attribute: str) -> str:
        """Ask to be told something.

        Args:
            attribute: what one wants to know.
        """
        wire.act("ask", attribute)
        return "noted"
