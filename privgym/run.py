"""Agents x scenarios x seeds -> a run folder.

Episodes are coroutines, `at_once` of them at a time, so that a model that batches stays full; or
they are lived by worker processes, one at a time in each. Traces are written in the order of the
plan either way: a run that was killed goes on to the same bytes.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from types import FrameType

from privgym import models
from privgym.allowance import Allowance, Timing
from privgym.folder import RunFolder
from privgym.guard import Mode
from privgym.model import Model
from privgym.pack import Pack
from privgym.runner import Runner
from privgym.scenario import Name
from privgym.shard import Shard
from privgym.spec import Spec
from privgym.worker import Worker
from privgym.writer import Writer

AT_ONCE = 4

Progress = Callable[[int, int], None]
"""Told how many episodes are done, and of how many."""

Live = Callable[[Name], Awaitable[tuple[bytes, Timing]]]
"""Lives an episode: its trace as a line of the run file, and what it took."""


def run(
    pack: Pack,
    spec: Spec,
    names: Sequence[Name],
    *,
    at_once: int = AT_ONCE,
    workers: int = 0,
    deadline: float | None = None,
    guard: Mode = "off",
    sample: int = 0,
    allowance: Allowance | None = None,
    shard: Shard | None = None,
    out: Path = Path("runs"),
    new: bool = False,
    reuse: bool = False,
    progress: Progress | None = None,
    started: Callable[[RunFolder], None] | None = None,
    fetching: Progress | None = None,
) -> RunFolder:
    """Run a plan, or go on with the newest run of the same plan that was not finished.

    Args:
        pack: the pack.
        spec: who runs.
        names: the plan, as `pack.names` gives it.
        at_once: episodes at a time, in this process.
        workers: processes to live them in instead, an episode at a time in each; 0 for none.
        deadline: seconds that an episode may take; then it is a failed one.
        guard: what a guard at the wire does about inappropriate flows; "off" for none. Another
            guard makes another run.
        sample: which repetition it is, from 0: what is drawn from a seed (a sampling model's
            words, a `mix:` agent's choice) comes out another way. Another sample is another run.
        allowance: what the run may use; what is then left of the plan is not run.
        shard: the share of the plan that is run here.
        out: folder of run folders.
        new: begin anew, also where an unfinished run could go on.
        reuse: where the same plan was run and judged to its end, take that run as it is.
        progress: called at the start and after every episode.
        started: called once with the run folder, before the first episode.
        fetching: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such agent or model, a scenario cannot be made, another
            process is at this run, or it cannot be written.
    """
    with ExitStack() as stack:
        model = stack.enter_context(_loaded(spec, 1 if workers else at_once, fetching))
        runner = Runner(pack, spec, model, deadline, guard=guard, sample=sample)
        record = runner.record(names, shard)
        if reuse and not new and (made := RunFolder.finished(out, record)):
            return made
        crew = [Worker(record, deadline) for _ in range(workers)]
        if crew:
            stack.close()  # each has a model of its own
        folder = None if new else RunFolder.unfinished(out, record)
        folder = folder or RunFolder.create(out, record)
        stack.enter_context(folder.held())
        if started:
            started(folder)
        lives: list[Live] = [worker.line for worker in crew] or [runner.line] * at_once
        asyncio.run(_drive(folder, lives, allowance or Allowance(), progress or _quiet, crew))
        return folder


async def _drive(
    folder: RunFolder,
    lives: Sequence[Live],
    allowance: Allowance,
    progress: Progress,
    crew: Sequence[Worker],
) -> None:
    """Live what is left of the run's share of the plan, as far as the allowance goes."""
    share, done = folder.record.share, folder.count()
    left = iter(list(enumerate(share))[done:])
    for timing in folder.took():
        allowance.charge(timing)

    async def work(live: Live) -> None:
        nonlocal done
        for place, number in left:
            if allowance.reached:
                break
            line, timing = await live(Name.read(folder.record.plan[number]))
            allowance.charge(timing)
            writer.put(place, line, timing)
            done += 1
            progress(done, len(share))

    progress(done, len(share))
    try:
        with _stoppable(), Writer(folder) as writer:
            async with asyncio.TaskGroup() as group:
                for live in lives:
                    group.create_task(work(live))
    except ExceptionGroup as several:
        raise several.exceptions[0] from None
    finally:
        for worker in crew:
            await worker.close()


@contextmanager
def _loaded(spec: Spec, slots: int, fetching: Progress | None) -> Iterator[Model | None]:
    """The model of a spec, closed at the end."""
    model = models.load(spec.model, slots, fetching) if spec.model else None
    try:
        yield model
    finally:
        if close := getattr(model, "close", None):
            close()


@contextmanager
def _stoppable() -> Iterator[None]:
    """Let a handled SIGTERM cancel the run first, as Ctrl-C does in asyncio.

    Raised amid a task, as a handler is called, it would be that task's own error.
    """
    handler, task = signal.getsignal(signal.SIGTERM), asyncio.current_task()
    if not callable(handler) or not task or current_thread() is not main_thread():
        yield
        return
    loop, caught = asyncio.get_running_loop(), list[int]()

    def stop(number: int, _frame: FrameType | None) -> None:
        caught.append(number)
        loop.call_soon_threadsafe(task.cancel)

    signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except asyncio.CancelledError:
        for number in caught[:1]:
            handler(number, None)
        raise
    finally:
        signal.signal(signal.SIGTERM, handler)


def _quiet(done: int, total: int) -> None:
    """No progress is shown."""
