"""Raw model text as actions: the wrapper for training loops that hold tokens, not records."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import gymnasium

from privgym import dialect
from privgym.message import Action, Observation
from privgym.space import TextSpace

Parse = Callable[[str, Iterable[str]], Action]


class RawText(gymnasium.ActionWrapper[Observation, str, Action]):
    """Steps an environment with what a model printed.

    What cannot be read as an action becomes a malformed one: an answer that says what was wrong
    and a used turn, as in a run.

    Args:
        env: the environment.
        parse: text and tool names -> action; one parser a dialect.
    """

    def __init__(
        self, env: gymnasium.Env[Observation, Action], parse: Parse = dialect.parse
    ) -> None:
        super().__init__(env)
        self.action_space = TextSpace()
        self._parse = parse
        space: Any = env.action_space
        self._names = tuple(tool.name for tool in space.tools)

    def action(self, action: str) -> Action:
        """The action that a text is."""
        return self._parse(action, self._names)
