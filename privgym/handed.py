"""A run folder that somebody handed in: its files, read as if to do harm were what they are for.

Only files of the names that a run folder has are opened, and only plain ones, whose last part is
no link. Each has a most in bytes, and each line too. How deep a line may be nested is the JSON
reader's own limit, which is a named error and no crash (`trace.strict`).
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import closing
from io import BufferedReader
from pathlib import Path
from typing import Any

from privgym import trace
from privgym.errors import PrivgymError
from privgym.refusal import Refusal, Refused

MEBI = 1024 * 1024
MAX_LINE = 4 * MEBI
"""Longest line that is read, in bytes: a tenth of it is a long episode."""

FILES = {
    "run.json": MAX_LINE,
    "traces.jsonl": 2048 * MEBI,
    "findings.jsonl": 2048 * MEBI,
    "timings.jsonl": 64 * MEBI,
    "scores.json": MAX_LINE,
}
"""What is read of a run folder, and the most bytes of each; whatever else lies there is left."""


class Handed:
    """The files of a folder.

    Args:
        path: the folder.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def has(self, name: str) -> bool:
        """Whether something of that name is there, whatever it is."""
        return os.path.lexists(self.path / name)

    def document(self, name: str, kind: Any) -> Any:
        """A file that is one JSON document, as a record.

        Raises:
            Refused: it is no plain file, too large, or not such a record.
        """
        with closing(self._open(name)) as file:
            return parsed(file.read(MAX_LINE + 1), kind, name)

    def lines(self, name: str) -> Iterator[bytes]:
        """The lines of a file, without their ends; the last needs none.

        Raises:
            Refused: it is no plain file, or it or a line of it is too large.
        """
        with closing(self._open(name)) as file:
            number = 0
            while line := file.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    what = f"a line of over {MAX_LINE:,} bytes"
                    raise Refused(Refusal.SIZE, what, where=f"{name}, line {number}")
                yield line.rstrip(b"\r\n")

    def _open(self, name: str) -> BufferedReader:
        flags = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        try:
            file = os.fdopen(os.open(self.path / name, flags), "rb")
        except OSError as error:
            what = f"it cannot be read: {error.strerror}"
            do = "submit a run that was judged: privgym score RUN"
            raise Refused(Refusal.FILE, what, where=name, do=do) from None
        found = os.fstat(file.fileno())
        if not stat.S_ISREG(found.st_mode):
            file.close()
            raise Refused(Refusal.FILE, "it is no plain file", where=name)
        if found.st_size > FILES[name]:
            file.close()
            what = f"{found.st_size:,} bytes; {FILES[name]:,} are read"
            raise Refused(Refusal.SIZE, what, where=name)
        return file


def parsed(line: bytes, kind: Any, where: str) -> Any:
    """A line as a record.

    Raises:
        Refused: it is too long, or not such a record.
    """
    if len(line) > MAX_LINE:
        raise Refused(Refusal.SIZE, f"over {MAX_LINE:,} bytes", where=where)
    try:
        return trace.strict(line, kind, where)
    except PrivgymError as error:
        raise Refused(Refusal.FORMAT, error.what, where=where) from None
