"""Any LangGraph graph as an agent; with a model of the gym, LangChain's own `create_agent`.

A graph keeps a state: one thread a session, in memory, forgotten as the next session begins. A
session that it has not lived itself begins a thread with the conversation so far, which is all
the state that an agent out of messages has; what else a graph of your own holds is then lost.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from importlib.metadata import version
from typing import Any

from langchain.agents import create_agent
from langchain_core.messages import AIMessage, AnyMessage, HumanMessage, ToolMessage
from langchain_core.tools import BaseTool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.types import Command
from langsmith.run_helpers import tracing_context

from privgym.agent import Agent
from privgym.agents._graph_calls import WAITS, Ask, Desk, as_tools
from privgym.agents._graph_memory import GymStore
from privgym.agents._graph_model import ChatModel, Faulty, rules_for
from privgym.message import Action, Message, Observation
from privgym.model import Model

Build = Callable[[Sequence[BaseTool]], Any]
"""A function from the gym's tools to a compiled graph with the state key `messages`."""


class GraphAgent:
    """A graph at work in the gym.

    Args:
        build: compiles the graph. It is called at the start of every session with the tools at
            hand. Checkpointer and store of what it returns are replaced by the gym's.
        about: what tells this graph from another; goes into every trace's header.
    """

    def __init__(self, build: Build, about: Mapping[str, str]) -> None:
        self.about: Mapping[str, str] = {**about, "langgraph": version("langgraph")}
        self._build = build
        self._thread: _Thread | None = None

    async def act(self, observation: Observation) -> Action:
        """Let the graph run until it calls tools or has spoken."""
        if self._thread is None or not self._thread.goes_on(observation):
            self._thread = _Thread(self._build, observation)
        # Nothing that is private in a scenario leaves for a tracing service.
        with tracing_context(enabled=False):
            return await self._thread.act(observation)


class _Thread:
    """One session of a graph."""

    def __init__(self, build: Build, first: Observation) -> None:
        self._desk = Desk()
        self._graph = build(as_tools(first.tools, self._desk)).copy(
            {"checkpointer": InMemorySaver(), "store": GymStore(self._desk, first.tools)}
        )
        self._config: Any = {"configurable": {"thread_id": f"session {first.session}"}}
        self._session = first.session
        self._seen: tuple[Message, ...] = ()
        self._took: Action | None = None
        self._asked: list[Ask] = []
        self._stops: list[str] = []
        self._said: str | None = None

    def goes_on(self, observation: Observation) -> bool:
        """Whether this is the same session, with this thread's last turn next in it."""
        count, took = len(self._seen), self._took
        if took is None or observation.session != self._session:
            return False
        if len(observation.messages) <= count or observation.messages[:count] != self._seen:
            return False
        own = observation.messages[count]
        # A turn that the gym could not read stands there without a word.
        told = (own.text, own.calls)
        return own.role == "assistant" and told in ((took.text, took.calls), ("", ()))

    async def act(self, observation: Observation) -> Action:
        """Hand over what is new, run on, and read off what the graph wants."""
        given = self._given(observation.messages[len(self._seen) :])
        self._seen = observation.messages[:]
        self._desk.begin()
        try:
            await self._graph.ainvoke(given, self._config)
            self._took = await self._action()
        except Faulty as fault:
            # What was said of it comes with the next observation, as input of a run from the top.
            self._asked, self._took = [], fault.action
        return self._took

    def _given(self, new: Sequence[Message]) -> Any:
        """What goes into the graph: answers where it waits for them, else what was said."""
        if self._took is None:
            return {"messages": _conversation(new)}
        heard = [m for m in new if m.role not in ("assistant", "tool")]
        if not self._asked:
            return {"messages": [_human(message) for message in heard]}
        answers = [m.text for m in new if m.role == "tool"] or [""] * len(self._asked)
        # Answers must follow their calls at once, so what arrived meanwhile ends the last of them.
        answers[-1] = "\n\n".join([answers[-1], *(message.text for message in heard)])
        for ask, answer in zip(self._asked, answers, strict=True):
            self._desk.answer(ask, answer)
        return Command(resume=dict.fromkeys(self._stops, True))

    async def _action(self) -> Action:
        state = await self._graph.aget_state(self._config, subgraphs=True)
        if any(stop.value != WAITS for stop in state.interrupts):
            raise RuntimeError("the graph interrupts to ask a person, and there is none to answer")
        if self._desk.waiting and not state.interrupts:
            raise RuntimeError("a node caught the interrupt of a call: let GraphInterrupt through")
        self._stops = [stop.id for stop in state.interrupts]
        place = _order(state)
        self._asked = sorted(self._desk.waiting, key=lambda ask: place.get(ask.id, len(place)))
        calls = tuple(ask.call for ask in self._asked)
        last = (state.values.get("messages") or [None])[-1]
        # What a message says beside its calls is said once, however often its calls stop the graph.
        if not isinstance(last, AIMessage) or last.id == self._said:
            return Action(calls=calls)
        self._said = last.id
        return Action(str(last.text), calls, raw=last.response_metadata.get("raw", ""))


def _conversation(messages: Sequence[Message]) -> list[AnyMessage]:
    """A session so far, as messages; what arrived among the answers to calls comes after them."""
    said: list[AnyMessage] = []
    heard: list[AnyMessage] = []
    waiting: list[str] = []
    for number, message in enumerate(messages):
        if message.role == "tool" and waiting:
            said.append(ToolMessage(message.text, name=message.call, tool_call_id=waiting.pop(0)))
        elif message.role != "assistant":
            heard.append(_human(message))
        elif message.text or message.calls:
            said, heard = [*said, *heard], []
            waiting = [f"before.{number}.{n}" for n in range(len(message.calls))]
            calls = [
                {"name": call.name, "args": json.loads(call.arguments), "id": id}
                for call, id in zip(message.calls, waiting, strict=True)
            ]
            said.append(AIMessage(message.text, tool_calls=calls))
    return [*said, *heard]


def _human(message: Message) -> HumanMessage:
    """What was heard; what the house shows goes by the name of a notice."""
    return HumanMessage(message.text, name="notice" if message.role == "notice" else None)


def _order(state: Any) -> dict[str, int]:
    """Where each call stands in the message that made it, in the graph and its sub-graphs."""
    order: dict[str, int] = {}
    values = getattr(state, "values", None)
    if isinstance(values, dict) and values.get("messages"):
        calls = getattr(values["messages"][-1], "tool_calls", ())
        order = {call["id"]: number for number, call in enumerate(calls)}
    for task in getattr(state, "tasks", ()):
        order |= _order(task.state)
    return order


def make(model: Model | None, seed: int) -> Agent:
    """LangChain's `create_agent` over this model; it draws nothing, so the seed changes nothing.

    Raises:
        ValueError: there is no model.
    """
    if model is None:
        raise ValueError("the graph needs a model: write langgraph@MODEL")
    rules = rules_for(model)

    def build(tools: Sequence[BaseTool]) -> Any:
        return create_agent(ChatModel(model=model), list(tools), system_prompt=rules)

    prompt = hashlib.sha256(rules.encode()).hexdigest()
    constrained = "no" if model.takes_tools or model.keeps_format else "yes"
    return GraphAgent(build, {"agent": "langgraph", "prompt": prompt, "constrained": constrained})
