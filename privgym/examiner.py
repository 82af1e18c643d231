"""Verifying in a process of its own, under limits: what is handed in is read only there.

`python -m privgym.examiner FOLDER ...` is the other end; what the run has to be goes in through its
stdin, since seeds may be hidden. It writes nothing: it prints what is to be kept, line by line,
each with the name of its file before it, and at last its answer. So it can be shut off from the
network and, but for reading, from all files.
"""

from __future__ import annotations

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path
from subprocess import PIPE, Popen
from tempfile import TemporaryFile
from threading import Timer
from typing import IO

import msgspec

from privgym import confine, kit
from privgym.errors import BUG, PrivgymError
from privgym.folder import Record
from privgym.handed import FILES, Handed
from privgym.message import visible
from privgym.refusal import Refusal, Refused
from privgym.submission import Asked, Verified, examine

SECONDS = 300
"""Seconds that a submission is verified for, by the clock as by the processor."""

MEMORY = 400 * confine.MEBI
"""Address space of the process, in bytes; a third of it is the interpreter and its libraries,
of which most is never touched."""

KEPT = 2000
"""Bytes of the end of its stderr that are kept to explain a failure."""


class _No(msgspec.Struct, tag="refused"):
    """A refusal, as it comes through the pipe."""

    refusal: str
    what: str
    where: str
    do: str
    spec: str


class _Yes(msgspec.Struct, tag="verified"):
    verified: Verified


def examined(folder: Path, asked: Asked | None = None, into: Path | None = None) -> Verified:
    """Verify a run folder in a child process.

    Args:
        folder: what was handed in.
        asked: what it has to be.
        into: an empty folder to write what is kept of it to; None to keep nothing.

    Raises:
        Refused: it is not what it says, or cannot be verified within the limits.
        PrivgymError: there is no such folder.
    """
    path = folder.resolve()
    if not path.is_dir():
        raise PrivgymError(f'"{folder}" is no folder', do="name a run folder")
    with ExitStack() as stack:
        errors = stack.enter_context(TemporaryFile())
        child = stack.enter_context(_started(path, errors))
        watch = Timer(SECONDS, child.kill)
        stack.callback(watch.cancel)
        stack.callback(child.kill)
        watch.start()
        assert child.stdin
        assert child.stdout
        with suppress(BrokenPipeError):  # it says itself why it ended
            child.stdin.write(msgspec.json.encode(asked or Asked()))
            child.stdin.close()
        answer = _kept(child.stdout, into, stack)
        child.wait()
        errors.seek(max(0, errors.seek(0, os.SEEK_END) - KEPT))
        return _answer(answer, errors.read(), child.returncode)


def _started(path: Path, errors: IO[bytes]) -> Popen[bytes]:
    """The child, before it was told what the run has to be."""
    words = [sys.executable, "-P", "-m", "privgym.examiner", str(path), *_seen()]
    command, env = confine.command(words), _environment()
    return Popen(command, stdin=PIPE, stdout=PIPE, stderr=errors, env=env, cwd="/")


def _kept(lines: IO[bytes], into: Path | None, stack: ExitStack) -> bytes:
    """Write each line to its file; gives the last, which is the answer."""
    files: dict[bytes, IO[bytes]] = {}
    for line in lines:
        name, _, text = line.partition(b"\t")
        if not name:
            return text
        if into and name.decode() in FILES:
            if name not in files:
                files[name] = stack.enter_context((into / name.decode()).open("xb"))
            files[name].write(text)
    return b""


def _answer(line: bytes, stderr: bytes, code: int) -> Verified:
    """What the child answered.

    Raises:
        Refused: it says so, or was ended by its limits.
        PrivgymError: (code 70) it failed.
    """
    starved = not line and b"MemoryError" in stderr
    if code < 0 or starved:  # whatever it said: what it started may outlive it for a moment
        why = "the memory" if starved else f"signal {-code}"
        what = f"verifying was ended by {why}"
        raise Refused(Refusal.LIMIT, what, do="submit fewer episodes at a time")
    if not line:
        said = visible(stderr.decode(errors="replace")).strip().splitlines()
        what = f"verifying failed: {said[-1] if said else f'exit code {code}'}"
        raise PrivgymError(what, do="this is a bug in privgym; please report it", code=BUG)
    found = msgspec.json.decode(line, type=_Yes | _No)
    if isinstance(found, _No):
        what = found.what.removeprefix(f"{found.refusal}: ")
        raise Refused(Refusal(found.refusal), what, where=found.where, do=found.do, spec=found.spec)
    return found.verified


def _seen() -> Iterator[str]:
    """What the child has to see of the machine: the house, its libraries and the kits."""
    places = [*map(str, kit.kits()), str(Path(__file__).resolve().parent.parent), *sys.path]
    yield from dict.fromkeys(place for place in places if place and Path(place).is_dir())


def _environment() -> dict[str, str]:
    kits = os.pathsep.join(str(one) for one in kit.kits() if one != kit.own())
    house = str(Path(__file__).resolve().parent.parent)
    paths = {kit.PATH: kits, "PYTHONPATH": house, "OPENBLAS_NUM_THREADS": "1"}
    return {**confine.ENVIRONMENT, **paths}


# -- the other end ----------------------------------------------------------------------------


def main() -> None:
    """Verify the folder that is named, and print what it comes to."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever else prints is no answer

    def keep(name: str, line: bytes) -> None:
        out.write(name.encode() + b"\t" + line + b"\n")

    folder = Path(sys.argv[1])
    asked = msgspec.json.decode(sys.stdin.buffer.read(), type=Asked)
    answer: _Yes | _No
    try:
        answer = _Yes(examine(Handed(folder), asked, keep))
    except Refused as no:
        answer = _No(no.refusal, no.what, no.where, no.do, _spec(Handed(folder)))
    out.write(b"\t" + msgspec.json.encode(answer) + b"\n")
    out.flush()


def _spec(handed: Handed) -> str:
    """The agent that a refused run says it is of, "" where that cannot be read."""
    try:
        record: Record = handed.document("run.json", Record)
    except Refused:
        return ""
    return record.spec


if __name__ == "__main__":
    main()
