"""GGUF weights on llama.cpp, in this process: no server to start, no CUDA to download.

Conversations are decoded together over a fixed number of slots (continuous batching), and each
slot keeps the state of the prompt that it saw last, so that a turn costs only what the
conversation has grown by.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.model import Prompt, Reply
from privgym.models import adapters, catalogue, sampler
from privgym.models.local import split

CONTEXT = 4096
"""Tokens of context for weights that the catalogue does not know."""

ONE_LINE = {
    "x-guidance": {"whitespace_flexible": False, "item_separator": ", ", "key_separator": ": "}
}
"""Has constrained JSON written as Python writes it: fewer tokens than over many lines."""

GREEDY = {"temperature": 0.0, "top_k": 1, "seed": 0}
WHOLE = {"top_k": 0, "top_p": 1.0, "min_p": 0.0}
"""What a request says of sampling: nothing is drawn, or anything may be."""

FIRST = {"messages": [{"role": "user", "content": "."}], "max_tokens": 1}
"""Asked before an engine is closed that was never asked anything: one that is stopped while it
still starts may wait for itself forever."""

MOST_THREADS = 8
"""More threads than this do not help weights of this size, and hurt where a quota is smaller."""


class LlamaCpp:
    """A model out of GGUF weights.

    Args:
        weights: a name in the catalogue (fetched where it is not cached), or a path; the path
            or name of a LoRA adapter in llama.cpp's format may follow after "+", and more.
        slots: conversations decoded at once.
        threads: CPU threads; by default those that this process may use, at most 8.
        context: tokens of context of one conversation; by default the catalogue's.
        progress: told (bytes so far, bytes in all) while weights are fetched.
        temperature: of sampling, from the whole distribution; 0 is greedy.

    Raises:
        PrivgymError: the wheel xllamacpp is missing; the weights or the adapter cannot be had or
            loaded.
    """

    takes_tools = False

    def __init__(
        self,
        weights: str,
        slots: int = 4,
        threads: int | None = None,
        context: int | None = None,
        progress: catalogue.Progress | None = None,
        temperature: float = 0.0,
    ) -> None:
        self._temperature = temperature
        self._engine = engine = _engine()
        weights, loras = parts(weights)
        known = catalogue.SOURCES.get(weights)
        path = Path(weights)
        if not path.is_file():
            path = catalogue.fetch(weights, progress, catalogue.SOURCES)
        self.keeps_format = known.keeps_format if known else False
        self.context = context or (known.context if known else CONTEXT)
        name = known.name if known else path.name
        self.about = {
            "model": "+".join([name, *(lora.stem for lora in loras)]),
            "sha256": known.sha256 if known else catalogue.sha256(path),
            **({"adapter": "+".join(map(catalogue.sha256, loras))} if loras else {}),
            "engine": f"xllamacpp/{engine.__version__}",
            "sampler": sampler.described(temperature),
            "slots": str(slots),
            "context": str(self.context),
        }
        self._running = False
        self._workers = ThreadPoolExecutor(slots, thread_name_prefix="llamacpp")
        self._server = _serve(engine, path, loras, slots, self.context, threads or _threads())

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt; several at once share the machine.

        Raises:
            PrivgymError: the engine refused the request or failed.
        """
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._workers, self._complete, prompt)

    def close(self) -> None:
        """Give the weights and threads back; what is being generated ends first."""
        self._workers.shutdown(wait=True, cancel_futures=True)
        if self._server is not None and not self._running:
            self._server.handle_chat_completions(FIRST)
        self._server = None

    def _complete(self, prompt: Prompt) -> Reply:
        if self._server is None:
            raise PrivgymError("the model is closed", where=self.about["model"])
        try:
            answer = self._server.handle_chat_completions(self._request(prompt))
            self._running = True
        except (RuntimeError, ValueError) as error:
            raise self._failed(str(error)) from error
        if trouble := answer.get("error"):
            if trouble.get("type") == "exceed_context_size_error":
                needed = int(trouble["n_prompt_tokens"])
                text = f"the prompt has {needed} tokens, the context {trouble['n_ctx']}"
                return Reply(text, stopped="overflow", prompt_tokens=needed)
            raise self._failed(str(trouble.get("message", trouble)))
        choice, usage = answer["choices"][0], answer["usage"]
        text, whole = choice["message"]["content"] or "", choice["finish_reason"] != "length"
        if prompt.schema and not _is_json(text, whole):
            # The engine says nothing of a schema that it cannot compile, and decodes freely.
            raise self._failed(f"it did not hold an answer to its schema: {text[:80]!r}")
        reply = Reply(
            text=text,
            stopped="stop" if whole else "length",
            prompt_tokens=usage["prompt_tokens"],
            tokens=usage["completion_tokens"],
        )
        return _heard(reply, choice["logprobs"]["content"]) if prompt.logprobs else reply

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        request: dict[str, Any] = {
            "messages": [{"role": t.role, "content": t.text} for t in prompt.turns],
            "max_tokens": prompt.max_tokens,
            "cache_prompt": True,
            **(WHOLE if self._temperature else GREEDY),
        }
        if self._temperature:
            request |= {"temperature": self._temperature, "seed": prompt.seed}
        if prompt.logprobs:
            request |= {"logprobs": True, "top_logprobs": 1}  # at 0 it gives none at all
        if prompt.schema:
            # Not as `response_format`: the engine drops that where it parses nothing.
            schema = {**json.loads(prompt.schema), **ONE_LINE}
            request["grammar"] = self._engine.json_schema_to_grammar(schema)
        return request

    def _failed(self, why: str) -> PrivgymError:
        return PrivgymError(f"llama.cpp failed: {why}", where=self.about["model"], code=ENVIRONMENT)


def _serve(
    engine: Any, path: Path, loras: Sequence[Path], slots: int, context: int, threads: int
) -> Any:
    params = engine.CommonParams()
    params.model.path = str(path)
    # One server an adapter: slots of several would hold each other's states of a prompt.
    params.lora_adapters = [engine.CommonAdapterLoraInfo(str(lora), 1.0) for lora in loras]
    params.n_parallel, params.n_ctx = slots, slots * context
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = threads
    params.n_gpu_layers, params.warmup, params.verbosity = 0, False, 0
    # What it prints is ours to read: no tool calls or reasoning taken out of it.
    params.force_pure_content_parser = True
    # A slot keeps its own prompt; a second store of prompts in memory (8 GB) gains nothing here.
    params.cache_ram_mib, params.cache_idle_slots = 0, False
    # The engine opens a port on the loopback whether one wants it or not: nobody has its key.
    params.api_keys = [secrets.token_hex(16)]
    try:
        return engine.Server(params)
    except (RuntimeError, ValueError) as error:
        what = f"llama.cpp cannot load {'the adapter on ' if loras else ''}the weights: {error}"
        where = "+".join(map(str, [path, *loras]))
        raise PrivgymError(what, where=where, code=ENVIRONMENT) from error


def parts(text: str) -> tuple[str, list[Path]]:
    """Weights, and the files of the adapters over them: all are added up."""
    weights, adapter = split(text)
    if not adapter:
        return text, []
    base, below = parts(weights)
    return base, [*below, adapters.find(adapter)]


def _heard(reply: Reply, tokens: Sequence[dict[str, Any]]) -> Reply:
    """A reply with what the engine says of its tokens, if it does of all of them: it leaves out
    those that are only a part of a character."""
    if len(tokens) != reply.tokens:
        return reply
    return msgspec.structs.replace(
        reply,
        logprobs=tuple(token["logprob"] for token in tokens),
        token_ids=tuple(token["id"] for token in tokens),
    )


def _is_json(text: str, whole: bool) -> bool:
    """Whether a text is JSON or, where it was cut off, begins like it."""
    try:
        json.loads(text)
    except ValueError:
        return not whole and text[:1] in '{["-0123456789tfn'
    return True


def _engine() -> Any:
    try:
        import xllamacpp
    except ImportError:
        raise PrivgymError(
            "the wheel xllamacpp is not installed",
            do='pip install "privgym[llamacpp]"',
            code=ENVIRONMENT,
        ) from None
    return xllamacpp


def _threads() -> int:
    if hasattr(os, "sched_getaffinity"):
        return min(len(os.sched_getaffinity(0)), MOST_THREADS)
    return min(os.cpu_count() or 1, MOST_THREADS)
