"""Who has been told what, and what follows from it.

How far somebody has a fact is a `Truth`: told it surely, perhaps, or not. Kept is the highest for
each party and fact, so it is bounded by the scenario.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import product
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
        conclusions: the facts that follow, each before the wholes that have it.
    """

    premises: tuple[tuple[str, ...], ...]
    conclusions: tuple[tuple[str, ...], ...]


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


Levels = Mapping[tuple[str, str], Truth]


class Knowledge:
    """What parties have been told, or have told, and can tell from it.

    Args:
        derivations: by each fact that is a premise, what can follow.
        audiences: parties that pool what they are told.
    """

    def __init__(
        self, derivations: Mapping[str, Sequence[Derivation]], audiences: Sequence[frozenset[str]]
    ) -> None:
        self._derivations, self._audiences = derivations, audiences
        self._told: dict[tuple[str, str], Truth] = {}
        self._had: dict[tuple[str, str], Truth] = {}

    def has(self, party: str, fact: str) -> Truth:
        """Whether a party has been told a fact, or has told it."""
        return self._told.get((party, fact), NO)

    def tell(self, party: str, fact: str, truth: Truth) -> None:
        """Take in that a party has a fact, and with it what follows."""
        if truth > self._told.get((party, fact), NO):
            self._told[party, fact] = truth
        if truth <= self._had.get((party, fact), NO):
            return
        self._had[party, fact] = truth
        waiting = [(party, fact)]
        while waiting:
            for derivation, pool in self._touched(*waiting.pop(0)):
                levels = (_best(facts, pool, self._had)[0] for facts in derivation.premises)
                level: Truth = min(levels, default=NO)
                for pair in product(sorted(pool), (keys[0] for keys in derivation.conclusions)):
                    if level > self._had.get(pair, NO):
                        self._had[pair] = level
                        waiting.append(pair)

    def follows(self, message: Sequence[Told]) -> list[Derived]:
        """What follows once a message has been told. Changes nothing.

        Each is what the message gives the last premise of, and what somebody had not before, as
        far as that is clear; what the message itself tells as surely is left out.
        """
        if not self._derivations:
            return []
        told: Levels = {(one.recipient, one.fact.key): one.truth for one in message}
        fresh = dict(told)
        found: dict[tuple[str, str], Derived] = {}
        waiting = [(one.recipient, one.fact.key, n) for n, one in enumerate(message)]
        while waiting:
            party, fact, number = waiting.pop(0)
            for derivation, pool in self._touched(party, fact):
                level, premises = self._given(derivation, pool, fresh)
                for member, keys in product(sorted(pool), derivation.conclusions):
                    pair = (member, keys[0])
                    truth = min(level, negated(_best(keys, (member,), self._had)[0]))
                    if truth > fresh.get(pair, NO):
                        fresh[pair] = truth
                        found[pair] = Derived(*pair, truth, premises, number)
                        waiting.append((*pair, number))
        return list(found.values())

    def _touched(self, party: str, fact: str) -> Iterator[tuple[Derivation, frozenset[str]]]:
        """What may follow for whom, now that a party has a fact."""
        pools = [pool for pool in self._audiences if party in pool]
        return product(self._derivations.get(fact, ()), [frozenset((party,)), *pools])

    def _given(
        self, derivation: Derivation, pool: frozenset[str], fresh: Levels
    ) -> tuple[Truth, tuple[str, ...]]:
        """How surely a pool is given the last premise, and the facts that say so."""
        last: Truth = NO
        whole: Truth = YES
        premises = []
        for facts in derivation.premises:
            had, old = _best(facts, pool, self._had)
            given, new = _best(facts, pool, fresh)
            last = max(last, min(given, negated(had)))
            whole = min(whole, max(given, had))
            premises.append(new if given > had else old)
        return min(last, whole), tuple(premises)


def _best(facts: Sequence[str], pool: Iterable[str], levels: Levels) -> tuple[Truth, str]:
    """How surely somebody of a pool has one of these facts, and which."""
    pairs = [(levels.get((party, fact), NO), fact) for fact in facts for party in pool]
    return max(pairs, key=lambda pair: pair[0])
