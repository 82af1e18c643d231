"""privgym list: packs, tools, agents and models."""

from __future__ import annotations

import click
from rich.table import Table as Grid

from privgym import kit, models
from privgym import pack as packs
from privgym.cli._report import emit
from privgym.message import visible
from privgym.spec import PLAY
from privgym.table import console


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(as_json: bool) -> None:
    """List packs, tools, agents and models."""
    loaded = [packs.load(name) for name in kit.names("scenarios")]
    tools, agents = list(kit.names("tools")), [*kit.names("agents"), PLAY]
    if as_json:
        rows = [
            {"name": p.name, "version": p.version, "families": list(p.families())} for p in loaded
        ]
        emit({"packs": rows, "tools": tools, "agents": agents, "models": models.names()})
        return
    table = Grid.grid(padding=(0, 2))
    for pack in loaded:
        families = pack.families()
        few = ", ".join(families[:8]) + (f", ... ({len(families)})" if len(families) > 8 else "")
        table.add_row("pack", visible(pack.name), visible(f"{pack.purpose}\n{few}"))
    for kind, names in (("tools", tools), ("agents", agents), ("models", models.names())):
        table.add_row(kind, "", visible(", ".join(names)))
    console().print(table)
