"""What was tried on a board, a line each: nonces handed out, runs taken in, refused, retracted.

Nothing is ever taken out of it. The rows of a board do not hang on it: it is what shows how often
somebody tried before a row came to stand there.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import msgspec

from privgym import trace

What = Literal["opened", "taken in", "refused", "retracted"]


class Attempt(msgspec.Struct, frozen=True):
    """One thing that was tried.

    Args:
        what: what came of it; "opened" for a nonce that was handed out.
        spec: the agent, "" where nobody could read which it was.
        utc: when, "2026-11-30T09:00:00Z".
        nonce: the nonce, "" for none.
        entry: id of the row.
        code: why it was refused (`refusal.Refusal`).
    """

    what: What
    spec: str
    utc: str
    nonce: str = ""
    entry: str = ""
    code: str = ""


class Ledger:
    """The file `attempts.jsonl` of a board. One process at a time writes it (`lock.turn`)."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> Iterator[Attempt]:
        """All of it, in order; a line that was torn is left out."""
        if self.path.exists():
            for number, line in enumerate(trace.lines(self.path), 1):
                yield trace.strict(line, Attempt, f"{self.path.name}, line {number}")

    def add(
        self, what: What, spec: str, *, nonce: str = "", entry: str = "", code: str = ""
    ) -> None:
        """Write one down, and see that the disk has it."""
        trace.mend(self.path)
        with self.path.open("ab") as file:
            one = Attempt(what, spec, now(), nonce, entry, code)
            file.write(msgspec.json.encode(one) + b"\n")
            file.flush()
            os.fsync(file.fileno())

    def opened(self, nonce: str) -> Attempt | None:
        """How a nonce was handed out, if it was."""
        return next((a for a in self.read() if a.what == "opened" and a.nonce == nonce), None)

    def tries(self, spec: str) -> int:
        """How often an agent was tried: nonces it was given, and runs without one."""
        mine = [a for a in self.read() if a.spec == spec and a.what != "retracted"]
        return sum(a.what == "opened" or not a.nonce for a in mine)


def now() -> str:
    """The time, to the second: "2026-11-30T09:00:00Z"."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
