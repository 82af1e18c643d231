"""Groups of comparable rows, as pages show them; which rows a query asks for."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import msgspec
from msgspec.structs import replace

from privgym.entry import Entry, Group, Key, Standing

FILTERS = ("pack", "split", "seeds", "mode", "guard", "belief")
"""What a query may ask for, beside `agent`, words that an agent's spec must hold."""


class Place(msgspec.Struct, frozen=True):
    """A row in the list of its group.

    Args:
        number: in the order of the list, from 1; it names the row's dot in the figure.
        ties: how many other rows have the same rank.
        who: the short name of the agent's page.
    """

    number: int
    standing: Standing
    ties: int
    who: str

    @property
    def floor(self) -> bool:
        """Whether it is a trivial policy."""
        return self.standing.entry.floor


class Shelf(msgspec.Struct, frozen=True):
    """Rows that may be compared, in their order; `id` is short for what they share."""

    id: str
    key: Key
    places: tuple[Place, ...]

    @property
    def rows(self) -> int:
        """How many rows there are beside the floors."""
        return sum(not place.floor for place in self.places)


def shelves(found: Sequence[Group]) -> tuple[Shelf, ...]:
    """Groups, with what a page says of a row in its place."""
    made = []
    for group in found:
        ranks = [standing.rank for standing in group.standings]
        places = [
            Place(number, one, ranks.count(one.rank) - 1 if one.rank else 0, who(one.entry))
            for number, one in enumerate(group.standings, 1)
        ]
        made.append(Shelf(group.key.id, group.key, tuple(places)))
    return tuple(made)


def who(entry: Entry) -> str:
    """A short name of an agent: of its spec and of all that it and its model say of themselves."""
    said = msgspec.json.encode([entry.spec, entry.about], order="sorted")
    return hashlib.sha256(said).hexdigest()[:12]


def word(entry: Entry, name: str) -> str:
    """What a row says of one of `FILTERS`."""
    return entry.belief if name == "belief" else str(getattr(entry.key, name))


def narrowed(shelf: Shelf, chosen: Mapping[str, str]) -> Shelf:
    """A group with the rows that a query asks for, in their old places, and all its floors."""
    places = tuple(p for p in shelf.places if p.floor or _asked(p.standing.entry, chosen))
    return replace(shelf, places=places)


def _asked(entry: Entry, chosen: Mapping[str, str]) -> bool:
    agent = chosen.get("agent", "").casefold() in entry.spec.casefold()
    return agent and all(word(entry, name) == chosen[name] for name in FILTERS if name in chosen)
