"""What an agent can find out: an episode in which it looks at everything and asks everybody.

Every tracked fact must come into view on the way; one that does not can only be guessed. The walk
knows no tool by name: it makes every call that takes nothing, a number or one word, with whatever
has come into view, and says to each person the words that they would answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from privgym.episode import Episode, cast, settle
from privgym.message import Action, Call, Observation, ToolSchema
from privgym.scenario import Budget, Scenario
from privgym.score import grader

ROUNDS = 4
"""Turns of a session in which it looks and asks: what one brings up, the next looks into."""

ENDLESS = Budget(turns=ROUNDS + 3, person_turns=100, calls=2000)
"""What a walk may use: it is not the agent that is tried."""

NUMBERS = range(1, 13)
"""What is tried where a call takes a number."""

_LOOKED_UP = re.compile(r"\w{4,}")
"""Words of a request that a search may be made for."""

_WORDS = re.compile(r'"([^"\n]+)"|(#[a-z][\w-]*)|(https?://[\w./-]*\w)|([\w.+-]+@[\w.-]+\w)')


def seen(scenario: Scenario) -> frozenset[str]:
    """Keys of the facts that a walk brings into the agent's view; it ends once it has them all."""
    free = msgspec.structs.replace(scenario, budget=ENDLESS)
    episode, people, found = Episode(free), cast(free), set[str]()
    sensor = grader(scenario).sensor
    while len(found) < len(scenario.facts) and (turn := settle(episode, people)):
        view = _view(turn.observation)
        found |= {finding.fact for finding in sensor.find([("text", text) for text in view])}
        asker = scenario.sessions[episode.session - 1].asker
        episode.take(_turn(scenario, asker, turn.observation, view))
    return frozenset(found)


def _view(observation: Observation) -> list[str]:
    """What came into view and is not the walk's own."""
    return list(dict.fromkeys(m.text for m in observation.messages if m.role != "assistant"))


def _turn(scenario: Scenario, asker: str, observation: Observation, view: list[str]) -> Action:
    turn = sum(message.role == "assistant" for message in observation.messages)
    if turn >= ROUNDS:
        return Action()
    words = ["".join(found) for found in _WORDS.findall("\n".join(view))]
    asked = [message.text for message in observation.messages if message.role == "user"]
    words += _LOOKED_UP.findall("\n".join(asked))
    # All of it in each round: what stood nowhere in the first may have come by the next.
    looks = (call for tool in observation.tools for call in _looks(tool, dict.fromkeys(words)))
    # Numbered, since the tools answer no call twice in a row.
    asks = _asks(scenario, observation.tools, f"({turn + 1})")
    return Action(text=_cues(scenario, asker), calls=(*looks, *asks))


def _looks(tool: ToolSchema, words: dict[str, None]) -> Iterator[Call]:
    """The calls of a tool that takes at most one thing, with everything that it may take."""
    properties = msgspec.json.decode(tool.parameters)["properties"]
    if not properties:
        yield Call.of(tool.name)
    if len(properties) == 1:
        ((name, schema),) = properties.items()
        yield from (Call.of(tool.name, **{name: value}) for value in _values(schema, words))


def _values(schema: dict[str, Any], words: dict[str, None]) -> list[Any]:
    kinds = _kinds(schema)
    nothing = [None] if "null" in kinds else []
    if "integer" in kinds:
        return [*nothing, *NUMBERS]
    return [*nothing, "", *words] if "string" in kinds else nothing


def _kinds(schema: dict[str, Any]) -> list[str]:
    kinds = schema.get("type", [])
    return kinds if isinstance(kinds, list) else [kinds]


def _asks(scenario: Scenario, tools: tuple[ToolSchema, ...], number: str) -> Iterator[Call]:
    """A message to each person by each call that takes `to` and otherwise words alone."""
    for tool in tools:
        properties = dict(msgspec.json.decode(tool.parameters)["properties"])
        to = properties.pop("to", {})
        if not to or not all("string" in _kinds(schema) for schema in properties.values()):
            continue
        for party in scenario.parties:
            if party.kind == "person":
                text = f"{_cues(scenario, party.key)} {number}"
                whom: Any = [party.email] if to.get("type") == "array" else party.email
                yield Call.of(tool.name, **{"to": whom, **dict.fromkeys(properties, text)})


def _cues(scenario: Scenario, party: str) -> str:
    """Words that a person answers, and what the scenario's facts are."""
    cues = [cue for answer in scenario.answers if answer.party == party for cue in answer.cues]
    return " ".join(dict.fromkeys([*cues, *(fact.attribute for fact in scenario.facts)]))
