"""What a monitor costs an event, by history and norms: `python benchmarks/monitor.py --out FILE`.

Every figure is of one core and one process. The ratios are what is meant to hold; events a second
depend on the machine, so a plain loop that only builds as many records as there are verdicts runs
beside them as a floor.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import time
import tracemalloc
from collections.abc import Sequence
from pathlib import Path
from random import Random

import msgspec

from privgym.book import Book
from privgym.event import Acted, AnyEvent, Asked, Consented, Opened, Sent, Withdrew
from privgym.flow import AGENT, Fact, Finding, Party
from privgym.message import Action
from privgym.monitor import Monitor

Step = tuple[AnyEvent, tuple[Finding, ...]]

PEOPLE, ATTRIBUTES, BATCH, ROUNDS = 12, 40, 2_000, 9
FLOWS = 0.6
"""Share of events that are a `Sent` with one fact for one recipient; the others are acts."""


def book(norms: int) -> Book:
    """A book of so many norms, five of which speak of what is sent (the same five always)."""
    parties = [Party("principal", "Ana Silva")]
    parties += [
        Party(f"p{n}", f"Person {n}", roles=(("friend", "principal"),)) for n in range(PEOPLE)
    ]
    facts = [Fact(f"f{n}", "principal", f"a{n}", "id", f"value-{n}") for n in range(ATTRIBUTES)]
    spoken = [
        "never a0 of principal to p0 unless principal consented",
        "never a1 of principal to friend if p1 asked this session",
        "allow a2 of principal to p2 if principal consented within 30 days",
        "at most 1 of a3, a4 of principal to the same recipient within 5 steps",
        "a5 and a6 imply a7",
    ]
    # The others are of attributes that nobody sends, and of everybody.
    rest = [
        f"never x{n} of principal to friend unless principal consented" for n in range(norms - 6)
    ]
    declared = [f"sphere work allows for {', '.join(f'x{n}' for n in range(max(1, norms - 6)))}"]
    return Book.of([*declared, *spoken, *rest], parties, facts, ["work"])


def events(count: int, seed: int) -> list[Step]:
    """Events of one session; flows are of the first ten attributes."""
    rng, found = Random(seed), list[Step]()
    for _ in range(count):
        attribute, person = rng.randrange(10), f"p{rng.randrange(PEOPLE)}"
        if rng.random() < FLOWS:
            finding = Finding(f"f{attribute}", "body", 0, 7, f"value-{attribute}", sensor="exact")
            parts = (("body", f"value-{attribute}"),)
            found.append((Sent("email", "principal", AGENT, (person,), parts), (finding,)))
        elif rng.random() < 0.5:
            found.append((Acted(AGENT, Action()), ()))
        else:
            act = rng.choice([Consented, Withdrew])
            event = act("principal", f"a{attribute}", person)
            found.append((rng.choice([event, Asked(person, f"a{attribute}")]), ()))
    return found


def pace(monitor: Monitor, steps: Sequence[Step]) -> float:
    """Seconds an event."""
    gc.disable()
    began = time.process_time()
    for event, findings in steps:
        monitor.see(event, findings)
    took = time.process_time() - began
    gc.enable()
    return took / len(steps)


def opened(norms: int, history: int) -> Monitor:
    """A monitor that has seen so many events."""
    monitor = Monitor(book(norms))
    monitor.see(Opened(session=1))
    for event, findings in events(history, seed=1):
        monitor.see(event, findings)
    return monitor


def beside(one: Monitor, other: Monitor) -> tuple[float, float, list[float]]:
    """Seconds an event of two monitors, in turns, and the ratios of each turn."""
    paces = []
    for number in range(ROUNDS):
        steps = events(BATCH, seed=100 + number)
        pair = [(pace(one, steps)), (pace(other, steps))]
        paces.append(pair)
    firsts, seconds = zip(*paces, strict=True)
    ratios = [b / a for a, b in paces]
    return statistics.median(firsts), statistics.median(seconds), ratios


def floor(steps: Sequence[Step]) -> float:
    """Seconds an event of a loop that keeps a record of each and asks one dictionary."""
    seen: dict[tuple[str, ...], Finding] = {}
    began = time.process_time()
    for event, findings in steps:
        for finding in findings:
            if isinstance(event, Sent):
                for to in event.to:
                    key = (event.sender, to, finding.fact)
                    seen[key] = msgspec.structs.replace(finding, words=seen.get(key, finding).words)
    return (time.process_time() - began) / len(steps)


def memory() -> dict[str, int]:
    """Bytes that a monitor holds after 10,000 and after 100,000 events over the same keys."""
    found = {}
    for count in (10_000, 100_000):
        steps, here = events(10_000, seed=2), book(50)
        tracemalloc.start()
        monitor = Monitor(here)
        monitor.see(Opened(session=1))
        for _ in range(count // len(steps)):
            for event, findings in steps:
                monitor.see(event, findings)
        gc.collect()
        found[str(count)] = tracemalloc.get_traced_memory()[0]
        tracemalloc.stop()
    return found


def main() -> None:
    """Measure and write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    short, long, by_history = beside(opened(50, 100), opened(50, 100_000))
    few, many, by_norms = beside(opened(10, 100), opened(1_000, 100))
    steps = events(20_000, seed=3)
    monitor = opened(50, 0)
    verdicts = [v for event, findings in steps for v in monitor.see(event, findings)]
    best = min(pace(opened(50, 100), steps) for _ in range(ROUNDS))
    hits = sum(verdict.norm != "" for verdict in verdicts)
    found = {
        "events_a_second": round(1 / best),
        "floor_events_a_second": round(1 / min(floor(steps) for _ in range(ROUNDS))),
        "norms": 50,
        "share_of_flows": round(sum(isinstance(e, Sent) for e, _ in steps) / len(steps), 3),
        "share_of_flows_with_a_norm": round(hits / len(verdicts), 3),
        "history": {"events": [100, 100_000], **_ratio(short, long, by_history)},
        "norms_ratio": {"norms": [10, 1_000], **_ratio(few, many, by_norms)},
        "memory_bytes": memory(),
    }
    print(json.dumps(found, indent=2))
    if given.out:
        given.out.write_text(json.dumps(found, indent=2) + "\n")


def _ratio(one: float, other: float, ratios: Sequence[float]) -> dict[str, float | list[float]]:
    ordered = sorted(ratios)
    return {
        "us": [round(one * 1e6, 2), round(other * 1e6, 2)],
        "ratio": round(statistics.median(ratios), 3),
        "ratios": [round(ordered[0], 3), round(ordered[-1], 3)],
    }


if __name__ == "__main__":
    main()
