"""A board and the path of a page -> what the page says: the same for a server and for an export.

A page's content is all that its template shows and all that its JSON twin says, so that the two
cannot say different things. A path is "", "proves", "attempts", "rows/ID", "rows/ID/EPISODE",
"agents/WHO" or "compare/ID/ID".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import msgspec

from privgym.board import Board, Rules
from privgym.entry import Entry, groups
from privgym.errors import Failure, PrivgymError
from privgym.folder import RunFolder
from privgym.score import Score

from . import kept
from .differ import differ
from .seal import Seal
from .shelves import FILTERS, Place, Shelf, narrowed, shelves, who, word
from .story import story

NUMBER = re.compile(r"0|[1-9][0-9]{0,7}")
"""How the number of an episode is written in a path."""


class Page(msgspec.Struct, frozen=True):
    """A page: the template that shows it, its title, and its content."""

    template: str
    title: str
    content: Mapping[str, object]


class Glance(msgspec.Struct, frozen=True):
    """One episode in the list of a row."""

    number: int
    score: Score
    failure: Failure | None


class Site:
    """The pages of a board.

    Args:
        board: the board.
    """

    def __init__(self, board: Board) -> None:
        self._board = board
        self._ranked: tuple[object, tuple[Shelf, ...]] = (), ()

    def page(self, path: str, query: Mapping[str, str] | None = None) -> Page:
        """The page of a path.

        Raises:
            LookupError: there is no such page; the error says why in words.
        """
        match path.split("/"):
            case [""]:
                return self._list(query or {})
            case ["proves"]:
                return Page("proves.html", "What a row proves", {})
            case ["attempts"]:
                return self._attempts()
            case ["rows", id]:
                return self._row(self._entry(id))
            case ["rows", id, number] if NUMBER.fullmatch(number):
                return self._episode(self._entry(id), int(number))
            case ["agents", name]:
                return self._agent(name)
            case ["compare", one, other]:
                return self._compare(self._entry(one), self._entry(other))
        raise LookupError("there is no such page")

    def paths(self) -> Iterator[str]:
        """Every page, the list first; of comparisons those with the first row of each group."""
        entries = self._board.entries()
        yield from ("", "proves", "attempts")
        yield from (f"agents/{name}" for name in sorted({who(one) for one in entries}))
        for one in entries:
            yield f"rows/{one.id}"
            if self._readable(one):
                yield from (f"rows/{one.id}/{number}" for number in range(one.row.n))
        for shelf in self._shelves():
            ids = [p.standing.entry.id for p in shelf.places if p.standing.rank]
            yield from (f"compare/{ids[0]}/{other}" for other in ids[1:])

    def _entry(self, id: str) -> Entry:
        for gone in self._board.tombstones():
            if gone.id == id:
                raise LookupError(f"this row was retracted on {gone.utc[:10]}: {gone.why}")
        try:
            return self._seal.entry(self._board.entry(id))
        except PrivgymError:
            raise LookupError("there is no such row") from None

    @property
    def _seal(self) -> Seal:
        """Of the round that is on disk: another process may have begun it."""
        file = self._board.path / "board.json"
        return Seal(msgspec.json.decode(file.read_bytes(), type=Rules).round)

    def _readable(self, entry: Entry) -> bool:
        """Whether its episodes can be read: they are there, and nothing is given away."""
        return entry.belief != "claimed" and not self._seal.on(entry)

    def _shelves(self) -> tuple[Shelf, ...]:
        """All groups; ranking takes a while, so it is done once for the same rows."""
        seal = self._seal
        entries = tuple(map(seal.entry, self._board.entries()))
        rows = tuple((one.id, one.belief, one.flags) for one in entries)
        known, found = self._ranked
        if rows != known:
            found = shelves(groups(entries))
            self._ranked = rows, found
        return found

    def _list(self, query: Mapping[str, str]) -> Page:
        chosen = {name: query[name] for name in (*FILTERS, "agent") if query.get(name)}
        found = self._shelves()
        entries = [p.standing.entry for shelf in found for p in shelf.places if not p.floor]
        shown = [one for shelf in found if (one := narrowed(shelf, chosen)).rows]
        content = {
            "shelves": shown,
            "chosen": chosen,
            "options": {name: sorted({word(one, name) for one in entries}) for name in FILTERS},
            "rows": sum(shelf.rows for shelf in shown),
            "of": len(entries),
        }
        return Page("board.html", "Leaderboard", content)

    def _row(self, entry: Entry) -> Page:
        shelf, place = next(iter(self._places(entry.id)))
        readable, seal = self._readable(entry), self._seal
        content = {
            "entry": entry,
            "readable": readable,
            "sealed": seal.on(entry),
            "who": who(entry),
            "group": shelf.id,
            "place": place,
            "of": len(shelf.places),
            "episodes": [
                Glance(number, seal.score(entry, score), why if readable else None)
                for number, (score, why) in enumerate(kept.scores(self._run(entry)))
            ],
        }
        return Page("row.html", entry.spec, content)

    def _episode(self, entry: Entry, number: int) -> Page:
        if not self._readable(entry):
            raise LookupError("this episode cannot be read: its row says why")
        run = self._run(entry)
        told = story(*kept.episode(run, number))
        leaky = [n for n, (score, _) in enumerate(kept.scores(run)) if score.inappropriate]
        content = {
            "row": entry.id,
            "spec": entry.spec,
            "number": number,
            "before": max((n for n in leaky if n < number), default=None),
            "after": min((n for n in leaky if n > number), default=None),
            "story": told,
        }
        return Page("told.html", told.scenario, content)

    def _agent(self, name: str) -> Page:
        rows = [
            {"group": shelf.id, "of": len(shelf.places), "place": place}
            for shelf in self._shelves()
            for place in shelf.places
            if place.who == name
        ]
        if not rows:
            raise LookupError("there is no such agent")
        entry = next(one for one in self._board.entries() if who(one) == name)
        retracted = [gone for gone in self._board.tombstones() if gone.spec == entry.spec]
        content = {"spec": entry.spec, "about": entry.about, "rows": rows, "retracted": retracted}
        return Page("agent.html", entry.spec, content)

    def _compare(self, one: Entry, other: Entry) -> Page:
        both = {one.id, other.id}
        common = any(
            both <= {place.standing.entry.id for place in shelf.places} for shelf in self._shelves()
        )
        if not common or "claimed" in (one.belief, other.belief):
            what = "they are of different groups, or have no traces"
            raise LookupError(f"these two rows cannot be compared: {what}")
        found = differ(kept.judged(self._run(one)), kept.judged(self._run(other)))
        content = {
            "one": one,
            "other": other,
            "sealed": self._seal.on(one),
            "differences": self._seal.differences(one, found),
        }
        return Page("compare.html", f"{one.spec} and {other.spec}", content)

    def _attempts(self) -> Page:
        content = {
            "attempts": self._board.attempts(),
            "retracted": self._board.tombstones(),
            "rows": [one.id for one in self._board.entries()],
        }
        return Page("attempts.html", "Attempts and retractions", content)

    def _places(self, id: str) -> Iterator[tuple[Shelf, Place]]:
        """Where a row stands; a floor stands in several groups."""
        for shelf in self._shelves():
            yield from ((shelf, p) for p in shelf.places if p.standing.entry.id == id)

    def _run(self, entry: Entry) -> RunFolder:
        return RunFolder(self._board.run(entry))
