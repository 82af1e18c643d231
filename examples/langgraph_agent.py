"""A graph of one's own in the gym: LangChain's agent as a sub-graph, over a model of the gym.

pip install "privgym[langgraph,llamacpp]" && python examples/langgraph_agent.py [MODEL]
"""

import asyncio
import sys
from collections.abc import Sequence
from typing import Any

from langchain.agents import create_agent
from langchain_core.tools import BaseTool
from langgraph.graph import END, START, MessagesState, StateGraph

import privgym
from privgym import kit, models
from privgym.message import visible

langgraph = kit.load("agents", "langgraph")
assistant = kit.load("agents", "assistant")
model = models.load(sys.argv[1] if len(sys.argv) > 1 else "llamacpp:qwen2.5-coder-0.5b")


def build(tools: Sequence[BaseTool]) -> Any:
    """The agent as a sub-graph; a graph has what nodes it likes around it."""
    chat = langgraph.ChatModel(model=model)
    graph = StateGraph(MessagesState)
    graph.add_node("work", create_agent(chat, list(tools), system_prompt=assistant.RULES))
    graph.add_edge(START, "work")
    graph.add_edge("work", END)
    return graph.compile()


env = privgym.make("everyday", level=1)
for seed in range(4):
    agent = langgraph.GraphAgent(build, {"agent": "example"})
    observation, info = env.reset(seed=seed)
    done = False
    while not done:
        action = asyncio.run(agent.act(observation))
        observation, reward, terminated, truncated, info = env.step(action)
        done = terminated or truncated
        for verdict in info["verdicts"]:
            print(visible(f"  {verdict.kind}: {verdict.reason} [{verdict.norm}]"))
    print(f"{info['scenario']}: goals {info['score'].met}/{info['score'].due}")
