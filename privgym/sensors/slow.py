"""The sensors that are too slow for a step, by name: `semantic[@WEIGHTS]`, `judge@MODEL`.

One table, for reading runs (`sense.py`) and for measuring on labelled pairs (`measure.py`).
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from typing import NamedTuple

from privgym import models
from privgym.errors import PrivgymError, did_you_mean
from privgym.flow import Fact, Finding, Party
from privgym.models.catalogue import Progress
from privgym.sensors.encoder import MINILM, Encoder
from privgym.sensors.judge import Judge
from privgym.sensors.semantic import Semantic

Parts = Sequence[tuple[str, str]]


class Heard(NamedTuple):
    """What was found in one record, and of which facts it is undecided, and why."""

    findings: tuple[Finding, ...] = ()
    undecided: Mapping[str, str] = {}


Look = Callable[[Parts, Collection[str]], Awaitable[Heard]]
"""Reads one record; the keys are those of parties known to be spoken of."""


class Slow(NamedTuple):
    """A slow sensor, loaded.

    Args:
        name: its kind.
        about: what it is, with version and model, as it stands in records.
        of: (facts, parties, principal's key) -> what reads texts for them.
        close: gives its model back.
    """

    name: str
    about: dict[str, str]
    of: Callable[[Sequence[Fact], Sequence[Party], str], Look]
    close: Callable[[], None] = lambda: None


def _semantic(spec: str, weights: str, _at_once: int, progress: Progress | None) -> Slow:
    encoder = Encoder(weights or MINILM, progress=progress)

    def of(facts: Sequence[Fact], parties: Sequence[Party], principal: str) -> Look:
        sensor = Semantic(facts, parties, principal, encoder)

        async def look(parts: Parts, named: Collection[str]) -> Heard:
            return Heard(sensor.find(parts, named))

        return look

    return Slow("semantic", {"sensor": Semantic.about, "spec": spec, **encoder.about}, of)


def _judge(spec: str, name: str, at_once: int, progress: Progress | None) -> Slow:
    if not name:
        raise PrivgymError("a judge is a model", where=spec, meant='"judge@MODEL"')
    model = models.load(name, at_once, progress)

    def of(facts: Sequence[Fact], parties: Sequence[Party], _principal: str) -> Look:
        judge = Judge(facts, parties, model, at_once)

        async def look(parts: Parts, _named: Collection[str]) -> Heard:
            answers = await judge.look(parts)
            findings = tuple(answer.finding for answer in answers.values() if answer.finding)
            return Heard(findings, {fact: a.why for fact, a in answers.items() if a.why})

        return look

    about = {"sensor": Judge.about, "spec": spec, **model.about}
    return Slow("judge", about, of, getattr(model, "close", lambda: None))


KINDS = {"semantic": _semantic, "judge": _judge}


def load(spec: str, at_once: int = 4, progress: Progress | None = None) -> Slow:
    """The slow sensor of a spec.

    Args:
        spec: `semantic`, `semantic@WEIGHTS` or `judge@MODEL`.
        at_once: most questions that a judge's model is asked at the same time.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such sensor, or its weights or model cannot be had.
    """
    kind, _, rest = spec.partition("@")
    if kind not in KINDS:
        do = "Slow sensors: semantic, semantic@WEIGHTS, judge@MODEL; the exact one reads every run."
        raise PrivgymError(f'there is no sensor "{spec}"', meant=did_you_mean(kind, KINDS), do=do)
    return KINDS[kind](spec, rest, at_once, progress)
