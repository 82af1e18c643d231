"""What a family has in its hands: facts, people, letters, and the calls and plays made of them."""

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


class _Calls:
    """`call.email_send(to=boss, body=...)` writes a call down for a play or the past."""

    def __getattr__(self, name: str) -> Any:
        def make(**arguments: Any) -> Call:
            return Call.of(name, **{k: _plain(v) for k, v in arguments.items()})

        return make


call = _Calls()


def _plain(value: Any) -> Any:
    if isinstance(value, PartyRef):
        return mark(value.key, "email")
    if isinstance(value, FactRef):
        return mark(value.key)
    if isinstance(value, LetterRef):
        return value.number
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
