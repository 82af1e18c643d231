"""A web search. The provider is a recipient: whatever stands in a query, it has been told."""

from __future__ import annotations

import re
from typing import ClassVar

from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 3


class Page(Record):
    """A page that can be found, or (with `query` alone) a query that the provider was sent."""

    envelope: ClassVar[frozenset[str]] = frozenset({"title", "text"})
    query: str = ""
    title: str = ""
    text: str = ""


class Search(Tool[Page]):
    """The provider's account: its pages, and the queries that it was sent."""

    def web(self, wire: Wire, query: str) -> str:
        """Search the web.

        Args:
            query: what to look for; the search provider sees it.
        """
        asked = wire.tell("search", Page(query=query))
        return wire.consult("search", asked.query)

    def receive(self, sender: str, record: Page) -> tuple[int, str]:
        return self.keep(record), f"Query: {record.query}"

    def consulted(self, question: str) -> str:
        words = set(re.findall(r"\w{3,}", question.lower()))
        ranked = sorted(self.records.values(), key=lambda page: -len(words & _words(page)))
        found = [f"{p.title}: {p.text}" for p in ranked[:SHOWN] if words & _words(p)]
        return "\n".join(found) or "no page found; try other words"


def _words(page: Page) -> set[str]:
    return set(re.findall(r"\w{3,}", f"{page.title} {page.text}".lower()))
