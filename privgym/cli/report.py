"""privgym report: a comparison as one page, to pass on."""

from __future__ import annotations

from pathlib import Path

import click

from privgym.cli._report import shown
from privgym.comparison import load
from privgym.folder import writing
from privgym.leaderboard.reporting import report


@click.command("report")
@click.argument("comparison", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), help="The file to write.")
def command(comparison: Path, out: Path | None) -> None:
    """Write COMPARISON, a folder that `privgym compare` made, as one HTML page.

    The page holds all that it needs: it opens from disk, works without a script and asks for
    nothing from elsewhere. It is report.html in the folder, unless --out names another file.
    """
    folder = comparison if comparison.is_dir() else comparison.parent
    file = out or folder / "report.html"
    page = report(load(comparison))
    with writing(file):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(page, encoding="utf-8")
    click.echo(shown(file))
