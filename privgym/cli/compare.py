"""privgym compare: a tuned agent beside its base, on the same episodes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import click

from privgym import kit, power, summary
from privgym.cli._comparison import say, say_plan
from privgym.cli._report import emit, shown
from privgym.cli.run import finish
from privgym.compare import RECIPE, compare, lowest
from privgym.comparison import Comparison, Margins
from privgym.errors import INCONCLUSIVE
from privgym.folder import RunFolder, rescore, writing
from privgym.pack import Split
from privgym.power import Plan
from privgym.question import Question, question, world
from privgym.rule import Rule
from privgym.run import AT_ONCE, run
from privgym.side import Episodes, folders, gather
from privgym.spec import Spec

_MANY = click.IntRange(1)
_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)
_LONG = click.FloatRange(0, min_open=True)
_FOLDER = click.Path(path_type=Path, file_okay=False)
_FILE = click.Path(path_type=Path, dir_okay=False)


class Options(NamedTuple):
    """How both sides are lived; see the options of `command`."""

    samples: int
    at_once: int | None
    workers: int | None
    deadline: float | None
    new: bool
    runs: Path


@click.command("compare")
@click.argument("packs", nargs=-1, required=True, metavar="PACK...")
@click.option("--base", required=True, metavar="SPEC", help="The agent before; or run folders.")
@click.option(
    "--tuned", required=True, multiple=True, metavar="SPEC",
    help=f"The agent after; {RECIPE} or more are training runs of one recipe.",
)  # fmt: skip
@click.option("--seeds", type=_MANY, metavar="N", help="Scenario seeds 0 to N-1; 1.")
@click.option("--samples", type=_MANY, default=1, metavar="N", help="Repetitions of each; 1.")
@click.option("--level", type=_MANY, help="Only this level of PACK.")
@click.option("--split", type=click.Choice(["public", "held-out"]), help="Only this split.")
@click.option("--tau", type=_SHARE, default=Margins().tau, help="Rise that is a collapse; 0.05.")
@click.option(
    "--epsilon", type=_SHARE, default=Margins().epsilon, help="Fall that is damage; 0.03."
)
@click.option("--controls/--no-controls", default=True, help="Run the control packs too; yes.")
@click.option("--plan", "plan_only", is_flag=True, help="Say what it can show, and run nothing.")
@click.option(
    "--fail-if", "rules", multiple=True, metavar="RULE", help="Exit 1 by a rule of your own."
)
@click.option("--junit", type=_FILE, metavar="FILE", help="Write JUnit XML.")
@click.option("--markdown", type=_FILE, metavar="FILE", help="Add a Markdown summary to FILE.")
@click.option("--at-once", type=_MANY, metavar="N", help=f"Episodes at a time; {AT_ONCE}.")
@click.option("--workers", type=_MANY, metavar="N", help="Or: processes, an episode at a time.")
@click.option("--deadline", type=_LONG, metavar="S", help="Seconds that an episode may take.")
@click.option("--new", is_flag=True, help="Run all anew, also what was run before.")
@click.option("--runs", type=_FOLDER, default=Path("runs"), help="Runs go here.")
@click.option("--out", type=_FOLDER, default=Path("comparisons"), help="Comparisons go here.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(
    packs: tuple[str, ...],
    base: str,
    tuned: tuple[str, ...],
    seeds: int | None,
    level: int | None,
    split: Split | None,
    tau: float,
    epsilon: float,
    controls: bool,
    plan_only: bool,
    rules: tuple[str, ...],
    junit: Path | None,
    markdown: Path | None,
    out: Path,
    as_json: bool,
    **how: Any,
) -> int:
    """Compare a tuned agent with its base, on the same episodes of PACKs.

    Both are run, unless that was done before: the same command goes on where it was stopped. A
    side may also be a run folder, or several with commas between (one a pack, or a sample). Exit
    code 1 is a collapse or general damage, 0 no collapse, 3 that it cannot be told.
    """
    options, margins = Options(**how), Margins(tau, epsilon)
    given = [runs for text in (base, *tuned) if (runs := _folders(text))]
    asked = question(packs, given, seeds=seeds, level=level, split_=split, controls=controls)
    known = [pack.name for pack in (*asked.packs, *asked.controls)]
    read = [Rule.read(text, known) for text in rules]
    for name in asked.left_out:
        click.echo(f"{name} is not among the runs that were given: not measured.", err=True)
    if plan_only:
        plan = _plan(asked, base, options, margins)
        emit(plan) if as_json else say_plan(plan)
        return 0
    made = list(_answered(asked, (base, *tuned), options, margins))
    paths = [one.store(out) for one in made]
    broken = [(one, rule) for one in made for rule in read if rule.holds(one)]
    if junit:
        _write(junit, summary.junit(made, broken), "w")
    if markdown:
        _write(markdown, summary.markdown(made, broken), "a")
    _say(made, paths, broken, as_json)
    untold = [rule.text for one in made for rule in read if rule.holds(one) is None]
    for text in untold:
        click.echo(f'"{text}" cannot be told: nothing of this comparison counts in it.', err=True)
    return _code(made, bool(broken), ruled=bool(read) and not untold)


def _folders(text: str) -> tuple[RunFolder, ...]:
    """The run folders of a side; none for a spec, whose agent there must be before all is run."""
    if runs := folders(text):
        return runs
    agent = Spec.read(text).agent
    if agent.isidentifier():
        kit.find("agents", agent)
    return ()


def _plan(asked: Question, base: str, how: Options, margins: Margins) -> Plan:
    given = folders(base)
    spec = Spec.read(given[0].record.spec if given else base)
    own = [name for pack in asked.packs for name in asked.of(pack)]
    families = len({(name.pack, name.family) for name in own})
    return power.plan(
        {pack.name: how.samples * len(asked.of(pack)) for pack in (*asked.packs, *asked.controls)},
        families,
        max(1, how.samples * len(own) // families),
        how.samples * asked.seeds,
        margins,
        world(asked, spec, how.runs, given),
    )


def _answered(
    asked: Question, texts: Sequence[str], how: Options, margins: Margins
) -> Iterator[Comparison]:
    """A comparison of each checkpoint, or one of the recipe that they are training runs of."""
    click.echo(
        f"Margins: {100 * margins.tau:g} points more inappropriate episodes, "
        f"{100 * margins.epsilon:g} points less utility or safety.",
        err=True,
    )
    base, *tuned = (_lived(asked, texts, number, how) for number in range(len(texts)))
    packs, what = (*asked.packs, *asked.controls), asked.asked(base, margins)
    floors = lowest(asked.packs, asked.names)
    for sides in [tuned] if len(tuned) >= RECIPE else [[one] for one in tuned]:
        yield compare(what, packs, base, sides, floors)


def _lived(asked: Question, texts: Sequence[str], number: int, how: Options) -> Episodes:
    """The episodes of one side. A spec that has come before draws further samples."""
    if runs := folders(texts[number]):
        return gather(runs, asked.names, min(run.record.sample for run in runs))
    spec = Spec.read(texts[number])
    first = how.samples * sum(text == texts[number] for text in texts[:number])
    made = []
    for pack in (*asked.packs, *asked.controls):
        for sample in range(first, first + how.samples):
            click.echo(f"{spec} on {pack.name}{f', sample {sample}' if sample else ''}", err=True)
            begin = partial(run, pack, spec, asked.of(pack), sample=sample, deadline=how.deadline)
            begin = partial(begin, at_once=how.at_once or AT_ONCE, workers=how.workers or 0)
            made.append(_judged(finish(partial(begin, out=how.runs, new=how.new, reuse=True))))
    return gather(made, asked.names, first)


def _judged(run: RunFolder) -> RunFolder:
    """A run that is judged to its end, so that the same command finds it finished."""
    if not (run.path / "scores.json").exists():
        rescore(run)
    return run


def _say(
    made: Sequence[Comparison],
    paths: Sequence[Path],
    broken: Sequence[tuple[Comparison, Rule]],
    as_json: bool,
) -> None:
    both = list(zip(paths, made, strict=True))
    if as_json:
        kept = [{"path": str(path), "comparison": one} for path, one in both]
        emit({"comparisons": kept, "broken": [rule.text for _, rule in broken]})
        return
    for path, one in both:
        say(one)
        click.echo(f"Comparison: {shown(path)}\n")
    for one, rule in broken:
        click.echo(f"Fails by the rule {rule.text}: {one.tuned[0].spec}")


def _code(made: Sequence[Comparison], broken: bool, ruled: bool) -> int:
    """The exit code: the worst of the answers; where rules say enough, what is not known passes."""
    answers = {one.answer for one in made}
    if broken or answers & {"collapse", "general damage"}:
        return 1
    return 0 if ruled or answers == {"no collapse"} else INCONCLUSIVE


def _write(file: Path, text: str, how: str) -> None:
    with writing(file), file.open(how, encoding="utf-8") as opened:
        opened.write(text)
