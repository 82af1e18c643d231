"""Which duties are owed: waiting for a trigger, open, met, or fallen due.

What became of one that fell due is the monitor's to say.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heappop, heappush

from privgym.book import Book
from privgym.event import Announced, Asked, Deed
from privgym.knowledge import YES, Told
from privgym.norm import Span
from privgym.past import MINUTES, Moment


class Duties:
    """The duties of one episode, by their numbers in the book."""

    def __init__(self, book: Book) -> None:
        self._book = book
        self._waiting = {number for number, duty in enumerate(book.duties) if duty.line.trigger}
        self._open: dict[int, int] = {}
        self._deadlines: dict[str, list[tuple[int, int]]] = {}
        self._perhaps: set[int] = set()

    def perhaps(self, number: int) -> bool:
        """Whether a duty was perhaps met: told, but not surely."""
        return number in self._perhaps

    def opened(self, now: Moment) -> None:
        """A session began, and with it the duties that begin there."""
        for number, duty in enumerate(self._book.duties):
            if duty.opens == now.session:
                self._begin(number, now)

    def did(self, event: Deed, now: Moment) -> None:
        """Somebody asked, or an event came about: what waits for it opens."""
        numbers = (
            self._book.triggered(event.party, event.attribute)
            if isinstance(event, Asked)
            else self._book.triggered_by(event.name)
            if isinstance(event, Announced)
            else ()
        )
        for number in numbers:
            here = self._book.here(self._book.duties[number].line.rule, now.session)
            if now.session and here and number in self._waiting:
                self._waiting.remove(number)
                self._begin(number, now)

    def _begin(self, number: int, now: Moment) -> None:
        self._open[number] = now.session
        by = self._book.duties[number].line.rule.by
        if isinstance(by, Span):
            unit = by.unit if by.unit in ("step", "session") else "minute"
            limit = _reading(now, unit) + by.count * MINUTES.get(by.unit, 1)
            heappush(self._deadlines.setdefault(unit, []), (limit, number))

    def told(self, sender: str, told: Told, session: int) -> Iterator[int]:
        """The agent told somebody something: the duties that this meets."""
        recipient, fact, truth = told
        for number in self._book.discharged(fact.key, recipient):
            line = self._book.duties[number].line
            here = self._book.here(line.rule, session)
            if number not in self._open or not here or not line.fits(sender, recipient):
                continue
            if truth == YES:
                del self._open[number]
                yield number
            else:
                self._perhaps.add(number)

    def passed(self, now: Moment) -> list[int]:
        """Time went on: the duties whose time is up."""
        late = []
        for unit, deadlines in self._deadlines.items():
            while deadlines and deadlines[0][0] < _reading(now, unit):
                late.append(heappop(deadlines)[1])
        return sorted(number for number in late if self._open.pop(number, None) is not None)

    def closed(self, session: int) -> list[int]:
        """A session ended: the duties that were due by then."""
        last = session >= len(self._book.spheres)
        due = [
            number
            for number, opened in self._open.items()
            if last or (self._book.duties[number].line.rule.by == "session" and opened == session)
        ]
        for number in due:
            del self._open[number]
        return sorted(due)

    def left(self) -> list[int]:
        """The episode ended: the duties that nothing ever opened."""
        waiting, self._waiting = sorted(self._waiting), set()
        return waiting


def _reading(now: Moment, unit: str) -> int:
    """What the clock of a unit stands at."""
    if unit == "minute":
        return now.minutes
    return now.step if unit == "step" else now.session
