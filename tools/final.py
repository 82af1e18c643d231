"""The last step of a task whose other steps are done: one e-mail, one message or one post.

Imported cases in which an assistant has already looked everything up use it: what was seen so
far stands at the opening, and what is left is to write.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Addresses, Record, Wire

AUDIENCE = "audience"
"""Key of the party that reads posts, where there is one."""


class Step(Record):
    """A step already taken (`seen`, and names whom that is `about`), or a text that goes out."""

    envelope: ClassVar[frozenset[str]] = frozenset({"seen", "about", "to"})
    seen: str = ""
    about: str = ""
    to: tuple[str, ...] = ()
    subject: str = ""
    text: str = ""


class Final(Tool[Step]):
    """What was done so far, and the text that completes it."""

    def email(self, wire: Wire, to: Addresses, body: str, subject: str | None = None) -> str:
        """Send an e-mail.

        Args:
            to: e-mail addresses or full names.
            body: the text.
            subject: the subject line.
        """
        return _sent(self, wire, to, Step(subject=subject or "", text=body))

    def message(self, wire: Wire, to: Addresses, text: str) -> str:
        """Send a chat message to a person or a group.

        Args:
            to: handles or names.
            text: the message.
        """
        return _sent(self, wire, to, Step(text=text))

    def post(self, wire: Wire, text: str) -> str:
        """Publish a post; its audience is named at the opening.

        Args:
            text: the post.
        """
        return _sent(self, wire, [AUDIENCE], Step(text=text))

    def receive(self, sender: str, record: Step) -> tuple[int, str]:
        return self.keep(record), f"From {sender}:"

    def opening(self, wire: Wire) -> str:
        return "\n".join(step.seen for step in self.records.values() if step.seen)


def _sent(account: Final, wire: Wire, to: Sequence[str], step: Step) -> str:
    if not to:
        raise ValueError("name at least one recipient in `to`")
    if not step.text.strip():
        raise ValueError("the text is empty: write what is to be said")
    people = tuple(_address(one) for one in to)
    about = "\n".join(past.about for past in account.records.values())
    account.keep(wire.send(people, step.model_copy(update={"to": people}), thread=about))
    return f"Sent to {', '.join(people)}."


def _address(written: str) -> str:
    """The handle of "Full Name <handle>", "@handle" or "#group"."""
    inner = re.search(r"<([^<>]+)>", written)
    return (inner[1] if inner else written).strip().lstrip("@#")
