"""A model that gives fixed replies: for tests, for documentation, for trying an agent's parser."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from privgym.errors import PrivgymError
from privgym.model import Prompt, Reply


class Scripted:
    """Gives its replies in order, and keeps the prompts that it was asked.

    Args:
        replies: texts, or whole `Reply` records.
        keeps_format, takes_tools: what it claims of itself.
    """

    def __init__(
        self,
        replies: Iterable[str | Reply] = (),
        keeps_format: bool = True,
        takes_tools: bool = False,
    ) -> None:
        self.replies = tuple(r if isinstance(r, Reply) else Reply(r) for r in replies)
        self.keeps_format, self.takes_tools = keeps_format, takes_tools
        self.prompts: list[Prompt] = []
        said = "\n".join(reply.text for reply in self.replies)
        self.about = {"model": "scripted", "sha256": hashlib.sha256(said.encode()).hexdigest()}

    async def complete(self, prompt: Prompt) -> Reply:
        """The next reply.

        Raises:
            PrivgymError: there is none left.
        """
        if len(self.prompts) == len(self.replies):
            raise PrivgymError(
                f"the scripted model has only {len(self.replies)} replies",
                do="Give it one reply for every turn of the agent.",
            )
        self.prompts.append(prompt)
        return self.replies[len(self.prompts) - 1]
