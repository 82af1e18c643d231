"""privgym demo: a real model in the gym, with every disclosure judged."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import click

from privgym import pack as packs
from privgym.cli._progress import progress
from privgym.cli._report import report, shown
from privgym.cli.run import finish
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.folder import rescore
from privgym.models import catalogue
from privgym.run import run
from privgym.spec import Spec

PACK = "everyday"
FAMILIES = (
    "court_date",
    "drug_question",
    "exam_appeal",
    "flat_application",
    "surprise_party",
    "treatment_leave",
)
"""One of each sphere of life: a few minutes on two cores."""

CHOICE = ("qwen2.5-coder-0.5b", "smollm2")
"""The first that can be had: the one writes sensible messages, the other is a fifth its size."""


@click.command("demo")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help="Runs go here.")
def command(out: Path) -> None:
    """Run a real model through six families of `everyday`, and show what it disclosed."""
    name = _fetched()
    spec, pack = Spec("assistant", f"llamacpp:{name}"), packs.load(PACK)
    names = pack.names(FAMILIES, level=1)
    click.echo(f"{len(names)} episodes of {PACK}, level 1, with {name} on this CPU.", err=True)
    folder = finish(partial(run, pack, spec, names, out=out, new=True))
    report(folder, rescore(folder), as_json=False)
    path = shown(folder.path)
    click.echo(
        f"""
Next (after `. .venv/bin/activate`, if that is where privgym is installed):
  # the first episode, verdicts beside
  privgym show {path}:0
  # a scenario: people, facts, norms, plays
  privgym show {PACK}/{names[0].family}
  # all of it again, from the traces alone
  privgym score {path}
  # another agent
  privgym run {PACK} --agent oversharer --seeds 3
  # the same world as a Gymnasium env
  python examples/research_loop.py"""
    )


def _fetched() -> str:
    """Fetch the first model of `CHOICE` that can be had; says so where it is not the first."""
    refused: list[str] = []
    for name in CHOICE:
        try:
            with progress() as bar:
                catalogue.fetch(name, bar(f"fetching {name}"))
        except PrivgymError as error:
            refused.append(f"{name}: {error.what}")
            continue
        for why in refused:
            click.echo(f"Not the model that was meant ({why}).", err=True)
            click.echo(f"Going on with {name}, which is a much weaker writer.", err=True)
        return name
    raise PrivgymError(
        "no model can be had",
        where="; ".join(refused),
        do="try again with a network, or give weights: --agent assistant@llamacpp:PATH",
        code=ENVIRONMENT,
    )
