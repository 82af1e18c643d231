"""Progress on stderr: a bar with ETA where somebody looks, else a line now and then."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)

from privgym.table import console

EVERY = 10.0
"""Seconds between two lines where there is no terminal."""

Tell = Callable[[int, int], None]


@contextmanager
def progress() -> Iterator[Callable[[str], Tell]]:
    """Gives a maker of bars: what is done -> something to call with (done, total)."""
    terminal = console(stderr=True)
    if not terminal.is_terminal:
        yield _sparse
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=terminal, transient=True) as bars:
        yield lambda what: _bar(bars, what)


def _bar(bars: Progress, what: str) -> Tell:
    """A bar that appears when it is first told something."""
    task: list[TaskID] = []

    def tell(done: int, total: int) -> None:
        if not task:
            task.append(bars.add_task(what, total=total, completed=done))
        bars.update(task[0], completed=done, total=total)

    return tell


def _sparse(what: str) -> Tell:
    start = time.monotonic()
    told = {"at": start, "first": -1.0}

    def tell(done: int, total: int) -> None:
        now = time.monotonic()
        if told["first"] < 0:
            told["first"] = done
        if now - told["at"] < EVERY and done != total:
            return
        told["at"] = now
        gained = done - told["first"]
        left = (now - start) / gained * (total - done) if gained else 0
        eta = f", about {left:.0f} s left" if gained and done < total else ""
        click.echo(f"{what}: {done:,} of {total:,}{eta}", err=True)

    return tell
