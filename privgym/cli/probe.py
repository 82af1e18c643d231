"""privgym probe: multiple-choice questions about the flows of PrivacyLens's cases."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import click
import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid

from privgym import models, probing
from privgym.cli._progress import progress
from privgym.cli._report import content, emit, shown
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.importers.questions import Level, questions
from privgym.message import visible
from privgym.probing import Probed, Row
from privgym.table import cell, console

LEVELS: tuple[Level, ...] = get_args(Level)
HEADS = {
    "counterbalanced": "counter-\nbalanced",
    "letter_b": "letter\nB",
    "consistent": "consis-\ntent",
    "unreadable": "unread-\nable",
}
GIVE = "give the path of PrivacyLens's data/main_data.json, or of what --out wrote"
LEGEND = """\
original: right where B is "no", as in PrivacyLens. counterbalanced: right over both orders of the
letters. yes: said "acceptable". letter_b: chose B. consistent: the same verdict in both orders.
The right answer to all of these is "no", so they cannot tell knowledge from a liking for "no".
controls: right where the right answer is "yes". balanced: right over questions and controls.
95 % intervals, clustered by case."""


@click.command("probe")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--model", default="", metavar="SPEC", help="Who is asked; see privgym models.")
@click.option("--level", "levels", multiple=True, type=click.Choice(LEVELS), help="Or all three.")
@click.option("--cases", type=click.IntRange(1), metavar="N", help="Only the first N cases.")
@click.option("--at-once", type=click.IntRange(1), default=4, show_default=True, metavar="N")
@click.option("--out", type=click.Path(path_type=Path), help="Write all answers here, as JSON.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(
    file: Path,
    model: str,
    levels: Sequence[Level],
    cases: int | None,
    at_once: int,
    out: Path | None,
    as_json: bool,
) -> None:
    """Ask whether the flows of PrivacyLens's cases are acceptable.

    FILE is its data/main_data.json; or, without --model, what --out wrote, and the table is
    printed again. Every question is asked in both orders of the letters.
    """
    data = content(file, GIVE)
    if model:
        probed = _probed(file, data, model, levels or LEVELS, cases, at_once)
    else:
        probed = Probed.read(data, str(file))
    if out:
        out.write_bytes(msgspec.json.encode(probed) + b"\n")
    rows = probing.table(probed)
    if as_json:
        emit({"model": probed.model, "about": probed.about, "rows": rows})
    else:
        click.echo(f"Model: {visible(probed.model)}")
        console().print(_grid(rows))
        click.echo(LEGEND)
        if out:
            click.echo(f"\nAll answers: {shown(out)}")
    failures = [answer.failure for answer in probed.answers if answer.failure]
    if failures:
        click.echo(visible(f"{len(failures)} calls failed; the first: {failures[0]}"), err=True)
    if len(failures) == len(probed.answers):
        raise PrivgymError("every call failed: there is nothing to say", code=INCONCLUSIVE)


def _probed(
    file: Path, data: bytes, spec: str, levels: Sequence[Level], cases: int | None, at_once: int
) -> Probed:
    asked = questions(data, levels, str(file), cases)
    with progress() as bar:
        model = models.load(spec, at_once, bar("fetching weights"))
        try:
            answers = asyncio.run(probing.ask(asked, model, at_once, bar("questions")))
        finally:
            if close := getattr(model, "close", None):
                close()
    return Probed(spec, model.about, hashlib.sha256(data).hexdigest(), answers)


def _grid(rows: Sequence[Row]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    grid.add_column("answerer", overflow="ellipsis", no_wrap=True)
    for name in ("n", "failed", *probing.FIGURES):
        grid.add_column(HEADS.get(name, name), justify="right", no_wrap=True)
    for level in dict.fromkeys(row.level for row in rows):
        grid.add_row(level)
        for row in (row for row in rows if row.level == level):
            cells = [cell(row.figures[name]) for name in probing.FIGURES]
            grid.add_row(f"  {visible(row.answerer)}", str(row.n), str(row.failed), *cells)
        grid.add_section()
    return grid
