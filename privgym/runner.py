"""One episode of a run: lived, timed, and written as the line that its run file keeps."""

from __future__ import annotations

import asyncio
import hashlib
import math
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager

import msgspec

from privgym import trace
from privgym.agent import Agent
from privgym.allowance import Timing
from privgym.episode import Episode, cast, settle
from privgym.errors import Failure, PrivgymError, failure
from privgym.event import AnyEvent
from privgym.folder import TRUST, Record
from privgym.guard import Mode
from privgym.message import Action
from privgym.model import Model
from privgym.pack import Pack
from privgym.process import Child
from privgym.scenario import Name, Scenario, digest
from privgym.shard import Shard
from privgym.spec import Metered, Spec, load_agent
from privgym.trace import Header, Trace

Tell = Callable[[Sequence[AnyEvent]], None]
"""Told events, each once."""


class Runner:
    """What all episodes of a run share.

    Args:
        pack, spec: what is run, and who runs.
        model: the spec's model, loaded.
        deadline: seconds that an episode may take; None for any time.
        tell: told what has happened since it was last told, before each turn of the agent.
        guard: what a guard at the wire does about inappropriate flows; "off" for none.
        sample: which repetition it is, from 0; another draws other seeds from the same names.
    """

    def __init__(
        self,
        pack: Pack,
        spec: Spec,
        model: Model | None = None,
        deadline: float | None = None,
        tell: Tell | None = None,
        guard: Mode = "off",
        sample: int = 0,
    ) -> None:
        self.pack, self.spec, self.model = pack, spec, model
        self.deadline, self.tell, self.guard = deadline, tell or _nobody, guard
        self.sample = sample

    def record(self, names: Sequence[Name], shard: Shard | None = None) -> Record:
        """What a run of these scenarios is of."""
        agent = load_agent(self.spec, self.model, self.pack.scenario(names[0]))
        return self._record(names, agent, shard)

    async def episode(self, name: Name) -> tuple[Trace, Timing]:
        """Live one episode; an error on the way becomes the trace's `failure`."""
        scenario, seed = self.pack.scenario(name), seed_of(name, self.sample)
        meter = Metered(self.model, seed) if self.model else None
        header = self._record((name,)).header(name)
        start = time.perf_counter()
        try:
            agent = load_agent(self.spec, meter, scenario, seed)
        except Exception as error:
            lived = Trace(header, (), failure(error))
        else:
            header = msgspec.structs.replace(header, about=self._about(agent))
            lived = await self._live(header, scenario, agent)
        wall = round(time.perf_counter() - start, 4)
        read, written = (meter.prompt_tokens, meter.tokens) if meter else (0, 0)
        return lived, Timing(str(name), wall, read, written, lived.turns)

    async def line(self, name: Name) -> tuple[bytes, Timing]:
        """Live one episode; its trace as a line of the run file."""
        lived, timing = await self.episode(name)
        return encoded(lived), timing

    async def _live(self, header: Header, scenario: Scenario, agent: Agent) -> Trace:
        happened: list[AnyEvent] = []
        failed: Failure | None = None
        told = 0
        end = time.perf_counter() + (math.inf if self.deadline is None else self.deadline)
        try:
            async with asyncio.timeout(self.deadline), _closed_after(agent):
                episode, people = Episode(scenario, self.guard), cast(scenario)
                happened = episode.events
                while turn := settle(episode, people):
                    self.tell(happened[told:])
                    told = len(happened)
                    action = await agent.act(turn.observation)
                    if not isinstance(action, Action):
                        raise TypeError(f"the agent gave {type(action).__name__}, not an Action")
                    episode.take(action)
                    await asyncio.sleep(0)  # scripted agents never wait; let a stop through
        except Exception as error:
            failed = failure(error)
        if time.perf_counter() >= end:  # asked here too: who never waits hears nothing
            failed = Failure("deadline", f"it had not ended after {self.deadline} s")
        return Trace(header, tuple(happened), failed)

    def _record(
        self, names: Sequence[Name], agent: Agent | None = None, shard: Shard | None = None
    ) -> Record:
        return Record(
            pack=self.pack.name,
            pack_version=self.pack.version,
            spec=str(self.spec),
            about=self._about(agent),
            plan=tuple(str(name) for name in names),
            digests=tuple(digest(self.pack.scenario(name)) for name in names),
            shard=str(shard or ""),
            guard=self.guard,
            sample=self.sample,
            trust=agent.trust if isinstance(agent, Child) else TRUST,
        )

    def _about(self, agent: Agent | None = None) -> dict[str, str]:
        """What the agent and its model say of themselves."""
        model, own = self.model.about if self.model else {}, agent.about if agent else {}
        return {**own, **{f"model.{key}": text for key, text in model.items()}}


def encoded(lived: Trace) -> bytes:
    """A trace's line, also where its words cannot be written or it is too long to be read."""
    try:
        line = trace.encode(lived)
    except UnicodeEncodeError as error:
        return trace.encode(Trace(lived.header, lived.events, failure(error)))
    if len(line) <= trace.MAX_LINE:
        return line
    long = PrivgymError(f"its trace has {len(line):,} bytes, which is more than can be read")
    return trace.encode(Trace(lived.header, (), failure(long)))


@asynccontextmanager
async def _closed_after(agent: Agent) -> AsyncIterator[None]:
    """Close an agent that holds something open (a process, a connection) by its `aclose`."""
    try:
        yield
    finally:
        if close := getattr(agent, "aclose", None):
            await close()


def _nobody(happened: Sequence[AnyEvent]) -> None:
    """Nobody is told."""


def seed_of(name: Name, sample: int = 0) -> int:
    """An episode's seed, 32 bits: another for every scenario and sample, the same in every run."""
    words = f"{name} sample {sample}" if sample else str(name)
    return int.from_bytes(hashlib.sha256(words.encode()).digest()[:4], "big")
