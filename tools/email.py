"""Letters: send, reply, forward, search, read. What is sent lands in the recipient's mailbox."""

from __future__ import annotations

from itertools import islice
from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Addresses, Names, Record, Wire

SHOWN = 10


class Letter(Record):
    """One letter. The quoted text of a forward and what is attached are read like the rest."""

    envelope: ClassVar[frozenset[str]] = frozenset({"sender", "to", "at"})
    sender: str
    to: tuple[str, ...]
    subject: str
    body: str
    quoted: str = ""
    attached: tuple[str, ...] = ()
    at: str = ""


class Email(Tool[Letter]):
    """A mailbox: letters that came and copies of those that went.

    `send` stands first because small models take what is listed first: with `search` in its
    place a model of half a billion parameters looked for a letter that lay open before it.
    """

    needs: ClassVar[dict[str, str]] = {"attach": "files"}

    def send(self, wire: Wire, to: Addresses, body: str, subject: str | None = None) -> str:
        """Write a new letter to anyone.

        Args:
            to: e-mail addresses or full names.
            body: the text.
            subject: the subject line.
        """
        letter = Letter(
            sender=wire.mine,
            to=wire.addresses(to),
            subject=subject or "",
            body=body,
            at=wire.now,
        )
        return self._sent(wire.send(letter.to, letter))

    def reply(self, wire: Wire, id: int, body: str) -> str:
        """Answer a letter; goes back to its sender (of one's own, to those it went to).

        Args:
            id: number of the letter answered.
            body: the text of the answer.
        """
        asked = self.find(id)
        letter = Letter(
            sender=wire.mine,
            to=wire.addresses(asked.to if asked.sender == wire.mine else [asked.sender]),
            subject=f"Re: {asked.subject.removeprefix('Re: ')}",
            body=body,
            at=wire.now,
        )
        return self._sent(wire.send(letter.to, letter, thread=f"{asked.subject}\n{asked.body}"))

    def forward(self, wire: Wire, id: int, to: Addresses, note: str | None = None) -> str:
        """Pass a letter on, with all that it says.

        Args:
            id: number of the letter.
            to: e-mail addresses or full names.
            note: text put before it.
        """
        old = self.find(id)
        letter = Letter(
            sender=wire.mine,
            to=wire.addresses(to),
            subject=f"Fwd: {old.subject.removeprefix('Fwd: ')}",
            body=note or "",
            quoted=f"{old.body}\n{old.quoted}".strip(),
            attached=old.attached,
            at=wire.now,
        )
        return self._sent(wire.send(letter.to, letter))

    def attach(
        self, wire: Wire, to: Addresses, files: Names, body: str, subject: str | None = None
    ) -> str:
        """Send a letter with files of one's own attached, whole.

        Args:
            to: e-mail addresses or full names.
            files: names of the files.
            body: the text.
            subject: the subject line.
        """
        letter = Letter(
            sender=wire.mine,
            to=wire.addresses(to),
            subject=subject or "",
            body=body,
            attached=tuple(wire.own("files", name) for name in files),
            at=wire.now,
        )
        return self._sent(wire.send(letter.to, letter))

    def search(self, wire: Wire, query: str = "") -> str:
        """List letters, newest first: number, sender, subject.

        Args:
            query: words to look for; "" lists all.
        """
        lines = [_line(*found) for found in islice(self.matching(query), SHOWN)]
        return "\n".join(lines) or f'no letter has "{query}"; query "" lists all'

    def read(self, wire: Wire, id: int) -> str:
        """Open a letter.

        Args:
            id: number of the letter.
        """
        return whole(id, self.find(id))

    def receive(self, sender: str, record: Letter) -> tuple[int, str]:
        number = self.keep(record)
        return number, f"New letter {_line(number, record)}"

    def opening(self, wire: Wire) -> str:
        lines = [_line(*found) for found in islice(self.matching(""), SHOWN)]
        return "\n".join(["Mailbox:", *lines]) if lines else "The mailbox is empty."

    def _sent(self, letter: Letter) -> str:
        return f"Sent as letter {self.keep(letter)} to {', '.join(letter.to)}."


def _line(number: int, letter: Letter) -> str:
    return f'{number}: from {letter.sender}, "{letter.subject}"'


def whole(number: int, letter: Letter) -> str:
    """A letter as its reader sees it."""
    head = f"Letter {number} from {letter.sender} to {', '.join(letter.to)}, {letter.at}"
    texts = [f"Subject: {letter.subject}", letter.body, letter.quoted and f"> {letter.quoted}"]
    attached = [f"Attached: {file}" for file in letter.attached]
    return "\n".join([head, *filter(None, texts), *attached])
