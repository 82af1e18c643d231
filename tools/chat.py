"""Chat: to one person, or to a channel. Who is in a channel reads all that is said there.

A channel is its members, and every message says who they were. So the newest message of a
channel in an account tells who is in it now, and who joins is sent what was said before.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 12


class Message(Record):
    """One message; without a text it only tells who is in a channel."""

    envelope: ClassVar[frozenset[str]] = frozenset({"sender", "to", "channel", "at"})
    sender: str = ""
    to: tuple[str, ...] = ()
    channel: str = ""
    text: str = ""
    at: str = ""


class Chat(Tool[Message]):
    """One person's messages, and the channels that she is in."""

    def send(self, wire: Wire, to: str, text: str) -> str:
        """Write to a person, or to all members of a channel.

        Args:
            to: a full name, or a channel as #name.
            text: the message.
        """
        channel = self._channel(to)
        people = self._members(channel) if channel else wire.addresses([to])
        return self._say(wire, people, channel, text)

    def reply(self, wire: Wire, id: int, text: str) -> str:
        """Answer a message where it was written: to its sender, or in its channel.

        Args:
            id: number of the message.
            text: the answer.
        """
        asked = self.find(id)
        people = self._members(asked.channel) if asked.channel else (*asked.to, asked.sender)
        return self._say(wire, people, asked.channel, text, thread=asked.text)

    def read(self, wire: Wire, where: str = "") -> str:
        """Read the latest messages.

        Args:
            where: a full name, or a channel as #name; "" shows all.
        """
        channel = self._channel(where) if where else ""
        who = wire.addresses([where])[0] if where and not channel else ""
        found = (
            (number, message)
            for number, message in self._said()
            if not where or (message.channel == channel and (channel or who in _both(message)))
        )
        lines = [f"{_line(n, m)}: {m.text}" for n, m in islice(found, SHOWN)]
        return "\n".join(reversed(lines)) or "no messages there"

    def invite(self, wire: Wire, channel: str, person: str) -> str:
        """Bring somebody into a channel; they can read all that was said in it.

        Args:
            channel: the channel, as #name.
            person: full name of who joins.
        """
        name = self._channel(channel)
        members, (new,) = self._members(name), wire.addresses([person])
        if not name or new in members:
            raise ValueError(f"{new} is in {channel} already" if name else "name a channel")
        said = reversed([f"{m.sender}: {m.text}" for _, m in self._said() if m.channel == name])
        joined = Message(sender=wire.mine, to=(*members, new), channel=name, at=wire.now)
        wire.send([new], joined.model_copy(update={"text": "\n".join(said)}))
        others = [member for member in members if member != wire.mine]
        self.keep(wire.send(others, joined) if others else joined)
        return f"{new} is in #{name} now, and can read what was said there."

    def receive(self, sender: str, record: Message) -> tuple[int, str]:
        number = self.keep(record)
        if not record.text:
            return number, f"{record.to[-1]} joined #{record.channel}"
        return number, f"New message {_line(number, record)}"

    def opening(self, wire: Wire) -> str:
        lines = [_line(*found) for found in islice(self._said(), SHOWN)]
        channels = dict.fromkeys(m.channel for m in self.records.values() if m.channel)
        there = [f"Channels: {', '.join(f'#{name}' for name in channels)}"] if channels else []
        return "\n".join([*there, "Messages:", *lines] if lines else [*there, "No messages."])

    def _say(
        self, wire: Wire, people: tuple[str, ...], channel: str, text: str, thread: str = ""
    ) -> str:
        others = [person for person in dict.fromkeys(people) if person != wire.mine]
        if not others:
            raise ValueError("nobody else is there to read it")
        members = tuple(people) if channel else tuple(others)
        message = Message(sender=wire.mine, to=members, channel=channel, text=text, at=wire.now)
        number = self.keep(wire.send(others, message, thread=thread))
        return f"Sent as message {number} to {', '.join(others)}."

    def _said(self) -> Iterator[tuple[int, Message]]:
        """Messages that say something, newest first."""
        return ((n, message) for n, message in self.matching("") if message.text)

    def _channel(self, where: str) -> str:
        """The name of a channel; "" if it is a person that is named."""
        name = where.strip().removeprefix("#").lower()
        known = dict.fromkeys(m.channel for m in self.records.values() if m.channel)
        if name in known:
            return name
        if where.strip().startswith("#"):
            there = ", ".join(f"#{one}" for one in known) or "none"
            raise LookupError(f'you are in no channel "{where.strip()}" (there are: {there})')
        return ""

    def _members(self, channel: str) -> tuple[str, ...]:
        """Who is in a channel now: those whom its newest message names."""
        newest = (m for _, m in self.matching("") if m.channel == channel)
        return next(newest).to if channel else ()


def _both(message: Message) -> tuple[str, ...]:
    return (message.sender, *message.to)


def _line(number: int, message: Message) -> str:
    place = f" in #{message.channel}" if message.channel else f" to {', '.join(message.to)}"
    return f"{number}: from {message.sender}{place}"
