"""What a reset costs: of a scenario that was lived before, and of one that is drawn anew.

`python benchmarks/reset.py [--peer PYTHON] [--out FILE]`: CPU time of `Env.reset` by family;
beside it the floor of its parts and AgentDojo's reset (`peer.py`), all measured in turn. For a
new scenario the floor also holds what cannot be kept from before: its people's names (Faker) and
one Aho-Corasick automaton.
"""

from __future__ import annotations

import argparse
from statistics import median
from typing import Any

from ahocorasick_rs import AhoCorasick
from faker import Faker
from floor import Costs, Floor, microseconds, middle, report
from peer import Peer, beside

import privgym
from privgym.env import Env
from privgym.pack import scenario
from privgym.value import Values

ROUNDS, WARM = 40, 5
PEER_EVERY = 7
"""Seeds of ours to one reset of the peer's, which is slow."""

Pairs = dict[str, list[float]]


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", help="the Python of an environment with AgentDojo")
    options.add_argument("--out", help="also write the JSON here")
    given = options.parse_args()
    env = privgym.make("everyday")
    peer = Peer(given.peer) if given.peer else None
    pairs: Pairs = {"known": [], "new": [], "theirs": []}
    rows = {f"{family}": measured(env, family, peer, pairs) for family in env.pack.families()}
    found: dict[str, Any] = {"what": "CPU time of one reset", "families": rows}
    if peer:
        both = {kind: beside(pairs[kind], pairs["theirs"]) for kind in ("known", "new")}
        found["peer"] = {"agentdojo": peer.version, **both}
        peer.close()
    report(found, given.out)


def measured(env: Env, family: str, peer: Peer | None, pairs: Pairs) -> dict[str, Any]:
    """One family's row: `known` scenarios and `new` ones; some of them go to `pairs` too."""
    known, new = [], []
    least: list[Costs] = []
    names = Values("everyday", family, 0).faker
    for seed in range(1, ROUNDS + 1):
        chosen = {"scenario": f"everyday/{family}#{seed}"}
        new.append(microseconds(lambda chosen=chosen: env.reset(options=chosen)))
        known.append(microseconds(lambda chosen=chosen: env.reset(options=chosen)))
        if peer and seed > WARM and seed % PEER_EVERY == 0:
            pairs["known"].append(known[-1])
            pairs["new"].append(new[-1])
            pairs["theirs"].append(peer.reset())
        _, info = env.reset(options=chosen)
        made = scenario(chosen["scenario"])
        floor = Floor(made)
        people = [party for party in made.parties if party.kind == "person"]
        drawn = {
            "names": microseconds(lambda people=people: [one(names) for _ in people]),
            "build": microseconds(lambda floor=floor: AhoCorasick(floor.words)),
        }
        least.append({**floor.costs(info["events"]), **drawn})
    kept = ("check", "match", "encode")
    return {
        "known": row(known, [{part: costs[part] for part in kept} for costs in least]),
        "new": row(new, least),
    }


def one(names: Faker) -> tuple[str, ...]:
    """What a person's name and address are drawn from."""
    return names.first_name(), names.last_name(), names.domain_word()


def row(costs: list[float], least: list[Costs]) -> dict[str, Any]:
    """Medians, and their ratio."""
    cost, floor = median(costs[WARM:]), middle(least[WARM:])
    return {
        "reset_us": round(cost, 1),
        "floor_us": {part: round(value, 1) for part, value in floor.items()},
        "ratio": round(cost / floor["sum"], 2),
    }


if __name__ == "__main__":
    main()
