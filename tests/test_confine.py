"""What a child process is handed, what it can reach, what it may use."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import sys

from privgym import confine, pack
from privgym.event import Acted
from privgym.process import Child
from privgym.runner import Runner
from privgym.scenario import digest
from privgym.spec import Spec
from tests.children import SAYS, SEEN, acts, bwrapped, fails
from tests.plan import ROOT

PACK = pack.load("everyday")
NAME = PACK.names(("treatment_leave",), level=1)[0]

LOOK = """
fds = {n: os.readlink(f"/proc/self/fd/{n}") for n in os.listdir("/proc/self/fd")
       if os.path.lexists(f"/proc/self/fd/{n}")}
got = {"env": dict(os.environ), "argv": sys.argv, "fds": fds, "here": os.listdir("."),
       "cwd": os.getcwd(), "cmdline": open("/proc/self/cmdline").read()}
"""


def test_a_child_is_handed_nothing_but_observations(walls, python, monkeypatch, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("the answer key")
    monkeypatch.setenv("PRIVGYM_SECRET", str(NAME))
    held = os.open(secret, os.O_RDONLY)
    os.set_inheritable(held, True)
    command = python(LOOK + SAYS % "got")
    runner = Runner(PACK, Spec.read(f"command:{command}"))
    try:
        lived, _ = asyncio.run(runner.episode(NAME))
    finally:
        os.close(held)
    assert lived.failure is None
    acted = [event.action.text for event in lived.events if isinstance(event, Acted)]
    said = next(text for text in acted if text.startswith("{"))
    got = json.loads(said)
    assert got["env"].keys() <= {"PATH", "PWD", "LC_CTYPE"}  # the last two are bwrap's and Python's
    assert got["env"]["PATH"] == confine.PATH
    assert got["argv"] == shlex.split(command)[1:]
    assert got["here"] == []
    assert got["cwd"] not in (os.getcwd(), str(ROOT))
    kinds = {number: re.sub(r"\d+", "N", name) for number, name in got["fds"].items()}
    assert {kinds.pop(number) for number in "012"} <= {"pipe:[N]", "socket:[N]"}
    assert set(kinds.values()) <= {"/proc/N/fd"}  # the one that the look itself opens
    told = [str(NAME), NAME.family, digest(PACK.scenario(NAME)), PACK.name, "PRIVGYM", str(ROOT)]
    assert [word for word in told if word in said.replace(sys.executable, "")] == []


TRY = """
import socket
def works(what):
    try:
        return bool(what())
    except OSError:
        return False
got = [name for name, what in {
    "the families": lambda: os.listdir(%r),
    "the house": lambda: set(os.listdir(%r)) - {".venv"},  # its own interpreter may stand there
    "another process": lambda: os.path.exists("/proc/%d"),
    "a place to leave word": lambda: open("/usr/left", "w"),
    "the root": lambda: open("/left", "w"),
    "the network": lambda: socket.create_connection(("127.0.0.1", %d), 2),
    "its own file": lambda: open(sys.argv[0]).read(),
    "a file of its own": lambda: open("/tmp/x", "w"),
}.items() if works(what)]
"""


@bwrapped
def test_in_bwrap_it_reaches_nothing_else(python):
    async def live() -> list[str]:
        server = await asyncio.start_server(lambda r, w: w.close(), "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        code = TRY % (str(ROOT / "scenarios"), str(ROOT), os.getpid(), port)
        child = Child(python(code + SAYS % "got"))
        try:
            action = await child.act(SEEN)
        finally:
            await child.aclose()
            server.close()
        return json.loads(action.text)

    assert asyncio.run(live()) == ["its own file", "a file of its own"]


@bwrapped
def test_what_proc_shows_in_bwrap_tells_nothing(python):
    code = """
import glob
names = ["/proc/self/mountinfo", *glob.glob("/proc/[0-9]*/cmdline"), *glob.glob("/proc/*/environ")]
got = [open(name).read() for name in names]
"""
    (action,) = acts(python(code + SAYS % "got"))
    assert "agent.py" in action.text
    assert [
        word for word in ("scenarios", "PRIVGYM", "PYTEST_", "HOME") if word in action.text
    ] == []


@bwrapped
def test_a_folder_that_holds_the_answer_key_shows_without_it(python):
    code = f"got = [os.listdir(os.path.join({str(ROOT)!r}, n)) for n in ('scenarios', 'privgym')]"
    (action,) = acts(f"{python(code + SAYS % 'got')} {shlex.quote(str(ROOT))}")
    assert json.loads(action.text) == [[], []]


def test_it_cannot_use_more_than_its_limits(walls, python):
    code = """
import resource
names = ("CPU", "AS", "FSIZE", "NOFILE", "CORE", "NPROC")
got = {name: resource.getrlimit(getattr(resource, "RLIMIT_" + name)) for name in names}
"""
    (action,) = acts(python(code + SAYS % "got"))
    got = json.loads(action.text)
    assert all(soft == hard >= 0 for soft, hard in got.values())
    assert got["CPU"][0] <= 600
    assert got["FSIZE"][0] <= 64 * 2**20
    assert got["CORE"][0] == 0


def test_memory_beyond_its_limit_is_its_own_failure(walls, python):
    said = fails(python("x = bytearray(9 * 2**30)"))
    assert "exit code 1" in said
    assert "MemoryError" in said
