"""The spaces of the gym: structured actions, observations, prompts, and raw text.

Gymnasium's own spaces describe arrays; these describe the frozen records of `message.py`. They
sample, check, seed, go to JSON and back, and compare by what they allow, so that vector
environments batch them as tuples. `contains` is cheap: a record is checked by its type and its
tools, never by walking its messages.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from random import Random
from typing import Any, TypeVar

import msgspec
from gymnasium.spaces import Space

from privgym.errors import PrivgymError
from privgym.flow import AGENT
from privgym.message import Action, Message, Messages, Observation, ToolSchema
from privgym.model import Prompt, Turn

T = TypeVar("T", Action, Observation, Prompt, str)

WORDS = ("", "Hello", "Thank you", "tomorrow", "2026-12-01", "someone@elsewhere.example", "note")
"""What sampled strings are made of; an agent that reads its observation has better ones."""

MOST_CALLS, LONGEST = 3, 1_000_000
"""Most calls of a sampled action; most characters of a raw text."""


class RecordSpace(Space[T]):
    """What they have in common: one kind of record, drawn with the space's own generator.

    Args:
        seed: seed of the generator that samples.
    """

    kind: type[T]

    def __init__(self, seed: int | None = None) -> None:
        super().__init__(seed=seed)

    @property
    def is_np_flattenable(self) -> bool:
        """Records are no arrays."""
        return False

    def sample(self, mask: Any | None = None, probability: Any | None = None) -> T:
        """One random element.

        Raises:
            PrivgymError: a mask is given; what a scenario allows stands in the observation.
        """
        if mask is not None or probability is not None:
            raise PrivgymError(
                f"{type(self).__name__} takes no mask",
                do="draw from observation.tools: they are what this scenario allows",
            )
        return self.draw(Random(int(self.np_random.integers(2**63))))

    def draw(self, rng: Random) -> T:
        """One random element, by a given generator."""
        raise NotImplementedError

    def to_jsonable(self, sample_n: Iterable[T]) -> list[Any]:
        """Elements as plain JSON values."""
        return [msgspec.to_builtins(item, enc_hook=_plain) for item in sample_n]

    def from_jsonable(self, sample_n: list[Any]) -> list[T]:
        """The elements that `to_jsonable` wrote."""
        return [msgspec.convert(item, self.kind, dec_hook=_messages) for item in sample_n]


class _ToolSpace(RecordSpace[T]):
    """A space of records that hang on tools; equal where the tools are equal."""

    def __init__(self, tools: Sequence[ToolSchema], seed: int | None = None) -> None:
        super().__init__(seed)
        self.tools = tuple(tools)
        self._schemas = frozenset(self.tools)
        self._names = frozenset(tool.name for tool in self.tools)

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.tools == self.tools

    def __hash__(self) -> int:
        return hash((type(self), self.tools))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(tool.name for tool in self.tools)})"


class ActionSpace(_ToolSpace[Action]):
    """Text and any number of calls to these tools.

    An action outside the space is still a turn: a call to a tool that the scenario does not
    give is answered as malformed, and arguments are checked by the world.

    Args:
        tools: schemas of all that may be called.
        seed: seed of the generator that samples.
    """

    kind = Action

    def draw(self, rng: Random) -> Action:
        """A few calls that fit their schemas, or a few words."""
        some = rng.randint(0, MOST_CALLS) if self.tools else 0
        calls = tuple(rng.choice(self.tools).sample(rng, WORDS) for _ in range(some))
        return Action(text="" if calls else rng.choice(WORDS), calls=calls)

    def contains(self, x: Any) -> bool:
        """Whether it is an action that calls only tools of this space."""
        return isinstance(x, Action) and all(call.name in self._names for call in x.calls)


class ObservationSpace(_ToolSpace[Observation]):
    """What the agent may know at a turn, under these tools.

    Args:
        tools: schemas of all that may be offered.
        seed: seed of the generator that samples.
    """

    kind = Observation

    def draw(self, rng: Random) -> Observation:
        """A session's first turn, with a notice of a few words."""
        notice = Message("notice", " ".join(rng.choices(WORDS, k=3)))
        return Observation(AGENT, rng.randint(1, 3), Messages((notice,)), self.tools)

    def contains(self, x: Any) -> bool:
        """Whether it is an observation of the agent's that offers only tools of this space."""
        return (
            isinstance(x, Observation)
            and x.party == AGENT
            and x.session >= 1
            and isinstance(x.messages, Messages)
            and self._schemas.issuperset(x.tools)
        )


class _OneSpace(RecordSpace[T]):
    """A space that is the same for every scenario."""

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self)

    def __hash__(self) -> int:
        return hash(type(self))


class PromptSpace(_OneSpace[Prompt]):
    """What a model is to be asked at a turn."""

    kind = Prompt

    def draw(self, rng: Random) -> Prompt:
        """A few words."""
        return Prompt((Turn("user", " ".join(rng.choices(WORDS, k=3))),))

    def contains(self, x: Any) -> bool:
        """Whether it is a prompt."""
        return isinstance(x, Prompt)

    def __repr__(self) -> str:
        return "PromptSpace()"


class TextSpace(_OneSpace[str]):
    """What a model printed: any text up to a length. (`gymnasium.spaces.Text` walks each text
    against its character set; this checks the length alone.)"""

    kind = str

    def draw(self, rng: Random) -> str:
        """A few words."""
        return " ".join(rng.choices(WORDS, k=rng.randint(0, 8)))

    def contains(self, x: Any) -> bool:
        """Whether it is a text that is not too long."""
        return isinstance(x, str) and len(x) <= LONGEST

    def __repr__(self) -> str:
        return f"TextSpace({LONGEST})"


def _plain(value: Any) -> Any:
    """What msgspec does not know: a view of messages goes out as a tuple."""
    if isinstance(value, Messages):
        return value[:]
    raise NotImplementedError(f"{type(value).__name__} has no JSON form")


def _messages(kind: type, value: Any) -> Any:
    """And comes in as a view of its own log."""
    if kind is Messages:
        return Messages(msgspec.convert(value, tuple[Message, ...]))
    raise NotImplementedError(f"{kind.__name__} has no JSON form")
