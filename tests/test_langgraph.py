"""Graphs as agents: whose answer is whose, what is said, what memory hears, what fails."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest

pytest.importorskip("langgraph")
pytest.importorskip("langchain")

from langchain.agents import create_agent
from langchain_core.messages import AIMessage
from langchain_core.tools import tool as as_tool
from langgraph.checkpoint.memory import InMemorySaver
from langgraph.graph import END, START, MessagesState, StateGraph
from langgraph.prebuilt import ToolNode
from langgraph.store.base import BaseStore
from langgraph.store.memory import InMemoryStore
from langgraph.types import Command, interrupt
from langsmith.utils import tracing_is_enabled

from privgym import kit
from privgym.episode import cast, settle, verify
from privgym.event import Acted, Returned, Sent
from privgym.flow import AGENT
from privgym.message import Action, Call, Message
from privgym.model import Reply
from privgym.models.scripted import Scripted
from tests.small import Office, begin, see
from tests.test_agents import PRINTED, act, observe

langgraph: Any = kit.load("agents", "langgraph")
assistant: Any = kit.load("agents", "assistant")
native: Any = kit.load("agents", "native")

ONE, TWO, THREE = (Call.of("email_read", id=n) for n in (1, 2, 3))
Respond = Callable[[Call], str]


def fine(call: Call) -> str:
    return f"answer to {call.arguments}"


def live(mind: Any, tools: Sequence[str], respond: Respond = fine) -> list[Action]:
    """What a mind does until it calls nothing."""
    log: list[Message] = []
    done: list[Action] = []
    while not done or done[-1].calls:
        action = act(mind, observe(*log, tools=tools))
        done.append(action)
        log.append(Message("assistant", action.text, party=AGENT, calls=action.calls))
        log += [Message("tool", respond(call), call=call.name) for call in action.calls]
        assert len(done) < 9
    return done


def calling(*calls: Call) -> AIMessage:
    return AIMessage(
        "Let me look.",
        tool_calls=[{"name": c.name, "args": {"id": n}, "id": str(n)} for n, c in enumerate(calls)],
    )


def graph(*nodes: Any, store: BaseStore | None = None) -> Any:
    """A graph of these nodes, one after another."""
    made = StateGraph(MessagesState)
    names = [str(number) for number in range(len(nodes))]
    for name, node in zip(names, nodes, strict=True):
        made.add_node(name, node)
    for before, after in zip([START, *names], [*names, END], strict=True):
        made.add_edge(before, after)
    return made.compile(store=store)


def mind(build: Any) -> Any:
    return langgraph.GraphAgent(build, {"agent": "test"})


def told(state: MessagesState) -> dict[str, Any]:
    return {"messages": [AIMessage(" | ".join(str(m.text) for m in state["messages"]))]}


def test_a_graph_without_calls_speaks() -> None:
    assert act(mind(lambda tools: graph(told)), observe()).text.endswith("when I am away.")


def test_a_graph_that_adds_no_message_says_nothing() -> None:
    assert act(mind(lambda tools: graph(lambda state: {})), observe()) == Action()


def test_create_agent_calls_in_parallel_and_gets_each_answer() -> None:
    model = Scripted([Reply("Look.", calls=(ONE, TWO, THREE)), Reply("Done.")], takes_tools=True)
    first, last = live(langgraph.make(model, 0), ("email",))
    assert first == Action("Look.", (ONE, TWO, THREE))
    assert last == Action("Done.")
    answers = [turn.text for turn in model.prompts[1].turns if turn.role == "tool"]
    assert answers == [fine(call) for call in (ONE, TWO, THREE)]


class Late(ToolNode):
    """One task for all its calls; which of their bodies comes first alternates from run to run."""

    runs = 0

    async def _arun_one(self, call: Any, *more: Any) -> Any:
        if call["id"] == "0":
            self.runs += 1
        for _ in range(0 if int(call["id"]) == self.runs % 2 else 3):
            await asyncio.sleep(0)
        return await super()._arun_one(call, *more)


def ask(state: MessagesState) -> dict[str, Any]:
    return {"messages": [calling(ONE, TWO)]}


def test_a_plain_interrupt_hands_an_answer_to_another_call() -> None:
    """What the desk is for; if this fails, LangGraph has changed and the desk may go."""

    @as_tool
    def email_read(id: int) -> str:
        """Read."""
        return f"{id} got {interrupt(id)}"

    made = graph(ask, Late([email_read])).copy({"checkpointer": InMemorySaver()})

    async def run() -> list[str]:
        config: Any = {"configurable": {"thread_id": "1"}}
        result = await made.ainvoke({"messages": []}, config)
        while stops := result.get("__interrupt__"):
            resume = {stop.id: stop.value for stop in stops}
            result = await made.ainvoke(Command(resume=resume), config)
        return [m.text for m in result["messages"][1:]]

    assert asyncio.run(run()) != ["0 got 0", "1 got 1"]


def test_each_call_gets_its_own_answer_whichever_comes_first() -> None:
    actions = live(mind(lambda tools: graph(ask, Late(tools), told)), ("email",))
    assert [call for action in actions for call in action.calls].count(Call.of("email_read", id=0))
    said = actions[-1].text.split(" | ")
    assert said[-2:] == ['answer to {"id":0}', 'answer to {"id":1}']
    assert [action.text for action in actions[:-1]].count("Let me look.") == 1


def test_calls_stand_in_the_order_of_the_message() -> None:
    def build(tools: Any) -> Any:
        return graph(ask, ToolNode(tools[::-1]), told)

    first, *_ = live(mind(build), ("email",))
    assert [c.arguments for c in first.calls] == ['{"id":0}', '{"id":1}']


def test_a_sub_graph_calls_too_and_its_order_is_kept() -> None:
    def build(tools: Any) -> Any:
        return graph(graph(ask, ToolNode(tools)), told)

    first, last = live(mind(build), ("email",))
    assert [c.arguments for c in first.calls] == ['{"id":0}', '{"id":1}']
    assert last.text.endswith('answer to {"id":0} | answer to {"id":1}')


def test_ids_that_come_again_get_new_answers() -> None:
    def build(tools: Any) -> Any:
        return graph(ask, ToolNode(tools), ask, ToolNode(tools), told)

    answers = iter("abcd")
    *_, last = live(mind(build), ("email",), lambda call: next(answers))
    said = [word for word in last.text.split(" | ") if len(word) == 1]
    assert said == list("abcd")


def test_what_arrives_meanwhile_ends_the_last_answer() -> None:
    model = Scripted([Reply("", calls=(ONE, TWO)), Reply("Done.")], takes_tools=True)
    agent = langgraph.make(model, 0)
    took = act(agent, observe())
    own = Message("assistant", took.text, calls=took.calls)
    news = Message("notice", "New letter 3")
    answers = [Message("tool", text, call="email_read") for text in ("a", "b")]
    act(agent, observe(own, answers[0], news, answers[1]))
    assert [t.text for t in model.prompts[1].turns[-2:]] == ["a", "b\n\nNew letter 3"]


def test_a_new_session_is_a_new_thread() -> None:
    model = Scripted(["One.", "Two."])
    agent = langgraph.make(model, 0)
    act(agent, observe())
    act(agent, observe())
    assert model.prompts[0] == model.prompts[1]


@pytest.mark.parametrize("takes_tools", [True, False])
def test_a_session_that_it_has_not_lived_begins_with_the_conversation(takes_tools: bool) -> None:
    log = [
        Message("assistant", "Look.", calls=(ONE, TWO)),
        Message("tool", "a", call="email_read"),
        Message("tool", "b", call="email_read"),
        Message("notice", "New letter 3"),
    ]
    asked = []
    for agent in (langgraph, native if takes_tools else assistant):
        model = Scripted(["Done."], takes_tools=takes_tools)
        act(agent.make(model, 0), observe(*log))
        asked.append(model.prompts)
    assert asked[0] == asked[1]


def test_a_graph_reads_what_the_assistant_reads() -> None:
    prompts = []
    for agent in (langgraph, assistant):
        model = Scripted([PRINTED, '{"say": "Done."}'], keeps_format=False)
        live(agent.make(model, 0), ("email",))
        prompts.append(model.prompts)
    assert prompts[0] == prompts[1]


@pytest.mark.parametrize("stopped", ["stop", "overflow"])
def test_a_fault_is_a_turn_and_the_graph_hears_of_it(stopped: Any) -> None:
    model = Scripted([Reply('{"tool": "em', stopped=stopped), "Done."])
    agent = langgraph.make(model, 0)
    took = act(agent, observe())
    assert took.fault == ("malformed" if stopped == "stop" else "overflow")
    own, error = Message("assistant", ""), Message("notice", "Error: it breaks off")
    assert act(agent, observe(own, error)).text == "Done."
    assert "Error: it breaks off" in model.prompts[1].turns[-1].text


def test_what_a_node_raises_is_raised() -> None:
    def fails(state: MessagesState) -> dict[str, Any]:
        raise KeyError("of the graph")

    with pytest.raises(KeyError, match="of the graph"):
        act(mind(lambda tools: graph(fails)), observe())


def test_a_swallowed_interrupt_is_no_silence() -> None:
    def build(tools: Any) -> Any:
        def swallows(state: MessagesState) -> dict[str, Any]:
            try:
                tools[0].invoke({"id": 1})
            except Exception:
                return {"messages": [AIMessage("All is well.")]}
            return {}

        return graph(swallows)

    with pytest.raises(RuntimeError, match="GraphInterrupt"):
        act(mind(build), observe())


def test_a_question_to_a_person_is_not_answered_for_her() -> None:
    def approves(state: MessagesState) -> dict[str, Any]:
        interrupt("May I?")
        return {}

    with pytest.raises(RuntimeError, match="a person"):
        act(mind(lambda tools: graph(approves)), observe())


def test_nothing_is_traced(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    seen = []

    def looks(state: MessagesState) -> dict[str, Any]:
        seen.append(tracing_is_enabled())
        return {}

    act(mind(lambda tools: graph(looks)), observe())
    assert seen == [False]


async def keeps(state: MessagesState, *, store: BaseStore) -> dict[str, Any]:
    before = await store.aget(("people", "dev"), "likes")
    await store.aput(("people", "dev"), "likes", {"text": "tea: green"})
    after = await store.aget(("people", "dev"), "likes")
    found = await store.asearch(("people",), query="tea", filter={"text": "tea: green"})
    await store.adelete(("people", "dev"), "likes")
    values = [before and before.value, after and after.value, [i.key for i in found]]
    return {"messages": [AIMessage(str(values))]}


@pytest.mark.parametrize("memory", ["memory", "memory_keys", "memory_log"])
def test_a_store_is_the_memory_of_the_gym(memory: str) -> None:
    kept: list[str] = []

    def respond(call: Call) -> str:
        verb = call.name.removeprefix(f"{memory}_")
        arguments = json.loads(call.arguments)
        if verb == "remember":
            text = arguments["text"]
            kept.append(f"{arguments['key']}: {text}" if "key" in arguments else text)
        if verb != "recall":
            return "Done."
        lines = kept if memory == "memory_keys" else [f"note 1: {text}" for text in kept]
        return "\n".join(lines) or "there are no notes yet"

    own = InMemoryStore()
    *asked, last = live(mind(lambda tools: graph(keeps, store=own)), (memory,), respond)
    verbs = [call.name.rpartition("_")[2] for action in asked for call in action.calls]
    assert verbs[:3] == ["recall", "remember", "recall"]
    # Reading a log is always the same call: what is known from the last one is not asked again.
    again = {"memory": ["recall", "recall"], "memory_keys": ["recall"], "memory_log": []}[memory]
    assert verbs[3:] == [*again, "forget"]
    assert last.text == "[None, {'text': 'tea: green'}, ['likes']]"
    assert not own.search(("people",))


def test_a_store_without_a_memory_says_so() -> None:
    with pytest.raises(LookupError, match="no memory"):
        act(mind(lambda tools: graph(keeps, store=InMemoryStore())), observe(tools=("email",)))


def test_what_memory_did_not_keep_is_an_error() -> None:
    def respond(call: Call) -> str:
        return "Error: it is full." if call.name.endswith("remember") else "there are no keys yet"

    with pytest.raises(RuntimeError, match="it is full"):
        live(mind(lambda tools: graph(keeps)), ("memory_keys",), respond)


def test_what_the_gym_adds_to_an_answer_is_no_memory() -> None:
    async def searches(state: MessagesState, *, store: BaseStore) -> dict[str, Any]:
        return {"messages": [AIMessage(str([i.key for i in await store.asearch(())]))]}

    added = "tea: green\n(The same call as just before: it was not run again.)"
    *_, last = live(mind(lambda tools: graph(searches)), ("memory_keys",), lambda call: added)
    assert last.text == "['tea']"


@pytest.mark.parametrize("memory", ["memory", "memory_keys", "memory_log"])
def test_every_kind_of_memory_takes_a_store(memory: str) -> None:
    scenario = Office(tools=("email", "contacts", memory)).freeze()
    agent, episode = mind(lambda tools: graph(keeps)), begin(scenario)
    while not agent_spoke(episode.events):
        episode.take(act(agent, see(episode)))
    assert agent_spoke(episode.events) == "[None, {'text': 'tea: green'}, ['likes']]"
    assert not [e.text for e in episode.events if isinstance(e, Returned) and e.error]


def agent_spoke(events: Sequence[Any]) -> str:
    """What the agent said so far."""
    acts = [e.action.text for e in events if isinstance(e, Acted) and e.party == AGENT]
    return "".join(acts)


def test_in_the_office_memory_hears_what_the_store_is_told() -> None:
    def leaks(state: MessagesState, *, store: BaseStore) -> dict[str, Any]:
        store.put(("ana",), "illness", {"text": "lupus"})
        item = store.get(("ana",), "illness")
        assert item
        return {"messages": [AIMessage(f"Noted: {item.value['text']}.")]}

    scenario = Office().freeze()
    agent, episode = mind(lambda tools: graph(leaks)), begin(scenario)
    while not episode.over:
        episode.take(act(agent, see(episode)))
        settle(episode, cast(scenario))
    sent = [e for e in episode.events if isinstance(e, Sent) and e.hand == AGENT]
    assert "memory" in {to for event in sent for to in event.to}
    assert not [e.text for e in episode.events if isinstance(e, Returned) and e.error]
    assert verify(scenario, episode.events).events == episode.events


def test_it_needs_a_model() -> None:
    with pytest.raises(ValueError, match="langgraph@MODEL"):
        langgraph.make(None, 0)


def test_a_model_is_not_told_what_to_call() -> None:
    chat = langgraph.ChatModel(model=Scripted(["x"]))
    with pytest.raises(NotImplementedError, match="chooses"):
        chat.bind_tools([], tool_choice="any")
    with pytest.raises(NotImplementedError, match="async def"):
        chat.invoke("hello")
    assert create_agent(chat, [])
