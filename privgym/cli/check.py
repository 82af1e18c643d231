"""privgym check: a pack against its own plays."""

from __future__ import annotations

import click

from privgym import check
from privgym import pack as packs
from privgym.cli._report import emit
from privgym.message import visible


@click.command("check")
@click.argument("pack")
@click.option("--lock", is_flag=True, help="Write pack.lock for the version in pack.toml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(pack: str, lock: bool, as_json: bool) -> int:
    """Check that PACK is sound: good plays are good, and every norm can speak.

    Exit code 1 if something is wrong.
    """
    if lock:
        check.lock(packs.load(pack))
    report = check.pack(pack)
    if as_json:
        emit(report)
        return 1 if report.problems else 0
    for problem in report.problems:
        click.echo(visible(f"{problem.where}: {problem.what}"))
    found = f"{len(report.problems)} problems" if report.problems else "sound"
    click.echo(f"{report.pack}: {report.checked} scenarios checked, {found}")
    return 1 if report.problems else 0
