"""privgym norms: look norms over, judge a trace by them, ask people what they think of them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click
from rich.table import Table as Grid

from privgym import foreign, lint, rating
from privgym import pack as packs
from privgym.agreement import Agreement, against, agreement, by_sphere
from privgym.book import Book
from privgym.cli._report import content, emit, shown
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.figure import Figure
from privgym.message import visible
from privgym.scenario import PRINCIPAL
from privgym.table import console
from privgym.vignette import vignettes

FEW = 5
"""Vignettes that are printed of those that people see otherwise; --json has them all."""

HEADS = ("", "raters", "rated", "ratings agree", "neither", "medians agree", "twins", "alpha")


@click.group("norms")
def command() -> None:
    """Look norms over, judge by them, and ask people what they think of them."""


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--scenario", default="", metavar="NAME", help="Beside its parties and facts too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def check(file: Path, scenario: str, as_json: bool) -> int:
    """Look over the norms in FILE: what cannot be read, never speaks or stands against another.

    Exit code 1 if anything is wrong.
    """
    lines = _lines(file)
    wrong, idle = lint.sheet(lines, file.name), lint.idle(lines)
    if scenario and not wrong:
        case = packs.scenario(scenario)
        book = Book.of(
            lines,
            case.parties,
            case.facts,
            [session.sphere for session in case.sessions],
            PRINCIPAL,
            [session.purpose or "" for session in case.sessions],
        )
        wrong += [*lint.contradictions(book), *lint.speechless(book, lines)]
        wrong += lint.unannounced(lines, case)
        idle += [*lint.unspoken(book), *lint.unnamed(book)]
    if as_json:
        emit({"file": str(file), "wrong": wrong, "idle": idle})
        return 1 if wrong else 0
    for what in wrong:
        click.echo(visible(f"wrong  {what}"))
    for what in idle:
        click.echo(visible(f"idle   {what}"))
    norms = sum(bool(line.strip()) and not line.lstrip().startswith("#") for line in lines)
    click.echo(f"{shown(file)}: {norms} norms, {len(wrong)} wrong, {len(idle)} idle")
    return 1 if wrong else 0


@command.command("judge")
@click.argument("norms", type=click.Path(path_type=Path))
@click.argument("trace", type=click.Path(path_type=Path))
@click.option("--all", "everything", is_flag=True, help="What is appropriate too.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def judge(norms: Path, trace: Path, everything: bool, as_json: bool) -> int:
    """Judge TRACE, JSON lines of a log or another harness, by the norms in the file NORMS.

    Exit code 1 if something was inappropriate or is missing. docs/norms.md says how a trace is
    written.
    """
    content(trace, "name a file of JSON lines")
    _, verdicts = foreign.judged(_lines(norms), trace)
    counts = Counter(verdict.kind for verdict in verdicts)
    if as_json:
        emit({"trace": str(trace), "counts": counts, "verdicts": verdicts})
    else:
        for one in verdicts:
            if everything or one.kind in _TELLING:
                click.echo(visible(f"{one.kind}, line {one.event + 2}: {one.reason}"))
                click.echo(visible(f"  norm   {one.norm}")) if one.norm else None
                if one.flow:
                    click.echo(visible(f"  words  {one.flow.finding.words}"))
                for step in one.thread:
                    click.echo(visible(f"  way    {step}"))
        told = ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items()))
        click.echo(f"{shown(trace)}: {told or 'nothing to judge'}")
    return 1 if counts["inappropriate"] or counts["missing"] else 0


_TELLING = ("inappropriate", "undecided", "missing")


def _lines(file: Path) -> list[str]:
    return content(file, "name a file of norms, one a line").decode("utf-8", "replace").splitlines()


@command.command("survey")
@click.argument("pack")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The CSV file.")
@click.option("--families", default="", metavar="F,...", help="Only these families.")
@click.option("--seed", type=int, default=0, help="Of the order of the rows.", show_default=True)
def survey(pack: str, out: Path, families: str, seed: int) -> None:
    """Write the flows of PACK as vignettes for people to rate: a CSV sheet to fill in."""
    wanted = [family.strip() for family in families.split(",") if family.strip()]
    told = vignettes(packs.load(pack), wanted)
    try:
        # Never over a sheet that is there: somebody may have filled it in.
        with out.open("x", encoding="utf-8-sig", newline="") as file:
            file.write(rating.sheet(told, seed))
    except OSError as error:
        what = f"cannot write {out}: {error.strerror}"
        raise PrivgymError(what, do="give another name with --out", code=ENVIRONMENT) from None
    click.echo(f"{len(told)} vignettes -> {shown(out)}")
    click.echo(f"Give each rater a copy; then: privgym norms agreement {pack} COPY.csv ...")


@command.command("agreement")
@click.argument("pack")
@click.argument("sheets", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def agree(pack: str, sheets: tuple[Path, ...], as_json: bool) -> None:
    """Read filled-in SHEETS: how far people agree with PACK's norms, and with each other."""
    loaded = packs.load(pack)
    told = vignettes(loaded)
    ratings = rating.read(sheets, told)
    whole, spheres = agreement(told, ratings), by_sphere(told, ratings)
    other = against(told, ratings)
    if as_json:
        head = {"pack": pack, "version": loaded.version}
        emit({**head, "all": whole, "spheres": spheres, "otherwise": other})
        return
    grid = Grid(box=None, pad_edge=False)
    for column in HEADS:
        grid.add_column(column)
    for name, figures in {"all": whole, **spheres}.items():
        grid.add_row(name, *_cells(figures))
    console().print(grid)
    click.echo("\nRatings and medians on the side of the stipulated norm, with 95 % intervals")
    click.echo("clustered by family; alpha is Krippendorff's, among the raters.")
    for one in other[:FEW]:
        stipulated = "appropriate" if one.appropriate else "inappropriate"
        click.echo(visible(f"\nStipulated {stipulated}, seen otherwise ({one.id}): {one.text}"))
    if len(other) > FEW:
        click.echo(f"\n{len(other) - FEW} more are seen otherwise; --json has them.")


def _cells(of: Agreement) -> tuple[str, ...]:
    figures = (of.ratings, of.neither, of.vignettes, of.twins)
    alpha = "" if of.alpha is None else f"{of.alpha:.2f}"
    return str(of.raters), str(of.rated), *map(_percent, figures), alpha


def _percent(of: Figure) -> str:
    if of.value is None or of.low is None or of.high is None:
        return ""
    return f"{100 * of.value:.0f} % ({100 * of.low:.0f} to {100 * of.high:.0f})"
