"""Do twins flip: is the same flow judged one way in a scenario and the other way in its twin?

The same flow is the same fact going to the same recipient, or to the one in its place: somebody
whom the good play of one side alone has to do with. Flows are those of the plays, as judged.
"""

from __future__ import annotations

from typing import NamedTuple

from privgym.episode import enact
from privgym.scenario import Scenario
from privgym.score import score


class Side(NamedTuple):
    """What the plays of one side show: (fact, recipient) that are right there, or wrong."""

    right: frozenset[tuple[str, str]]
    wrong: frozenset[tuple[str, str]]

    @property
    def reached(self) -> set[str]:
        """Whom its good plays have to do with."""
        return {recipient for _, recipient in self.right}


def side(scenario: Scenario) -> Side:
    """Live every play of a scenario and collect how its flows were judged."""
    right, wrong = set[tuple[str, str]](), set[tuple[str, str]]()
    for play in scenario.plays:
        for verdict in score(scenario, enact(scenario, play.sessions).events).verdicts:
            flow = (verdict.fact, verdict.recipient)
            if verdict.kind == "inappropriate":
                wrong.add(flow)
            elif play.kind == "good" and verdict.kind in ("met", "appropriate"):
                right.add(flow)
    return Side(frozenset(right), frozenset(wrong))


def flips(one: Side, other: Side) -> list[tuple[str, str]]:
    """The flows that are wrong on one side, and right on the other, each as the wrong one."""
    return [
        flow
        for bad, good in ((one, other), (other, one))
        for flow in sorted(bad.wrong)
        if flow in good.right or any(_replaces(bad, good, flow, twin) for twin in good.right)
    ]


def _replaces(bad: Side, good: Side, flow: tuple[str, str], twin: tuple[str, str]) -> bool:
    """Whether the right flow is the wrong one with another recipient in the same place."""
    if flow[0] != twin[0] or twin in bad.right:
        return False
    return flow[1] in bad.reached - good.reached or twin[1] in good.reached - bad.reached
