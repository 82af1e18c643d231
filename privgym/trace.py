"""One episode as it happened; the only reader and writer of run files.

A trace is a header and events; findings, verdicts and scores are recomputed from it. A trace
file has one trace a line. The reader trusts nothing: it splits on "\\n" only and refuses
duplicate keys, NaN, lone surrogates, wrong types, and lines beyond a stated length. A torn
last line is normal (the writer was killed) and is cut.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any, NoReturn

import msgspec

from privgym.errors import REFUSED, Failure, PrivgymError
from privgym.event import Acted, AnyEvent
from privgym.flow import AGENT
from privgym.guard import Mode

FORMAT = 1
MAX_LINE = 64 * 1024 * 1024
"""Longest line that is read, in bytes."""


class Header(msgspec.Struct, frozen=True):
    """What a trace is of.

    Args:
        scenario: its name; `digest` the SHA-256 of its content.
        pack_version: version of its pack.
        agent: the spec it ran under, and `about` what the agent and its model say of themselves.
        guard: what the guard at the wire did about inappropriate flows; "off" for none.
        format: version of this file format.
    """

    scenario: str
    digest: str
    pack_version: int
    agent: str
    about: dict[str, str]
    guard: Mode = "off"
    format: int = FORMAT


class Trace(msgspec.Struct, frozen=True):
    """One episode: its header, its events, and the failure that ended it early, if any."""

    header: Header
    events: tuple[AnyEvent, ...]
    failure: Failure | None = None

    @property
    def turns(self) -> int:
        """Turns that the agent took."""
        return sum(isinstance(event, Acted) and event.party == AGENT for event in self.events)


_ENCODER = msgspec.json.Encoder()


def encode(trace: Trace) -> bytes:
    """A trace as one line, with its end-of-line."""
    return _ENCODER.encode(trace) + b"\n"


def decode(line: bytes, where: str = "") -> Trace:
    """Read one line.

    Raises:
        PrivgymError: (code 4) it is not a trace of this format.
    """
    trace: Trace = strict(line, Trace, where)
    if trace.header.format != FORMAT:
        what = f"format {trace.header.format} of traces; this version reads {FORMAT}"
        raise PrivgymError(what, where=where, code=REFUSED)
    return trace


def strict(line: bytes, kind: Any, where: str = "") -> Any:
    """Read hostile JSON as a record: no duplicate keys, no NaN, no surprises."""
    if len(line) > MAX_LINE:
        raise PrivgymError(f"a line of {len(line):,} bytes", where=where, code=REFUSED)
    try:
        plain = json.loads(line.decode(), object_pairs_hook=_once, parse_constant=_no_constant)
        json.dumps(plain, ensure_ascii=False).encode()  # half a surrogate pair is a ValueError
        return msgspec.convert(plain, kind)
    except (ValueError, msgspec.ValidationError, RecursionError) as error:
        raise PrivgymError(f"not readable: {error}"[:300], where=where, code=REFUSED) from None


def read(path: Path) -> Iterator[Trace]:
    """The traces of a file, in order; a torn last line is left out."""
    for number, line in enumerate(lines(path), 1):
        yield decode(line, f"{path.name}, line {number}")


def lines(path: Path) -> Iterator[bytes]:
    """The whole lines of a file, split on "\\n" only.

    Raises:
        PrivgymError: (code 4) a line is too long.
    """
    with path.open("rb") as file:
        while (line := file.readline(MAX_LINE + 1)).endswith(b"\n"):
            yield line[:-1]
    if len(line) > MAX_LINE:
        raise PrivgymError(f"a line of over {MAX_LINE:,} bytes", where=path.name, code=REFUSED)


def mend(path: Path, most: int | None = None) -> int:
    """Cut a torn last line off, and lines beyond `most`; gives the number that are left."""
    if not path.exists():
        return 0
    count = whole = 0
    for line in islice(lines(path), most):
        count += 1
        whole += len(line) + 1
    if whole != path.stat().st_size:
        os.truncate(path, whole)
    return count


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("an object names a key twice")
    return found


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number here")
