"""privgym import: another benchmark's file -> a pack in a kit."""

from __future__ import annotations

from pathlib import Path

import click

from privgym import kit
from privgym.cli._report import content, emit, shown
from privgym.errors import USAGE, PrivgymError
from privgym.importers import privacylens
from privgym.importers.live import LIVE
from privgym.message import visible

GIVE = "give the path of PrivacyLens's data/main_data.json"


@click.command("import")
@click.argument("benchmark", type=click.Choice([privacylens.PACK]))
@click.argument("file", type=click.Path(path_type=Path))
@click.option(
    "--into",
    metavar="KIT",
    type=click.Path(path_type=Path),
    default=Path("imported"),
    show_default=True,
    help="The kit that gets the pack; made if it is not there.",
)
@click.option(
    "--live",
    is_flag=True,
    help="What was looked up is what the tools hold; the agent does the whole job.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(benchmark: str, file: Path, into: Path, live: bool, as_json: bool) -> int:
    """Make a pack of the cases in FILE.

    `privacylens` wants PrivacyLens's data/main_data.json; with --live the pack is
    `privacylens_live`. Exit code 1 if a case is refused;
    the others are imported, and each refused one is named with its reason.
    """
    if not file.exists():
        raise PrivgymError(f"cannot read {file}: there is no such file", do=GIVE, code=USAGE)
    form = LIVE if live else privacylens.FINAL
    imported = privacylens.read(content(file, GIVE), str(file), form)
    folder = privacylens.write(imported, into)
    kit.add(into)
    refused = imported.refused
    if as_json:
        emit({"pack": str(folder), "imported": len(imported.scenarios), "refused": refused})
        return 1 if refused else 0
    for case in refused:
        click.echo(visible(f"refused {case.case}: {case.why}"))
    total = len(imported.scenarios) + len(refused)
    click.echo(f"{len(imported.scenarios)} of {total} cases -> {shown(folder)}")
    click.echo(f"Source: {privacylens.SOURCE}.")
    click.echo(f"Rates are {privacylens.NOTE}.")
    click.echo(f"Next: privgym --kit {shown(into)} run {form.pack} --agent oversharer")
    click.echo(f"  (or for good: export {kit.PATH}={into.resolve()})")
    return 1 if refused else 0
