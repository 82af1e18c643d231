"""What a graph asks of the gym while one of its nodes runs, and the gym's tools as LangChain's.

A tool's body cannot wait for the gym: it interrupts the graph, and when the graph goes on its
node runs again from the top. LangGraph hands resume values out by the order in which the bodies
come back, which is not the order in which they left where calls run in parallel. So the desk
keeps each answer under the call that it answers, and a body takes its own and no other.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from langchain_core.messages import ToolMessage
from langchain_core.runnables import RunnableConfig
from langchain_core.tools import BaseTool
from langgraph.config import get_config
from langgraph.types import interrupt

from privgym.message import Call, ToolSchema

WAITS = "a call waits for the gym"
"""The value of our interrupts, by which they are told from a graph's own."""


class Ask(NamedTuple):
    """One call, and where in the graph it was made.

    Args:
        place: the task of the graph; the same when its node runs again, another in every step.
        id: the id that the model's message gave the call; "" for a call of a store.
        call: what is called.
        number: how often this very call was made before, in this run of the node.
    """

    place: str
    id: str
    call: Call
    number: int


class Desk:
    """The asks of one session and their answers."""

    def __init__(self) -> None:
        self.waiting: list[Ask] = []
        self._answers: dict[Ask, str] = {}
        self._made: Counter[tuple[str, str, Call]] = Counter()
        self._last: Ask | None = None

    def begin(self) -> None:
        """The graph goes on: its waiting nodes run again, and ask again."""
        self.waiting, self._last = [], None
        self._made.clear()

    def answer(self, ask: Ask, text: str) -> None:
        """Put an answer where only its own call finds it."""
        self._answers[ask] = text

    def ask(self, call: Call, id: str = "") -> str:
        """The answer to a call made inside a node; interrupts the graph where there is none yet."""
        place = get_config()["configurable"].get("checkpoint_ns", "")
        if self._last and not id and self._last[:3] == (place, id, call):
            return self._answers[self._last]  # the gym would not run it again either
        ask = Ask(place, id, call, self._made[place, id, call])
        self._made[place, id, call] += 1
        if ask not in self._answers:
            self.waiting.append(ask)
        while ask not in self._answers:
            interrupt(WAITS)  # a value that was given for another call is passed by
        self._last = ask
        return self._answers[ask]


class GymTool(BaseTool):
    """One of the gym's tools. Arguments reach the gym as they were written: it is the judge."""

    desk: Any

    def invoke(
        self, input: str | dict[str, Any] | Any, config: RunnableConfig | None = None, **more: Any
    ) -> Any:
        """The gym's answer; as a message where the input is a call of a model's message."""
        if not isinstance(input, Mapping):
            raise TypeError(f"{self.name} takes its arguments by name, not one text")
        if input.get("type") != "tool_call":
            return self.desk.ask(Call.of(self.name, **input))
        given = Call.of(self.name, **input["args"])
        answer = self.desk.ask(given, str(input["id"]))
        return ToolMessage(answer, name=self.name, tool_call_id=input["id"])

    async def ainvoke(
        self, input: str | dict[str, Any] | Any, config: RunnableConfig | None = None, **more: Any
    ) -> Any:
        """The same: nothing is waited for."""
        return self.invoke(input, config)

    def _run(self, **arguments: Any) -> str:
        return str(self.desk.ask(Call.of(self.name, **arguments)))


def as_tools(schemas: Sequence[ToolSchema], desk: Desk) -> list[BaseTool]:
    """The gym's tools at hand, as LangChain's."""
    return [
        GymTool(
            name=s.name, description=s.description, args_schema=json.loads(s.parameters), desk=desk
        )
        for s in schemas
    ]
