"""Checkpoints and LoRA adapters in this process.

Calls that wait are taken up together by one thread; the loop that waits for them goes on.
Models over one base share it, so that a base and its adapters fit where the base fits alone.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import NamedTuple
from weakref import WeakValueDictionary

from privgym.errors import PrivgymError
from privgym.model import Prompt, Reply
from privgym.models import catalogue, checkpoint, sampler
from privgym.models.checkpoint import Checkpoint
from privgym.models.engine import Engine

GATHER = 0.01
"""Seconds without a new call after which those that wait are taken up. Episodes that were answered
together ask again one soon after the other; the first of them would else always go alone."""


class Local:
    """A model out of a checkpoint, with a LoRA adapter or without.

    Args:
        weights: a folder, a GGUF file, a name in the catalogue or an id on the hub; an
            adapter's folder or id may follow after "+".
        slots: most calls generated at once.
        progress: told (bytes so far, bytes in all) while the catalogue fetches.
        temperature: of sampling, from the whole distribution; 0 is greedy.

    Raises:
        PrivgymError: the libraries are missing, or the weights cannot be had or loaded.
    """

    def __init__(
        self,
        weights: str,
        slots: int = 4,
        progress: catalogue.Progress | None = None,
        temperature: float = 0.0,
    ) -> None:
        base, adapter = split(weights)
        found = checkpoint.find(base, progress)
        tuned = checkpoint.find_adapter(adapter) if adapter else None
        queue = _queue(found, slots)
        self._queue: Queue | None = queue
        self._temperature = temperature
        self._adapter = queue.adapt(tuned) if tuned else ""
        self.keeps_format = bool(found.source and found.source.keeps_format)
        self.takes_tools = queue.engine.notation is not None
        self.about = {
            "model": f"{found.name}+{tuned.name}" if tuned else found.name,
            "sha256": found.sha256,
            **({"adapter": tuned.sha256} if tuned else {}),
            **queue.engine.about,
            "sampler": sampler.described(temperature),
            "slots": str(slots),
        }

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt; those that wait at the same time are generated together.

        Raises:
            PrivgymError: the template or the grammar refuses the prompt, or generating fails.
        """
        if self._queue is None:
            raise PrivgymError("the model is closed", where=self.about["model"])
        return await asyncio.wrap_future(self._queue.ask(prompt, self._adapter, self._temperature))

    def close(self) -> None:
        """Give the weights back, once no other model over the same base needs them."""
        self._queue = None


class Waiting(NamedTuple):
    """A call that nobody has taken up yet."""

    prompt: Prompt
    adapter: str
    temperature: float
    answer: Future[Reply]


class Queue:
    """The calls that wait for one engine, and the thread that takes them up."""

    def __init__(self, engine: Engine, slots: int) -> None:
        self.engine = engine
        self._slots = slots
        self._waiting: deque[Waiting] = deque()
        self._worker = ThreadPoolExecutor(1, thread_name_prefix="local")

    def adapt(self, adapter: Checkpoint) -> str:
        """Load an adapter between two batches; the name to ask for it by."""
        return self._worker.submit(self.engine.adapt, adapter).result()

    def ask(self, prompt: Prompt, adapter: str, temperature: float) -> Future[Reply]:
        """Have a prompt answered."""
        answer: Future[Reply] = Future()
        self._waiting.append(Waiting(prompt, adapter, temperature, answer))
        self._worker.submit(self._serve)
        return answer

    def _serve(self) -> None:
        """Answer what waits, as far as it goes in one batch: one of these runs for each call."""
        waited = 0
        while waited < len(self._waiting) < self._slots:
            waited = len(self._waiting)
            time.sleep(GATHER)
        calls = list(self._take())
        if not calls:
            return
        answers: Sequence[Reply | BaseException]
        try:
            prompts, first = [call.prompt for call in calls], calls[0]
            answers = self.engine.answer(prompts, first.adapter, first.temperature)
        except BaseException as error:  # whatever it was, nobody is left waiting
            answers = [error] * len(calls)
        for call, answer in zip(calls, answers, strict=True):
            if isinstance(answer, Reply):
                call.answer.set_result(answer)
            else:
                call.answer.set_exception(answer)

    def _take(self) -> Iterator[Waiting]:
        """The oldest calls that can go together: of one model, all constrained or none."""
        first, taken = None, 0
        for _ in range(len(self._waiting)):
            call = self._waiting.popleft()
            kind = (call.adapter, call.temperature, bool(call.prompt.schema))
            first = first or kind
            if kind != first or taken == self._slots:
                self._waiting.append(call)
            elif call.answer.set_running_or_notify_cancel():
                taken += 1
                yield call


def split(weights: str) -> tuple[str, str]:
    """BASE+ADAPTER as its two parts; a path that exists is one, whatever is in its name."""
    base, plus, adapter = weights.rpartition("+")
    if not plus or Path(weights).expanduser().exists():
        return weights, ""
    return base, adapter


_QUEUES: WeakValueDictionary[tuple[Path, str, int], Queue] = WeakValueDictionary()
"""Bases that some model uses, so that the next one over the same weights need not load them."""


def _queue(base: Checkpoint, slots: int) -> Queue:
    key = (base.path.resolve(), base.sha256, slots)
    queue = _QUEUES.get(key) or Queue(Engine(base), slots)
    _QUEUES[key] = queue
    return queue
