"""A browser. A site is a party: it is told the address of what is opened, and what is submitted."""

from __future__ import annotations

from privgym.tool import Tool
from privgym.wire import Record, Wire


class Page(Record):
    """A page; or, without a title, what its site is told: an address, and fields filled in."""

    address: str
    title: str = ""
    text: str = ""
    fields: tuple[str, ...] = ()
    filled: tuple[tuple[str, str], ...] = ()

    def parts(self) -> tuple[tuple[str, str], ...]:
        return (("address", self.address), *(part for part in self.filled if part[1]))


class Web(Tool[Page]):
    """Of a person, the pages she opened; of a site, its pages and what it was told."""

    def open(self, wire: Wire, address: str) -> str:
        """Open a page; its site sees the address.

        Args:
            address: the web address.
        """
        whole = address if "://" in address else f"https://{address.strip()}"
        told = wire.send([whole], Page(address=whole))
        try:
            page = Page.model_validate_json(wire.consult(whole, told.address))
        except LookupError as error:
            return f"{whole} cannot be opened: {error}"
        self.keep(page)
        return _shown(page)

    def fill(self, wire: Wire, field: str, text: str) -> str:
        """Fill in a field of the page opened last; nobody sees it until it is submitted.

        Args:
            field: name of the field.
            text: what goes in.
        """
        number, page = self._opened()
        same = [name for name in page.fields if name.casefold() == field.casefold().strip()]
        if not same:
            there = ", ".join(page.fields) or "none"
            raise LookupError(f'there is no field "{field}" (there are: {there})')
        filled = {**dict(page.filled), same[0]: text}
        self.change(number, page.model_copy(update={"filled": tuple(filled.items())}))
        left = ", ".join(name for name in page.fields if name not in filled)
        return f"Filled in {same[0]}; {f'still empty: {left}' if left else 'now submit it'}."

    def submit(self, wire: Wire) -> str:
        """Submit the form of the page opened last; its site gets all that was filled in."""
        number, page = self._opened()
        if not page.filled:
            raise ValueError("nothing is filled in; fill in a field first")
        told = wire.send([page.address], Page(address=page.address, filled=page.filled))
        self.change(number, page.model_copy(update={"filled": ()}))
        return f"Submitted: {', '.join(name for name, _ in told.filled)}."

    def receive(self, sender: str, record: Page) -> tuple[int, str]:
        return self.keep(record), f"{record.address} was asked for"

    def consulted(self, question: str) -> str:
        pages = [page for page in self.records.values() if page.title]
        for page in pages:
            if _bare(page.address) == _bare(question):
                return page.model_dump_json()
        there = ", ".join(page.address for page in pages) or "none"
        raise LookupError(f'there is no page "{question}" (there are: {there})')

    def _opened(self) -> tuple[int, Page]:
        if not self.records:
            raise LookupError("no page is open; open one first")
        return list(self.records.items())[-1]


def _bare(address: str) -> str:
    """An address as pages are told apart: without what comes after "?" or "#"."""
    _, _, place = address.partition("://")
    return place.split("?")[0].split("#")[0].rstrip("/").lower().removeprefix("www.")


def _shown(page: Page) -> str:
    fields = f"\nFields to fill in: {', '.join(page.fields)}" if page.fields else ""
    return f"{page.title} ({page.address})\n{page.text}{fields}"
