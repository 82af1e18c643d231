"""privgym regrade: stored runs under this grader, beside what they were scored by before."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table as Grid

from privgym.cli._report import emit
from privgym.message import visible
from privgym.regrade import Regrade, regrade
from privgym.table import cell, console
from privgym.verdict import Verdict

FEW = 3
"""Episodes of each run that are printed of those that changed; --json has them all."""


@click.command("regrade")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(runs: tuple[Path, ...], as_json: bool) -> int:
    """Judge the run folders RUNS again, beside what the grader said that scored them.

    Nothing is written: `privgym score` makes the new scores a run's own.
    """
    found = [regrade(run) for run in runs]
    if as_json:
        emit([_plain(one) for one in found])
        return 0
    for one in found:
        changed = f"{one.old.n} episodes, {len(one.changed)} judged otherwise"
        click.echo(visible(f"{one.record.pack}, {one.record.spec}: {changed}"))
        console().print(_grid(one))
        for other in one.changed[:FEW]:
            click.echo(visible(f"  {other.scenario}"))
            for sign, verdicts in (("-", other.gone), ("+", other.new)):
                for verdict in verdicts:
                    click.echo(visible(f"    {sign} {_said(verdict)}"))
        if len(one.changed) > FEW:
            click.echo(f"  and {len(one.changed) - FEW} more; --json has them")
        click.echo()
    return 0


def _plain(one: Regrade) -> dict[str, object]:
    rows = {"old": one.old.plain(), "new": one.new.plain()}
    return {"run": one.run, "grader": [one.grader, one.now], **rows, "changed": one.changed}


def _grid(one: Regrade) -> Grid:
    grid = Grid(box=None, pad_edge=False)
    for head in ("", f"grader {one.grader}", f"grader {one.now}"):
        grid.add_column(head, justify="right" if head else "left")
    for key, figure in one.new.figures.items():
        before, after = (cell(f).replace("\n", "  ") for f in (one.old.figures[key], figure))
        if before != after or key in ("utility", "inappropriate", "twin_accuracy"):
            grid.add_row(key.replace("_", " "), before, after)
    return grid


def _said(verdict: Verdict) -> str:
    norm = f" [{verdict.norm}]" if verdict.norm else ""
    return f"{verdict.kind}: {verdict.fact} to {verdict.recipient}{norm}"
