"""An agent run by the board itself, in a child process.

`python -m privgym.hosted` is the other end. The plan goes in through its stdin and not on its
command line, which every user of the machine can read: seeds are hidden or they are not.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import msgspec

from privgym import pack
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.guard import Mode
from privgym.message import visible
from privgym.run import Progress, run
from privgym.scenario import Name
from privgym.spec import Spec


class Order(msgspec.Struct, frozen=True):
    """What is to be run.

    Args:
        pack, plan: the scenarios, by name.
        spec: who runs.
        guard, sample: as `run.run` has them.
    """

    pack: str
    plan: tuple[str, ...]
    spec: str
    guard: Mode = "off"
    sample: int = 0


def hosted(order: Order, out: Path, progress: Progress | None = None) -> RunFolder:
    """Run an agent, and judge the run. The child has this process's kits and environment.

    Args:
        order: what is to be run.
        out: an empty folder for the run.
        progress: told how many episodes are done, and of how many.

    Raises:
        PrivgymError: (code 5) the run did not come to its end.
    """
    words = [sys.executable, "-P", "-m", "privgym.hosted", str(out.resolve())]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        try:
            child.stdin.write(msgspec.json.encode(order))
            child.stdin.close()
            for line in child.stdout:
                done, total = map(int, line.split())
                if progress:
                    progress(done, total)
        except BaseException:
            child.kill()
            raise
    if child.returncode:
        what = f"the board's run of {visible(order.spec)[:80]} ended with code {child.returncode}"
        raise PrivgymError(what, do="what it wrote above says why", code=ENVIRONMENT)
    return RunFolder(next(out.iterdir()))


def main() -> None:
    """Run what stdin says, and print how far it is."""
    said = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what an agent prints is no progress
    order = msgspec.json.decode(sys.stdin.buffer.read(), type=Order)

    def tell(done: int, total: int) -> None:
        print(done, total, file=said, flush=True)

    try:
        rescore(_lived(order, Path(sys.argv[1]), tell))
    except PrivgymError as error:
        print(visible(str(error)), file=sys.stderr)
        raise SystemExit(error.code) from None


def _lived(order: Order, out: Path, progress: Progress) -> RunFolder:
    names: Sequence[Name] = tuple(map(Name.read, order.plan))
    return run(
        pack.load(order.pack),
        Spec.read(order.spec),
        names,
        guard=order.guard,
        sample=order.sample,
        out=out,
        new=True,
        progress=progress,
    )


if __name__ == "__main__":
    main()
