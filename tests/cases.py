"""Random norms and traces for comparing the monitor with the oracle.

*Uniform* cases have a wide world in which few things meet. *Tight* ones are biased to collisions:
two outside parties, a chain of attributes, and acts drawn mostly about the same few.
"""

from __future__ import annotations

from random import Random
from typing import NamedTuple

from privgym.book import Book
from privgym.errors import PrivgymError
from privgym.event import AnyEvent, Asked, Closed, Consented, Opened, Sent, Withdrew
from privgym.flow import Fact, Finding, Party
from tests.oracle import Step

PRINCIPAL = Party("ana", "Ana Silva", roles=(("patient", "clinic"), ("client", "shop")))
BOSS = Party("boss", "Bo Li", roles=(("manager", "ana"), ("boss", "ana")))
CLINIC = Party("clinic", "Dr Cruz", roles=(("physician", "ana"), ("physician", "kim")))
OTHERS = (
    Party("boss_2", "Eve Roy", roles=(("boss", "ana"), ("manager", "kim"))),
    Party("kim", "Kim Silva", roles=(("child", "ana"), ("patient", "clinic"))),
    Party("shop", "Shop", "service", roles=(("merchant", "ana"),)),
)
HOUSE = (Party("agent", "the agent", "agent"), Party("memory", "memory", "memory"))

TIGHT = (
    "sphere health denies for record",
    "sphere work allows for dates",
    "record has diagnosis",
    "diagnosis has drug",
)
WIDE = (
    "sphere health denies for record, mood",
    "sphere work allows for dates, salary",
    "sphere health denies for insurer",
    "sphere family denies",
    "record has diagnosis, visit",
    "diagnosis has drug",
    "salary has bonus",
)


class World(NamedTuple):
    """What lines and traces are drawn from."""

    declared: tuple[str, ...]
    parties: tuple[Party, ...]
    attributes: tuple[str, ...]
    spheres: tuple[str, ...]

    @property
    def keys(self) -> list[str]:
        return [party.key for party in self.parties]

    @property
    def roles(self) -> list[str]:
        return sorted({role for party in self.parties for role, _ in party.roles})


class Case(NamedTuple):
    """A book and a trace to judge by it."""

    book: Book
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    spheres: tuple[str, ...]
    trace: tuple[Step, ...]


def world(tight: bool) -> World:
    if tight:
        few = ("record", "diagnosis", "drug", "dates")
        return World(TIGHT, (PRINCIPAL, BOSS, CLINIC, *HOUSE), few, ("health", "work"))
    attributes = (
        "record",
        "diagnosis",
        "drug",
        "visit",
        "mood",
        "dates",
        "salary",
        "bonus",
        "note",
    )
    parties = (PRINCIPAL, BOSS, CLINIC, *OTHERS, *HOUSE)
    return World(WIDE, parties, attributes, ("health", "work", "family"))


def draw(rng: Random, tight: bool) -> Case:
    """Draw a case; lines that are refused (a must with nothing to bind) are left out."""
    here = world(tight)
    subjects = ["ana", "ana", "clinic"] if tight else ["ana", "ana", "kim", "boss"]
    facts = tuple(
        Fact(
            f"f{i}",
            rng.choice(subjects),
            attribute,
            "text",
            f"value {i}",
            sphere=rng.choice(here.spheres) if rng.random() < 0.1 else "",
        )
        for i, attribute in enumerate(here.attributes)
        if rng.random() < 0.8
    ) or (Fact("f", "ana", "dates", "text", "value"),)
    spheres = tuple(rng.choice(here.spheres) for _ in range(rng.randint(1, 3)))
    lines = list(here.declared)
    for _ in range(rng.randint(3, 9)):
        line = _line(rng, here)
        try:
            Book.of([*here.declared, line], here.parties, facts, spheres, "ana")
        except PrivgymError:
            continue
        lines.append(line)
    book = Book.of(lines, here.parties, facts, spheres, "ana")
    trace = tuple(_trace(rng, here, facts, len(spheres)))
    return Case(book, here.parties, facts, spheres, trace)


def _line(rng: Random, here: World) -> str:
    kind = rng.choice(["never", "never", "allow", "allow", "must"])
    many = [*here.attributes, *here.attributes, *(here.spheres if kind != "must" else ())]
    names = sorted({rng.choice(many) for _ in range(rng.choice([1, 1, 2]))})
    subject = rng.choice(["ana", "ana", "patient", "clinic", "kim", "anyone"])
    # "boss" is a key and, for others too, a role.
    outside = ["boss", "boss of ana", "clinic", "manager", "physician of ana"]
    to = rng.choice([*outside, *here.keys, *here.roles, "anyone", "memory", "agent"])
    words = [kind, ", ".join(names), "of", subject, "to", to]
    if rng.random() < 0.2:
        words += ["from", rng.choice(["ana", "memory", *here.roles])]
    if rng.random() < 0.2:
        words += ["in", rng.choice(here.spheres)]
    whos = ["", "", "sender", "recipient", "subject", "source", "boss", "physician of subject"]
    for _ in range(rng.choice([0, 0, 1, 1, 2])):
        conds = [
            f"{rng.choice([*whos, to])} {rng.choice(['consented', 'withdrew', 'asked'])}"
            f"{rng.choice(['', '', ' this session'])}"
            for _ in range(rng.choice([1, 1, 2]))
        ]
        words += [rng.choice(["if", "unless"]), " or ".join(conds)]
    if kind == "must":
        words += rng.choice([[], ["when asked"]])
        words += rng.choice([[], ["by end of session"], ["by end of episode"]])
    return " ".join(word for word in words if word)


def _trace(rng: Random, here: World, facts: tuple[Fact, ...], sessions: int) -> list[Step]:
    steps = [_sent(rng, here, facts) for _ in range(rng.randint(0, 3))]
    for session in range(1, sessions + 1):
        steps.append((Opened(session), ()))
        for _ in range(rng.randint(0, 14)):
            steps.append(_sent(rng, here, facts) if rng.random() < 0.5 else (_act(rng, here), ()))
        steps.append((Closed(session, "done"), ()))
    return steps if rng.random() < 0.9 else steps[:-1]


def _act(rng: Random, here: World) -> AnyEvent:
    party = rng.choice(["ana", *here.keys])
    name = rng.choice([*here.attributes, *here.spheres])
    act = rng.randrange(3)
    if act == 0:
        return Asked(party, name)
    to = rng.choice(["anyone", *here.keys])
    return Consented(party, name, to) if act == 1 else Withdrew(party, name, to)


def _sent(rng: Random, here: World, facts: tuple[Fact, ...]) -> Step:
    outside = [key for key in here.keys if key not in ("agent", "memory")]
    sender, hand, to = rng.choice(
        [
            ("ana", "agent", tuple(rng.sample([*outside, "memory"], rng.choice([1, 1, 2])))),
            ("ana", "agent", (rng.choice(outside),)),
            ("agent", "agent", (rng.choice(outside),)),
            ("memory", "memory", ("agent",)),
            (rng.choice(outside), "", (rng.choice(["ana", "agent", *outside]),)),
            ("ana", "ana", (rng.choice(here.keys),)),
        ]
    )
    chosen = rng.sample(facts, min(len(facts), rng.choice([1, 1, 2])))
    findings = [
        Finding(fact.key, "text", 0, 1, "v", "yes" if rng.random() < 0.85 else "maybe")
        for fact in [*chosen, *chosen[: rng.randint(0, 1)]]
    ]
    parts = (("text", "v"),)
    return Sent("email", sender, hand or sender, to, parts), tuple(findings)
