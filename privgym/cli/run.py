"""privgym run: an agent through the episodes of a pack."""

from __future__ import annotations

from pathlib import Path

import click

from privgym import pack as packs
from privgym.cli._progress import progress
from privgym.cli._report import report, shown
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.pack import Pack, Split
from privgym.run import AT_ONCE, run
from privgym.scenario import Name
from privgym.spec import Spec


@click.command("run")
@click.argument("pack")
@click.option("--agent", required=True, metavar="SPEC", help="AGENT, AGENT@MODEL or play:good.")
@click.option("--model", default="", help="The same as the part of SPEC after @.")
@click.option("--families", default="", metavar="F,...", help="Only these families.")
@click.option("--level", type=click.IntRange(1), help="Only this level.")
@click.option("--split", type=click.Choice(["public", "held-out"]), help="Only this split.")
@click.option("--seeds", type=click.IntRange(1), default=1, help="Seeds 0 to N-1.", metavar="N")
@click.option("--at-once", type=click.IntRange(1), default=AT_ONCE, help="Episodes at a time.")
@click.option("--new", is_flag=True, help="Begin anew, also where an unfinished run could go on.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help="Runs go here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(
    pack: str,
    agent: str,
    model: str,
    families: str,
    level: int | None,
    split: Split | None,
    seeds: int,
    at_once: int,
    new: bool,
    out: Path,
    as_json: bool,
) -> int:
    """Run an agent through the episodes of PACK.

    Every family, twin and level of the pack, unless narrowed. The same command goes on with a
    run that was stopped.
    """
    spec, loaded = Spec.read(agent, model), packs.load(pack)
    wanted = [family.strip() for family in families.split(",") if family.strip()]
    names = loaded.names(wanted, level, range(seeds), split)
    folder = finish(loaded, spec, names, at_once=at_once, out=out, new=new)
    judged = rescore(folder)
    report(folder, judged, as_json=as_json)
    if all(one.failure for one in judged):
        raise PrivgymError("every episode failed: there is nothing to say", code=INCONCLUSIVE)
    return 0


def finish(
    pack: Pack, spec: Spec, names: tuple[Name, ...], *, at_once: int, out: Path, new: bool
) -> RunFolder:
    """Run with progress on stderr; what stops it says how to go on."""
    started: list[RunFolder] = []

    def begin(folder: RunFolder) -> None:
        started.append(folder)
        if done := folder.count():
            click.echo(f"Going on with {shown(folder.path)}: {done} are done.", err=True)

    try:
        with progress() as bar:
            return run(
                pack,
                spec,
                names,
                at_once=at_once,
                out=out,
                new=new,
                progress=bar("episodes"),
                started=begin,
                fetching=bar("fetching weights"),
            )
    except (KeyboardInterrupt, SystemExit) as stop:
        for folder in started:
            kept = f"{folder.count()} of {len(names)} episodes are kept in {shown(folder.path)}"
            stop.add_note(f"{kept}; the same command (without --new) goes on from there.")
        raise
