"""An agent as a child process: any program that reads observations and prints actions.

One JSON object a line, both ways; `docs/agents.md` holds the format. The child is started anew
for every session, in an empty folder, so that it forgets as an agent must. What it prints is
hostile text: it is read strictly, up to a stated length, and within a stated time.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shlex
import shutil
import signal
from collections.abc import Mapping
from contextlib import suppress
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import msgspec

from privgym import confine, kit, trace
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.message import Action, Call, Messages, Observation, visible

MAX_ANSWER = 1024 * 1024
"""Longest answer that is read, in bytes."""

TURN = 300.0
"""Seconds that a child has for one turn, its start included."""

KEPT = 2000
"""Bytes of the end of its stderr that are kept to explain a failure."""

GRACE = 1.0
"""Seconds that a child which has closed its stdout gets to end by itself."""

_FORM = 'print one line, {"text": TEXT, "calls": [{"name": NAME, "arguments": JSON TEXT}, ...]}'


class Child:
    """An agent in a child process.

    Args:
        command: its command line; the first word is looked up as a shell does, and paths are
            taken from the current folder. No shell runs it.
        turn: seconds that it has for one turn.

    Raises:
        PrivgymError: the command line cannot be read, or (code 5) there is no such program.
    """

    def __init__(self, command: str, turn: float = TURN) -> None:
        self._where, self._turn = f"command:{command}", turn
        self._words = resolved(command)
        self._session = 0
        self._pipe: _Pipe | None = None
        self.trust = "child process in bwrap" if confine.bwrap() else "child process"
        files = [path for path in map(Path, self._words) if path.is_absolute() and path.is_file()]
        hashes = " ".join(_sha256(path, path.stat().st_mtime_ns) for path in files)
        self.about: Mapping[str, str] = {
            "agent": "command",
            "trust": self.trust,
            "files": hashlib.sha256(hashes.encode()).hexdigest(),
        }

    async def act(self, observation: Observation) -> Action:
        """Hand the observation over, and read the line that comes back.

        Raises:
            PrivgymError: it ended, was silent for too long, or printed a line without an end.
        """
        if self._pipe is None or observation.session != self._session:
            await self.aclose()
            self._session = observation.session
            self._pipe = await _Pipe.open(confine.command(self._words, _answer_keys()))
        try:
            async with asyncio.timeout(self._turn):
                line = await self._pipe.ask(encode(observation))
        except TimeoutError:
            raise self._failed(f"it was silent for {self._turn:g} s") from None
        if line is not None:
            return read(line)
        if len(self._pipe.said) > MAX_ANSWER:
            raise self._failed(f"its line is longer than {MAX_ANSWER:,} bytes")
        raise self._failed(f"{await self._pipe.end()} before it had answered")

    async def aclose(self) -> None:
        """End the child and all of its process group, and remove its folder."""
        pipe, self._pipe = self._pipe, None
        if pipe:
            await pipe.close()

    def _failed(self, what: str) -> PrivgymError:
        last = visible(self._pipe.stderr.decode(errors="replace")).strip() if self._pipe else ""
        do = f"its stderr ends: {last}" if last else "it wrote nothing to stderr"
        return PrivgymError(f"the agent failed: {what}", where=self._where, do=do)


class _Pipe(asyncio.SubprocessProtocol):
    """A running child: what it has said, and whether it still can."""

    def __init__(self) -> None:
        self.said, self.stderr = bytearray(), bytearray()
        self._folder = TemporaryDirectory(prefix="agent-", ignore_cleanup_errors=True)
        self._news = asyncio.Event()
        self._deaf = False
        self._ended, self._lost = asyncio.Event(), asyncio.Event()

    @classmethod
    async def open(cls, command: list[str]) -> _Pipe:
        """Start a command in a new folder and a session (of processes) of its own."""
        pipe = cls()
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: pipe,
                *command,
                env=confine.ENVIRONMENT,
                cwd=pipe._folder.name,
                start_new_session=True,
            )
        except BaseException:
            pipe._folder.cleanup()
            raise
        return pipe

    async def ask(self, line: bytes) -> bytes | None:
        """Write a line; the next that it prints, or None if it ends or prints too long a one."""
        self.said.clear()  # an observation has one answer: what came after it is none
        self._transport(1).resume_reading()
        self._transport(0).write(line)
        while not (end := self.said.find(b"\n") + 1):
            if self._deaf or len(self.said) > MAX_ANSWER:
                return None
            self._news.clear()
            await self._news.wait()
        return bytes(self.said[:end]) if end <= MAX_ANSWER + 1 else None

    async def end(self) -> str:
        """Wait a moment for a child that has fallen silent; in words, what became of it."""
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE):
                await self._lost.wait()  # its last words on stderr included
        if (code := self._process.get_returncode()) is None:
            return "it closed its stdout"
        return f"it ended with {f'exit code {code}' if code >= 0 else signal.Signals(-code).name}"

    async def close(self) -> None:
        """End it and its process group, whatever they are at."""
        if not self._ended.is_set():
            self._kill()
        await self._ended.wait()
        self._process.close()
        await self._lost.wait()
        self._folder.cleanup()

    def _kill(self) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.get_pid(), signal.SIGKILL)

    def _transport(self, number: int) -> Any:
        return self._process.get_pipe_transport(number)

    # -- what the event loop calls ------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._process = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 2:
            self.stderr = (self.stderr + data)[-KEPT:]
            return
        self.said += data
        if len(self.said) > MAX_ANSWER:
            self._transport(1).pause_reading()  # the rest waits in the pipe, and so does the child
        self._news.set()

    def pipe_connection_lost(self, fd: int, error: Exception | None) -> None:
        if fd == 1:
            self._deaf = True
            self._news.set()

    def process_exited(self) -> None:
        self._kill()  # what it left behind: its group lives on when the leader has ended
        self._ended.set()

    def connection_lost(self, error: Exception | None) -> None:
        self._lost.set()


def resolved(command: str) -> list[str]:
    """The words of a command line, with its program and its paths made absolute.

    Raises:
        PrivgymError: it cannot be read, or (code 5) there is no such program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise PrivgymError(f"the command line cannot be read: {error}", where=command) from None
    program = shutil.which(words[0]) if words else None
    if not program:
        raise PrivgymError(
            f'there is no program "{words[0] if words else ""}"',
            where=f"command:{command}",
            do="write command:PROGRAM ARGUMENTS, as in command:node agent.js",
            code=ENVIRONMENT,
        )
    paths = [os.path.abspath(word) if word and Path(word).exists() else word for word in words[1:]]
    return [os.path.abspath(program), *paths]


def encode(observation: Observation) -> bytes:
    """An observation as the line that a child reads."""
    line = _ENCODER.encode(observation)
    for character in "\x85\u2028\u2029":  # ends of lines to some readers, Node's for one
        line = line.replace(character.encode(), rf"\u{ord(character):04x}".encode())
    return line + b"\n"


def read(line: bytes) -> Action:
    """The action on a line that a child printed; a malformed one where there is none."""
    try:
        found: _Action = trace.strict(line, _Action)
    except PrivgymError as error:
        raw = line.decode(errors="replace").rstrip("\n")
        return Action(fault="malformed", detail=f"{error.what}: {_FORM}.", raw=raw)
    calls = tuple(Call(call.name, call.arguments) for call in found.calls)
    return Action(found.text, calls, found.fault, found.detail, found.raw)


class _Call(Call, frozen=True, forbid_unknown_fields=True):
    """A call in which a misspelt key is no silent default."""


class _Action(Action, frozen=True, forbid_unknown_fields=True):
    calls: tuple[_Call, ...] = ()


def _plain(value: object) -> object:
    """Messages are a view of a log; on the line they are a list."""
    if isinstance(value, Messages):
        return value[:]
    raise NotImplementedError


_ENCODER = msgspec.json.Encoder(enc_hook=_plain)


@cache
def _sha256(path: Path, mtime: int) -> str:
    """The hash of a file that a command names; taken anew when it has changed."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _answer_keys() -> list[Path]:
    """Where an agent could read how it is judged: the house, and the scenarios of every kit."""
    house = Path(__file__).resolve().parent
    return [house, *(one for k in kit.kits() if (one := k.resolve() / "scenarios").is_dir())]
