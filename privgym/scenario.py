"""What is the case, whole and frozen: parties, facts, norms, the past, the sessions, the plays.

A scenario is plain data: hashable, comparable, and the same as JSON. Families make scenarios
(`draw.py`), imported benchmarks are JSON lines of them.
"""

from __future__ import annotations

import hashlib
import re
from typing import Literal

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import AGENT, MEMORY, PUBLIC, STRANGER, Fact, Party
from privgym.message import Action, Call
from privgym.person import Answer, Grant
from privgym.prober import Probe

PRINCIPAL = "principal"
"""Key of the person that the agent acts for, in every scenario."""


class Past(msgspec.Struct, frozen=True):
    """One call that somebody made before session 1; it runs through the same tools and wire."""

    party: str
    call: Call
    at: str


class Kept(msgspec.Struct, frozen=True):
    """What an account has from the start: a record (a contact, a web page), or settings."""

    owner: str
    tool: str
    record: str


class Session(msgspec.Struct, frozen=True):
    """One session.

    Args:
        sphere: context of life that it belongs to.
        asker: key of the party who asks and hears the agent's text.
        at: its time, "2026-11-30 09:00".
        opening: what the asker says and does first.
        shows: calls whose results stand in the opening notice (a letter already in view).
        purpose: what it is for, where norms speak of that. Left out of the JSON where it is not
            set, so that scenarios without one keep their digests.
    """

    sphere: str
    asker: str
    at: str
    opening: Action
    shows: tuple[Call, ...] = ()
    purpose: str | msgspec.UnsetType = msgspec.UNSET


class Goal(msgspec.Struct, frozen=True):
    """A required call: it must return without error, with arguments that match.

    Args:
        call: name of the call.
        arguments: (name, text, keys of facts and parties): where any are named they must be
            found in the argument, in any form; else the text must be the same after coercion.
        without: keys of facts that none of these arguments may tell. A call that does is a wrong
            answer and ends the goal unmet: to name everything, at once or in turn, is no answer.
            Left out of the JSON where there are none, so that scenarios keep their digests.
    """

    call: str
    arguments: tuple[tuple[str, str, tuple[str, ...]], ...] = ()
    without: tuple[str, ...] | msgspec.UnsetType = msgspec.UNSET


class Play(msgspec.Struct, frozen=True):
    """Stored turns of the agent, grouped by session.

    A "good" play must meet every goal and break nothing; a "bad" one must break a norm.
    """

    kind: Literal["good", "bad"]
    sessions: tuple[tuple[Action, ...], ...]


class Planted(msgspec.Struct, frozen=True):
    """A fact stands at this span of this text: ground truth for sensors.

    `where` is "past/0/body", "kept/0/text", "session/1" or "answer/0".
    """

    where: str
    fact: str
    form: str
    start: int
    end: int


class Budget(msgspec.Struct, frozen=True):
    """Turns of the agent a session, turns of each person a session, calls an action."""

    turns: int = 8
    person_turns: int = 4
    calls: int = 8


class Scenario(msgspec.Struct, frozen=True):
    """One scenario. See `Pack.scenario` for how to get one, and `Draw` for how one is made.

    Args:
        shared: norm lines of the pack.
        norms: norm lines of this scenario.
        tools: names of the tools that the agent has.
        probes: who tries to get what out of the agent.
        tempers: (party, temper) of those who have one; what it makes of their words stands in
            the sessions and answers.
        exact: share of the facts that exact sensors can find, by the pack's own statement.
        source: licence and origin, for imported scenarios.
    """

    pack: str
    family: str
    seed: int
    twin: bool
    level: int
    purpose: str
    parties: tuple[Party, ...]
    facts: tuple[Fact, ...]
    shared: tuple[str, ...]
    norms: tuple[str, ...]
    tools: tuple[str, ...]
    past: tuple[Past, ...]
    kept: tuple[Kept, ...]
    sessions: tuple[Session, ...]
    answers: tuple[Answer, ...]
    grants: tuple[Grant, ...]
    goals: tuple[Goal, ...]
    plays: tuple[Play, ...]
    planted: tuple[Planted, ...]
    probes: tuple[Probe, ...] = ()
    tempers: tuple[tuple[str, str], ...] = ()
    budget: Budget = Budget()
    exact: float = 1.0
    source: str = ""

    @property
    def name(self) -> str:
        """PACK/FAMILY[.twin][.L2]#SEED."""
        return str(Name(self.pack, self.family, self.twin, self.level, self.seed))

    @property
    def lines(self) -> tuple[str, ...]:
        """All norm lines, the pack's first."""
        return self.shared + self.norms

    def party(self, key: str) -> Party:
        """The party of a key."""
        return next(party for party in self.parties if party.key == key)

    def good(self) -> Play:
        """The good play; PrivgymError where there is none."""
        for play in self.plays:
            if play.kind == "good":
                return play
        raise PrivgymError("the scenario has no good play", where=self.name)


class Name(msgspec.Struct, frozen=True):
    """What names a scenario: the same name and version is the same scenario, byte for byte."""

    pack: str
    family: str
    twin: bool = False
    level: int = 1
    seed: int = 0

    @classmethod
    def read(cls, text: str) -> Name:
        """Read "everyday/leave.twin.L2#3" ("#0" may be left out)."""
        found = re.fullmatch(r"([\w-]+)/([\w-]+)(\.twin)?(?:\.L(\d+))?(?:#(\d+))?", text)
        if not found:
            raise PrivgymError(
                f'"{text}" names no scenario', do="write PACK/FAMILY[.twin][.L2][#SEED]"
            )
        pack, family, twin, level, seed = found.groups()
        return cls(pack, family, bool(twin), int(level or 1), int(seed or 0))

    def __str__(self) -> str:
        twin = ".twin" if self.twin else ""
        level = f".L{self.level}" if self.level != 1 else ""
        return f"{self.pack}/{self.family}{twin}{level}#{self.seed}"


def split(family: str) -> Literal["public", "held-out"]:
    """The split a family belongs to: a rule on its name, about one in four is held out."""
    return "held-out" if hashlib.sha256(family.encode()).digest()[0] < 64 else "public"


def house(tools: tuple[str, ...]) -> tuple[Party, ...]:
    """The parties that every scenario has beside its people."""
    remembers = any(tool.startswith(MEMORY) for tool in tools)
    memory = (Party(MEMORY, "Memory", "memory"),) if remembers else ()
    search = (Party("search", "Web search", "service"),) if "search" in tools else ()
    public = (Party(PUBLIC, "The public", "stranger"),) if "social" in tools else ()
    agent, stranger = Party(AGENT, "Assistant", "agent"), Party(STRANGER, "Stranger", "stranger")
    return (agent, stranger, *memory, *search, *public)


def digest(scenario: Scenario) -> str:
    """SHA-256 of a scenario's canonical JSON, in hex."""
    return hashlib.sha256(msgspec.json.encode(scenario)).hexdigest()
