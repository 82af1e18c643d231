"""One arm of an experiment, at one seed: trained, written for its engine, and lived.

Whatever was done before is taken as it is. `python -m privgym.lab.job FOLDER ARM SEED CORES` does
it in a process of its own; CORES are the ones that it may use, as in "0,1".
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from privgym import pack as packs
from privgym import trace
from privgym.errors import PrivgymError
from privgym.folder import RunFolder, rescore, writing
from privgym.lab import gguf, likelihood, readers, row
from privgym.lab.experiment import UNTUNED, Acting, Experiment
from privgym.lab.learner import Learner
from privgym.lab.likelihood import Inclined
from privgym.lab.tune import Tuned, tune
from privgym.lab.unpacked import merged, unpacked
from privgym.models import catalogue, checkpoint
from privgym.models.checkpoint import Checkpoint
from privgym.run import run
from privgym.spec import Spec

RECIPE, CORPORA, BASE, STARTED = "recipe.json", "corpora", "base", "started"
TRAINED, RUNS, DONE = "trained", "runs", "done"
"""What is in an experiment's folder."""


class Job(msgspec.Struct, frozen=True):
    """What is to be done: an arm at a seed, in an experiment's folder."""

    folder: Path
    arm: str
    seed: int

    @property
    def name(self) -> str:
        """Its name: of its corpus, its weights and its log."""
        return f"{self.arm}-{self.seed}"

    def trained_by(self, of: Experiment) -> bool:
        """Whether anything is trained; the untuned base may learn something first, or nothing."""
        return self.arm != UNTUNED or bool(of.start)

    def start(self, of: Experiment) -> Job:
        """The job that makes the base of this one."""
        return Job(self.folder, UNTUNED, of.seeds[0])

    @property
    def done(self) -> Path:
        """Where what it came to is kept."""
        return self.folder / DONE / f"{self.name}.json"


class Lived(msgspec.Struct, frozen=True):
    """What a model lived: after which step (None: the last), its run folder for each thing that
    the experiment has it act in, and what it is inclined to say, if that was looked at."""

    step: int | None
    runs: tuple[str, ...]
    inclined: Inclined | None = None


class Done(msgspec.Struct, frozen=True):
    """What a job came to.

    Args:
        arm, seed: what it was.
        tuned: its training; None for the untuned base.
        weights: SHA-256 of the adapter file that acted, after the last step; "" where there is
            none.
        lived: what each checkpoint lived, the last one last.
    """

    arm: str
    seed: int
    tuned: Tuned | None
    weights: str
    lived: tuple[Lived, ...]


def carry_out(job: Job, of: Experiment) -> Done:
    """Do a job, or what is left of it.

    Raises:
        PrivgymError: something is missing, or was changed since it was made.
    """
    tuned, steps = None, (None, *of.method.keep) if job.arm != UNTUNED else (None,)
    if job.trained_by(of):
        corpus = job.folder / CORPORA / f"{job.name}.jsonl"
        row.unchanged(corpus)
        rows = readers.read(corpus)
        trained = job.folder / TRAINED / job.name
        tuned = tune(rows, of.method, trained, seed=job.seed, base=_base(job, of))
    lived, weights, asked = [], "", _asker(job, of)
    for step in sorted(steps, key=lambda step: (step is None, step)):
        model = _model(job, of, step)
        runs = tuple(str(one) for one in _lived(job, of, model))
        lived.append(Lived(step, runs, asked(step)))
        file = Path(model.rpartition("+")[2])
        weights = catalogue.sha256(file) if file.is_file() else ""
    done = Done(job.arm, job.seed, tuned, weights, tuple(lived))
    with writing(job.done):
        job.done.parent.mkdir(exist_ok=True)
        job.done.write_bytes(msgspec.json.format(msgspec.json.encode(done)) + b"\n")
    return done


def found(job: Job) -> Done | None:
    """What a job came to; None if it is not done."""
    if not job.done.is_file():
        return None
    done: Done = trace.strict(job.done.read_bytes(), Done, str(job.done))
    return done


def _model(job: Job, of: Experiment, step: int | None) -> str:
    """The model of a job after a step, as a spec names it; converted if its engine wants that."""
    base = of.method.base
    if not job.trained_by(of):
        return f"{of.engine}:{base}"
    weights = _weights(job, step)
    if of.method.kind == "full":
        return f"local:{weights}"
    if of.start and job.arm != UNTUNED:
        first = _model(job.start(of), of, None)
        base = f"{job.folder / STARTED}" if of.engine == "local" else first.partition(":")[2]
    if of.engine == "local":
        return f"local:{base}+{weights}"
    name = f"{job.name}-step-{step}" if step else job.name
    file = job.folder / TRAINED / f"{name}.gguf"
    if not file.is_file():
        known = of.method.base in catalogue.SOURCES
        shape = catalogue.fetch(of.method.base) if known else Path(of.method.base)
        gguf.convert(weights, shape, file)
    return f"llamacpp:{base}+{file}"


def _asker(job: Job, of: Experiment) -> Callable[[int | None], Inclined | None]:
    """What looks at what the model of a job is inclined to say after a step."""
    if not of.inclined:
        return lambda step: None
    scenarios, agent = likelihood.chosen(of)
    learner = Learner(of.method, _base(job, of), job.seed)

    def asked(step: int | None) -> Inclined:
        if job.trained_by(of):  # else its fresh adapter adds nothing
            learner.adopt(_weights(job, step))
        return likelihood.inclined(learner, scenarios, agent)

    return asked


def _base(job: Job, of: Experiment) -> Checkpoint:
    """What a job's training begins with: the base or, for arms, what became of it at the start."""
    base = unpacked(checkpoint.find(of.method.base), job.folder / BASE)
    if job.arm == UNTUNED or not of.start:
        return base
    return merged(base, _weights(job.start(of), None), job.folder / STARTED)


def _weights(job: Job, step: int | None) -> Path:
    """Where the weights of a job are kept after a step."""
    trained = job.folder / TRAINED / job.name
    return trained / f"step-{step}" if step else trained


def _lived(job: Job, of: Experiment, model: str) -> Iterator[Path]:
    """The runs of a model. One episode at a time, so that its text is the same every time."""
    for act in of.acting:
        made = _run(act, Spec(act.agent, model), job.folder / RUNS)
        if not (made.path / "scores.json").exists():
            rescore(made)
        yield made.path


def _run(act: Acting, spec: Spec, out: Path) -> RunFolder:
    return run(packs.load(act.pack), spec, act.names, at_once=1, out=out, reuse=True)


def main() -> None:
    """Do the job that the command line names."""
    folder, arm, seed, cores = sys.argv[1:]
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {int(core) for core in cores.split(",")})
    path = Path(folder) / RECIPE
    of: Experiment = trace.strict(path.read_bytes(), Experiment, str(path))
    try:
        carry_out(Job(Path(folder), arm, int(seed)), of)
    except PrivgymError as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.code) from None


if __name__ == "__main__":
    main()
