"""A person at a terminal, as a mind: is shown what an agent sees, and types its turns."""

from __future__ import annotations

from collections.abc import Callable

import click

from privgym.cli import _typed
from privgym.dialect import signature
from privgym.errors import did_you_mean
from privgym.message import Action, Message, Observation, ToolSchema, visible

HELP = """A line is a turn: what you type is said, unless it begins with the name of a call.
  email_read id=1                             a call; a value is JSON or one word
  email_send to=["Ana Ruiz"] body="On 3 May"  what may be left out may be left out
  email_send                                  asks for its arguments one by one
  /tools   what you can call      /done   say nothing, and wait
  /help    this                   /quit   leave"""


class Left(Exception):
    """The person went before the end."""


class Human:
    """A person at a terminal, as a mind: is shown what an agent sees, and types its turns.

    Args:
        ask: shows a prompt and gives the line that was typed; EOFError if there is none.
    """

    def __init__(self, ask: Callable[[str], str] = input) -> None:
        self._line = ask

    def decide(self, observation: Observation) -> Action:
        """Show what is new, and read lines until one is a turn.

        Raises:
            Left: the person has had enough, or the input has ended.
        """
        own = [n for n, m in enumerate(observation.messages, 1) if m.role == "assistant"]
        if not own:
            click.echo(f"\n--- session {observation.session} ---")
        for message in observation.messages[own[-1] if own else 0 :]:
            click.echo(visible(_shown(message)))
        while (action := self._turn(observation.tools)) is None:
            pass
        return action

    def _turn(self, tools: tuple[ToolSchema, ...]) -> Action | None:
        """One line; None where it was no turn."""
        line = self._ask("> ")
        if line == "/done":
            return Action()
        if line.startswith("/"):
            self._aside(line, tools)
            return None
        if not line:
            return None
        try:
            bare = next((tool for tool in tools if tool.name == line), None)
            return self._asked(bare) if bare else _typed.read(line, tools)
        except ValueError as error:
            click.echo(visible(f"That is not a turn yet: {error}"))
            return None

    def _asked(self, tool: ToolSchema) -> Action:
        """A call whose arguments are asked for, one by one; what may be left out can be empty."""
        given: dict[str, str] = {}
        for name, schema in _typed.parameters(tool).items():
            left_out = ", may be empty" if _typed.optional(schema) else ""
            text = self._ask(f"  {name} ({visible(schema.get('description', ''))}{left_out}) ")
            if text or not left_out:
                given[name] = text
        return Action(calls=(_typed.call(tool, given),))

    def _aside(self, line: str, tools: tuple[ToolSchema, ...]) -> None:
        """What is between the person and the terminal, and no turn."""
        asides = {
            "/help": lambda: HELP,
            "/tools": lambda: "\n".join(f"  {signature(tool)}" for tool in tools),
            "/quit": self._quit,
        }
        if line in asides:
            click.echo(visible(asides[line]()))
        else:
            meant = did_you_mean(line, [*asides, "/done"]) or "/help"
            click.echo(visible(f"There is no {line}; did you mean {meant}?"))

    def _ask(self, prompt: str) -> str:
        try:
            return self._line(prompt).strip()
        except EOFError:
            raise Left from None

    def _quit(self) -> str:
        raise Left


def _shown(message: Message) -> str:
    if message.role == "tool":
        return f"  {message.call} gives: {message.text}"
    return (
        f"{message.party}: {message.text}" if message.party else f"[{message.role}] {message.text}"
    )
