"""A process that lives episodes, one at a time, and is allowed to die of one.

Names go in, lines come out: before each turn of the agent what has happened, at the end a trace as
the run file keeps it, and what it took. A worker that crashes, or does not come back, is a failed
episode, which keeps what had happened; the next episode gets a new worker.
`python -m privgym.worker PACK SPEC DEADLINE GUARD SAMPLE` is the other end of the pipe.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from threading import Thread
from typing import BinaryIO

import msgspec

from privgym import models, pack, trace
from privgym.allowance import Timing
from privgym.errors import ENVIRONMENT, Failure, PrivgymError
from privgym.event import AnyEvent
from privgym.folder import Record
from privgym.guard import known
from privgym.runner import Runner, encoded
from privgym.scenario import Name
from privgym.spec import Spec
from privgym.trace import Trace

GRACE = 2.0
"""Seconds beyond its deadline after which an episode that holds its whole process is ended."""

READY = b"ready\n"
SO_FAR = b"["
"""What a line of events begins with; one with a trace begins otherwise."""

_EVENTS = msgspec.json.Decoder(list[AnyEvent])


class Worker:
    """Our end of the pipe. The process starts with the first episode.

    Args:
        record: what the run is of.
        deadline: seconds that an episode may take; None for any time.
    """

    def __init__(self, record: Record, deadline: float | None = None) -> None:
        self._record, self._deadline = record, deadline
        self._process: Process | None = None

    async def line(self, name: Name) -> tuple[bytes, Timing]:
        """Live one episode of the plan; its trace as a line of the run file.

        Raises:
            PrivgymError: (code 5) no worker can be started.
        """
        process, start = await self._started(), time.perf_counter()
        happened: list[AnyEvent] = []
        limit = None if self._deadline is None else self._deadline + GRACE
        try:
            async with asyncio.timeout(limit):
                lived, timing = await _ask(process, str(name), happened)
        except TimeoutError:
            failed = Failure("deadline", f"it had not ended after {self._deadline} s")
        else:
            if timing.endswith(b"\n"):
                return lived, msgspec.json.decode(timing, type=Timing)
            failed = Failure("crash", f"its worker ended with {_why(await process.wait())}")
        await self.close()
        wall = round(time.perf_counter() - start, 4)
        kept = Trace(self._record.header(name), tuple(happened), failed)
        return encoded(kept), Timing(str(name), wall, turns=kept.turns)

    async def close(self) -> None:
        """End the process, whatever it is at."""
        process, self._process = self._process, None
        if process and process.returncode is None:
            process.kill()
        if process:
            await process.communicate()

    async def _started(self) -> Process:
        """The process; a new one where there is none or it has died while it was idle."""
        if self._process and self._process.returncode is None:
            return self._process
        await self.close()
        record, deadline = self._record, str(self._deadline or "")
        asked = (record.pack, record.spec, deadline, record.guard, str(record.sample))
        self._process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-P", "-m", "privgym.worker", *asked),
            stdin=PIPE,
            stdout=PIPE,
            limit=trace.MAX_LINE,
            # What this process can import and no more; and Ctrl-C is for this process alone.
            env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
            process_group=0,
        )
        assert self._process.stdout
        if await self._process.stdout.readline() != READY:
            why = _why(await self._process.wait())
            raise PrivgymError(
                f"a worker cannot be started; it ended with {why}",
                where=self._record.spec,
                do="what it said stands above; the same command goes on",
                code=ENVIRONMENT,
            )
        return self._process


async def _ask(process: Process, name: str, happened: list[AnyEvent]) -> tuple[bytes, bytes]:
    """Send a name; the last two lines that come back, or what there is of them.

    Args:
        process: the worker.
        name: of the scenario.
        happened: gets the events that the lines before tell of.
    """
    assert process.stdin
    assert process.stdout
    process.stdin.write(f"{name}\n".encode())
    while (line := await process.stdout.readline()).startswith(SO_FAR):
        if line.endswith(b"\n"):
            happened += _EVENTS.decode(line)
    return line, await process.stdout.readline()


def _why(code: int) -> str:
    return f"exit code {code}" if code >= 0 else signal.Signals(-code).name


# -- the other end ----------------------------------------------------------------------------


def main() -> None:
    """Live the episodes that are named on stdin, until it ends: so does this process."""
    name, text, deadline, guard, sample = sys.argv[1:]
    # What an agent prints is no answer, and what it reads is no name.
    names, answers = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    with Path(os.devnull).open() as nothing:
        os.dup2(nothing.fileno(), 0)
    spec = Spec.read(text)
    model = models.load(spec.model, 1) if spec.model else None

    def tell(happened: Sequence[AnyEvent]) -> None:
        line = msgspec.json.encode(happened) + b"\n"
        if len(line) > trace.MAX_LINE:  # the parent could not read it, nor the whole trace
            raise ValueError(f"a turn of {len(line):,} bytes")
        answers.write(line)
        answers.flush()

    limit = float(deadline) if deadline else None
    runner = Runner(pack.load(name), spec, model, limit, tell, known(guard), int(sample))
    asyncio.run(_serve(runner, names, answers))


async def _serve(runner: Runner, names: BinaryIO, answers: BinaryIO) -> None:
    asked: asyncio.Queue[str] = asyncio.Queue()
    # A thread of its own hears that the parent has ended, also while an agent thinks.
    Thread(target=_listen, args=(names, asyncio.get_running_loop(), asked), daemon=True).start()
    answers.write(READY)
    answers.flush()
    while True:
        lived, timing = await runner.line(Name.read(await asked.get()))
        answers.write(lived + msgspec.json.encode(timing) + b"\n")
        answers.flush()


def _listen(names: BinaryIO, loop: asyncio.AbstractEventLoop, asked: asyncio.Queue[str]) -> None:
    for name in names:
        loop.call_soon_threadsafe(asked.put_nowait, name.decode().strip())
    os._exit(0)


if __name__ == "__main__":
    main()
