"""Rows -> tuned weights: a short loop, which can be stopped and goes on to the same weights.

tuning.json    what is trained on what, and how; written first
losses.jsonl   the loss and the learning rate of every step
state.pt       from where training goes on; removed at the end
tuned.json     what it came to; written last
and the weights: an adapter as peft keeps it, or a whole checkpoint. `step-N/` holds those that
were to be kept after step N.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from privgym import trace
from privgym.errors import REFUSED, PrivgymError
from privgym.folder import writing
from privgym.lab.learner import Learner, Lesson
from privgym.lab.method import Method
from privgym.lab.row import Row, digest
from privgym.lock import locked
from privgym.models import checkpoint
from privgym.models.checkpoint import Checkpoint

ABOUT, LOSSES, STATE, RESULT = "tuning.json", "losses.jsonl", "state.pt", "tuned.json"

LAST = 5
"""Steps at the end whose mean loss is stated."""

Progress = Callable[[int, int], None]
"""Told how many steps are done, and of how many."""


class Tuning(msgspec.Struct, frozen=True):
    """What is trained on what: two trainings are the same if these are.

    Args:
        method: how; `method_hash` its hash.
        seed: of the order of the rows and of a fresh adapter.
        rows: how many; `digest` the SHA-256 of the corpus.
        base: the weights' name, `sha256` their hash.
    """

    method: Method
    method_hash: str
    seed: int
    rows: int
    digest: str
    base: str
    sha256: str


class Tuned(msgspec.Struct, frozen=True):
    """What a training came to.

    Args:
        tuning: what it was.
        steps: how many; `loss` the mean of the last ones, in nats a token.
        seconds: machine time of the steps, over all times that it went on.
        torch: its version; `device` where it ran.
    """

    tuning: Tuning
    steps: int
    loss: float
    seconds: float
    torch: str
    device: str


class Step(msgspec.Struct, frozen=True):
    """A line of the losses: the step from 1, its loss in nats a token, rate and seconds."""

    step: int
    loss: float
    rate: float
    seconds: float


def tune(
    rows: Sequence[Row],
    method: Method,
    out: Path,
    *,
    seed: int = 0,
    threads: int = 1,
    progress: Progress | None = None,
    base: Checkpoint | None = None,
) -> Tuned:
    """Train on rows, or go on with the same training; what is finished is taken as it is.

    Args:
        rows: the corpus, in its order.
        method: how.
        out: the folder of this training.
        seed: of the order of the rows and of a fresh adapter.
        threads: threads that torch computes with; with one, the same words give the same weights.
        progress: told how far it is, after every step.
        base: the weights to begin with, where they are not the method's as they are.

    Raises:
        PrivgymError: the libraries or the weights are missing; (code 4) the folder holds another
            training; (code 5) another process is at it; there are no rows, or one of them cannot
            be learned.
    """
    if not rows:
        raise PrivgymError("there are no rows to learn", where=str(out))
    base = base or checkpoint.find(method.base)
    what = Tuning(method, method.hash, seed, len(rows), digest(rows), base.name, base.sha256)
    if made := begun(out, what):
        return made
    with locked(out):
        return _trained(rows, what, out, Learner(method, base, seed, threads), progress)


def _trained(
    rows: Sequence[Row], what: Tuning, out: Path, learner: Learner, progress: Progress | None
) -> Tuned:
    method = what.method
    lessons = [learner.lesson(row) for row in rows]
    loop = Loop(learner, method, out, method.steps(len(rows)))
    for step in range(loop.done + 1, loop.steps + 1):
        loop.take(step, [lessons[n] for n in order(step, len(rows), method, what.seed)])
        if progress:
            progress(step, loop.steps)
    learner.save(out)
    losses = loop.losses
    made = Tuned(
        tuning=what,
        steps=len(losses),
        loss=round(sum(one.loss for one in losses[-LAST:]) / len(losses[-LAST:]), 4),
        seconds=round(sum(one.seconds for one in losses), 1),
        torch=str(learner.torch.__version__),
        device=learner.device,
    )
    _write(out / RESULT, made)
    (out / STATE).unlink(missing_ok=True)
    return made


def begun(out: Path, what: Tuning) -> Tuned | None:
    """Begin a training's folder, or find it begun; what it came to, if it is finished.

    Raises:
        PrivgymError: (code 4) it holds another training.
    """
    about = out / ABOUT
    if about.is_file():
        found: Tuning = trace.strict(about.read_bytes(), Tuning, str(about))
        if found != what:
            apart = [name for name in what.__struct_fields__ if _other(found, what, name)]
            raise PrivgymError(
                f"this folder holds another training (other {', '.join(apart)})",
                where=str(out),
                do="name another folder, or remove this one",
                code=REFUSED,
            )
    else:
        with writing(about):
            out.mkdir(parents=True, exist_ok=True)
        _write(about, what)
    result = out / RESULT
    if not result.is_file():
        return None
    made: Tuned = trace.strict(result.read_bytes(), Tuned, str(result))
    return made


def order(step: int, rows: int, method: Method, seed: int) -> list[int]:
    """The rows of a step. An epoch has each once, in an order that the seed draws: the same for
    both arms of a pair."""
    each = -(-rows // method.batch)
    epoch, number = divmod(step - 1, each)
    places = list(range(rows))
    Random(f"{seed} epoch {epoch}").shuffle(places)
    return places[number * method.batch : (number + 1) * method.batch]


class Loop:
    """The loop: its optimizer, and where it stands.

    Args:
        learner: what is trained.
        method: how.
        out: where states, losses and kept weights go.
        steps: how many there will be.
    """

    def __init__(self, learner: Learner, method: Method, out: Path, steps: int) -> None:
        self.steps = steps
        self._learner, self._method, self._out = learner, method, out
        self._free = learner.free
        self._optimizer = learner.torch.optim.AdamW(
            self._free.values(), lr=method.rate, weight_decay=method.decay
        )
        self.losses: list[Step] = []
        self._resume()

    @property
    def done(self) -> int:
        """Steps that were taken."""
        return len(self.losses)

    def take(self, step: int, lessons: Sequence[Lesson]) -> None:
        """Take a step, and write down what is to be kept of it."""
        torch, start, total = self._learner.torch, time.perf_counter(), 0.0
        rate = self._method.rate_at(step, self.steps)
        for group in self._optimizer.param_groups:
            group["lr"] = rate
        for lesson in lessons:  # one after the other: nothing is padded
            loss = self._learner.loss(lesson) / len(lessons)
            loss.backward()
            total += float(loss.detach())
        torch.nn.utils.clip_grad_norm_(self._free.values(), self._method.clip)
        self._optimizer.step()
        self._optimizer.zero_grad()
        taken = time.perf_counter() - start
        self.losses.append(Step(step, round(total, 5), rate, round(taken, 3)))
        with writing(self._out / LOSSES), (self._out / LOSSES).open("ab") as file:
            file.write(msgspec.json.encode(self.losses[-1]) + b"\n")
        if step in self._method.keep:
            self._learner.save(self._out / f"step-{step}")
        if step % self._method.save == 0 and step < self.steps:
            self._store()

    def _store(self) -> None:
        state: dict[str, Any] = {
            "losses": [msgspec.to_builtins(one) for one in self.losses],
            "free": {name: weight.detach() for name, weight in self._free.items()},
            "optimizer": self._optimizer.state_dict(),
        }
        fresh = self._out / f"{STATE}.new"
        with writing(fresh):
            self._learner.torch.save(state, fresh)
            fresh.replace(self._out / STATE)

    def _resume(self) -> None:
        """Go on from the state that was kept; the losses after it are taken again."""
        path = self._out / STATE
        if path.is_file():
            state = self._learner.torch.load(path, weights_only=True)
            for name, weight in state["free"].items():
                self._free[name].data.copy_(weight)
            self._optimizer.load_state_dict(state["optimizer"])
            self.losses = [msgspec.convert(one, Step) for one in state["losses"]]
        lines = b"".join(msgspec.json.encode(one) + b"\n" for one in self.losses)
        with writing(self._out / LOSSES):
            (self._out / LOSSES).write_bytes(lines)


def _other(one: Tuning, other: Tuning, name: str) -> bool:
    return bool(getattr(one, name) != getattr(other, name))


def _write(path: Path, record: msgspec.Struct) -> None:
    with writing(path):
        path.write_bytes(msgspec.json.format(msgspec.json.encode(record)) + b"\n")
