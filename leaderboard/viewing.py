"""A run folder -> pages that open from disk: a list of its episodes, and each of them told."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from privgym import sensed
from privgym.folder import Judged, RunFolder, judge
from privgym.spec import Spec
from privgym.table import MAIN, row

from .pages import render
from .story import Story, story


class Glance(msgspec.Struct, frozen=True):
    """One episode in a list.

    Args:
        number: which trace of the run it is, from 0.
        judged: what it came to.
    """

    number: int
    judged: Judged

    @property
    def file(self) -> str:
        """The file of its page."""
        return f"{self.number}.html"

    @property
    def leaks(self) -> int:
        """How often the agent told what it must not."""
        return self.judged.score.inappropriate


def pages(run: RunFolder, sensors: Sequence[str] = ()) -> Iterator[tuple[str, str]]:
    """(file name, page) of a run: the list, then its episodes in order.

    Args:
        run: the run; nothing is written into it.
        sensors: names of slow sensors whose recorded findings are taken in too.

    Raises:
        PrivgymError: (code 4) a trace or what was recorded of it is refused.
    """
    recorded = sensed.beside(run.path, sensors, run.count())
    judged = [judge(*one, found) for one, found in zip(run.read(), recorded, strict=True)]
    glances = [Glance(number, one) for number, one in enumerate(judged)]
    yield "index.html", _list(run, glances)
    leaky = [glance for glance in glances if glance.leaks]
    for glance, lived in zip(glances, run.read(), strict=True):
        before = [other for other in leaky if other.number < glance.number][-1:]
        after = [other for other in leaky if other.number > glance.number][:1]
        told = story(*lived, glance.judged)
        yield glance.file, _episode(told, run.path.name, (*before, None)[0], (*after, None)[0])


def page(run: RunFolder, number: int, sensors: Sequence[str] = ()) -> str:
    """The page of one trace of a run, by itself.

    Args:
        run, sensors: as `pages` takes them.
        number: which trace, from 0.

    Raises:
        PrivgymError: (code 4) a trace or what was recorded of it is refused.
    """
    recorded = sensed.beside(run.path, sensors, run.count())
    lived, found = next(islice(zip(run.read(), recorded, strict=True), number, None))
    return _episode(story(*lived, judge(*lived, found)))


def _episode(
    told: Story, run: str = "", before: Glance | None = None, after: Glance | None = None
) -> str:
    """A transcript, with the ways to the list of its run and to the next leaks, if it has one."""
    return render(
        "episode.html",
        alone=True,
        title=told.scenario,
        story=told,
        run=run,
        before=before,
        after=after,
    )


def _list(run: RunFolder, glances: Sequence[Glance]) -> str:
    record = run.record
    spec = Spec.read(record.spec)
    figures = row(record.pack, spec, [one.judged for one in glances]).figures
    return render(
        "run.html",
        alone=True,
        title=run.path.name,
        name=run.path.name,
        record=record,
        glances=glances,
        figures=[(key.replace("_", " "), figures[key]) for key in MAIN],
        left=run.left(),
    )
