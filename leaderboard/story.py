"""(trace, scenario, judged) -> the story of an episode, as records that templates walk.

Every event is an entry with an anchor of its own, in the order in which it happened. Words in which
a fact was found are marked in place, and the verdicts on a text stand below it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from privgym.event import Opened, Returned
from privgym.flow import Finding
from privgym.folder import Judged
from privgym.scenario import Goal, Scenario
from privgym.score import Score, grader
from privgym.trace import Trace

from .chapters import Teller
from .chips import Cast, Chip, Person, chips
from .entries import Chapter
from .pieces import Span
from .way import Places


class Story(msgspec.Struct, frozen=True):
    """An episode, to be read.

    Args:
        scenario, purpose: its name, and what it is about.
        agent: the spec; `identity` what is known of it, and of what it ran on.
        people: everybody, by name and role.
        facts: (whose what, value) of all that is tracked.
        norms: the lines of the scenario.
        goals: calls that are required.
        chapters: the sessions.
        leaks: the inappropriate flows that count, in order.
        duties: what became of everything that had to be told.
        score: what it came to.
        failure: what ended it early, "" for nothing.
    """

    scenario: str
    purpose: str
    agent: str
    identity: tuple[tuple[str, str], ...]
    people: tuple[Person, ...]
    facts: tuple[tuple[str, str], ...]
    norms: tuple[str, ...]
    goals: tuple[str, ...]
    chapters: tuple[Chapter, ...]
    leaks: tuple[Chip, ...]
    duties: tuple[Chip, ...]
    score: Score
    failure: str = ""


def story(trace: Trace, scenario: Scenario, judged: Judged) -> Story:
    """Tell an episode.

    Args:
        trace: what happened.
        scenario: what it is of.
        judged: what the norms say of it.
    """
    cast, seen = Cast(scenario), tuple(_seen(trace, scenario, judged))
    places = Places(trace.events, seen)
    said = chips(judged.verdicts, cast, places)
    spans, failure = _spans(judged, cast, seen), judged.failure
    return Story(
        scenario=scenario.name,
        purpose=scenario.purpose,
        agent=trace.header.agent,
        identity=_identity(trace),
        people=tuple(cast.people.values()),
        facts=tuple((cast.tells(key), fact.value) for key, fact in cast.facts.items()),
        norms=scenario.norms,
        goals=tuple(map(_goal, scenario.goals)),
        chapters=tuple(Teller(trace.events, cast, places, said, spans).chapters()),
        leaks=tuple(chip for chip in said if chip.leak),
        duties=tuple(chip for chip in said if chip.duty),
        score=judged.score,
        failure=f"{failure.kind}: {failure.what}" if failure else "",
    )


def _seen(trace: Trace, scenario: Scenario, judged: Judged) -> Iterator[tuple[int, Finding]]:
    """(event, finding) of every fact in a text: what was sent, and what the agent came to see."""
    yield from judged.findings
    grading = grader(scenario)
    for number, event in enumerate(trace.events):
        if isinstance(event, (Opened, Returned)):
            for finding in grading.find(event):
                yield number, finding


def _spans(
    judged: Judged, cast: Cast, seen: Iterable[tuple[int, Finding]]
) -> Mapping[tuple[int, str], Sequence[Span]]:
    """What is marked in each text, by (event, field)."""
    found: dict[tuple[int, str], list[Span]] = defaultdict(list)
    for event, finding in seen:
        about = cast.tells(finding.fact)
        found[event, finding.field].append(Span(finding.start, finding.end, "fact", about))
    for number, verdict in enumerate(judged.verdicts):
        if verdict.flow and verdict.kind != "void":
            proof, about = verdict.flow.finding, f"{cast.tells(verdict.fact)}: {verdict.kind}"
            span = Span(proof.start, proof.end, verdict.kind, about, f"#v{number}")
            found[verdict.event, proof.field].append(span)
    return found


def _identity(trace: Trace) -> tuple[tuple[str, str], ...]:
    """What the header says of the agent and of what it ran on."""
    header = trace.header
    return (
        *header.about.items(),
        ("guard", header.guard),
        ("pack version", str(header.pack_version)),
        ("scenario digest", header.digest),
    )


def _goal(goal: Goal) -> str:
    """A required call, as one reads it."""
    return f"{goal.call}({', '.join(f'{name}={text!r}' for name, text, _ in goal.arguments)})"
