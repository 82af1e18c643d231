"""The models that ship: `scripted`, weights on llama.cpp or transformers, OpenAI-like servers."""

from __future__ import annotations

from privgym.errors import PrivgymError, did_you_mean
from privgym.model import Model
from privgym.models import catalogue, sampler
from privgym.models.llamacpp import LlamaCpp
from privgym.models.local import Local
from privgym.models.openai import OpenAI
from privgym.models.scripted import Scripted


def names() -> list[str]:
    """What `load` takes, as far as it can be listed."""
    kinds = ("llamacpp", "local")
    return ["scripted", *(f"{kind}:{name}" for kind in kinds for name in catalogue.SOURCES)]


def load(spec: str, slots: int = 4, progress: catalogue.Progress | None = None) -> Model:
    """The model of a spec.

    `llamacpp:NAME`, `llamacpp:PATH`, either with `+ADAPTER` (a GGUF file, or the name of one that
    ships), `local:WEIGHTS`, `local:WEIGHTS+ADAPTER` (each a path or an id on the hub, the weights
    also a NAME), `openai:NAME@URL`, or `scripted:REPLY|REPLY|...`.
    All but the last may end in `?temperature=T`; they are greedy without.

    Args:
        spec: what names it.
        slots: conversations that it is to answer at once.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such model, it has no such setting, or it cannot be had.
    """
    kind, _, rest = spec.partition(":")
    if kind == "scripted":
        return Scripted(rest.split("|"))
    name, temperature = sampler.split(rest)
    if kind == "llamacpp" and name:
        return LlamaCpp(name, slots=slots, progress=progress, temperature=temperature)
    if kind == "local" and name:
        return Local(name, slots=slots, progress=progress, temperature=temperature)
    if kind == "openai" and name:
        return OpenAI(name, at_once=slots, temperature=temperature)
    raise PrivgymError(
        f'there is no model "{spec}"',
        meant=did_you_mean(spec, names()),
        do=f"Models: {', '.join(names())}, llamacpp:PATH, local:PATH[+ADAPTER], openai:NAME@URL.",
    )
