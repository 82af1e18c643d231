"""What pages keep to themselves while hidden seeds are in use.

A transcript, a scenario's full name or a drawn word would give a round's seeds away, and who knows
them can have an agent learn its episodes. Once the board has begun its next round nothing is kept.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from privgym.entry import Entry
from privgym.score import Score

from .differ import Differences, Said


class Seal:
    """On the hidden seeds of a round, and of those that come after it.

    Args:
        round: the board's, now.
    """

    def __init__(self, round: int) -> None:
        self._round = round

    def on(self, entry: Entry) -> bool:
        """Whether a row is of such seeds."""
        rule, _, number = entry.key.seeds.partition(" ")
        return rule == "hidden" and int(number) >= self._round

    def entry(self, entry: Entry) -> Entry:
        """A row; a sealed one's flags say no more than what they are of."""
        if not self.on(entry):
            return entry
        return replace(entry, flags=tuple(_unseeded(flag.split(":")[0]) for flag in entry.flags))

    def score(self, entry: Entry, score: Score) -> Score:
        """What an episode of a row came to; a sealed one has its family and not its seed."""
        if not self.on(entry):
            return score
        return replace(score, scenario=_unseeded(score.scenario))

    def differences(self, entry: Entry, found: Differences) -> Differences:
        """Where two rows differ; of sealed ones without the words that were drawn."""
        if not self.on(entry):
            return found
        episodes = [
            replace(
                one,
                scenario=_unseeded(one.scenario),
                only=_wordless(one.only),
                only_other=_wordless(one.only_other),
                ended="an error" if one.ended else "",
                ended_other="an error" if one.ended_other else "",
            )
            for one in found.found
        ]
        return replace(found, found=tuple(episodes))


def _wordless(side: Sequence[Said]) -> tuple[Said, ...]:
    return tuple(replace(one, words="") for one in side)


def _unseeded(text: str) -> str:
    """The name of a scenario without its seed, or a text that ends in one."""
    return text.partition("#")[0]
