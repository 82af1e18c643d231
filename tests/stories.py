"""Episodes to tell: plays of the pack, lived and judged."""

from __future__ import annotations

from collections.abc import Iterator

from privgym import pack
from privgym.episode import enact
from privgym.event import AnyEvent
from privgym.folder import Judged, judge
from privgym.leaderboard.story import Story, story
from privgym.scenario import Play, Scenario, digest
from privgym.trace import Header, Trace

Lived = tuple[Trace, Scenario, Judged]

LEAVE, MOVING = "everyday/treatment_leave#0", "everyday/moving_day.L2#0"


def bad(scenario: Scenario) -> Play:
    """The first play that breaks a norm."""
    return next(play for play in scenario.plays if play.kind == "bad")


def traced(scenario: Scenario, events: tuple[AnyEvent, ...]) -> Trace:
    """A trace of a scenario."""
    about = {"agent": "a play", "version": "1"}
    return Trace(Header(scenario.name, digest(scenario), 1, "play:good", about), events)


def lived(name: str = LEAVE, play: Play | None = None) -> Lived:
    """A scenario's play, lived: its first bad one, if none is given."""
    scenario = pack.scenario(name)
    episode = enact(scenario, (play or bad(scenario)).sessions)
    trace = traced(scenario, tuple(episode.events))
    return trace, scenario, judge(trace, scenario)


def plays() -> Iterator[Lived]:
    """Every play of `everyday`, all levels and twins, lived."""
    of = pack.load("everyday")
    for name in of.names():
        for play in of.scenario(name).plays:
            yield lived(str(name), play)


def told(name: str = LEAVE) -> Story:
    """The story of a scenario's first bad play."""
    made: Story = story(*lived(name))
    return made
