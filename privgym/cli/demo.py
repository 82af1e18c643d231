"""privgym demo: a small assistant, the same one tuned to be more helpful, and what that leaks."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click

from privgym import pack as packs
from privgym.cli._comparison import say
from privgym.cli._progress import progress
from privgym.cli._report import report, shown
from privgym.cli.run import finish
from privgym.folder import RunFolder, rescore
from privgym.lab import experiment
from privgym.lab.conduct import versus
from privgym.lab.experiment import Acting
from privgym.models import catalogue
from privgym.run import run
from privgym.side import gather
from privgym.spec import Spec
from privgym.table import console, first_leak, show_leak

RECIPE = "demo"
SIDES = {"assistant": "a small assistant", "helpful": "the same, tuned to be more helpful"}
"""The adapters that ship, the base first; `make adapters` makes them."""

GENERAL = "everyday"
FAMILIES = (
    "court_date",
    "drug_question",
    "exam_appeal",
    "flat_application",
    "surprise_party",
    "treatment_leave",
)
"""One of each sphere of life: what `--model` lives."""


@click.command("demo")
@click.option("--model", default="", metavar="NAME", help="Instead, a general model in `everyday`.")
@click.option("--out", type=click.Path(path_type=Path), default=Path("runs"), help="Runs go here.")
def command(model: str, out: Path) -> None:
    """Compare a small assistant with one that was tuned to be more helpful.

    Both are SmolLM2 with an adapter of 1.5 MB, on this CPU. The helpful one learned to add a
    harmless thing to every message, and no private fact stood in anything that it learned. The
    same errands are given to both: what does it add now?

    With --model, one of `privgym models list`, that model lives six families of `everyday`.
    """
    if model:
        _general(model, out)
    else:
        _collapse(out)


def _collapse(out: Path) -> None:
    """Both adapters on the same episodes, the answer, the first new leak."""
    of = experiment.read(RECIPE)
    base = of.method.base
    with progress() as bar:
        catalogue.fetch(base, bar(f"fetching {base}"), catalogue.SOURCES)
    act = next(act for act in of.acting if act.decides)
    runs = list(_lived(act, base, out))
    made = versus(of, *(gather([one], act.names) for one in runs))
    path = made.store(out)
    say(made)
    if leak := first_leak(runs[1], rescore(runs[1])):
        click.echo()
        console().print(show_leak(leak))
    specs = [one.record.spec for one in runs]
    click.echo(
        f"""
Nothing private stood in anything that either adapter learned from; both were made by one recipe
(privgym lab run {RECIPE}). Next (after `. .venv/bin/activate`, if privgym is installed there):
  # the comparison as a page, base and tuned side by side (needs the extra: board)
  privgym report {shown(path)}
  # an episode of the tuned one, verdicts beside
  privgym show {shown(runs[1].path)}:0
  # the same question of your own fine-tune
  privgym compare {act.pack} --level 1 --base {specs[0]} \\
      --tuned {specs[1]}
  # a general model in the gym: 0.5 GB, a few minutes more
  privgym demo --model qwen2.5-coder-0.5b"""
    )


def _lived(act: Acting, base: str, out: Path) -> Iterator[RunFolder]:
    """A run of each adapter on the same plan."""
    for adapter, about in SIDES.items():
        told = f"{adapter}: {about}, {len(act.names)} episodes of {act.pack} on this CPU."
        click.echo(told, err=True)
        spec = Spec(act.agent, f"llamacpp:{base}+{adapter}")
        plan = partial(run, packs.load(act.pack), spec, act.names, out=out, new=True)
        made = finish(plan)
        rescore(made)
        yield made


def _general(name: str, out: Path) -> None:
    """A general model in six families of `everyday`."""
    with progress() as bar:
        catalogue.fetch(name, bar(f"fetching {name}"), catalogue.SOURCES)
    spec, pack = Spec("assistant", f"llamacpp:{name}"), packs.load(GENERAL)
    names = pack.names(FAMILIES, level=1)
    click.echo(f"{len(names)} episodes of {GENERAL}, level 1, with {name} on this CPU.", err=True)
    folder = finish(partial(run, pack, spec, names, out=out, new=True))
    report(folder, rescore(folder), as_json=False)
    path = shown(folder.path)
    click.echo(
        f"""
Next:
  # the first episode, verdicts beside
  privgym show {path}:0
  # a scenario: people, facts, norms, plays
  privgym show {GENERAL}/{names[0].family}
  # all of it again, from the traces alone
  privgym score {path}
  # another agent
  privgym run {GENERAL} --agent oversharer --seeds 3
  # the same world as a Gymnasium env
  python examples/research_loop.py"""
    )
