"""What a run came to, as the verbs `run`, `score`, `show` and `demo` print it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click
import msgspec

from privgym import floor
from privgym import pack as packs
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.folder import Judged, RunFolder
from privgym.message import visible
from privgym.scenario import Name
from privgym.spec import Spec
from privgym.table import Row, beside, console, first_leak, grid, row, show_leak


def emit(document: Any) -> None:
    """Print one JSON document on stdout; what would be hidden in a terminal is escaped."""
    text = msgspec.json.encode(document).decode()
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _escaped(c) for c in text)
    click.echo(text)


def _escaped(character: str) -> str:
    """A character as JSON can write it in a string; it can stand nowhere else there."""
    plain = json.dumps(character)[1:-1]
    return plain if plain != character else f"\\u{ord(character):04x}"


def report(run: RunFolder, judged: Sequence[Judged], *, as_json: bool) -> None:
    """Print the rows of a run and its floors; for people also the first leak."""
    own = row(run.record.pack, Spec.read(run.record.spec), judged)
    pack = packs.load(run.record.pack)
    names = [Name.read(one.score.scenario) for one in judged]
    below = [
        row(pack.name, Spec(agent), them) for agent, them in floor.reached(pack, names).items()
    ]
    if as_json:
        rows = {"rows": [own.plain()], "floors": [one.plain() for one in below]}
        about = {"run": str(run.path), "note": pack.note, "trust": run.record.trust}
        emit({**rows, **about, "not_run": run.left()})
        return
    _print(run, own, below, pack.note)
    if leak := first_leak(run, judged):
        click.echo()
        console().print(show_leak(leak))
    else:
        ended = sum(one.failure is None for one in judged)
        click.echo(f"\nNo inappropriate flow was found in the {ended} episodes that ended.")
    if undecided := sum(one.score.undecided > 0 for one in judged):
        click.echo(f"In {undecided} of {len(judged)} episodes something was left undecided.")
    for one in judged:
        if one.failure:
            what = f"{one.failure.kind}: {one.failure.what}"
            click.echo(visible(f"\nFirst failed episode: {one.score.scenario}\n  {what}"))
            break


def _print(run: RunFolder, own: Row, below: Sequence[Row], note: str) -> None:
    terminal, record = console(), run.record
    click.echo(
        f"{record.pack} version {record.pack_version}, {own.n} episodes of {len(record.share)}, "
        f"grader {record.grader}, {record.trust}"
    )
    if note:
        click.echo(f"Note: {visible(note)}")
    terminal.print(grid([own], [one for one in below if one.agent != own.agent]))
    click.echo("Below the agent: what trivial policies reach on the same episodes. Each rate has")
    click.echo("its 95 % interval, clustered by family.\n")
    terminal.print(beside(own))
    click.echo(f"\nRun folder: {shown(run.path)}")


def content(file: Path, do: str) -> bytes:
    """The bytes of a file that was named.

    Args:
        file: the file.
        do: which one to name, for the error.

    Raises:
        PrivgymError: it cannot be read.
    """
    try:
        return file.read_bytes()
    except OSError as error:
        what = f"cannot read {file}: {error.strerror}"
        raise PrivgymError(what, do=do, code=ENVIRONMENT) from None


def shown(path: Path) -> str:
    """A path as short as it can be written from here."""
    here = Path.cwd()
    return str(path.resolve().relative_to(here) if path.resolve().is_relative_to(here) else path)
