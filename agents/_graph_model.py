"""A language model of the gym as a chat model of LangChain, asked as the gym's own agents ask.

A model that takes tools gets them as `native` gives them; any other gets the assistant's prompt
and constrained calls. So a model behind a graph and behind an agent of ours reads the same words.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.language_models import BaseChatModel, LanguageModelInput
from langchain_core.messages import AIMessage, BaseMessage, SystemMessage, ToolMessage
from langchain_core.outputs import ChatGeneration, ChatResult
from langchain_core.runnables import Runnable
from langchain_core.utils.function_calling import convert_to_openai_tool

import privgym.agents.assistant as assistant
import privgym.agents.native as native
from privgym import dialect
from privgym.message import Action, Call, Message, Messages, Observation, ToolSchema
from privgym.model import Prompt, Turn


class Faulty(Exception):
    """The model's answer cannot be used; the action that says so ends the graph's turn."""

    def __init__(self, action: Action) -> None:
        super().__init__(action.detail)
        self.action = action


class ChatModel(BaseChatModel):
    """A model of the gym for LangChain.

    Args:
        model: a `privgym.model.Model`.
    """

    model: Any

    @property
    def _llm_type(self) -> str:
        return "privgym"

    def bind_tools(
        self, tools: Sequence[Any], *, tool_choice: str | None = None, **more: Any
    ) -> Runnable[LanguageModelInput, AIMessage]:
        """The model with tools.

        Raises:
            NotImplementedError: it is told which tool to call, which it cannot be.
        """
        if tool_choice not in (None, "auto"):
            raise NotImplementedError("a model of the gym chooses its tools itself")
        return self.bind(tools=[convert_to_openai_tool(tool) for tool in tools], **more)

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        raise NotImplementedError("a model of the gym is awaited: write the node as `async def`")

    async def _agenerate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        rules = "\n\n".join(str(m.text) for m in messages if isinstance(m, SystemMessage))
        tools = tuple(_schema(tool["function"]) for tool in kwargs.get("tools", ()))
        seen = Observation("", 0, Messages(_messages(messages)), tools)
        agent = native if self.model.takes_tools else assistant
        action = agent.read(await self.model.complete(self._prompt(seen, rules)), seen)
        answer = _answer(action, len(messages))
        return ChatResult(generations=[ChatGeneration(message=answer)])

    def _prompt(self, seen: Observation, rules: str) -> Prompt:
        if self.model.takes_tools:
            turns = (Turn("system", rules), *native.turns(seen)[1:])
            return Prompt(turns, tools=seen.tools, max_tokens=native.MAX_TOKENS)
        schema = "" if self.model.keeps_format else dialect.grammar(seen.tools)
        return Prompt(assistant.turns(seen, rules), schema, max_tokens=assistant.MAX_TOKENS)


def rules_for(model: Any) -> str:
    """The rules that our own agent gives such a model."""
    return str(native.RULES if model.takes_tools else assistant.RULES)


def _schema(function: dict[str, Any]) -> ToolSchema:
    # Written as the gym writes it, so that a model reads the very prompt of our own agent.
    parameters = json.dumps(function["parameters"], separators=(",", ":"), ensure_ascii=False)
    return ToolSchema(function["name"], function.get("description", ""), parameters)


def _messages(messages: Sequence[BaseMessage]) -> list[Message]:
    """LangChain's messages as the gym's; the system's stand in the rules."""
    said: list[Message] = []
    for message in messages:
        text = str(message.text)
        if isinstance(message, AIMessage):
            calls = tuple(Call.of(c["name"], **c["args"]) for c in message.tool_calls)
            said.append(Message("assistant", text, calls=calls))
        elif isinstance(message, ToolMessage):
            said.append(Message("tool", text, call=message.name or ""))
        elif not isinstance(message, SystemMessage):
            said.append(Message("notice" if message.name == "notice" else "user", text))
    return said


def _answer(action: Action, number: int) -> AIMessage:
    """An action as a message; ids tell its calls from those of every other message."""
    if action.fault:
        raise Faulty(action)
    calls = []
    for n, call in enumerate(action.calls):
        try:
            arguments = json.loads(call.arguments)
        except ValueError:
            arguments = None
        if not isinstance(arguments, dict):
            detail = f"the arguments of {call.name} are no JSON object."
            raise Faulty(Action(fault="malformed", detail=detail, raw=action.raw or call.arguments))
        calls.append({"name": call.name, "args": arguments, "id": f"{number}.{n}"})
    return AIMessage(action.text, tool_calls=calls, response_metadata={"raw": action.raw})
