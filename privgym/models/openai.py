"""A model behind a server that speaks OpenAI's chat completions: vLLM first, any other as well.

What a server does not understand it mostly ignores without a word, so the model is probed when
it is made, and its header says what was held, ignored and refused.
"""

from __future__ import annotations

import os
import re
from typing import Any

import msgspec

from privgym.errors import PrivgymError, did_you_mean
from privgym.model import Prompt, Reply
from privgym.models import chat, sampler
from privgym.models.probe import probe
from privgym.models.server import PATIENCE, WAITS, Answer, Server

KEY = "PRIVGYM_API_KEY"
"""The environment variable that holds the server's key; it stands in no header and no trace."""

# A password in the address would stand in every trace, and so would a key in its query.
_ADDRESS = re.compile(r"(?P<name>[^\s@]+)@(?P<url>https?://[^\s@?#]+)")


class Listed(msgspec.Struct, frozen=True):
    """One model of a server's list; vLLM names the base of an adapter and the context."""

    id: str
    parent: str | None = None
    max_model_len: int | None = None


class Listing(msgspec.Struct, frozen=True):
    """What a server says it has."""

    data: tuple[Listed, ...]


class OpenAI:
    """A model on a server.

    Args:
        address: `NAME@URL`: what the server calls it, and the server's address up to
            `/chat/completions` (of a vLLM here `http://localhost:8000/v1`).
        at_once: connections to keep.
        waits: seconds before each further try where the server is busy, broken or silent.
        patience: seconds for one answer.
        temperature: of sampling; 0 is greedy.

    Raises:
        PrivgymError: it is no address; aiohttp is missing; the server cannot be reached or does
            not answer for this model.
    """

    def __init__(
        self,
        address: str,
        at_once: int = 4,
        waits: tuple[float, ...] = WAITS,
        patience: float = PATIENCE,
        temperature: float = 0.0,
    ) -> None:
        found = _ADDRESS.fullmatch(address)
        if not found:
            raise PrivgymError(
                "that is no address of a model",
                do=f"Write NAME@http://HOST:PORT/v1; a key goes into the variable {KEY}.",
            )
        self.name, url = found["name"], found["url"].rstrip("/")
        self._temperature = temperature
        described = sampler.described(temperature)
        self.about = {"model": self.name, "engine": "openai", "sampler": described}
        self._server = Server(url, os.environ.get(KEY, "").strip(), at_once, waits, patience)
        try:
            self.about |= self._server.wait(self._listed())
            probed = self._server.wait(probe(self._ask))
        except ValueError as error:
            self.close()
            raise self._server.failed(str(error)) from None
        except BaseException:
            self.close()
            raise
        self.about |= probed.about
        # Where a schema is not held, to ask for one would only pretend that decoding is
        # constrained; an agent that is told to trust the format says so in its header.
        self.keeps_format = "schema" not in probed.held
        self.takes_tools = "tools" in probed.held

    async def complete(self, prompt: Prompt) -> Reply:
        """Answer one prompt; the server batches what it is asked at once.

        Raises:
            PrivgymError: the server cannot be reached, failed, or gave what is no answer.
        """
        asking: dict[str, Any] = {
            "messages": list(chat.messages(prompt.turns)),
            "max_tokens": prompt.max_tokens,
        }
        if self._temperature:
            asking |= {"temperature": self._temperature, "top_p": 1, "seed": prompt.seed}
        if prompt.logprobs:
            asking["logprobs"] = True
        if prompt.schema:
            asking["response_format"] = chat.form(prompt.schema)
        if prompt.tools:
            asking["tools"] = [chat.tool(schema) for schema in prompt.tools]
        answer = await self._ask(asking)
        if chat.overflowed(answer):
            return Reply(chat.refusal(answer), stopped="overflow")
        try:
            completion = chat.read(answer)
        except ValueError as error:
            raise self._server.failed(str(error)) from None
        return Reply(
            text=completion.text,
            calls=completion.calls,
            stopped="length" if completion.cut else "stop",
            prompt_tokens=completion.spent.prompt_tokens,
            tokens=completion.spent.completion_tokens,
            logprobs=completion.logprobs,
        )

    def close(self) -> None:
        """Close the connections; what is still being asked is given up."""
        self._server.close()

    async def _ask(self, asking: dict[str, Any]) -> Answer:
        # The seed changes nothing in greedy decoding; it is for servers that are not greedy.
        greedy = {"model": self.name, "temperature": 0, "seed": 0}
        return await self._server.post(chat.PATH, {**greedy, **asking})

    async def _listed(self) -> dict[str, str]:
        """What the server's list says of the model; nothing where it keeps no list.

        Raises:
            PrivgymError: it lists others and not this one.
        """
        answer = await self._server.get("/models")
        try:
            listed = {m.id: m for m in msgspec.json.decode(answer.body, type=Listing).data}
        except ValueError:
            return {}
        if self.name not in listed:
            raise PrivgymError(
                f'the server has no model "{self.name}"',
                where=self._server.url,
                meant=did_you_mean(self.name, listed),
                do=f"It has: {', '.join(listed) or 'none'}.",
            )
        model = listed[self.name]
        base = listed.get(model.parent or "", model)
        lines = {"base": model.parent, "context": model.max_model_len or base.max_model_len}
        return {key: str(text) for key, text in lines.items() if text}
