"""One process a run folder: a lock that goes with the process that holds it.

The system releases the lock when its holder ends, however it ends, so there is never a stale one
to clear away; the file only says whom to ask.
"""

from __future__ import annotations

import fcntl
import os
import platform
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from privgym.errors import ENVIRONMENT, PrivgymError

FILE = "lock"
TURN = "turn"


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Hold a folder alone.

    Raises:
        PrivgymError: (code 5) another process holds it; the error names it.
    """
    path = folder / FILE
    file = _take(path)
    try:
        os.ftruncate(file, 0)
        os.write(file, f"process {os.getpid()} on {platform.node()}".encode())
        yield
    finally:
        path.unlink(missing_ok=True)  # before the lock goes: nobody may find it free and named
        os.close(file)


@contextmanager
def turn(folder: Path) -> Iterator[None]:
    """Hold a folder alone as soon as whoever holds it is done; for what takes a moment."""
    file = os.open(folder / TURN, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
    finally:
        os.close(file)


def _take(path: Path) -> int:
    """Open the file and lock it."""
    file = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        # Its last holder may have taken it away since we opened it: then the name is not ours.
        ours = path.exists() and path.stat().st_ino == os.fstat(file).st_ino
    except BaseException as error:
        holder = os.read(file, 200).decode(errors="replace") or "another process"
        os.close(file)
        if not isinstance(error, BlockingIOError):
            raise
        raise PrivgymError(
            f"{holder} is at this run",
            where=str(path.parent),
            do="wait until it has ended, or begin another run with --new",
            code=ENVIRONMENT,
        ) from None
    if ours:
        return file
    os.close(file)
    return _take(path)
