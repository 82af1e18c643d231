"""privgym view: a run as pages, to read in a browser."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from privgym.cli._report import shown
from privgym.errors import INCONCLUSIVE, USAGE, PrivgymError
from privgym.folder import RunFolder, writing
from privgym.leaderboard.viewing import page, pages


@click.command("view")
@click.argument("run")
@click.option("--out", type=click.Path(path_type=Path), help="Folder of the pages.")
@click.option(
    "--with", "sensors", multiple=True, metavar="SENSOR", help="Take in what `privgym sense` found."
)
def command(run: str, out: Path | None, sensors: Sequence[str]) -> None:
    """Write RUN, a run folder, as pages that open from disk; RUN:3 is its trace 3 alone.

    Every page carries all that it needs, and works without a script. They go into the folder
    pages/RUN unless --out names another; the run itself stays as it is.
    """
    path, which = _named(run)
    folder = RunFolder(path)
    if not folder.count():
        what = f"{path} has no finished episode"
        raise PrivgymError(what, do="the command that began it goes on", code=INCONCLUSIVE)
    if which and not (which.isascii() and which.isdecimal() and int(which) < folder.count()):
        do = f"give a number below {folder.count()}"
        raise PrivgymError(f'no trace "{which}" in {path}', do=do, code=USAGE)
    to = out or Path("pages", folder.path.resolve().name)
    first = f"{int(which)}.html" if which else "index.html"
    made = [(first, page(folder, int(which), sensors))] if which else pages(folder, sensors)
    with writing(to):
        to.mkdir(parents=True, exist_ok=True)
        for name, text in made:
            (to / name).write_text(text, encoding="utf-8")
    click.echo(shown(to / first))


def _named(run: str) -> tuple[Path, str]:
    """The folder, and which of its traces; "" for all."""
    path, _, which = run.rpartition(":")
    return (Path(path), which) if path and not Path(run).is_dir() else (Path(run), "")
