"""How a model chooses its next token, as the end of its name says: `NAME?temperature=0.8`.

Without it decoding is greedy. With it a token is drawn from the whole distribution at that
temperature: no top-k, top-p or min-p, so that what is drawn is the policy that the
log-probabilities are of.
"""

from __future__ import annotations

from privgym.errors import PrivgymError, did_you_mean

HOTTEST = 2.0
"""Servers take no more."""

_DO = "write NAME?temperature=0.8, in quotes where the shell reads a ?"


def split(name: str) -> tuple[str, float]:
    """A model's name and its temperature; 0 (greedy) where the name ends without one.

    Args:
        name: what follows `llamacpp:`, `local:` or `openai:`.

    Raises:
        PrivgymError: what follows "?" is another setting, or no temperature.
    """
    bare, mark, setting = name.rpartition("?")
    if not mark or "/" in setting:  # a path may have a "?" in it
        return name, 0.0
    key, _, value = setting.partition("=")
    if key != "temperature":
        # No value is repeated: it may be a key that belongs into no message.
        meant = did_you_mean(key, ["temperature"])
        raise PrivgymError(f'a model has no setting "{key}"', meant=meant, do=_DO)
    try:
        temperature = float(value)
    except ValueError:
        temperature = -1.0
    if not 0 <= temperature <= HOTTEST:
        what = f'a temperature is a number from 0 to {HOTTEST:g}, not "{value}"'
        raise PrivgymError(what, where=f"model {bare}", do=_DO)
    return bare, temperature


def described(temperature: float) -> str:
    """What a header says of the sampler."""
    return f"temperature {temperature:g}" if temperature else "greedy"
