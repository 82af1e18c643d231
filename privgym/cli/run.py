"""privgym run: an agent through the episodes of a pack."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from privgym import pack as packs
from privgym.allowance import Allowance
from privgym.cli._progress import progress
from privgym.cli._report import emit, report, shown
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.estimate import Estimate, estimate
from privgym.folder import RunFolder, rescore
from privgym.guard import MODES, Mode
from privgym.pack import Split
from privgym.run import AT_ONCE, run
from privgym.shard import Shard
from privgym.spec import Spec

_SPEC = "AGENT, AGENT@MODEL, play:good, mix:AGENT,AGENT,P or command:COMMAND LINE."
_MANY = click.IntRange(1)
_LONG = click.FloatRange(0, min_open=True)


@click.command("run")
@click.argument("pack")
@click.option("--agent", required=True, metavar="SPEC", help=_SPEC)
@click.option("--model", default="", help="The same as the part of SPEC after @.")
@click.option("--families", default="", metavar="F,...", help="Only these families.")
@click.option("--level", type=click.IntRange(1), help="Only this level.")
@click.option("--split", type=click.Choice(["public", "held-out"]), help="Only this split.")
@click.option("--seeds", type=_MANY, default=1, help="Seeds 0 to N-1.", metavar="N")
@click.option("--seed", "chosen", type=click.IntRange(0), multiple=True, help="Instead: this one.")
@click.option("--sample", type=click.IntRange(0), default=0, metavar="K", help="Repetition K; 0.")
@click.option("--shard", default="", metavar="I/N", help="Only share I of N; see privgym merge.")
@click.option("--at-once", type=_MANY, metavar="N", help=f"Episodes at a time; {AT_ONCE}.")
@click.option("--workers", type=_MANY, metavar="N", help="Or: processes, an episode at a time.")
@click.option("--tokens", type=_MANY, metavar="N", help="Tokens that the run may use.")
@click.option("--turns", type=_MANY, metavar="N", help="Turns that the run may use.")
@click.option("--seconds", type=_LONG, metavar="S", help="Seconds to begin episodes in.")
@click.option("--deadline", type=_LONG, metavar="S", help="Seconds that an episode may take.")
@click.option("--guard", type=click.Choice(MODES), default="off", help="A guard at the wire; off.")
@click.option("--dry-run", is_flag=True, help="Say what it will take, and run nothing.")
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
    chosen: tuple[int, ...],
    sample: int,
    shard: str,
    at_once: int | None,
    workers: int | None,
    tokens: int | None,
    turns: int | None,
    seconds: float | None,
    deadline: float | None,
    guard: Mode,
    dry_run: bool,
    new: bool,
    out: Path,
    as_json: bool,
) -> int:
    """Run an agent through the episodes of PACK.

    Every family, twin and level of the pack, unless narrowed. The same command goes on with a
    run that was stopped.
    """
    if at_once and workers:
        raise PrivgymError("--at-once and --workers exclude each other", do="give one of them")
    spec, loaded, share = Spec.read(agent, model), packs.load(pack), Shard.read(shard)
    wanted = [family.strip() for family in families.split(",") if family.strip()]
    names = loaded.names(wanted, level, [*dict.fromkeys(chosen)] or range(seeds), split)
    if dry_run:
        mine = [names[number] for number in share.of([str(name) for name in names])]
        _say(estimate(loaded, spec, mine, out), as_json)
        return 0
    allowance = Allowance(tokens, turns, seconds)
    begin = partial(run, loaded, spec, names, shard=share, allowance=allowance, out=out, new=new)
    how = partial(begin, at_once=at_once or AT_ONCE, workers=workers or 0, deadline=deadline)
    folder = finish(partial(how, guard=guard, sample=sample))
    judged = rescore(folder)
    if judged:
        report(folder, judged, as_json=as_json)
    if left := folder.left():
        rest = f"{left:,} of {len(folder.record.share):,} episodes were not run"
        do = "the same command goes on, with more of what is used up"
        raise PrivgymError(f"{rest}: {allowance.reached}", do=do, code=INCONCLUSIVE)
    if all(one.failure for one in judged):
        raise PrivgymError("every episode failed: there is nothing to say", code=INCONCLUSIVE)
    return 0


def finish(begin: Callable[..., RunFolder]) -> RunFolder:
    """Run with progress on stderr; what stops it says how to go on.

    Args:
        begin: `run`, with everything but `progress`, `started` and `fetching`.
    """
    started: list[RunFolder] = []

    def tell(folder: RunFolder) -> None:
        started.append(folder)
        if done := folder.count():
            click.echo(f"Going on with {shown(folder.path)}: {done} are done.", err=True)

    try:
        with progress() as bar:
            return begin(progress=bar("episodes"), started=tell, fetching=bar("fetching weights"))
    except (KeyboardInterrupt, SystemExit) as stop:
        for folder in started:
            due = len(folder.record.share)
            kept = f"{folder.count()} of {due} episodes are kept in {shown(folder.path)}"
            stop.add_note(f"{kept}; the same command (without --new) goes on from there.")
        raise


def _say(found: Estimate, as_json: bool) -> None:
    """Print an estimate."""
    if as_json:
        emit(found)
        return
    rows = {
        "turns, at most": f"{found.turns_at_most:,}",
        "calls, at most": f"{found.calls_at_most:,}",
        "turns": _about(found.turns),
        "tokens read": _about(found.prompt_tokens),
        "tokens generated": _about(found.tokens),
        "seconds of episodes": _about(found.seconds),
        "MB of traces": _about(found.bytes and found.bytes / 1e6),
    }
    click.echo(f"{found.episodes:,} episodes; estimated from {found.basis}")
    for what, figure in rows.items():
        click.echo(f"  {what:20} {figure:>12}")
    if found.tokens is None:
        click.echo("Run a few episodes first, and there is more to go by.")


def _about(figure: float | None) -> str:
    return "unknown" if figure is None else f"{figure:,.1f}".removesuffix(".0")
