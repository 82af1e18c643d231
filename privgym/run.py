"""Agents x scenarios x seeds -> a run folder.

Episodes are coroutines, `at_once` of them at a time, so that a model that batches stays full.
Traces are written in the order of the plan whatever the concurrency, each flushed when all
before it are: a run that was killed goes on to the same bytes.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from privgym import models, trace
from privgym.agent import Agent
from privgym.episode import Episode, cast, settle
from privgym.errors import failure
from privgym.event import AnyEvent
from privgym.folder import Judged, Record, RunFolder, Timing, judge
from privgym.message import Action
from privgym.model import Model
from privgym.pack import Pack
from privgym.scenario import Name, Scenario, digest
from privgym.spec import Metered, Spec, load_agent
from privgym.trace import Header, Trace

FLOORS = ("refuser", "oversharer", "random", "echo")
"""Trivial policies; every table says what they reach on the same plan."""

AT_ONCE = 4

Progress = Callable[[int, int], None]
"""Told how many episodes are done, and of how many."""


class Runner:
    """What all episodes of a run share: the pack, the spec, the model."""

    def __init__(self, pack: Pack, spec: Spec, model: Model | None = None) -> None:
        self.pack, self.spec, self.model = pack, spec, model

    def about(self, agent: Agent) -> dict[str, str]:
        """What the agent and its model say of themselves."""
        model = self.model.about if self.model else {}
        return {**agent.about, **{f"model.{key}": text for key, text in model.items()}}

    def record(self, names: Sequence[Name]) -> Record:
        """What a run of these scenarios is of."""
        return Record(
            pack=self.pack.name,
            pack_version=self.pack.version,
            spec=str(self.spec),
            about=self.about(load_agent(self.spec, self.model, self.pack.scenario(names[0]))),
            plan=tuple(str(name) for name in names),
            digests=tuple(digest(self.pack.scenario(name)) for name in names),
        )

    async def episode(self, name: Name) -> tuple[Trace, Timing]:
        """Live one episode; an error on the way becomes the trace's `failure`."""
        scenario, meter = self.pack.scenario(name), Metered(self.model) if self.model else None
        agent = load_agent(self.spec, meter, scenario, _seed(name))
        header = Header(
            scenario=str(name),
            digest=digest(scenario),
            pack_version=self.pack.version,
            agent=str(self.spec),
            about=self.about(agent),
        )
        start = time.perf_counter()
        lived = await _live(header, scenario, agent)
        wall = round(time.perf_counter() - start, 4)
        if not meter:
            return lived, Timing(str(name), wall)
        return lived, Timing(str(name), wall, meter.prompt_tokens, meter.tokens)


def run(
    pack: Pack,
    spec: Spec,
    names: Sequence[Name],
    *,
    at_once: int = AT_ONCE,
    out: Path = Path("runs"),
    new: bool = False,
    progress: Progress | None = None,
    started: Callable[[RunFolder], None] | None = None,
    fetching: Progress | None = None,
) -> RunFolder:
    """Run a plan, or go on with the newest run of the same plan that was not finished.

    Args:
        pack: the pack.
        spec: who runs.
        names: the plan, as `pack.names` gives it.
        at_once: episodes at a time.
        out: folder of run folders.
        new: begin anew, also where an unfinished run could go on.
        progress: called at the start and after every episode.
        started: called once with the run folder, before the first episode.
        fetching: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such agent or model, or a scenario cannot be made.
    """
    model = models.load(spec.model, at_once, fetching) if spec.model else None
    try:
        runner = Runner(pack, spec, model)
        record = runner.record(names)
        folder = (None if new else RunFolder.unfinished(out, record)) or RunFolder.create(
            out, record
        )
        if started:
            started(folder)
        asyncio.run(_drive(runner, folder, names, at_once, progress or _quiet))
        return folder
    finally:
        if close := getattr(model, "close", None):
            close()


def floors(pack: Pack, names: Sequence[Name]) -> dict[str, tuple[Judged, ...]]:
    """What the trivial policies reach on a plan; lived in memory, nothing is written."""

    async def live(agent: str) -> tuple[Judged, ...]:
        runner = Runner(pack, Spec(agent))
        traces = [(await runner.episode(name))[0] for name in names]
        return tuple(judge(t, pack.scenario(n)) for t, n in zip(traces, names, strict=True))

    return {agent: asyncio.run(live(agent)) for agent in FLOORS}


async def _drive(
    runner: Runner, folder: RunFolder, names: Sequence[Name], at_once: int, progress: Progress
) -> None:
    """Live what is left of the plan; write each episode when all before it are written."""
    written = done = folder.count()
    left: Iterator[tuple[int, Name]] = iter(list(enumerate(names))[written:])
    waiting: dict[int, tuple[Trace, Timing]] = {}
    progress(done, len(names))
    with folder.traces.open("ab") as traces, folder.timings.open("ab") as timings:

        async def work() -> None:
            nonlocal written, done
            for number, name in left:
                waiting[number] = await runner.episode(name)
                while written in waiting:
                    lived, timing = waiting.pop(written)
                    traces.write(_line(lived))
                    traces.flush()
                    timings.write(msgspec.json.encode(timing) + b"\n")
                    timings.flush()
                    written += 1
                done += 1
                progress(done, len(names))
                await asyncio.sleep(0)  # scripted agents never wait; let a stop through

        await asyncio.gather(*(work() for _ in range(max(1, at_once))))


async def _live(header: Header, scenario: Scenario, agent: Agent) -> Trace:
    happened: list[AnyEvent] = []
    try:
        episode, people = Episode(scenario), cast(scenario)
        happened = episode.events
        while turn := settle(episode, people):
            action = await agent.act(turn.observation)
            if not isinstance(action, Action):
                raise TypeError(f"the agent gave {type(action).__name__}, not an Action")
            episode.take(action)
    except Exception as error:
        return Trace(header, tuple(happened), failure(error))
    return Trace(header, tuple(happened))


def _line(lived: Trace) -> bytes:
    """A trace's line, also where the words of its failure cannot be written."""
    try:
        return trace.encode(lived)
    except UnicodeEncodeError as error:
        return trace.encode(Trace(lived.header, lived.events, failure(error)))


def _seed(name: Name) -> int:
    """The agent's seed: another for every scenario, the same in every run."""
    return int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:4], "big")


def _quiet(done: int, total: int) -> None:
    """No progress is shown."""
