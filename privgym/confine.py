"""What a child process may see and use: a fixed environment, limits, bwrap where it works.

`python confine.py COMMAND ...` is the other end: it limits itself and becomes the command. It runs
before anything of the child's does, and needs no code between fork and exec. So this file imports
nothing but the standard library.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from shutil import which

PATH = "/usr/local/bin:/usr/bin:/bin"
ENVIRONMENT = {"PATH": PATH}
"""The whole environment of a child; many programs cannot start others without a PATH."""

MEBI = 1024 * 1024
LIMITS = {
    resource.RLIMIT_CPU: 600,  # seconds
    resource.RLIMIT_AS: 8192 * MEBI,
    resource.RLIMIT_FSIZE: 64 * MEBI,
    resource.RLIMIT_NOFILE: 256,
    resource.RLIMIT_CORE: 0,
}
"""What each process of a child may use; it cannot raise them."""

PROCESSES = 256
"""Processes and threads that a child may add to those that its user has."""

WORK = "/tmp/agent-work"
"""The working folder inside bwrap."""

_SYSTEM = ("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32")
_SETTINGS = ("/etc/alternatives", "/etc/ld.so.cache", "/etc/localtime", "/etc/ssl/openssl.cnf")


@cache
def bwrap() -> str:
    """The path of a bwrap that can make its namespaces here; "" if there is none."""
    found = which("bwrap", path=PATH)
    if not found:
        return ""
    try:
        done = subprocess.run(
            [found, *_walls(), "true"], env=ENVIRONMENT, capture_output=True, timeout=10
        )
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if done.returncode else found


def command(words: list[str], hidden: Iterable[Path] = ()) -> list[str]:
    """The command line that starts a command under the limits and, where it works, in bwrap.

    Args:
        words: a program and its arguments. Those that are the absolute path of a file or folder
            are what the child sees of the machine beside the system.
        hidden: folders that it must not see, wherever they lie.
    """
    limited = [sys.executable, "-I", "-S", __file__]
    if not bwrap():
        return [*limited, *words]
    own = tuple(_own(words))
    binds = [word for path in own for word in ("--ro-bind", str(path), str(path))]
    # Last, so that they cover what was bound above.
    masks = [word for path in _covered((Path("/usr"), *own), hidden) for word in ("--tmpfs", path)]
    return [*limited, bwrap(), *_walls(), *binds, *masks, "--remount-ro", "/", "--", *words]


def _walls() -> list[str]:
    """What bwrap shuts off: other processes, the network, and all files but the system's."""
    words = ["--unshare-all", "--die-with-parent", "--cap-drop", "ALL"]
    words += ["--proc", "/proc", "--dev", "/dev"]
    words += ["--size", str(64 * MEBI), "--tmpfs", "/tmp", "--dir", WORK, "--chdir", WORK]
    for path in map(Path, _SYSTEM):
        if path.is_symlink():
            words += ["--symlink", str(path.readlink()), str(path)]
        elif path.is_dir():
            words += ["--ro-bind", str(path), str(path)]
    for setting in _SETTINGS:
        words += ["--ro-bind-try", setting, setting]
    return words


def _own(words: list[str]) -> Iterator[Path]:
    """What a command is made of: its program's installation, and what it is given."""
    program = Path(words[0])
    yield _installation(program)
    while program.is_symlink():  # a virtual environment, and what it was made from
        program = Path(os.path.normpath(program.parent / program.readlink()))
        yield _installation(program)
    yield from (path for path in map(Path, words[1:]) if path.is_absolute() and path.exists())


def _installation(program: Path) -> Path:
    """The folder of `FOLDER/bin/PROGRAM`, whose libraries it needs; elsewhere it stands alone."""
    home, folder = Path.home(), program.parent.parent
    private = folder in (home, home / ".local", *home.parents)
    return folder if program.parent.name == "bin" and not private else program


def _covered(seen: Iterable[Path], hidden: Iterable[Path]) -> Iterator[str]:
    """Where hidden folders would show under the paths that are seen."""
    folders = [(path, path.resolve()) for path in seen]
    for secret in hidden:
        for path, real in folders:
            if secret.is_relative_to(real):
                yield str(path / secret.relative_to(real))


# -- the other end ----------------------------------------------------------------------------


def main() -> None:
    """Limit this process, and become the command."""
    for what, most in LIMITS.items():
        _limit(what, most)
    if running := _running():
        _limit(resource.RLIMIT_NPROC, running + PROCESSES)
    os.execvp(sys.argv[1], sys.argv[1:])


def _limit(what: int, most: int) -> None:
    hard = resource.getrlimit(what)[1]
    most = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(what, (most, most))


def _running() -> int:
    """Processes and threads that the user has, since all count; 0 where there is no /proc."""
    count = 0
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if process.stat().st_uid == os.getuid():
                count += len(os.listdir(process / "task"))
        except OSError:
            continue  # it has ended
    return count


if __name__ == "__main__":
    main()
