"""The models that ship: `scripted`, weights on llama.cpp or transformers, OpenAI-like servers."""

from __future__ import annotations

from privgym.errors import PrivgymError, did_you_mean
from privgym.model import Model
from privgym.models import catalogue
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

    `llamacpp:NAME`, `llamacpp:PATH`, `local:WEIGHTS`, `local:WEIGHTS+ADAPTER` (each a path or an
    id on the hub, the weights also a NAME), `openai:NAME@URL`, or `scripted:REPLY|REPLY|...`.

    Args:
        spec: what names it.
        slots: conversations that it is to answer at once.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: there is no such model, or it cannot be had.
    """
    kind, _, rest = spec.partition(":")
    if kind == "scripted":
        return Scripted(rest.split("|"))
    if kind == "llamacpp" and rest:
        return LlamaCpp(rest, slots=slots, progress=progress)
    if kind == "local" and rest:
        return Local(rest, slots=slots, progress=progress)
    if kind == "openai" and rest:
        return OpenAI(rest, at_once=slots)
    raise PrivgymError(
        f'there is no model "{spec}"',
        meant=did_you_mean(spec, names()),
        do=f"Models: {', '.join(names())}, llamacpp:PATH, local:PATH[+ADAPTER], openai:NAME@URL.",
    )
