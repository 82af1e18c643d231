"""Who has been told what, and what follows from it.

How far somebody has a fact is a `Truth`: told it surely, perhaps, or not. Kept is the highest for
each party and fact, so it is bounded by the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final, Literal, NamedTuple

import msgspec

from privgym.flow import Fact

Truth = Literal[0, 1, 2]
"""Kleene's strong three-valued logic (1952, section 64): `and` is min, `or` is max."""

NO: Final = 0
OPEN: Final = 1
YES: Final = 2


def negated(truth: Truth) -> Truth:
    """What is so if this is not."""
    return _NOT[truth]


_NOT: tuple[Truth, Truth, Truth] = (YES, OPEN, NO)


class Derivation(msgspec.Struct, frozen=True):
    """An `imply` line, for one subject.

    Args:
        premises: for each, the facts that have it.
        conclusions: the facts that follow.
    """

    premises: tuple[tuple[str, ...], ...]
    conclusions: tuple[str, ...]


class Told(NamedTuple):
    """A fact that a message tells somebody, and how surely."""

    recipient: str
    fact: Fact
    truth: Truth


class Derived(NamedTuple):
    """Somebody can now tell a fact from others: how surely, from which, and told by which."""

    party: str
    fact: str
    truth: Truth
    premises: tuple[str, ...]
    told: int


class Knowledge:
    """What parties have been told, and can tell from it.

    Args:
        derivations: by each fact that is a premise, what can follow.
        audiences: parties that pool what they are told.
    """

    def __init__(
        self, derivations: Mapping[str, Sequence[Derivation]], audiences: Sequence[frozenset[str]]
    ) -> None:
        self._derivations, self._audiences = derivations, audiences
        self._told: dict[tuple[str, str], Truth] = {}
        self._derived: dict[tuple[str, str], Truth] = {}

    def has(self, party: str, fact: str) -> Truth:
        """Whether a party has been told a fact, or has told it."""
        return self._told.get((party, fact), NO)

    def tell(self, party: str, fact: str, truth: Truth) -> None:
        """Take in that a party has a fact."""
        if truth > self._told.get((party, fact), NO):
            self._told[party, fact] = truth

    def conclude(self, found: Iterable[Derived]) -> None:
        """Take in what parties can tell."""
        for one in found:
            self._derived[one.party, one.fact] = one.truth

    def follows(self, message: Sequence[Told]) -> list[Derived]:
        """What follows once a message has been told. Changes nothing.

        Each is what somebody could not tell before, or not so surely.
        """
        if not self._derivations:
            return []
        fresh = {(told.recipient, told.fact.key): told.truth for told in message}
        found: dict[tuple[str, str], Derived] = {}
        waiting = [(told.recipient, told.fact.key, n) for n, told in enumerate(message)]
        while waiting:
            party, fact, number = waiting.pop(0)
            pools = [pool for pool in self._audiences if party in pool]
            for derivation in self._derivations.get(fact, ()):
                for pool in (frozenset((party,)), *pools):
                    truth, premises = self._settle(derivation, pool, fresh)
                    for member in sorted(pool):
                        for key in derivation.conclusions:
                            if truth > self._had(member, key, fresh):
                                fresh[member, key] = truth
                                found[member, key] = Derived(member, key, truth, premises, number)
                                waiting.append((member, key, number))
        return list(found.values())

    def _had(self, party: str, fact: str, fresh: Mapping[tuple[str, str], Truth]) -> Truth:
        key = (party, fact)
        return max(self._told.get(key, NO), self._derived.get(key, NO), fresh.get(key, NO))

    def _settle(
        self,
        derivation: Derivation,
        pool: frozenset[str],
        fresh: Mapping[tuple[str, str], Truth],
    ) -> tuple[Truth, tuple[str, ...]]:
        """How surely a pool has all premises, and the facts that say so."""
        truth: Truth = YES
        premises = []
        for facts in derivation.premises:
            levels = {fact: max(self._had(p, fact, fresh) for p in pool) for fact in facts}
            best = max(facts, key=lambda fact: levels[fact])
            truth = min(truth, levels[best])
            premises.append(best)
        return truth, tuple(premises)
