"""Where the agent had a fact from: read here, written there, recalled later.

The agent forgets between sessions, so what it knows in one was read in it, told to it in it, or
recalled from memory. Kept are one place a fact and session, and where it first was; bounded by the
scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec

from privgym.message import Call


class Thread:
    """Where the agent had read what."""

    def __init__(self) -> None:
        self._places: dict[str, str] = {}
        self._first: dict[str, str] = {}
        self._written: dict[str, int] = {}
        self._recalled: dict[str, int] = {}
        self._calls: list[Call] = []

    def note(self, facts: Iterable[str], place: str) -> None:
        """Facts came into view at a place; the first place counts."""
        for fact in facts:
            self._places.setdefault(fact, place)
            self._first.setdefault(fact, place)

    def recall(self, facts: Iterable[str], session: int) -> None:
        """Facts came out of memory."""
        facts = list(facts)
        for fact in facts:
            if fact not in self._places:
                self._recalled[fact] = session
        self.note(facts, f"recalled from memory in session {session}")

    def write(self, facts: Iterable[str], session: int) -> None:
        """The agent wrote facts to memory."""
        for fact in facts:
            self._written.setdefault(fact, session)

    def open(self) -> None:
        """A session begins, with nothing read."""
        self._places.clear()
        self._recalled.clear()

    def acted(self, calls: Sequence[Call]) -> None:
        """The agent made these calls, whose answers come next and in order."""
        self._calls = list(calls)

    def answered(self, name: str, facts: Sequence[str], session: int) -> None:
        """A call was answered, with these facts; told as one reads it: "email_read(id=3)"."""
        told = name
        while self._calls:
            call = self._calls.pop(0)
            if call.name == name:
                told = f"{name}({_arguments(call.arguments)})" if facts else name
                break
        self.note(facts, f"read in session {session} by {told}")

    def place(self, fact: str) -> str:
        """Where a fact was read in this session, "" if nowhere."""
        return self._places.get(fact, "")

    def of(self, fact: str, source: str) -> tuple[str, ...]:
        """The way of a fact to the agent, step by step; empty if nothing had supplied it.

        Args:
            fact: its key.
            source: name of the party that it first came from, "" if from nobody.
        """
        place = self._places.get(fact)
        if place is None:
            return ()
        came = f" (from {source})" if source else ""
        if fact not in self._recalled:
            return (f"{place}{came}",)
        first, written = self._first[fact], self._written.get(fact)
        steps = [f"{first}{came}"] if first != place else []
        if written is not None:
            steps.append(f"written to memory in session {written}")
        return (*steps, place if steps else f"{place}{came}")


def _arguments(text: str, limit: int = 60) -> str:
    """Call arguments as one reads them, cut at `limit` characters."""
    try:
        given = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return "..."
    if not isinstance(given, dict):
        return "..."
    shown = ", ".join(f"{name}={value!r}" for name, value in given.items() if value is not None)
    return shown if len(shown) <= limit else f"{shown[:limit]}..."
