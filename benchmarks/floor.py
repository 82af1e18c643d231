"""The floor beside a number: what the parts cost that no gym like this can do without.

Three parts: pydantic checks a call's arguments, one Aho-Corasick pass looks for the facts'
values in what was said, msgspec encodes the events. Each is done here as barely as it can be.
"""

from __future__ import annotations

import json
import platform
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from time import process_time_ns
from typing import Any

import msgspec
from ahocorasick_rs import AhoCorasick

from privgym.event import Acted, AnyEvent, Opened, Returned, Sent
from privgym.scenario import Scenario
from privgym.world import calls_of

Costs = dict[str, float]


def microseconds(work: Callable[[], Any]) -> float:
    """CPU time of one call of `work` in this process, in microseconds."""
    start = process_time_ns()
    work()
    return (process_time_ns() - start) / 1000


class Floor:
    """The three parts, ready for one scenario."""

    def __init__(self, scenario: Scenario) -> None:
        self.scenario = scenario
        self.words = [w.lower() for f in scenario.facts for w in (f.value, *f.aliases)]
        self.automaton = AhoCorasick(self.words)
        self.encoder = msgspec.json.Encoder()

    def costs(self, events: Sequence[AnyEvent]) -> Costs:
        """Microseconds of each part over a step's events."""
        return {
            "check": microseconds(lambda: self.check(events)),
            "match": microseconds(lambda: self.match(events)),
            "encode": microseconds(lambda: [self.encoder.encode(event) for event in events]),
        }

    def check(self, events: Iterable[AnyEvent]) -> None:
        """Check the arguments of every call."""
        for event in events:
            if isinstance(event, Acted):
                known = calls_of(self.scenario, event.party)
                for call in event.action.calls:
                    known[call.name].arguments.model_validate_json(call.arguments)

    def match(self, events: Iterable[AnyEvent]) -> None:
        """Look for the facts' values in every text that is scanned."""
        for event in events:
            if isinstance(event, Sent):
                texts = [text for _, text in event.parts]
            else:
                texts = [event.text] if isinstance(event, (Opened, Returned)) else []
            for text in texts:
                self.automaton.find_matches_as_indexes(text.lower(), overlapping=True)


def middle(found: Sequence[Costs]) -> Costs:
    """The median of each part, and of their sum."""
    parts = {part: median(costs[part] for costs in found) for part in found[0]}
    return {**parts, "sum": median(sum(costs.values()) for costs in found)}


def report(result: dict[str, Any], out: str | None) -> None:
    """Print a result as JSON, and write it where --out says."""
    packages = ("gymnasium", "msgspec", "pydantic", "ahocorasick-rs")
    where = {"python": platform.python_version(), "machine": platform.machine()}
    about = {**where, **{name: version(name) for name in packages}}
    text = json.dumps({**result, "measured_with": about}, indent=2)
    sys.stdout.write(text + "\n")
    if out:
        Path(out).write_text(text + "\n", encoding="utf-8")
