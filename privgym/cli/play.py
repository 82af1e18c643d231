"""privgym play: a person lives a scenario in the agent's place."""

from __future__ import annotations

import contextlib
import time
from pathlib import Path

import click

from privgym import pack as packs
from privgym.allowance import Timing
from privgym.cli._human import Human, Left
from privgym.cli._report import shown
from privgym.cli.show import show_trace
from privgym.episode import Episode, cast, settle
from privgym.errors import INCONCLUSIVE, Failure
from privgym.folder import Record, RunFolder, rescore
from privgym.runner import encoded
from privgym.scenario import Name, Scenario, digest
from privgym.trace import Trace
from privgym.writer import Writer

SPEC = "human"
"""What stands in a run folder where an agent's name would."""


@click.command("play")
@click.argument("scenario")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help="Runs go here.")
def command(scenario: str, out: Path) -> int:
    """Live SCENARIO (PACK/FAMILY[.twin][.L2][#SEED]) yourself, in the agent's place.

    You see what an agent sees. At the end the verdicts are shown, and the trace is kept like any
    other. Exit code 3 if you leave before the end.
    """
    name = Name.read(scenario)
    found = packs.scenario(name)
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  (makes `input` a line that can be edited)
    click.echo("You are the agent. /help says how to answer, /quit leaves.")
    record = Record(
        pack=name.pack,
        pack_version=packs.load(name.pack).version,
        spec=SPEC,
        about={"agent": SPEC},
        plan=(str(name),),
        digests=(digest(found),),
        trust="a person at the terminal",
    )
    start = time.perf_counter()
    lived = live(found, Human(), record)
    folder = _keep(record, lived, time.perf_counter() - start, out)
    click.echo("\nWhat happened, with the verdicts:\n")
    show_trace(lived, found, as_json=False)
    click.echo(f"\nRun folder: {shown(folder.path)}")
    return INCONCLUSIVE if lived.failure else 0


def live(scenario: Scenario, human: Human, record: Record) -> Trace:
    """Live a scenario with a person as the agent; leaving early is a failure on record."""
    episode, people = Episode(scenario), cast(scenario)
    left = None
    try:
        while turn := settle(episode, people):
            episode.take(human.decide(turn.observation))
    except Left:
        left = Failure("left", "the person left before the end")
    return Trace(record.header(Name.read(scenario.name)), tuple(episode.events), left)


def _keep(record: Record, lived: Trace, seconds: float, out: Path) -> RunFolder:
    """Write a run folder of one episode, judged."""
    timing = Timing(lived.header.scenario, round(seconds, 4), turns=lived.turns)
    folder = RunFolder.create(out, record)
    with folder.held(), Writer(folder) as writer:
        writer.put(0, encoded(lived), timing)
    rescore(folder)
    return folder
