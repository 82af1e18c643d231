"""Raw model text as actions: the wrapper for training loops that hold tokens, not records.

Text in, text out: with `prompt` what is observed is what the model is to be asked, and with
`read` its whole reply is the action. The reply comes back in `info`, so that tokens and
log-probabilities stay with the step that they brought; in the episode's events is only its text.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, SupportsFloat

import gymnasium

from privgym import dialect
from privgym.errors import PrivgymError
from privgym.message import Action, Observation
from privgym.model import Prompt, Reply
from privgym.space import PromptSpace, TextSpace

Parse = Callable[[str, Iterable[str]], Action]
Render = Callable[[Observation], Prompt]
Read = Callable[[Reply, Observation], Action]


class RawText(gymnasium.Wrapper[Any, str | Reply, Observation, Action]):
    """Steps an environment with what a model printed.

    What cannot be read as an action becomes a malformed one: an answer that says what was wrong
    and a used turn, as in a run.

    Args:
        env: the environment.
        parse: text and tool names -> action; one parser a dialect.
        prompt: observation -> prompt; then prompts are what is observed.
        read: reply and observation -> action, instead of `parse`: an agent's own, such as
            `privgym.agents.assistant.read`, also knows answers that were cut off or overflowed.
    """

    def __init__(
        self,
        env: gymnasium.Env[Observation, Action],
        parse: Parse = dialect.parse,
        *,
        prompt: Render | None = None,
        read: Read | None = None,
    ) -> None:
        inner: Any = env  # gymnasium's own types have a wrapper and what it wraps take the same
        super().__init__(inner)
        self._inner = env
        self.action_space = TextSpace()
        if prompt:
            self.observation_space = PromptSpace()
        self._parse, self._prompt, self._read = parse, prompt, read
        space: Any = env.action_space
        self._names = tuple(tool.name for tool in space.tools)
        self._seen: Observation | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Any, dict[str, Any]]:
        """Begin an episode, as the environment does."""
        self._seen, info = self._inner.reset(seed=seed, options=options)
        return self._shown(self._seen), info

    def step(self, action: str | Reply) -> tuple[Any, SupportsFloat, bool, bool, dict[str, Any]]:
        """Take a turn.

        Args:
            action: what the model printed, or its whole reply.

        Returns:
            What the environment gives; `info["reply"]` is the reply.

        Raises:
            PrivgymError: it is neither, or there is no episode to step.
        """
        reply = _reply(action)
        seen, reward, terminated, truncated, info = self._inner.step(self.action(reply))
        self._seen = seen
        return self._shown(seen), reward, terminated, truncated, {**info, "reply": reply}

    def action(self, action: str | Reply) -> Action:
        """The action that a text or a reply is."""
        reply = _reply(action)
        if self._read and self._seen:
            return self._read(reply, self._seen)
        return self._parse(reply.text, self._names)

    def _shown(self, seen: Observation) -> Observation | Prompt:
        return self._prompt(seen) if self._prompt else seen


def _reply(action: object) -> Reply:
    """What was printed, as a reply of which no more may be known than its text."""
    if isinstance(action, str | Reply):
        return action if isinstance(action, Reply) else Reply(action)
    what = f"a raw action is a text or a privgym.model.Reply, not a {type(action).__name__}"
    raise PrivgymError(what, do="step the environment without RawText where there is an Action")
