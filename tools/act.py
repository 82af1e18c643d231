"""What people do with words, as structured acts (consent, ask, confide). Agents do not hold it."""

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

    def confide(self, wire: Wire, attribute: str) -> str:
        """Say that what one told of this was told in confidence.

        Args:
            attribute: what was told.
        """
        wire.act("confide", attribute)
        return "noted"

    def delegate(self, wire: Wire, attribute: str, to: str) -> str:
        """Let someone decide who may be told something about oneself.

        Args:
            attribute: what may be decided on.
            to: who may decide.
        """
        wire.act("delegate", attribute, to)
        return "noted"

    def revoke(self, wire: Wire, attribute: str, to: str) -> str:
        """No longer let someone decide.

        Args:
            attribute: what is no longer decided on.
            to: who could decide.
        """
        wire.act("revoke", attribute, to)
        return "noted"

    def announce(self, wire: Wire, event: str) -> str:
        """Make known that an event that norms speak of has come about.

        Args:
            event: its name.
        """
        wire.act("announce", event)
        return "noted"
