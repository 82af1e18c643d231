"""privgym new: a pack, a family, a tool or an agent to begin with."""

from __future__ import annotations

from pathlib import Path

import click

from privgym import scaffold
from privgym.message import visible

CHECKS = {"pack": "{}", "family": "{}", "tool": "tool:{}", "agent": "agent:{}"}


@click.command("new")
@click.argument("kind", type=click.Choice(list(CHECKS)))
@click.argument("name")
@click.option(
    "--kit",
    "folder",
    metavar="FOLDER",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    show_default="the current folder",
    help="The kit that it goes into; made if it is not there.",
)
def command(kind: str, name: str, folder: Path) -> None:
    """Write a new pack, family (PACK/NAME), tool or agent that passes `privgym check`."""
    written = scaffold.MAKERS[kind](name, folder)
    for path in written:
        click.echo(visible(str(path)))
    what = CHECKS[kind].format(name.partition("/")[0])
    click.echo(visible(f"\nChange it, then: privgym --kit {folder} check {what}"))
    for test in (path for path in written if path.name.startswith("test_")):
        click.echo(visible(f"and run its test: pytest {test}"))
