"""The main commands pass without any network: every way out of Python's sockets is closed."""

from __future__ import annotations

import os
import subprocess
import sys

from tests.plan import ROOT

# As `sitecustomize` it also reaches the processes that a command starts. Pairs of sockets within
# a process, which asyncio makes, name no address.
CLOSED = """
import sys

WAYS_OUT = {
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg",
    "socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr",
}


def refuse(event, arguments):
    if event in WAYS_OUT:
        raise PermissionError(f"there is no network here: {event}{arguments}")


sys.addaudithook(refuse)
"""

COMMANDS = """
import json, sys
from contextlib import redirect_stdout
from io import StringIO
from privgym import cli

FEW = ("--families", "court_date", "--level", "1", "--json")


def say(*words):
    with redirect_stdout(StringIO()) as out:
        code = cli.main(list(words))
    assert code == 0, (words, code)
    return out.getvalue()


run = json.loads(say("run", "everyday", "--agent", "oversharer", *FEW))["run"]
say("run", "everyday", "--agent", "oversharer", "--workers", "2", *FEW)
say("run", "everyday", "--agent", "echo", "--dry-run", *FEW)
shards = [
    json.loads(say("run", "everyday", "--agent", "echo", "--seeds", "2", "--shard", part, *FEW))
    for part in ("1/2", "2/2")
]
say("merge", *(one["run"] for one in shards))
say("score", run, "--replay")
say("show", run)
say("show", f"{run}:0")
say("show", "everyday")
say("show", "everyday/court_date#0")
say("list")
say("models", "list")
"""


def python(code: str, folder) -> subprocess.CompletedProcess[str]:
    (folder / "sitecustomize.py").write_text(CLOSED)
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(folder), str(ROOT)])},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_the_way_out_is_closed(tmp_path):
    done = python("import socket; socket.create_connection(('localhost', 1))", tmp_path)
    assert "there is no network here" in done.stderr
    child = "import os, sys; os.execv(sys.executable, [sys.executable, '-c', %r])"
    done = python(child % "import socket; socket.socket().bind(('', 0))", tmp_path)
    assert "there is no network here" in done.stderr


def test_the_main_commands_pass(tmp_path):
    done = python(COMMANDS, tmp_path)
    assert done.returncode == 0, done.stderr
    assert "no network" not in done.stderr
