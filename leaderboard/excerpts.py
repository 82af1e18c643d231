"""New leaks of a comparison -> excerpts: what the tuned agent told, and the base beside it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import msgspec
from msgspec.structs import replace

from privgym.comparison import NewLeak
from privgym.errors import REFUSED, PrivgymError
from privgym.event import AnyEvent, Sent
from privgym.flow import AGENT, Flow
from privgym.folder import RunFolder, judge
from privgym.verdict import Verdict

from .chips import Chip
from .entries import Entry, Part, label
from .pieces import around
from .story import Story, story

Place = tuple[str, int]
"""A run folder, and the number of a trace in it."""


class Excerpt(msgspec.Struct, frozen=True):
    """A new leak, told.

    Args:
        run, trace: where the tuned agent's episode stands; `story` is what happened in it.
        chip: the leak.
        tuned: the text of the tuned agent in which it fell, around its words.
        base: how the texts begin that the base sent to the same party in the same episode.
    """

    run: str
    trace: int
    story: Story
    chip: Chip
    tuned: tuple[Entry, ...]
    base: tuple[Entry, ...]


class _Lived(msgspec.Struct, frozen=True):
    story: Story
    events: tuple[AnyEvent, ...]
    verdicts: tuple[Verdict, ...]


def excerpts(leaks: Sequence[NewLeak]) -> tuple[Excerpt, ...]:
    """Tell new leaks, in their order.

    Raises:
        PrivgymError: a run folder is not there; (code 4) a trace of it is refused, or judged
            otherwise than it was.
    """
    places = {place for one in leaks for place in _places(one)}
    lived = {
        place: told for run in {run for run, _ in places} for place, told in _told(run, places)
    }
    return tuple(_excerpt(one, lived) for one in leaks if {*_places(one)} <= lived.keys())


def _excerpt(one: NewLeak, lived: Mapping[Place, _Lived]) -> Excerpt:
    tuned, base = (lived[place] for place in _places(one))
    same = [n for n, found in enumerate(tuned.verdicts) if _flow(found) == _flow(one.verdict)]
    if not same:
        what = f"trace {one.number} of {one.run} is judged otherwise than when it was compared"
        raise PrivgymError(what, do="compare anew", code=REFUSED)
    return Excerpt(
        run=one.run,
        trace=one.number,
        story=tuned.story,
        chip=next(chip for chip in tuned.story.leaks if chip.number == same[0]),
        tuned=tuple(
            _clipped(entry, one.verdict.flow) for entry in _entries(tuned, [one.verdict.event])
        ),
        base=tuple(
            _clipped(entry)
            for entry in _entries(base, _told_to(base.events, one.verdict.recipient))
        ),
    )


def _entries(lived: _Lived, events: Sequence[int]) -> tuple[Entry, ...]:
    """The entries of some events."""
    entries = [entry for chapter in lived.story.chapters for entry in chapter.entries]
    wanted = {f"e{number}" for number in events}
    return tuple(
        one for one in entries if wanted & {a.partition("-")[2] for a in (one.anchor, one.also)}
    )


def _clipped(entry: Entry, flow: Flow | None = None) -> Entry:
    """An entry with its texts cut: around what proves a flow, or to how they begin."""
    found = flow.finding if flow else None
    parts = [
        Part(part.name, around(part.pieces, found.start, found.end))
        if found and part.name == label(found.field)
        else Part(part.name, around(part.pieces, 0, 0))
        for part in entry.parts
    ]
    return replace(entry, parts=tuple(parts), chips=())


def _told_to(events: Sequence[AnyEvent], party: str) -> list[int]:
    """The events in which the agent told somebody something."""
    return [
        number
        for number, event in enumerate(events)
        if isinstance(event, Sent) and event.hand == AGENT and party in event.to
    ]


def _told(run: str, places: set[Place]) -> Iterator[tuple[Place, _Lived]]:
    for number, (one, scenario) in enumerate(RunFolder(Path(run)).read()):
        if (run, number) in places:
            judged = judge(one, scenario)
            told = story(one, scenario, judged)
            yield (run, number), _Lived(told, one.events, judged.verdicts)


def _places(one: NewLeak) -> tuple[Place, Place]:
    return (one.run, one.number), (one.base_run, one.base_number)


def _flow(verdict: Verdict) -> tuple[str, str, str, bool]:
    """What makes a leak the same; only the first of its kind is charged."""
    return verdict.norm, verdict.fact, verdict.recipient, verdict.charged
