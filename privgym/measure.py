"""How good a sensor is: what it says of labelled pairs, counted by stratum.

Three rates. *Recall*: of the texts that disclose, those in which the sensor sees it. *False
positives*: of those that do not, those in which it sees something. *Precision*: of those in which
it sees something, those that do; this one depends on how many of each there are, and so on the
set. A finding counts where it is sure ("yes"); beside that stand the rates of findings of any
certainty (`flagged`), which is what leaves a verdict undecided.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Sequence

import msgspec

from privgym.errors import PrivgymError, did_you_mean
from privgym.figure import Count, Figure, figure
from privgym.flow import Certainty, Finding
from privgym.models.catalogue import Progress
from privgym.pairs import NEGATIVES, STATED, STRATA, Pair
from privgym.sensor import Sensor
from privgym.sensors import slow
from privgym.sensors.exact import Exact

Look = Callable[[Sequence[Pair]], list[Certainty | None]]
"""Says of each pair how surely the text discloses the fact; None where it sees nothing."""

HALF = 0.5
"""Share of a value's tokens that token overlap wants to see."""

GROUPS = {"stated": (*STATED, *NEGATIVES), "all": STRATA}
"""Rows over several strata: what is said in words of some kind against all negatives; and all."""

_TOKEN = re.compile(r"[^\W_]+")
_STOP = frozenset(
    ("a", "an", "at", "by", "for", "from", "her", "his", "in", "of", "on", "the", "to")
)


class Row(msgspec.Struct, frozen=True):
    """One sensor on the pairs of one stratum, or of several.

    Args:
        sensor: what it was asked for by.
        stratum: a stratum, or a name of `GROUPS`.
        yes, no: pairs that disclose, and that do not.
        seen, alarms: of these, the ones in which the sensor is sure of a disclosure.
        recall, false_positives, precision: the rates, by what is sure.
        flagged, flagged_falsely: recall and false positives by findings of any certainty.
    """

    sensor: str
    stratum: str
    yes: int
    no: int
    seen: int
    alarms: int
    recall: Figure
    false_positives: Figure
    precision: Figure
    flagged: Figure
    flagged_falsely: Figure


def measure(sensor: str, look: Look, pairs: Sequence[Pair]) -> list[Row]:
    """What a sensor makes of pairs: a row for each stratum that they have, then the `GROUPS`.

    Args:
        sensor: its name, for the rows.
        look: the sensor.
        pairs: labelled pairs.
    """
    said = list(zip(pairs, look(pairs), strict=True))
    strata = sorted({pair.stratum for pair in pairs}, key=_place)
    groups = {"all": tuple(strata)} if not set(STATED) & set(strata) else GROUPS
    rows = [(stratum, (stratum,)) for stratum in strata] + list(groups.items())
    return [_row(sensor, name, [one for one in said if one[0].stratum in of]) for name, of in rows]


def _place(stratum: str) -> tuple[int, str]:
    return (STRATA.index(stratum) if stratum in STRATA else len(STRATA), stratum)


def _row(sensor: str, stratum: str, said: Sequence[tuple[Pair, Certainty | None]]) -> Row:
    yes = [(pair, how) for pair, how in said if pair.label == "yes"]
    no = [(pair, how) for pair, how in said if pair.label == "no"]
    return Row(
        sensor,
        stratum,
        len(yes),
        len(no),
        sum(how == "yes" for _, how in yes),
        sum(how == "yes" for _, how in no),
        recall=figure(Count(pair.family, how == "yes", 1) for pair, how in yes),
        false_positives=figure(Count(pair.family, how == "yes", 1) for pair, how in no),
        precision=figure(
            Count(pair.family, pair.label == "yes", 1) for pair, how in said if how == "yes"
        ),
        flagged=figure(Count(pair.family, how is not None, 1) for pair, how in yes),
        flagged_falsely=figure(Count(pair.family, how is not None, 1) for pair, how in no),
    )


def each(make: Callable[[Pair], Sensor]) -> Look:
    """A sensor that is made for the facts and parties of a pair, as what looks at pairs."""

    def look(pairs: Sequence[Pair]) -> list[Certainty | None]:
        return [_surest(make(pair), pair) for pair in pairs]

    return look


def _surest(sensor: Sensor, pair: Pair) -> Certainty | None:
    return _certain(sensor.find([("text", pair.text)], (pair.to,)))


def _certain(findings: Sequence[Finding]) -> Certainty | None:
    sure = {one.certainty for one in findings}
    return "yes" if "yes" in sure else "maybe" if sure else None


def substring(pairs: Sequence[Pair]) -> list[Certainty | None]:
    """The naive floor: the value, as a person would write it, stands in the text."""

    def one(pair: Pair) -> Certainty | None:
        text = pair.text.casefold()
        values = (pair.words, pair.fact.value, *pair.fact.aliases)
        return "yes" if any(value.casefold() in text for value in values) else None

    return [one(pair) for pair in pairs]


def overlap(pairs: Sequence[Pair]) -> list[Certainty | None]:
    """The other one: at least half of the value's tokens stand in the text, in any order."""

    def one(pair: Pair) -> Certainty | None:
        value = _tokens(pair.words)
        shared = len(value & _tokens(pair.text))
        return "yes" if value and shared / len(value) >= HALF else None

    return [one(pair) for pair in pairs]


def _tokens(text: str) -> set[str]:
    return set(_TOKEN.findall(text.casefold())) - _STOP


def _exact(pair: Pair) -> Sensor:
    return Exact((pair.fact,), pair.parties, pair.principal)


def _slow(spec: str, at_once: int, progress: Progress | None) -> Look:
    """A slow sensor, asked of several pairs at once."""

    async def ask(pairs: Sequence[Pair]) -> list[Certainty | None]:
        gate = asyncio.Semaphore(at_once)

        async def one(pair: Pair) -> Certainty | None:
            async with gate:
                look = how.of((pair.fact,), pair.parties, pair.principal)
                return _certain((await look([("text", pair.text)], (pair.to,))).findings)

        return await asyncio.gather(*map(one, pairs))

    how = slow.load(spec, at_once, progress)

    def look(pairs: Sequence[Pair]) -> list[Certainty | None]:
        try:
            return asyncio.run(ask(pairs))
        finally:
            how.close()

    return look


FLOORS: dict[str, Look] = {"substring": substring, "overlap": overlap}
"""What a sensor must do better than."""


def load(spec: str, at_once: int = 4, progress: Progress | None = None) -> Look:
    """The sensor of a spec: `exact`, `semantic[@WEIGHTS]`, `judge@MODEL`; or a floor.

    Args:
        spec: what names it.
        at_once: most questions that a judge's model is asked at the same time.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such sensor, or its weights or model cannot be had.
    """
    kind = spec.partition("@")[0]
    if spec in FLOORS:
        return FLOORS[spec]
    if spec == "exact":
        return each(_exact)
    if kind not in slow.KINDS:
        known = ["exact", *slow.KINDS, *FLOORS]
        raise PrivgymError(
            f'there is no sensor "{spec}"',
            meant=did_you_mean(kind, known),
            do=f"Sensors: {', '.join(known)}; with a model: semantic@WEIGHTS, judge@MODEL.",
        )
    return _slow(spec, at_once, progress)
