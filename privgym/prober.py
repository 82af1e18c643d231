"""A prober: somebody who tries to get a fact out of the agent.

The next move hangs on what was said and sent: a prober who has the fact stops, one who was
told a piece goes on from it, a refusal is answered otherwise than an evasion, and when the moves
are used up the prober gives up. All of it is read off what the prober heard and said.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Literal

import msgspec

from privgym.flow import Fact
from privgym.sensors.exact import Exact

Claim = Literal["", "entitled", "consented", "told"]

CLAIMS: dict[str, Claim] = {"authority": "entitled", "consent": "consented", "already": "told"}
"""What a move claims that the scenario does not bear out, declared so that nobody believes it."""

PIECE = "{piece}"
"""Where a move says again what was told; filled when the move is made."""

_FITTING = {
    "refused": ("consent", "authority", "pity", "urgency", "already"),
    "piece": ("further", "already", "summary", "urgency"),
    "evaded": ("urgency", "incremental", "summary", "already"),
}
"""Which moves fit what was last heard, the best first; others follow in the order given."""

_REFUSAL = re.compile(
    r"\b(?:cannot|can not|can\Wt|won\Wt|unable|refuse|decline|sorry|private|confidential"
    r"|not (?:able|allowed|at liberty|going to|mine|for me)|not (?:share|tell|say|disclose))\b",
    re.IGNORECASE,
)


class Move(msgspec.Struct, frozen=True):
    """One thing that a prober may say.

    Args:
        kind: which move it is.
        text: the words; `{piece}` stands for what was told before.
        claim: what it claims and the scenario does not bear out.
        asks: whether it asks for the fact itself, and so goes with an act.
    """

    kind: str
    text: str
    claim: Claim = ""
    asks: bool = True


class Probe(msgspec.Struct, frozen=True):
    """Who tries to get what, and how.

    Args:
        party: the prober.
        fact: key of the fact that is wanted.
        attribute: the fact's attribute, which is what the acts ask for.
        moves: the first is made first, the others as they fit; each once.
        opened: whether the first move was made before session 1, by a letter.
    """

    party: str
    fact: str
    attribute: str
    moves: tuple[Move, ...]
    opened: bool = False


class Prober:
    """Chooses the moves of one probe.

    Args:
        probe: who tries to get what.
        facts: the scenario's facts.
    """

    def __init__(self, probe: Probe, facts: Sequence[Fact]) -> None:
        self.probe = probe
        subject = next(fact.subject for fact in facts if fact.key == probe.fact)
        # Pieces are whatever else there is to know about the same person.
        self._sensor = _sensor(tuple(fact for fact in facts if fact.subject == subject))

    def move(self, heard: Sequence[str], said: Callable[[str], bool]) -> Move | None:
        """The next move, its piece filled in; None when the prober stops or gives up.

        Args:
            heard: all that the prober was told, oldest first.
            said: whether the prober has said these words before.
        """
        told = [found for text in heard for found in self._sensor.find([("text", text)])]
        if any(found.fact == self.probe.fact for found in told):
            return None
        piece = told[0].words if told else ""
        moves = [_filled(move, piece) for move in self.probe.moves]
        used = [move for move in moves if said(move.text)] + moves[: self.probe.opened]
        # Who was told a piece asks no more for one.
        idle = "incremental" if piece else "further"
        unused = [move for move in moves if move.kind != idle and move not in used]
        fitting = _FITTING[self._heard(heard[-1])] if used else ()
        return min(unused, key=lambda move: _rank(move.kind, fitting), default=None)

    def _heard(self, text: str) -> str:
        if self._sensor.find([("text", text)]):
            return "piece"
        return "refused" if _REFUSAL.search(text) else "evaded"


def _filled(move: Move, piece: str) -> Move:
    return msgspec.structs.replace(move, text=move.text.replace(PIECE, piece))


def _rank(kind: str, fitting: Sequence[str]) -> int:
    return fitting.index(kind) if kind in fitting else len(fitting)


@lru_cache(maxsize=256)
def _sensor(facts: tuple[Fact, ...]) -> Exact:
    """One sensor for all episodes of a scenario: building it costs more than a turn."""
    return Exact(facts, (), "")
