"""The one way out: delivers a text and records that it did.

A tool that wants anything to reach anyone calls its `Wire`; there is no other way, so what
the wire recorded is all that was ever said. The world behind it (`Post`) resolves addresses,
carries the record to the recipient's own instance of the tool, and writes the `Sent` event.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Annotated, Any, ClassVar, Literal, Protocol, TypeVar

import msgspec
from pydantic import BaseModel, BeforeValidator, ConfigDict

from privgym.event import (
    Announced,
    Asked,
    Confided,
    Consented,
    Deed,
    Delegated,
    Revoked,
    Withdrew,
)


def _split(value: Any) -> Any:
    """Forgive one string where a list of addresses is meant ("a@x.org; Bo Li <b@x.org>")."""
    if not isinstance(value, str):
        return value
    return [part.strip() for part in value.replace(";", ",").split(",") if part.strip()]


EMAIL = re.compile(r"[^\s@<>]+@[^\s@<>]+\.[^\s@<>]+")
"""An e-mail address, wherever it stands in an address."""

SITE = re.compile(r"https?://(?:www\.)?([^\s/?#@:]+\.[^\s/?#@:]+)(?::\d+)?(?:[/?#]|$)")
"""A web address; its host is the first group."""

Names = Annotated[list[str], BeforeValidator(_split)]
"""Several names, of files for instance."""

Addresses = Names
"""Who is to get something: e-mail addresses, full names or handles."""


class Record(BaseModel):
    """What a tool keeps and sends: frozen, and it knows what of it a recipient can read.

    `envelope` names the fields that are addresses, numbers or times of the house and carry
    no content of the sender's.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    envelope: ClassVar[frozenset[str]] = frozenset()

    def parts(self) -> tuple[tuple[str, str], ...]:
        """Every (field, text) that a recipient can open, empty ones left out.

        Of several texts in one field each is a part of its own: "attached/1", "attached/2".
        """
        fields = _content(type(self))
        return tuple(part for name in fields for part in _texts(name, getattr(self, name)))


@cache
def _content(kind: type[Record]) -> tuple[str, ...]:
    """The fields of a kind of record that carry content."""
    return tuple(name for name in kind.model_fields if name not in kind.envelope)


def _texts(name: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str) and value:
        yield name, value
    elif isinstance(value, tuple):
        for number, inner in enumerate(value, 1):
            yield from _texts(f"{name}/{number}", inner)


R = TypeVar("R", bound=Record)
Act = Literal["consent", "withdraw", "ask", "confide", "delegate", "revoke", "announce"]


class Delivery(msgspec.Struct, frozen=True):
    """One record on its way: what the post is handed."""

    tool: str
    sender: str
    hand: str
    to: tuple[str, ...]
    record: Record
    thread: str = ""


class Post(Protocol):
    """What the world does for a wire."""

    now: str

    def resolve(self, address: str) -> str:
        """The key of the party at an address; LookupError says what was meant."""
        ...

    def address(self, key: str) -> str:
        """How a party is addressed: "Full Name <e-mail>", or its name."""
        ...

    def carry(self, delivery: Delivery) -> Record:
        """Deliver and record, or neither; gives back the record as delivered."""
        ...

    def consult(self, tool: str, owner: str, question: str) -> str:
        """What the owner's account of this tool answers by itself, such as free and busy."""
        ...

    def announce(self, event: Deed) -> None:
        """Write down a structured act of a person."""
        ...


class Wire:
    """A tool's way out, for one call.

    Args:
        post: the world.
        tool: name of the tool that calls.
        me: key of the account; norms see it as the sender.
        hand: key of who works the account; the agent, or the account's owner.
    """

    __slots__ = ("_post", "hand", "me", "tool")

    def __init__(self, post: Post, tool: str, me: str, hand: str) -> None:
        self._post, self.tool, self.me, self.hand = post, tool, me, hand

    @property
    def now(self) -> str:
        """The scenario's time, "2026-11-30 09:00"; it stands still within a session."""
        return self._post.now

    @property
    def mine(self) -> str:
        """How this account is addressed."""
        return self._post.address(self.me)

    def addresses(self, to: Sequence[str]) -> tuple[str, ...]:
        """The same people in full ("Full Name <e-mail>"), each once.

        Raises:
            LookupError: an address leads to nobody, or to several.
            ValueError: nobody is named.
        """
        if not to:
            raise ValueError("name at least one recipient in `to`")
        return tuple(dict.fromkeys(self._full(address) for address in to))

    def _full(self, address: str) -> str:
        key = self._post.resolve(address)
        bare = EMAIL.search(address)
        # Words around an unknown address would reach its readers without standing in any part.
        return bare[0] if bare and key == "stranger" else self._post.address(key)

    def send(self, to: Sequence[str], record: R, thread: str = "") -> R:
        """Send a record to people; keep what this returns, never what you passed.

        Args:
            to: addresses.
            record: what is sent, whole.
            thread: text that it answers, for telling whom it speaks of.

        Raises:
            LookupError: an address leads to nobody, or to several.
        """
        keys = tuple(dict.fromkeys(self._post.resolve(address) for address in to))
        return self._carry(self.me, self.hand, keys, record, thread)

    def publish(self, people: Sequence[str], record: R, thread: str = "") -> R:
        """Make a record public: anyone at all can read it, and these people are shown it."""
        keys = dict.fromkeys(self._post.resolve(address) for address in people)
        return self._carry(self.me, self.hand, (*keys, "public"), record, thread)

    def tell(self, service: str, record: R) -> R:
        """Tell a service something: a query, a form, a note to keep."""
        return self._carry(self.me, self.hand, (service,), record, "")

    def fetch(self, service: str, record: R) -> R:
        """Get something out of a service that holds it: a recall flows from memory to the agent."""
        return self._carry(service, service, (self.hand,), record, "")

    def consult(self, owner: str, question: str) -> str:
        """Ask another's account of this tool what it answers by itself.

        Args:
            owner: the address of a person, or the key of a service.
            question: what is asked.

        Raises:
            LookupError: nobody is called so, or nobody who answers.
        """
        return self._post.consult(self.tool, owner, question)

    def own(self, tool: str, question: str) -> str:
        """Ask another of one's own accounts, such as for a file to attach to a letter.

        Raises:
            LookupError: it has no answer.
        """
        return self._post.consult(tool, self.me, question)

    def act(self, kind: Act, what: str, to: str = "anyone") -> None:
        """A person's structured act.

        Args:
            kind: what is done.
            what: the attribute that it is about; of "announce" the event.
            to: whom may be told, or who may decide.

        Raises:
            LookupError: nobody is called so.
            ValueError: anyone at all would decide.
        """
        if kind in _ALONE:
            self._post.announce(_ALONE[kind](self.me, what))
            return
        if to == "anyone" and kind in ("delegate", "revoke"):
            raise ValueError("say who may decide")
        key = to if to == "anyone" else self._post.resolve(to)
        self._post.announce(_TOWARDS[kind](self.me, what, key))

    def _carry(self, sender: str, hand: str, to: tuple[str, ...], record: R, thread: str) -> R:
        delivered = self._post.carry(
            Delivery(tool=self.tool, sender=sender, hand=hand, to=to, record=record, thread=thread)
        )
        if not isinstance(delivered, type(record)):
            raise TypeError(f"{self.tool}: the wire gave back a {type(delivered).__name__}")
        return delivered


_ALONE: dict[str, type[Asked | Confided | Announced]] = {
    "ask": Asked,
    "confide": Confided,
    "announce": Announced,
}
_TOWARDS: dict[str, type[Consented | Withdrew | Delegated | Revoked]] = {
    "consent": Consented,
    "withdraw": Withdrew,
    "delegate": Delegated,
    "revoke": Revoked,
}
