"""The few ways to fail, and the one boundary where a failure becomes a record.

`PrivgymError` is the only error a user is meant to see: what went wrong, where, what was
probably meant, and what to do. A traceback of any other kind is a bug of ours.
"""

from __future__ import annotations

import difflib
import traceback
from collections.abc import Iterable

import msgspec

USAGE, INCONCLUSIVE, REFUSED, ENVIRONMENT, BUG = 2, 3, 4, 5, 70
"""Exit codes of the command line (0 is success, 1 a finding, 130 and 143 stopped)."""


class PrivgymError(Exception):
    """A failure that a user can do something about.

    Args:
        what: what went wrong, one line.
        where: file, line, scenario or setting it went wrong in.
        meant: what was probably meant ("did you mean").
        do: what to do about it.
        code: the exit code it ends a command with.
    """

    def __init__(
        self, what: str, *, where: str = "", meant: str = "", do: str = "", code: int = USAGE
    ) -> None:
        super().__init__(what)
        self.what, self.where, self.meant, self.do, self.code = what, where, meant, do, code

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  in {self.where}")
        if self.meant:
            lines.append(f"  did you mean {self.meant}?")
        if self.do:
            lines.append(f"  {self.do}")
        return "\n".join(lines)


class Failure(msgspec.Struct, frozen=True):
    """An error as a record: what a run keeps of an episode that could not be finished."""

    kind: str
    what: str


def failure(error: BaseException) -> Failure:
    """Turn an error into the record that a run keeps; the place is named for unexpected ones."""
    if isinstance(error, PrivgymError):
        return Failure(kind="PrivgymError", what=str(error))
    frames = traceback.extract_tb(error.__traceback__)
    place = f" ({frames[-1].name}, line {frames[-1].lineno})" if frames else ""
    return Failure(kind=type(error).__name__, what=f"{error}{place}")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The known words nearest to `word`, quoted and joined with "or"; empty if none is near."""
    near = difflib.get_close_matches(word, sorted(known), n=3, cutoff=0.6)
    return " or ".join(f'"{name}"' for name in near)
