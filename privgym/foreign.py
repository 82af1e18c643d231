"""A trace that comes from elsewhere (a log, another harness), judged by somebody's own norms.

JSON lines. The first says who and what there is; each other line is an event as `event.py` has
them, and a `sent` may bring its findings. Where it brings none the exact sensor looks.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec

from privgym import trace
from privgym.book import Book
from privgym.errors import REFUSED, PrivgymError
from privgym.event import AnyEvent, Opened, Sent, Ticked
from privgym.flow import AGENT, MEMORY, STRANGER, Certainty, Fact, Finding, Party
from privgym.monitor import Monitor
from privgym.past import clock
from privgym.reader import Reader
from privgym.verdict import Verdict

_HOUSE = (
    Party(AGENT, "Agent", "agent"),
    Party(MEMORY, "Memory", "memory"),
    Party(STRANGER, "Stranger", "stranger"),
)


class When(msgspec.Struct, frozen=True):
    """A session: the sphere it belongs to, and what it is for."""

    sphere: str
    purpose: str = ""


class Cast(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The first line: who and what there is.

    Args:
        principal: key of the party that the agent acts for.
        parties: everyone (the agent, its memory and a stranger need not be named).
        facts: everything that is tracked.
        sessions: one for each `opened` of the trace.
    """

    principal: str
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    sessions: tuple[When, ...]


class _Found(msgspec.Struct, frozen=True):
    """A finding as it comes with a line: of what is left out nothing hangs."""

    fact: str
    field: str = "text"
    start: int = 0
    end: int = 0
    words: str = ""
    certainty: Certainty = "yes"
    sensor: str = ""


def judged(norms: Sequence[str], path: Path) -> tuple[Cast, list[Verdict]]:
    """Judge a file.

    Args:
        norms: norm lines.
        path: the trace.

    Raises:
        PrivgymError: the norms or the trace cannot be read; names the line.
    """
    lines = trace.lines(path)
    first = next(lines, None)
    if first is None:
        do = "its first line says who and what there is; see docs/norms.md"
        raise PrivgymError("the trace is empty", where=str(path), do=do)
    cast: Cast = trace.strict(first, Cast, f"{path.name}, line 1")
    reader = _reader(norms, cast)
    monitor, verdicts = Monitor(reader.book), list[Verdict]()
    for event, given in _events(lines, path.name, reader.book):
        verdicts += monitor.see(event, reader.find(event) if given is None else given)
    return cast, verdicts


def _reader(norms: Sequence[str], cast: Cast) -> Reader:
    keys = {party.key for party in cast.parties}
    parties = (*cast.parties, *(party for party in _HOUSE if party.key not in keys))
    spheres = [session.sphere for session in cast.sessions]
    purposes = [session.purpose for session in cast.sessions]
    return Reader.of(norms, parties, cast.facts, spheres, cast.principal, purposes)


def _events(
    lines: Iterator[bytes], name: str, book: Book
) -> Iterator[tuple[AnyEvent, tuple[Finding, ...] | None]]:
    for number, line in enumerate(lines, 2):
        where = f"{name}, line {number}"
        plain: dict[str, Any] = trace.strict(line, dict[str, Any], where)
        given = plain.pop("findings", None)
        findings = None
        if given is not None:
            found = trace.strict(json.dumps(given).encode(), tuple[_Found, ...], where)
            findings = tuple(Finding(**msgspec.structs.asdict(one)) for one in found)
        event: AnyEvent = trace.strict(json.dumps(plain).encode(), AnyEvent, where)
        _known(event, findings or (), book, where)
        yield event, findings


def _known(event: AnyEvent, findings: Sequence[Finding], book: Book, where: str) -> None:
    """Refuse an event of parties, facts or sessions that the first line does not name."""
    for finding in findings:
        if finding.fact not in book.facts:
            raise _unknown("fact", finding.fact, where)
    parties = (event.sender, *event.to) if isinstance(event, Sent) else ()
    for party in parties:
        if party not in book.people.keys:
            raise _unknown("party", party, where)
    if isinstance(event, Ticked):
        try:
            clock(event.at)
        except ValueError:
            do = 'write it as "2026-11-30 09:00"'
            raise PrivgymError(f'"{event.at}" is no time', where=where, do=do) from None
    if isinstance(event, Opened) and not 0 < event.session <= len(book.spheres):
        raise _unknown("session", str(event.session), where)


def _unknown(kind: str, name: str, where: str) -> PrivgymError:
    what = f'there is no {kind} "{name}"'
    return PrivgymError(what, where=where, do="the first line names all there are", code=REFUSED)
