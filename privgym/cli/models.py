"""privgym models: list what can be fetched by name, or fetch it."""

from __future__ import annotations

import click
from rich.table import Table as Grid

from privgym.cli._progress import progress
from privgym.cli._report import emit
from privgym.models import catalogue
from privgym.table import console


@click.group("models")
def command() -> None:
    """List the models that are known, or fetch one."""


@command.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def list_(as_json: bool) -> None:
    """List the weights that can be fetched by name."""
    rows = catalogue.listing()
    if as_json:
        emit({"models": rows})
        return
    table = Grid.grid(padding=(0, 2))
    for row in rows:
        state = "cached" if row.cached else "not fetched"
        table.add_row(row.use, f"{row.size / 1e6:,.0f} MB", row.licence, state)
    console().print(table)


@command.command("fetch")
@click.argument("name")
def fetch(name: str) -> None:
    """Fetch the weights NAME into the cache, checked by size and SHA-256."""
    known = name.removeprefix("llamacpp:").removeprefix("semantic@")
    with progress() as bar:
        click.echo(catalogue.fetch(known, bar(f"fetching {known}")))
