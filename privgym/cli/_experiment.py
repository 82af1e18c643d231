"""An experiment's report, as `privgym lab run` prints it."""

from __future__ import annotations

from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid
from rich.text import Text

from privgym.cli._report import shown
from privgym.comparison import Difference
from privgym.figure import Figure
from privgym.lab.outcome import Report
from privgym.message import visible
from privgym.table import cell, console
from privgym.why import points, signed


def say(folder: Path, report: Report) -> None:
    """Print a report for people: a row a pair, the answers, what stands beside, where it is."""
    terminal, by = console(), report.thresholds
    terminal.print(Text(visible(f"{report.experiment}: {report.about}"), "bold"))
    frozen = "frozen" if report.frozen else "a draft, not frozen"
    click.echo(f"Recipe {report.sha256[:12]} ({frozen}); {len(report.trained)} models.")
    click.echo(
        f"Gate: utility of {points(by.gate)} % in both arms. Collapse: told-and-leaked rises by "
        f"more than {points(by.collapse)}\npoints; no collapse: by less than {points(by.none)}."
    )
    if report.planted:
        click.echo(visible(f"Planted oversharing, for measuring only: {', '.join(report.planted)}"))
    terminal.print(_pairs(report))
    for one in report.outcomes:
        click.echo(visible(f"{one.name}: {one.answer.upper()}. {one.why}"))
    click.echo("\nRates in percent with 95 % intervals, changes in points with")
    click.echo(f"{points(1 - 2 * by.alpha)} % ones, clustered by family.")
    _beside(report)
    _leanings(report)
    click.echo(f"\nExperiment: {shown(folder)}")
    for one in report.outcomes[:1]:
        click.echo(f"A pair as a page: privgym report {shown(Path(one.compared[0].path))}")


def _pairs(report: Report) -> Grid:
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("arm against base")
    for head in ("utility\nbase", "\narm", "told and leaked\nbase", "\narm", "change", "pairs"):
        table.add_column(head, justify="right")
    for one in report.outcomes:
        rates = (one.task.base, one.task.tuned, one.rise.base, one.rise.tuned)
        cells = (*map(cell, rates), _changed(one.rise), str(one.rise.n))
        table.add_row(Text(visible(one.name)), *cells)
    return table


def _beside(report: Report) -> None:
    """What decides nothing: the other figures of every pair."""
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for head in ("beside", "", "base", "tuned", "change"):
        table.add_column(head, justify="left" if head in ("beside", "") else "right")
    for one in report.outcomes:
        for here in one.beside:
            for number, other in enumerate(here.differences):
                name = f"{one.name}, {here.where}" if not number else ""
                cells = (_share(other.base), _share(other.tuned), _changed(other))
                table.add_row(Text(visible(name)), other.endpoint.replace("_", " "), *cells)
    console().print(table)


def _leanings(report: Report) -> None:
    """What models were inclined to say."""
    leant = report.leant()
    if not leant:
        return
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("inclined to, in nats")
    for head in ("leak", "foreign\nleak", "say yes", "tell\napart"):
        table.add_column(head, justify="right")
    for name, found in leant.items():
        table.add_row(Text(visible(name)), *map("{:+.1f}".format, found.values()))
    console().print(table)


def _share(one: Figure) -> str:
    return "-" if one.value is None else f"{points(one.value)} %"


def _changed(one: Difference) -> str:
    if one.value is None or one.low is None or one.high is None:
        return "-"
    return f"{signed(one.value)} ({signed(one.low)} to {signed(one.high)})"
