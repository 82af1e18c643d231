"""The address book: who is who, and how to reach them."""

from __future__ import annotations

from privgym.tool import Tool
from privgym.wire import Record, Wire

SHOWN = 12


class Contact(Record):
    """One entry of the address book."""

    name: str
    email: str = ""
    phone: str = ""
    who: str = ""


class Contacts(Tool[Contact]):
    """One person's address book."""

    def search(self, wire: Wire, query: str = "") -> str:
        """Find people: name, who they are, e-mail, phone.

        Args:
            query: part of a name, or who they are; "" lists all.
        """
        found = [", ".join(filter(None, _fields(c))) for _, c in self.matching(query)]
        return "\n".join(found[:SHOWN]) or f'nobody matches "{query}"; query "" lists all'


def _fields(contact: Contact) -> tuple[str, ...]:
    return contact.name, contact.who, contact.email, contact.phone
