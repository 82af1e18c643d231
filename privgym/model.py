"""A language model: one async method.

A model turns a conversation into text. It knows nothing of tools, worlds or norms; an agent
builds its prompt and reads its answer. Implementations live in `privgym/models/`.
"""

from __future__ import annotations

from typing import Literal, Protocol

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """What a model is asked.

    Args:
        turns: (role, text) pairs, oldest first; role is "system", "user" or "assistant".
        schema: JSON Schema text that the answer must fit ("" leaves it free). Models that
            can constrain decoding must; others raise `PrivgymError` when they are made.
        max_tokens: most tokens to generate.
    """

    turns: tuple[tuple[Literal["system", "user", "assistant"], str], ...]
    schema: str = ""
    max_tokens: int = 256


class Reply(msgspec.Struct, frozen=True):
    """What a model answered.

    Args:
        text: the generated text.
        stopped: "stop" if it ended by itself, "length" at `max_tokens`, "overflow" if the
            prompt did not fit the context (then `text` says by how much).
        prompt_tokens, tokens: tokens read and generated; kept beside the trace, never in it.
    """

    text: str
    stopped: Literal["stop", "length", "overflow"] = "stop"
    prompt_tokens: int = 0
    tokens: int = 0


class Model(Protocol):
    """A language model.

    `about` goes into every trace's header: name, weights' hash, sampler, whatever tells one
    model from another. `keeps_format` says whether it can be trusted to print a call without
    constrained decoding.
    """

    about: dict[str, str]
    keeps_format: bool

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt.

        Raises:
            PrivgymError: the model cannot be reached or has failed.
        """
        ...
