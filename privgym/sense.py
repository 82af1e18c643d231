"""A run's texts through a slow sensor -> recorded findings.

What is too slow or too fallible for a step reads a run after it was lived, once; `score --with`
takes what it found into the score as often as one likes (`sensed.py`).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import NamedTuple

import msgspec

from privgym import sensed, trace
from privgym.errors import REFUSED, PrivgymError
from privgym.event import Sent
from privgym.folder import RunFolder, writing
from privgym.lock import locked
from privgym.models.catalogue import Progress
from privgym.scenario import PRINCIPAL, Scenario
from privgym.score import grader
from privgym.sensed import Seen, Sensed, fingerprint
from privgym.sensors import slow

Reader = Callable[[Sent], Awaitable[Seen]]
"""Reads one text of a scenario."""


class Sense(NamedTuple):
    """A sensor to read a run with.

    Args:
        name: what its file is called by.
        about: the sensor, as it stands in the record.
        of: a scenario -> what reads its texts.
        close: gives its model back.
    """

    name: str
    about: dict[str, str]
    of: Callable[[Scenario], Reader]
    close: Callable[[], None] = lambda: None


def load(spec: str, at_once: int = 4, progress: Progress | None = None) -> Sense:
    """A slow sensor, to read a run with.

    Args:
        spec: what names it (`sensors/slow.py`).
        at_once: most questions that a judge's model is asked at the same time.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such sensor, or its weights or model cannot be had.
    """
    how = slow.load(spec, at_once, progress)

    def of(scenario: Scenario) -> Reader:
        look, names = how.of(scenario.facts, scenario.parties, PRINCIPAL), grader(scenario).sensor

        async def read(event: Sent) -> Seen:
            thread = names.named(event.thread) if event.thread else ()
            found, undecided = await look(event.parts, (*event.to, *thread))
            return Seen(fingerprint(event), found, dict(undecided))

        return read

    return Sense(how.name, how.about, of, how.close)


def sense(run: RunFolder, how: Sense, progress: Progress | None = None) -> tuple[Sensed, ...]:
    """Read the texts of a run, and record what was found; goes on where it was stopped.

    Args:
        run: the run.
        how: the sensor.
        progress: told (episodes read, episodes in all).

    Returns:
        All that is recorded now, episode by episode.

    Raises:
        PrivgymError: (code 4) a trace is refused, or another model of the same sensor has begun;
            (code 5) another process is at the run, or its folder cannot be written to.
    """
    path, due = sensed.file(run.path, how.name), run.count()
    with asyncio.Runner() as runner, writing(run.path), locked(run.path):
        trace.mend(path)
        done = list(sensed.read(run.path, how.name)) if path.exists() else []
        _same(done, how, str(path))
        with path.open("ab") as out:
            for number, (one, scenario) in enumerate(run.read()):
                if number >= len(done):
                    texts = {fingerprint(e): e for e in one.events if isinstance(e, Sent)}
                    found = runner.run(_all(how.of(scenario), list(texts.values())))
                    done.append(Sensed(one.header.scenario, how.about, found))
                    out.write(msgspec.json.encode(done[-1]) + b"\n")
                    out.flush()
                if progress:
                    progress(number + 1, due)
    return tuple(done)


async def _all(read: Reader, texts: list[Sent]) -> tuple[Seen, ...]:
    return tuple(await asyncio.gather(*map(read, texts)))


def _same(done: list[Sensed], how: Sense, where: str) -> None:
    for key, value in how.about.items():
        for one in done:
            if (was := one.about.get(key, "nothing")) != value:
                what = f"this file was begun with {key} {was}, not {value}"
                do = "give the sensor that began it, or delete the file"
                raise PrivgymError(what, where=where, do=do, code=REFUSED)
