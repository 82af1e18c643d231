"""privgym merge: the shards of a run, lived on many machines, as one run."""

from __future__ import annotations

from pathlib import Path

import click

from privgym.cli._report import report
from privgym.folder import RunFolder, rescore
from privgym.merge import merge


@click.command("merge")
@click.argument("runs", nargs=-1, required=True, type=click.Path(path_type=Path), metavar="RUN...")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help="It goes here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(runs: tuple[Path, ...], out: Path, as_json: bool) -> None:
    """Put the run folders RUN... of `privgym run --shard` together into a new one.

    Its bytes are those of one run of the whole plan.
    """
    merged = merge([RunFolder(run) for run in runs], out)
    report(merged, rescore(merged), as_json=as_json)
