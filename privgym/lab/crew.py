"""An experiment's jobs side by side, each in a process with cores of its own."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from privgym.errors import BUG, PrivgymError
from privgym.lab.job import Job

LOGS, PAUSE = "logs", 0.2

Tell = Callable[[Job, str, float], None]
"""Told of a job, "begun" or "done", and seconds since it began."""


def together(jobs: Sequence[Job], processes: int, tell: Tell) -> None:
    """Do jobs, so many at a time. Whatever stops this stops them; the same call goes on.

    Raises:
        PrivgymError: one of them failed; the others were stopped.
    """
    waiting, running = list(jobs), dict[subprocess.Popen[bytes], tuple[Job, float, str]]()
    free = shares(processes)
    try:
        while waiting or running:
            while waiting and free:
                job, cores = waiting.pop(0), free.pop(0)
                running[_begun(job, cores)] = job, time.monotonic(), cores
                tell(job, "begun", 0.0)
            time.sleep(PAUSE)
            for process in [one for one in running if one.poll() is not None]:
                job, start, cores = running.pop(process)
                if process.returncode:
                    raise _failed(job, process.returncode)
                free.append(cores)
                tell(job, "done", time.monotonic() - start)
    finally:
        for process in running:
            process.terminate()
        for process in running:
            process.wait()


def shares(processes: int) -> list[str]:
    """The cores that this process may use, dealt out, as in ["0,2", "1,3"]."""
    has = hasattr(os, "sched_getaffinity")
    cores = sorted(os.sched_getaffinity(0)) if has else list(range(os.cpu_count() or 1))
    if processes >= len(cores):
        return [str(cores[n % len(cores)]) for n in range(processes)]
    return [",".join(map(str, cores[n::processes])) for n in range(processes)]


def _begun(job: Job, cores: str) -> subprocess.Popen[bytes]:
    log = _log(job)
    log.parent.mkdir(exist_ok=True)
    words = (str(job.folder), job.arm, str(job.seed), cores)
    path = os.pathsep.join(map(os.path.abspath, sys.path))
    with log.open("wb") as file:
        return subprocess.Popen(
            [sys.executable, "-P", "-m", "privgym.lab.job", *words],
            stdin=subprocess.DEVNULL,
            stdout=file,
            stderr=file,
            env={**os.environ, "PYTHONPATH": path, "OMP_NUM_THREADS": "1"},
            process_group=0,  # Ctrl-C is for this process, which then ends them
        )


def _log(job: Job) -> Path:
    return job.folder / LOGS / f"{job.name}.txt"


def _failed(job: Job, code: int) -> PrivgymError:
    lines = _log(job).read_text(encoding="utf-8", errors="replace").strip().splitlines()
    # Of an error of ours the first line says what; of a traceback the last.
    said = lines[-1] if lines and lines[0].startswith("Traceback") else "; ".join(lines[-4:])
    return PrivgymError(
        f"{job.name} failed: {said or f'it ended with {code}'}"[:400],
        where=str(_log(job)),
        do="the same command goes on with what is left",
        code=code if 1 < code < BUG else BUG,
    )
