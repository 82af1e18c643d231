"""What a step costs, and whether it costs the same after 10,000 of them.

`python benchmarks/step.py [--peer PYTHON] [--out FILE]`: CPU time of `Env.step`, by kind of
action, in one episode of 10,000 steps; beside it the floor of its parts. With a peer also letters
that are sent in blocks, one of ours and one of AgentDojo's (`peer.py`) in turn.
"""

from __future__ import annotations

import argparse
from itertools import chain
from statistics import median
from time import sleep

import msgspec
from floor import Costs, Floor, microseconds, middle, report
from peer import PAUSE, Peer, beside

import privgym
from privgym import Action, Call
from privgym.env import Env
from privgym.pack import scenario
from privgym.scenario import Scenario

STEPS, WARM, WINDOW = 10_000, 200, 1000
BLOCKS, BLOCK, WARM_BLOCKS = 100, 20, 5
LETTER = "Dear colleague, this is note {n} of the week. Nothing of it is urgent. " * 8


def actions(scenario: Scenario, n: int) -> dict[str, Action]:
    """One action of each kind; `n` makes it differ from the one before."""
    boss = scenario.parties[2].email
    fact = scenario.facts[0].value
    calls = {
        "send": Call.of("email_send", to=[boss], subject=f"Note {n}", body=LETTER.format(n=n)),
        "leak": Call.of("email_send", to=[boss], subject=f"Note {n}", body=f"{n}: {fact}"),
        "read": Call.of("email_read", id=n % 3 + 1),
        "list": Call.of("email_search", query=""),
        "remember": Call.of("memory_remember", text=f"note {n}"),
        "contacts": Call.of("contacts_search", query=""),
        "refused": Call.of("email_read", id=-n - 1),
    }
    broken = {"malformed": Action(fault="malformed", detail="no object", raw="{")}
    return {**{kind: Action(calls=(call,)) for kind, call in calls.items()}, **broken}


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--peer", help="the Python of an environment with AgentDojo")
    options.add_argument("--out", help="also write the JSON here")
    given = options.parse_args()
    base = scenario("everyday/treatment_leave.L2#0")
    budget = msgspec.structs.replace(base.budget, turns=STEPS + 1)
    long = msgspec.structs.replace(base, budget=budget)
    env, floor = privgym.make("everyday"), Floor(long)
    env.reset(options={"scenario": long})
    kinds = list(actions(long, 0))
    spent: dict[str, list[float]] = {kind: [] for kind in kinds}
    floors: dict[str, list[Costs]] = {kind: [] for kind in kinds}
    infos = []
    for n in range(STEPS):
        kind = kinds[n % len(kinds)]
        action = actions(long, n)[kind]
        spent[kind].append(microseconds(lambda action=action: infos.append(env.step(action)[4])))
        floors[kind].append(floor.costs(infos.pop()["events"]))
    found = summary(spent, floors)
    if given.peer:
        found["peer"] = letters(env, long, Peer(given.peer))
    report(found, given.out)


def letters(env: Env, scenario: Scenario, peer: Peer) -> dict[str, object]:
    """The same letters sent here and there, block by block.

    The first of a block comes after a `pause`, in which the processor's caches went cold, as they
    do while a model thinks; the rest follow each other in a `loop`.
    """
    env.reset(options={"scenario": scenario})
    ours, theirs = [], []
    for start in range(0, BLOCKS * BLOCK, BLOCK):
        numbers = range(start, start + BLOCK)
        sends = [actions(scenario, n)["send"] for n in numbers]
        sleep(PAUSE)
        ours.append([microseconds(lambda send=send: env.step(send)) for send in sends])
        theirs.append(peer.steps([(f"Note {n}", LETTER.format(n=n)) for n in numbers]))
    peer.close()
    ours, theirs = ours[WARM_BLOCKS:], theirs[WARM_BLOCKS:]
    first = ([block[0] for block in blocks] for blocks in (ours, theirs))
    rest = (list(chain(*(block[1:] for block in blocks))) for blocks in (ours, theirs))
    return {"agentdojo": peer.version, "loop": beside(*rest), "pause": beside(*first)}


def summary(spent: dict[str, list[float]], floors: dict[str, list[Costs]]) -> dict[str, object]:
    """Medians by kind; `slope` is late over early."""
    skip, window = WARM // len(spent), WINDOW // len(spent)
    rows = {}
    for kind, costs in spent.items():
        early, late = median(costs[skip : skip + window]), median(costs[-window:])
        least = middle(floors[kind][skip : skip + window])
        rows[kind] = {
            "step_us": round(early, 1),
            "floor_us": {part: round(cost, 1) for part, cost in least.items()},
            "ratio": round(early / least["sum"], 2),
            "late_us": round(late, 1),
            "slope": round(late / early, 2),
        }
    return {"what": f"CPU time of one step, of {STEPS} in one episode", "kinds": rows}


if __name__ == "__main__":
    main()
