"""privgym score: all of a run recomputed, from its traces and what sensors recorded of them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from privgym.cli._report import report
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.folder import RunFolder, rescore


@click.command("score")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--replay", is_flag=True, help="Also live each episode again and compare it.")
@click.option(
    "--with", "sensors", multiple=True, metavar="SENSOR", help="Take in what `privgym sense` found."
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(run: Path, replay: bool, sensors: Sequence[str], as_json: bool) -> int:
    """Compute the scores of the run folder RUN again, from its traces alone.

    What slow sensors found can be taken in beside the exact findings, with no model at hand.
    """
    folder = RunFolder(run)
    judged = rescore(folder, replay=replay, sensors=sensors)
    if not judged:
        what = f"{run} has no finished episode"
        raise PrivgymError(what, do="the command that began it goes on", code=INCONCLUSIVE)
    report(folder, judged, as_json=as_json)
    if sensors:
        click.echo(f"Beside the exact sensor: {', '.join(sensors)}.", err=True)
    if left := folder.left():
        click.echo(f"{left} episodes of the plan are missing; its command goes on.", err=True)
    return INCONCLUSIVE if left else 0
