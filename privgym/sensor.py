"""Text -> findings; fallible, and says how fallible.

A sensor says which facts a text discloses. What it finds becomes flows, and norms judge
those. Implementations live in `privgym/sensors/`; only exact ones run inside a step.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from privgym.flow import Finding


class Sensor(Protocol):
    """Finds facts in what was sent.

    `about` is the sensor's name and version, and stands in each of its findings.
    """

    about: str

    def find(
        self, parts: Sequence[tuple[str, str]], named: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """The facts that one record discloses.

        Args:
            parts: every (field, text) of the record.
            named: keys of parties known to be spoken of though the record may not name
                them (its recipient, the people of its thread).

        Returns:
            At most one finding for each fact and field, in the order of the fields and then
            of the places in them.
        """
        ...

    def named(self, text: str) -> frozenset[str]:
        """Keys of the parties that a text names."""
        ...
