"""A language model: one async method.

A model turns a conversation into text or calls. It knows nothing of worlds or norms; an agent
builds its prompt and reads its answer. Implementations live in `privgym/models/`.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec

from privgym.message import Call, ToolSchema


class Turn(msgspec.Struct, frozen=True):
    """One turn of the conversation that a model is shown.

    Args:
        role: whose it is; "tool" is the answer to a call of the "assistant" turn before.
        text: the words.
        calls: the calls of an "assistant" turn, for models that take tools. The "tool" turns
            after it answer them in order.
    """

    role: Literal["system", "user", "assistant", "tool"]
    text: str
    calls: tuple[Call, ...] = ()


class Prompt(msgspec.Struct, frozen=True):
    """What a model is asked.

    Args:
        turns: oldest first.
        schema: JSON Schema text that the answer must fit ("" leaves it free). Models that
            can constrain decoding must; others raise `PrivgymError` when they are made.
        tools: what it may call in its own notation; only for models with `takes_tools`, and
            not together with `schema`.
        max_tokens: most tokens to generate.
        seed: what a sampling model draws with, 31 bits; a greedy one draws nothing.
        logprobs: whether the reply is to say how likely each of its tokens was.
    """

    turns: tuple[Turn, ...]
    schema: str = ""
    tools: tuple[ToolSchema, ...] = ()
    max_tokens: int = 256
    seed: int = 0
    logprobs: bool = False


class Reply(msgspec.Struct, frozen=True):
    """What a model answered.

    Args:
        text: the generated text.
        calls: calls that it made in its own notation, where it was given tools.
        stopped: "stop" if it ended by itself, "length" at `max_tokens`, "overflow" if the
            prompt did not fit the context (then `text` says by how much).
        prompt_tokens, tokens: tokens read and generated; kept beside the trace, never in it.
        logprobs: of each token generated its log-probability (natural) under the model at
            temperature 1, before any schema held it; None where it was not asked for, or the
            engine does not say it of every token.
        token_ids: their numbers in the model's vocabulary; None likewise.
    """

    text: str
    calls: tuple[Call, ...] = ()
    stopped: Literal["stop", "length", "overflow"] = "stop"
    prompt_tokens: int = 0
    tokens: int = 0
    logprobs: tuple[float, ...] | None = None
    token_ids: tuple[int, ...] | None = None


class Model(Protocol):
    """A language model.

    `about` goes into every trace's header: name, weights' hash, sampler, whatever tells one
    model from another. `keeps_format` says whether it can be trusted to print a call without
    constrained decoding.
    """

    about: dict[str, str]
    keeps_format: bool
    takes_tools: bool

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt.

        Raises:
            PrivgymError: the model cannot be reached or has failed.
        """
        ...
