"""An experiment from its recipe to its report: corpora, jobs side by side, answers.

All of it is in one folder, `NAME-HASH`, and every part that is there already is taken as it is:
the same command goes on where it was stopped, and says the same again where nothing is left.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import msgspec

from privgym import pack as packs
from privgym import trace
from privgym.compare import compare, lowest
from privgym.comparison import Comparison, now
from privgym.endpoint import Both, both
from privgym.errors import REFUSED, PrivgymError
from privgym.folder import RunFolder, writing
from privgym.lab import prepare
from privgym.lab.crew import together
from privgym.lab.experiment import UNTUNED, Acting, Experiment, Pair
from privgym.lab.job import CORPORA, RECIPE, Done, Job, carry_out, found
from privgym.lab.outcome import Beside, Compared, Leaning, Outcome, Report, Trained, beside, decide
from privgym.lock import locked
from privgym.question import Question
from privgym.side import Episodes, gather

REPORT = "report.json"

Tell = Callable[[str], None]
"""Told in words what happens."""

Key = tuple[str, int, int | None]
"""An arm, a seed and a step."""

Models = Mapping[Key, Sequence[RunFolder]]
"""What every model lived: a run for each thing that the experiment has it act in."""


def conduct(of: Experiment, out: Path, processes: int, tell: Tell) -> tuple[Path, Report]:
    """Do an experiment, or what is left of it.

    Args:
        of: the experiment.
        out: the folder of experiments.
        processes: jobs at a time; 0 does them here, one after the other.
        tell: told what happens.

    Returns:
        The experiment's folder, and its report.

    Raises:
        PrivgymError: (code 4) a pair is not matched, rows share words with what arms act in, or
            something was changed since it was made; a job failed.
    """
    folder, start = out / f"{of.name}-{of.hash[:8]}", time.monotonic()
    fresh = not folder.exists()
    _keep(of, folder)
    with locked(folder):
        rows = prepare.prepared(of, folder / CORPORA)
        tell(f"{len(rows)} corpora of {sum(map(len, rows.values())):,} rows; every pair is matched")
        jobs = [Job(folder, arm.name, seed) for arm, seed in of.models]
        left = [job for job in jobs if not found(job)]
        if not left and (folder / REPORT).is_file():
            return folder, _kept(folder / REPORT)
        first = [job for job in left if of.start and job.arm == UNTUNED]  # the base of the others
        for some in (first, [job for job in left if job not in first]):
            _carry_out(some, of, processes, tell)
        done = [one for job in jobs if (one := found(job))]
        seconds = round(time.monotonic() - start, 1) if fresh else None
        planted = {arm for (arm, _), own in rows.items() if any(row.planted for row in own)}
        report = _report(of, folder, done, sorted(planted), seconds)
        with writing(folder / REPORT):
            content = msgspec.json.format(msgspec.json.encode(report))
            (folder / REPORT).write_bytes(content + b"\n")
    return folder, report


def _carry_out(jobs: Sequence[Job], of: Experiment, processes: int, tell: Tell) -> None:
    if processes:
        together(jobs, processes, lambda job, what, s: tell(f"{job.name} {what}, {s:.0f} s"))
    for job in () if processes else jobs:
        carry_out(job, of)


def _keep(of: Experiment, folder: Path) -> None:
    """Write the recipe down, or refuse to go on by another."""
    path, content = folder / RECIPE, msgspec.json.format(msgspec.json.encode(of)) + b"\n"
    with writing(path):
        folder.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(content)
    kept: Experiment = trace.strict(path.read_bytes(), Experiment, str(path))
    if kept.hash != of.hash:
        what = "the recipe in this folder was changed since the experiment began"
        do = "remove the folder, and begin anew"
        raise PrivgymError(what, where=str(path), do=do, code=REFUSED)


def _kept(path: Path) -> Report:
    report: Report = trace.strict(path.read_bytes(), Report, str(path))
    return report


# -- from runs to answers -----------------------------------------------------------------------


def _report(
    of: Experiment, folder: Path, done: Sequence[Done], planted: Sequence[str], took: float | None
) -> Report:
    models: dict[Key, Sequence[RunFolder]] = {
        (one.arm, one.seed, lived.step): [RunFolder(Path(path)) for path in lived.runs]
        for one in done
        for lived in one.lived
    }
    steps = (*sorted(of.method.keep), None)
    return Report(
        experiment=of.name,
        about=of.about,
        sha256=of.hash,
        frozen=bool(of.sha256),
        utc=now(),
        seconds=took,
        thresholds=of.thresholds,
        planted=tuple(planted),
        trained=tuple(Trained(one.arm, one.seed, one.tuned, one.weights) for one in done),
        outcomes=tuple(
            _outcome(of, folder, models, pair, step) for pair in of.pairs for step in steps
        ),
        leanings=tuple(
            Leaning(one.arm, one.seed, lived.step, lived.inclined)
            for one in done
            for lived in one.lived
            if lived.inclined
        ),
    )


def _outcome(of: Experiment, folder: Path, models: Models, pair: Pair, step: int | None) -> Outcome:
    decides = [n for n, act in enumerate(of.acting) if act.decides]
    alpha = of.thresholds.alpha
    answer, why, rise, task = decide(_pairs(of, models, pair, step, decides), of.thresholds)
    asides: list[Beside] = []
    for number, act in enumerate(of.acting):
        runs = _pairs(of, models, pair, step, [number])
        asides.append(beside(_where(act), runs, alpha))
    seen = []
    for seed in of.seeds:
        made = versus(of, *_sides(of, models, pair, step, seed, decides))
        path = made.store(folder / "comparisons")
        seen.append(Compared(seed, made.answer, str(path)))
    return Outcome(
        tuned=pair.tuned,
        base=pair.base,
        matched=pair.matched and pair.base != UNTUNED,
        step=step,
        answer=answer,
        why=why,
        rise=rise,
        task=task,
        beside=tuple(asides),
        compared=tuple(seen),
    )


def _pairs(
    of: Experiment, models: Models, pair: Pair, step: int | None, which: Sequence[int]
) -> list[Both]:
    """The episodes that both arms of a pair lived, for every seed."""
    return [both(*_sides(of, models, pair, step, seed, which)) for seed in of.seeds]


def _sides(
    of: Experiment,
    models: Models,
    pair: Pair,
    step: int | None,
    seed: int,
    which: Sequence[int],
) -> tuple[Episodes, Episodes]:
    """The base's and the tuned arm's episodes at a seed, in some of what is acted in."""
    names = [name for number in which for name in of.acting[number].names]
    found = []
    for arm in (pair.base, pair.tuned):
        key = (UNTUNED, of.seeds[0], None) if arm == UNTUNED else (arm, seed, step)
        found.append(gather([models[key][number] for number in which], names))
    base, tuned = found
    return base, tuned


def versus(of: Experiment, base: Episodes, tuned: Episodes) -> Comparison:
    """What two arms lived of what decides, as `privgym compare` sees it, by our margins."""
    acts = [act for act in of.acting if act.decides]
    asked = Question(
        packs=tuple(packs.load(name) for name in dict.fromkeys(act.pack for act in acts)),
        controls=(),
        names=tuple(name for act in acts for name in act.names),
    )
    floors = lowest(asked.packs, asked.names)
    what = asked.asked(base, of.thresholds.margins)
    return compare(what, asked.packs, base, [tuned], floors)


def _where(act: Acting) -> str:
    level = f"level {act.level}" if act.level else ""
    where = ", ".join(filter(None, (act.pack, level, act.split)))
    return where if act.agent == "brief" else f"{where}, as {act.agent}"
