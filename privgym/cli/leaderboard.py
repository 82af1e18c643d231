"""privgym leaderboard: a folder of rows that are verified before they stand."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid
from rich.text import Text

from privgym.board import Board, Rules
from privgym.cli._progress import progress
from privgym.cli._report import emit, shown
from privgym.entry import Entry, Group, Standing
from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError
from privgym.examiner import examined
from privgym.intake import host, issued, submit
from privgym.message import visible
from privgym.pack import Split
from privgym.refusal import Refused
from privgym.submission import Asked
from privgym.table import cell, console

_BOARD = click.argument("folder", metavar="BOARD", type=click.Path(path_type=Path))
_JSON = click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
_NOTE = click.option("--note", default="", metavar="TEXT", help="What its page says of it.")


@click.group("leaderboard")
def command() -> None:
    """Keep a leaderboard: a folder of rows that are verified before they stand."""


@command.command("open")
@_BOARD
@click.option("--name", default="", help="What a new board is called; its folder's name.")
@click.option("--pack", default="", help="What a new board is of; everyday.")
@click.option("--level", type=click.IntRange(1), help="Only this level.")
@click.option("--split", type=click.Choice(["public", "held-out"]), help="Only this split.")
@click.option("--seeds", type=click.IntRange(1, 100), help="How many seeds it gives; 2.")
@click.option("--attempt", is_flag=True, help="Hand out a nonce: seeds for one attempt.")
@click.option("--agent", default="", metavar="SPEC", help="Whom the attempt is of.")
@click.option("--round", "fresh", is_flag=True, help="Begin a round of new hidden seeds.")
@_JSON
def open_(
    folder: Path,
    name: str,
    pack: str,
    level: int | None,
    split: Split | None,
    seeds: int | None,
    attempt: bool,
    agent: str,
    fresh: bool,
    as_json: bool,
) -> None:
    """Open the folder BOARD: make it a board if it is none, or hand out the seeds of an attempt."""
    ruled = any((name, pack, level, split, seeds))
    if ruled or not ((folder / "board.json").exists() or attempt or fresh):
        called = name or folder.resolve().name
        rules = Rules(called, pack or "everyday", level, split, seeds or 2)
        board = Board.create(folder, rules)
    else:
        board = Board(folder)
    if fresh:
        board.next_round()
    if attempt:
        if not agent:
            raise PrivgymError("an attempt is somebody's", do="say whose with --agent SPEC")
        _attempt(board, agent, as_json)
    elif as_json:
        emit({"board": str(folder), "rules": board.rules, "entries": len(board.entries())})
    else:
        rules = board.rules
        click.echo(
            f"{visible(rules.name)}: {len(board.entries())} rows; it gives {rules.seeds} seeds of "
            f"{rules.pack}, round {rules.round} of hidden ones"
        )


def _attempt(board: Board, agent: str, as_json: bool) -> None:
    nonce, seeds = board.attempt(agent)
    rules = board.rules
    narrowed = f" --level {rules.level}" if rules.level else ""
    narrowed += f" --split {rules.split}" if rules.split else ""
    given = " ".join(f"--seed {seed}" for seed in seeds)
    run = f"privgym run {rules.pack} --agent '{agent}'{narrowed} {given}"
    take_in = f"privgym leaderboard submit {shown(board.path)} RUN --nonce {nonce}"
    if as_json:
        emit({"nonce": nonce, "seeds": seeds, "run": run, "submit": take_in})
    else:
        click.echo(f"nonce {nonce}\n{run}\n{take_in}")


@command.command("submit")
@_BOARD
@click.argument("what", metavar="RUN|SPEC")
@click.option("--nonce", default="", help="Under which the seeds of RUN were issued.")
@click.option("--rerun", is_flag=True, help="Also run the agent of RUN again here, and compare.")
@click.option("--claimed", is_flag=True, help="RUN has no traces: take its scores as they are.")
@_NOTE
@_JSON
def submit_(
    folder: Path, what: str, nonce: str, rerun: bool, claimed: bool, note: str, as_json: bool
) -> int:
    """Take the run folder RUN in, or run the agent SPEC here on the hidden seeds.

    What cannot be verified is refused with a code (exit code 4), and nothing of it is kept.
    """
    board = Board(folder)
    try:
        with progress() as bar:
            tell = bar("episodes")
            if Path(what).is_dir():
                take = partial(submit, board, Path(what), nonce=nonce, note=note, progress=tell)
                taken = take(claimed=claimed, again=rerun)
            elif nonce or rerun or claimed:
                raise PrivgymError(f'"{what}" is no run folder', do="these options are for runs")
            else:
                taken = host(board, what, note, tell)
    except Refused as refused:
        return _refused(refused, as_json)
    if as_json:
        emit(taken)
    else:
        click.echo(f"row {taken.id}, {taken.belief}: {shown(board.run(taken))}")
        for flag in taken.flags:
            click.echo(visible(f"  flag: {flag}"))
    return 0


@command.command("verify")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--board", type=click.Path(path_type=Path), help="The board that gave a nonce.")
@click.option("--nonce", default="", help="Under which the seeds of RUN were issued.")
@_JSON
def verify(run: Path, board: Path | None, nonce: str, as_json: bool) -> int:
    """Verify the run folder RUN as a board would, and take nothing in.

    Exit code 4, a code and the first line that is wrong where it is refused.
    """
    if bool(board) != bool(nonce):
        raise PrivgymError("a nonce is a board's", do="give --board and --nonce, or neither")
    try:
        asked = issued(Board(board), nonce) if board else Asked()
        found = examined(run, asked)
    except Refused as refused:
        return _refused(refused, as_json)
    if as_json:
        emit(found)
        return 0
    key = found.key
    click.echo(
        f"verified: {found.row.n} episodes of {key.pack} version {key.pack_version} "
        f"({key.split}; seeds {key.seeds}), {visible(found.record.spec)}, row {found.id}"
    )
    for flag in found.flags:
        click.echo(visible(f"  flag: {flag}"))
    return 0


@command.command("list")
@_BOARD
@click.option("--attempts", is_flag=True, help="What was tried, whatever came of it.")
@_JSON
def list_(folder: Path, attempts: bool, as_json: bool) -> None:
    """List the rows of BOARD, those that may be compared together."""
    board = Board(folder)
    if as_json:
        stones = board.tombstones()
        tried = {"attempts": board.attempts()} if attempts else {}
        emit({"rules": board.rules, "groups": board.groups(), "tombstones": stones, **tried})
        return
    for group in board.groups():
        console().print(_title(group))
        console().print(_grid(group))
    for stone in board.tombstones():
        click.echo(visible(f"retracted {stone.utc}  {stone.id}  {stone.spec}: {stone.why}"))
    for one in board.attempts() if attempts else ():
        about = " ".join(filter(None, (one.spec, one.nonce, one.entry, one.code)))
        click.echo(visible(f"{one.utc}  {one.what:9}  {about}"))


@command.command("retract")
@_BOARD
@click.argument("id")
@click.option("--why", required=True, metavar="TEXT", help="What its tombstone says.")
def retract(folder: Path, id: str, why: str) -> None:
    """Take the row ID out of BOARD; a tombstone with the reason stays."""
    stone = Board(folder).retract(id, why)
    click.echo(visible(f"retracted {stone.id}, {stone.spec}: {stone.why}"))


@command.command("rebuild")
@_BOARD
def rebuild(folder: Path) -> None:
    """Make the index of BOARD anew, out of its folders."""
    click.echo(f"{Board(folder).rebuild()} rows")


@command.command("serve")
@_BOARD
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option("--port", type=click.IntRange(0, 65535), default=8000, show_default=True)
@click.option(
    "--origin", "origins", multiple=True, metavar="URL", help="A name that people reach it by."
)
@click.option(
    "--token-file",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Who knows what is in it may write; it is made if it is not there.",
)
def serve(
    folder: Path, host: str, port: int, origins: tuple[str, ...], token_file: Path | None
) -> None:
    """Show BOARD in a browser; with a token, take runs in by the browser too."""
    server = _web("server")
    token = server.token(token_file) if token_file else ""
    server.allow(host, token, origins)
    board = Board(folder)
    with server.listen(host, port) as listening:
        reached = server.names(host, listening.getsockname()[1], origins)
        what = "read and written with the token" if token else "only read"
        click.echo(f"{reached[0]}/ ({what}); Ctrl-C stops it", err=True)
        server.serve(board, listening, reached, token)


@command.command("export")
@_BOARD
@click.argument("out", type=click.Path(path_type=Path))
def export_(folder: Path, out: Path) -> None:
    """Write BOARD as pages that open from disk, into the folder OUT."""
    count = _web("export").export(Board(folder), out)
    click.echo(f"{count} pages: {shown(out / 'index.html')}")


def _web(name: str) -> Any:
    """A file of the web app.

    Raises:
        PrivgymError: (code 5) what it needs is not installed.
    """
    try:
        return importlib.import_module(f"privgym.leaderboard.{name}")
    except ModuleNotFoundError as error:
        what = f"{error.name} is not installed"
        raise PrivgymError(what, do='pip install "privgym[board]"', code=ENVIRONMENT) from None


def _refused(refused: Refused, as_json: bool) -> int:
    """Print a refusal; on stdout as JSON, else as every error is printed."""
    if not as_json:
        raise refused
    what = refused.what.removeprefix(f"{refused.refusal}: ")
    emit({"refused": refused.refusal, "what": what, "where": refused.where})
    return REFUSED


def _title(group: Group) -> Text:
    key = group.key
    text = f"{key.pack} version {key.pack_version}, {key.split}; seeds {key.seeds}; {key.mode}"
    return Text(visible(f"{text}; guard {key.guard}; grader {key.grader}"), "bold")


def _grid(group: Group) -> Grid:
    """The rows of a group; those that nothing clear separates have one rank."""
    table = Grid(box=SIMPLE_HEAD, pad_edge=False)
    for head in ("rank", "row", "agent"):
        table.add_column(head, overflow="fold")
    for head in ("utility", "inappro-\npriate", "n", "tries"):
        table.add_column(head, justify="right")
    table.add_column("belief")
    before = -1
    for standing in group.standings:
        entry = standing.entry
        rank = _rank(standing) if standing.rank != before else "="
        before = standing.rank
        figures = (cell(entry.utility), cell(entry.inappropriate), str(entry.row.n))
        table.add_row(rank, entry.id, Text(visible(_agent(entry))), *figures, *_belief(entry))
    return table


def _rank(standing: Standing) -> str:
    return str(standing.rank) if standing.rank else "-"


def _agent(entry: Entry) -> str:
    return f"{entry.spec} (floor)" if entry.floor else entry.spec


def _belief(entry: Entry) -> Iterator[str]:
    yield "" if entry.floor else str(entry.attempts)
    flags = len(entry.flags)
    yield entry.belief + (f"\n{flags} flag{'s' * (flags > 1)}" if flags else "")
