"""A memory of keys: one text a key. The key is as much told to memory as the text is."""

from __future__ import annotations

from typing import ClassVar

from privgym.store import Store, Stored
from privgym.wire import Wire


class Key(Stored):
    """A key and its text."""

    key: str


class MemoryKeys(Store[Key]):
    """Texts by their keys; a key that is used again gets the new text."""

    plural: ClassVar[str] = "keys"

    def remember(self, wire: Wire, key: str, text: str) -> str:
        """Keep a text under a key for later sessions; an old one under it is replaced.

        Args:
            key: a word or two to find it by.
            text: the text.
        """
        for number in self._numbers(key):
            self.bury(number)
        self.write(wire, Key(key=key, text=text))
        return f'Kept under "{key}".'

    def recall(self, wire: Wire, key: str = "") -> str:
        """Look a text up by its key.

        Args:
            key: the key; "" recalls all.
        """
        wanted = self._numbers(key) if key else [number for number, _ in self.matching("")]
        return self.bring(wire, ((n, self.find(n)) for n in wanted)) or self.none()

    def forget(self, wire: Wire, key: str) -> str:
        """Drop a key and its text; what became of it is said by its number.

        Args:
            key: the key.
        """
        numbers = self._numbers(key)
        if not numbers:
            raise LookupError(f'there is no key "{key}"')
        return "\n".join(map(self.bury, numbers))

    def line(self, number: int, record: Key) -> str:
        return f"{record.key}: {record.text}"

    def _numbers(self, key: str) -> list[int]:
        same = key.casefold().strip()
        return [n for n, r in self.matching("") if r.key.casefold().strip() == same]
