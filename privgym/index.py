"""A board's index: its rows in SQLite, so that a page need not open a thousand folders.

Nothing is in it that is not in the folders, and `fill` makes it anew. Every call has a connection
of its own, so that threads and processes share nothing but the file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import msgspec

from privgym.entry import Entry

WAIT = 30.0
"""Seconds to wait for another writer."""

_TABLE = """CREATE TABLE IF NOT EXISTS entries (
    id TEXT PRIMARY KEY, key TEXT NOT NULL, spec TEXT NOT NULL, utc TEXT NOT NULL,
    document TEXT NOT NULL
) STRICT, WITHOUT ROWID"""

_PUT = "INSERT OR REPLACE INTO entries VALUES (?, ?, ?, ?, ?)"


class Index:
    """The index of a board.

    Args:
        path: its file; made where there is none, and made anew where it is no database.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self._make()
        except sqlite3.DatabaseError:
            for end in ("", "-wal", "-shm"):
                with suppress(FileNotFoundError):
                    path.with_name(path.name + end).unlink()
            self._make()

    def entries(self) -> tuple[Entry, ...]:
        """All rows, the oldest first."""
        with self._open() as db:
            rows = db.execute("SELECT document FROM entries ORDER BY utc, id").fetchall()
        decoder = msgspec.json.Decoder(Entry)
        return tuple(decoder.decode(document) for (document,) in rows)

    def entry(self, id: str) -> Entry | None:
        """One row, if there is such a one."""
        with self._open() as db:
            found = db.execute("SELECT document FROM entries WHERE id = ?", (id,)).fetchone()
        return msgspec.json.decode(found[0], type=Entry) if found else None

    def ids(self) -> frozenset[str]:
        """The ids of all rows."""
        with self._open() as db:
            return frozenset(id for (id,) in db.execute("SELECT id FROM entries"))

    def put(self, entry: Entry) -> None:
        """Add a row, or put it in the place of the one with its id."""
        with self._open() as db:
            db.execute(_PUT, _values(entry))

    def drop(self, id: str) -> None:
        """Take a row out."""
        with self._open() as db:
            db.execute("DELETE FROM entries WHERE id = ?", (id,))

    def fill(self, entries: Iterable[Entry]) -> None:
        """Hold these rows and no others; all of it happens, or nothing."""
        with self._open() as db:
            db.execute("DELETE FROM entries")
            db.executemany(_PUT, map(_values, entries))

    def dump(self) -> str:
        """All that is in it, as SQL."""
        with self._open() as db:
            return "\n".join(db.iterdump())

    def _make(self) -> None:
        with self._open() as db:
            db.execute("PRAGMA journal_mode = WAL")
        with self._open() as db:
            db.execute(_TABLE)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        """A connection, with what is done in it written as one when all of it went well."""
        with closing(sqlite3.connect(self.path, timeout=WAIT)) as db:
            db.execute("PRAGMA synchronous = FULL")
            with db:
                yield db


def _values(entry: Entry) -> tuple[str, ...]:
    document = msgspec.json.encode(entry, order="sorted").decode()
    return entry.id, entry.key.id, entry.spec, entry.utc, document
