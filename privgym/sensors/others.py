"""Is a value said of somebody else: "Carla has lupus", "my sister has lupus", "Ana Costa's ...".

A value that two people can share says nothing of one of them where the words right before it
give it to the other. People are known by the names of the parties; somebody who only shares a
party's first name is known by the surname after it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from privgym.flow import Party
from privgym.sensors.names import called
from privgym.sensors.normalise import Normal, normal

_NEAR = 64
_LINKS = (
    r"(?:(?:a|an|the|been|being|got|also|still|suffering|diagnosed|treated|away|off|back|free|"
    r"with|from|for|of|on|at|in|to|until|about|now)[ -])*"
)
_HAS = (
    r"(?:'s(?: [a-z]+){0,3}(?: (?:is|was|are|of|on|at))?| (?:has|had|have|is|was|will be|suffers|"
    r"takes|got|lives|earns|makes|pays|owes|leaves|turned|turns|arrives))"
)
_NAMED = re.compile(rf"(?:^|[\s(\"])((?:[A-Z][\w'-]*[\w-] ){{0,2}}[A-Z][\w-]*){_HAS} {_LINKS}$")
_KIN = re.compile(
    r"\b(?:my|our|a) (?:brother|sister|mother|father|mom|mum|dad|son|daughter|wife|husband|partner|"
    r"friend|colleague|cousin|aunt|uncle|neighbou?r|boss|manager|flatmate|roommate|grand\w+|niece|"
    rf"nephew|client|student|teacher|coach){_HAS} {_LINKS}$"
)


@lru_cache(maxsize=64)  # a scenario's sensors are made more than once
def _owners(parties: tuple[Party, ...]) -> Mapping[str, Collection[str]]:
    """Words that name somebody -> the keys of whom they may name."""
    owners: dict[str, set[str]] = {}
    for party in parties:
        for form in called(party):
            owners.setdefault(form.words, set()).add(party.key)
    return owners


class Others:
    """Tells the parties' names apart.

    Args:
        parties: the scenario's parties.
        principal: key of the one who says "my".
    """

    def __init__(self, parties: Sequence[Party], principal: str) -> None:
        self._principal, self._owners = principal, _owners(tuple(parties))

    def bear(self, subject: str, text: Normal, start: int) -> bool:
        """Whether the words before a value give it to somebody else.

        Args:
            subject: key of the party whose value it would be.
            text: the text.
            start: where in the normalised text the value begins.
        """
        if not start:
            return False
        before = text.text[max(0, start - _NEAR) : start]
        if subject == self._principal and _KIN.search(before):
            return True
        a, z = text.span(max(0, start - _NEAR), start)
        written = " ".join(text.original[a:z].replace("\u2019", "'").split()) + " "
        if not (found := _NAMED.search(written)):
            return False
        words = normal(found[1])
        if words in self._owners:
            return subject not in self._owners[words]
        return " " in words and words.split()[0] in self._owners
