"""What a family has in its hands: facts, people, records, and the calls and plays made of them."""

from __future__ import annotations

from typing import Any

import msgspec

from privgym.mark import mark
from privgym.message import Action, Call
from privgym.scenario import Play


class FactRef(msgspec.Struct, frozen=True):
    """A fact in a family's hands; formatted into a text it leaves a mark."""

    key: str

    def __format__(self, form: str) -> str:
        return mark(self.key, form)

    def __str__(self) -> str:
        return mark(self.key)


class PartyRef(FactRef, frozen=True):
    """A party in a family's hands. Forms: "" the full name, "first", "email"."""


class LetterRef(msgspec.Struct, frozen=True):
    """A letter in the principal's mailbox: its number there."""

    number: int

    def shown(self) -> Call:
        """The call that shows it, for what is in view as a session opens."""
        return Call.of("email_read", id=self.number)


class NoteRef(msgspec.Struct, frozen=True):
    """A note: its number in its owner's account."""

    number: int

    def shown(self) -> Call:
        """The call that shows it."""
        return Call.of("notes_read", id=self.number)


class EntryRef(msgspec.Struct, frozen=True):
    """A calendar entry: its number in the principal's calendar, or else in its owner's."""

    number: int

    def shown(self) -> Call:
        """The call that shows it, among the others."""
        return Call.of("calendar_list", day=None)


class FileRef(msgspec.Struct, frozen=True):
    """A file: its name."""

    name: str

    def __str__(self) -> str:
        return self.name

    def shown(self) -> Call:
        """The call that shows it."""
        return Call.of("files_read", name=self.name)


class FormRef(msgspec.Struct, frozen=True):
    """A page of a site: its address."""

    address: str

    def __str__(self) -> str:
        return self.address

    def shown(self) -> Call:
        """The call that shows it; its site is told the address."""
        return Call.of("web_open", address=self.address)


class ChannelRef(msgspec.Struct, frozen=True):
    """A chat channel: its name."""

    name: str

    def __str__(self) -> str:
        return f"#{self.name}"

    def shown(self) -> Call:
        """The call that shows what was said in it."""
        return Call.of("chat_read", where=str(self))


class MessageRef(msgspec.Struct, frozen=True):
    """A chat message: its number in the principal's account, and where it was written."""

    number: int
    where: PartyRef | ChannelRef

    def shown(self) -> Call:
        """The call that shows it, with what else was said there."""
        return Call.of("chat_read", where=_plain(self.where))


AnyRef = LetterRef | NoteRef | EntryRef | FileRef | FormRef | ChannelRef | MessageRef
"""What can be in view as a session opens."""


class _Calls:
    """`call.email_send(to=boss, body=...)` writes a call down for a play or the past."""

    def __getattr__(self, name: str) -> Any:
        def make(**arguments: Any) -> Call:
            return Call.of(name, **{k: _plain(v) for k, v in arguments.items()})

        return make


call = _Calls()


def full(party: PartyRef) -> str:
    """A party's whole address, "Full Name <e-mail>", in marks."""
    return f"{party} <{party:email}>"


def _plain(value: Any) -> Any:
    if isinstance(value, PartyRef):
        return mark(value.key, "email")
    if isinstance(value, FactRef):
        return mark(value.key)
    if isinstance(value, (LetterRef, NoteRef, EntryRef, MessageRef)):
        return value.number
    if isinstance(value, (FileRef, FormRef, ChannelRef)):
        return str(value)
    return [_plain(item) for item in value] if isinstance(value, (list, tuple)) else value


def play(kind: Any, turns: tuple[Any, ...]) -> Play:
    sessions = turns if turns and all(isinstance(turn, _Session) for turn in turns) else (turns,)
    return Play(kind, tuple(tuple(_turn(turn) for turn in session) for session in sessions))


class _Session(tuple[Any, ...]):
    """The turns of one session of a play."""


def then(*turns: Any) -> _Session:
    """One session's turns, for plays of several: `s.good(then(a, b), then(c))`."""
    return _Session(turns)


def _turn(turn: Any) -> Action:
    if isinstance(turn, Action):
        return turn
    if isinstance(turn, str):
        return Action(text=turn)
    return Action(calls=(turn,) if isinstance(turn, Call) else tuple(turn))
