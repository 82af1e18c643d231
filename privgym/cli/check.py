"""privgym check: a pack against its own plays; a tool or an agent by trying it."""

from __future__ import annotations

import click

from privgym import check, trial
from privgym import pack as packs
from privgym.check import Report
from privgym.cli._report import emit
from privgym.message import visible


@click.command("check")
@click.argument("what", metavar="PACK|tool:NAME|agent:NAME")
@click.option("--lock", is_flag=True, help="Write pack.lock for the version in pack.toml.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(what: str, lock: bool, as_json: bool) -> int:
    """Check that a pack is sound: good plays are good, and every norm can speak.

    A tool is tried with many calls, an agent in one scenario of each family of `everyday`. Exit
    code 1 if something is wrong.
    """
    if lock:
        check.lock(packs.load(what))
    report = _checked(what)
    if as_json:
        emit(report)
        return 1 if report.problems else 0
    for problem in report.problems:
        click.echo(visible(f"{problem.where}: {problem.what}"))
    found = f"{len(report.problems)} problems" if report.problems else "sound"
    click.echo(f"{report.pack}: {report.checked} scenarios checked, {found}")
    return 1 if report.problems else 0


def _checked(what: str) -> Report:
    kind, _, name = what.partition(":")
    if kind == "tool" and name:
        return trial.tried_tool(name)
    return trial.tried_agent(name) if kind == "agent" and name else check.pack(what)
