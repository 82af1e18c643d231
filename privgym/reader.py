"""What it takes to judge events: the norms, and the sensor that says what an event tells."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from privgym.book import Book
from privgym.event import AnyEvent, Opened, Returned, Sent
from privgym.flow import Fact, Finding, Party
from privgym.scenario import PRINCIPAL, Scenario
from privgym.sensor import Sensor
from privgym.sensors.exact import Exact


class Reader(NamedTuple):
    """A book of norms, and an exact sensor for its facts. Both are shared: nothing changes them."""

    book: Book
    sensor: Sensor

    @classmethod
    def of(
        cls,
        norms: Sequence[str],
        parties: Sequence[Party],
        facts: Sequence[Fact],
        spheres: Sequence[str] = (),
        principal: str = PRINCIPAL,
        purposes: Sequence[str] = (),
    ) -> Reader:
        """Compile norms, and build the sensor that goes with them.

        Args:
            norms, parties, facts, spheres, principal, purposes: as `Book.of` takes them.

        Raises:
            PrivgymError: a norm cannot be read or speaks of what is not there, or no sensor can
                find a fact's value.
        """
        book = Book.of(norms, parties, facts, spheres, principal, purposes)
        # Only an exact sensor runs inside a step (docs/design.md, section 8).
        return cls(book, Exact(facts, parties, principal, book.parts_of))

    def find(self, event: AnyEvent) -> tuple[Finding, ...]:
        """The facts that stand in an event's texts."""
        if isinstance(event, Sent):
            thread = self.sensor.named(event.thread) if event.thread else ()
            return self.sensor.find(event.parts, (*event.to, *thread))
        if isinstance(event, (Returned, Opened)) and event.text:
            return self.sensor.find((("text", event.text),))
        return ()


@lru_cache(maxsize=1024)
def reader(scenario: Scenario) -> Reader:
    """The reader of a scenario."""
    return Reader.of(
        scenario.lines,
        scenario.parties,
        scenario.facts,
        tuple(session.sphere for session in scenario.sessions),
        PRINCIPAL,
        tuple(session.purpose or "" for session in scenario.sessions),
    )
