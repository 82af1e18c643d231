"""A mind: one async method.

The agent under test, a simulated person and a stored play are all minds. Agents live in the
top-level `agents/` folder, one file each; the file's `make` builds one.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from privgym.message import Action, Observation


class Mind(Protocol):
    """Whatever decides a turn."""

    async def act(self, observation: Observation) -> Action:
        """Decide this turn from all that the party may know."""
        ...


class Agent(Mind, Protocol):
    """An agent under test: a mind that says what it is.

    `agents/NAME.py` holds `make(model: Model | None, seed: int) -> Agent`. An agent keeps no
    state between turns: it is a function of the observation (and of its seed).
    `about` goes into every trace's header (the prompt's hash, whether calls are constrained).
    """

    about: Mapping[str, str]
