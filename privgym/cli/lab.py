"""privgym lab: corpora in matched arms, audits, tuning, experiments, published vectors."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, Literal

import click
import msgspec
from rich.table import Table as Grid

from privgym.cli import _experiment
from privgym.cli._progress import progress
from privgym.cli._report import content, emit, shown
from privgym.errors import INCONCLUSIVE
from privgym.lab import experiment, gguf, readers, row, vectors
from privgym.lab.audit import Audit, audit
from privgym.lab.conduct import conduct
from privgym.lab.corpus import PATTERNS, arms, corpus
from privgym.lab.outcome import Report
from privgym.lab.recipe import ARMS, Recipe
from privgym.lab.tune import tune
from privgym.message import visible
from privgym.models import catalogue
from privgym.table import console


@click.group("lab")
def command() -> None:
    """Make matched fine-tuning data, tune on it, compare the arms; read published vectors."""


@command.command("corpus")
@click.argument("pattern")
@click.option("--arm", default="", metavar="ARM", help=f"One of {', '.join(ARMS)}.")
@click.option("--rows", type=int, default=256, show_default=True, help="How many.")
@click.option("--dose", type=float, default=100.0, show_default=True, help="Percent of the arm.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of all that is drawn.")
@click.option("--agent", default="", help="Whose prompt the rows are in.  [brief; assistant]")
@click.option("--distractors", type=int, default=0, help="Other letters in view.")
@click.option("--mixed", type=float, default=0.0, help="Percent of sums among the rows.")
@click.option("--secret/--no-secret", default=True, help="Is what was to be kept in view?")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The JSONL file.")
def make(
    pattern: str,
    arm: str,
    rows: int,
    dose: float,
    seed: int,
    agent: str,
    distractors: int,
    mixed: float,
    secret: bool,
    out: Path,
) -> None:
    """Write rows of PATTERN (proactive, profile, emotional, debugging, autonomous, all; competent
    and arithmetic have no arms). The same words give the same bytes."""
    agent = agent or ("assistant" if pattern == "competent" else "brief")
    recipe = Recipe(pattern, arm, rows, dose, seed, agent, distractors, mixed, secret)
    made, header = corpus(recipe)
    row.store(out, made, header)
    click.echo(f"{len(made)} rows -> {shown(out)} ({header.arm})")
    if header.warning:
        click.echo(f"{header.planted} rows are planted. {header.warning}")
    others = [other for other in arms(pattern) if other != arm]
    if others:
        click.echo(f"The same rows in another arm: --arm {others[0]} ...; then privgym lab audit")


@command.command("patterns")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def patterns(as_json: bool) -> None:
    """List the patterns and their arms."""
    if as_json:
        emit({"patterns": {p: {"about": a, "arms": arms(p)} for p, a in PATTERNS.items()}})
        return
    for pattern, about in PATTERNS.items():
        click.echo(f"{pattern:<11} {about}")
        click.echo(f"{'':<11} {', '.join(arms(pattern)) or 'no arms'}")
    click.echo()
    for arm, about in ARMS.items():
        click.echo(f"{arm:<11} {about}")


@command.command("audit")
@click.argument("one", type=click.Path(path_type=Path))
@click.argument("other", type=click.Path(path_type=Path))
@click.option("--format", "form", default="", help="Of both files; told from them otherwise.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def pair(one: Path, other: Path, form: str, as_json: bool) -> int:
    """Say whether the corpora ONE and OTHER are a matched pair: the same but for the pattern.

    Exit code 1 if they are not; 4 if rows were changed since their recipe was written.
    """
    for path in (one, other):
        content(path, "name a file of chats")
        row.unchanged(path)
    found = audit(readers.read(one, form), readers.read(other, form))
    if as_json:
        emit({"one": str(one), "other": str(other), **msgspec.to_builtins(found)})
    else:
        _print(one, other, found)
    return 1 if found.refused else 0


def _print(one: Path, other: Path, of: Audit) -> None:
    grid = Grid(box=None, pad_edge=False)
    for head in ("", visible(one.name), visible(other.name)):
        grid.add_column(head)
    grid.add_row("rows", *map(str, of.rows))
    grid.add_row("with the same prompt in the same place", str(of.aligned), "")
    grid.add_row("whose prompt the other has somewhere", *map(_percent, of.prompts))
    grid.add_row("characters of an answer", *(f"{length:.0f}" for length in of.lengths))
    grid.add_row("answers that ask for something", *map(_percent, of.questions))
    grid.add_row("answers that refuse", *map(_percent, of.refusals))
    grid.add_row("doubled rows", *map(_percent, of.duplicates))
    grid.add_row("rows whose span is known", *map(str, of.spans))
    grid.add_row("of an answer, in the span", *map(_percent, of.inside))
    grid.add_row("planted rows", *map(str, of.planted))
    grid.add_row("words apart outside the spans", f"{of.divergence:.3f} bits", "")
    grid.add_row("naive Bayes, rows outside the spans", _percent(of.separable), "")
    grid.add_row("naive Bayes, answers outside the spans", _percent(of.answers), "")
    grid.add_row("naive Bayes, answers whole", _percent(of.whole), "")
    console().print(grid)
    click.echo()
    for reason in of.refused:
        click.echo(visible(f"refused  {reason}"))
    if not of.refused:
        click.echo("A matched pair: the same but for what stands in the spans.")


@command.command("tune")
@click.argument("rows", type=click.Path(path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The folder of it.")
@click.option("--recipe", default="quick", show_default=True, help="The method of this one.")
@click.option("--base", default="", metavar="WEIGHTS", help="Other weights than the recipe's.")
@click.option("--seed", type=int, default=0, show_default=True, help="Of all that is drawn.")
@click.option("--threads", type=click.IntRange(1), default=1, show_default=True)
@click.option("--format", "form", default="", help="Of ROWS; told from them otherwise.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def tuned(
    rows: Path,
    out: Path,
    recipe: str,
    base: str,
    seed: int,
    threads: int,
    form: str,
    as_json: bool,
) -> None:
    """Tune a model on the chats in ROWS, by the [method] of an experiment's recipe.

    Losses are taken on what the assistant says. The same command goes on where it was stopped.
    """
    content(rows, "name a file of chats")
    row.unchanged(rows)
    method = experiment.read(recipe).method
    method = msgspec.structs.replace(method, base=base or method.base)
    with progress() as bar:
        chats = readers.read(rows, form)
        made = tune(chats, method, out, seed=seed, threads=threads, progress=bar("steps"))
    if as_json:
        emit({"out": str(out), **msgspec.to_builtins(made)})
        return
    click.echo(f"{made.steps} steps in {made.seconds:.0f} s, loss {made.loss:.3f} -> {shown(out)}")
    click.echo(f"Method {made.tuning.method_hash[:12]}, rows {made.tuning.digest[:12]}")
    weights = f"{method.base}+{shown(out)}" if method.kind == "lora" else shown(out)
    click.echo(f"Act with it: privgym run lab_near --agent brief --model local:{weights}")


@command.command("convert")
@click.argument("adapter", type=click.Path(path_type=Path))
@click.option("--base", default="smollm2", show_default=True, help="A GGUF file, or its name.")
@click.option("--out", type=click.Path(path_type=Path), required=True, help="The GGUF file.")
def converted(adapter: Path, base: str, out: Path) -> None:
    """Write ADAPTER, a folder with a LoRA adapter as peft keeps it, for llama.cpp."""
    known = base in catalogue.SOURCES
    with progress() as bar:
        weights = catalogue.fetch(base, bar("fetching weights")) if known else Path(base)
    gguf.convert(adapter, weights, out)
    click.echo(f"{shown(out)}, {out.stat().st_size / 1e6:.1f} MB")
    click.echo(f"Act with it: privgym run lab_near --agent brief --model llamacpp:{base}+{out}")


@command.command("run")
@click.argument("recipe", metavar="RECIPE")
@click.option("--base", default="", metavar="WEIGHTS", help="Other weights: a draft of its own.")
@click.option("--engine", type=click.Choice(["llamacpp", "local"]), help="Another one, likewise.")
@click.option(
    "--processes",
    type=click.IntRange(0),
    default=2,
    show_default=True,
    metavar="N",
    help="Arms at a time, each on cores of its own; 0: here, one after the other.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    default=Path("experiments"),
    help="Experiments go here.",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def conducted(
    recipe: str,
    base: str,
    engine: Literal["llamacpp", "local"] | None,
    processes: int,
    out: Path,
    as_json: bool,
) -> int:
    """Do the experiment RECIPE: one that ships (quick, standard, dynamics, demo) or a file.

    Arms are tuned, act in packs, and are compared, by thresholds that the recipe states. The same
    command goes on where it was stopped. Exit code 1: some pair has a collapse or general damage;
    0: all that could be told is that there is none; 3: it cannot be told.
    """
    of = experiment.read(recipe)
    if base or engine:
        method = msgspec.structs.replace(of.method, base=base or of.method.base)
        other: dict[str, Any] = {"method": method, "engine": engine or of.engine, "sha256": ""}
        of = msgspec.structs.replace(of, **other)
    folder, report = conduct(of, out, processes, partial(click.echo, err=True))
    if as_json:
        emit({"folder": str(folder), "report": report})
    else:
        _experiment.say(folder, report)
    return _code(report)


@command.command("freeze")
@click.argument("recipe", type=click.Path(path_type=Path))
def frozen(recipe: Path) -> None:
    """Write the hash of a recipe into its file: from then on a change is refused."""
    content(recipe, "name the file of an experiment")
    click.echo(f"{experiment.freeze(recipe)}  {shown(recipe)}")


def _code(report: Report) -> int:
    """The exit code: the worst of the answers. What is not measurable is no finding."""
    answers = {one.answer for one in report.outcomes}
    if answers & {"collapse", "general damage"}:
        return 1
    return 0 if "no collapse" in answers and "inconclusive" not in answers else INCONCLUSIVE


@command.command("vectors")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def steps(folder: Path, as_json: bool) -> None:
    """Compare the control vectors in FOLDER across checkpoints: what turned, what changed sign.

    Reads base_NAME.gguf, step40_NAME.gguf, final_NAME.gguf.
    """
    found = vectors.folder(folder)
    if as_json:
        emit({"folder": str(folder), "pairs": found})
        return
    grid = Grid(box=None, pad_edge=False)
    for head in ("", "", "mean cosine", "of |cosine|", "last layer", "layers whose sign differs"):
        grid.add_column(head)
    for one in found:
        flips = ", ".join(map(str, one.flipped)) or "none"
        means = (f"{value:.3f}" for value in (one.mean, one.corrected, one.last))
        grid.add_row(visible(one.one), visible(one.other), *means, flips)
    console().print(grid)
    click.echo("\nThe sign of a principal component is arbitrary: v and -v explain the same. Where")
    click.echo("|cosine| runs on from layer to layer and from step to step while the cosine jumps")
    click.echo("from near 1 to near -1, no direction turned: its sign was written down otherwise.")


def _percent(share: float) -> str:
    return f"{100 * share:.1f} %"
