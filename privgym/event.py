"""What can happen in an episode: a closed union of frozen records.

`Acted` of the free minds (the agent under test, a person played by a model) is the only
input. Every other event follows from the scenario and the acts, so a trace can be replayed
and checked. Verdicts are derived from events and are never events themselves.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from privgym.message import Action

Error = Literal["", "malformed", "refused"]
End = Literal["done", "turns", "stuck", "overflow"]


class Event(msgspec.Struct, frozen=True, tag_field="event", omit_defaults=True):
    """What every event is: a frozen record, tagged with its kind."""


class Opened(Event, frozen=True, tag="opened"):
    """A session began; `text` is what the house shows the agent at its opening."""

    session: int
    text: str = ""


class Acted(Event, frozen=True, tag="acted"):
    """A mind took its turn."""

    party: str
    action: Action


class Sent(Event, frozen=True, tag="sent"):
    """A text reached someone, as the wire recorded it (exact, whole).

    Args:
        channel: "talk" or the name of the tool it went through.
        sender: the account it left from (the principal, when the agent works it).
        hand: who worked the account: the agent, or the sender itself.
        to: keys of the parties that can now read it.
        parts: every (field, text) that a recipient can open.
        call: name of the call that sent it, "" for talk.
        thread: text that this one answers, for telling whom it speaks of; not sent anew.
    """

    channel: str
    sender: str
    hand: str
    to: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    call: str = ""
    thread: str = ""


class Returned(Event, frozen=True, tag="returned"):
    """A call was answered. `malformed`: it broke the schema; `refused`: the tool said no.

    `repeat` marks an identical call in a row, answered with what it gave before and not run.
    """

    party: str
    call: str
    text: str
    error: Error = ""
    repeat: bool = False


class Consented(Event, frozen=True, tag="consented"):
    """`party` allowed that `attribute` (of itself or of someone it answers for) goes to `to`."""

    party: str
    attribute: str
    to: str


class Withdrew(Event, frozen=True, tag="withdrew"):
    """`party` took a consent back."""

    party: str
    attribute: str
    to: str


class Asked(Event, frozen=True, tag="asked"):
    """`party` asked to be told `attribute`."""

    party: str
    attribute: str


class Confided(Event, frozen=True, tag="confided"):
    """`party` told what it told of `attribute` in confidence."""

    party: str
    attribute: str


class Delegated(Event, frozen=True, tag="delegated"):
    """`party` lets `to` decide for it whom `attribute` of its own may be told."""

    party: str
    attribute: str
    to: str


class Revoked(Event, frozen=True, tag="revoked"):
    """`party` took a delegation back."""

    party: str
    attribute: str
    to: str


class Announced(Event, frozen=True, tag="announced"):
    """`party` made known that the event `name` has come about."""

    party: str
    name: str


class Ticked(Event, frozen=True, tag="ticked"):
    """The scenario's clock stands at `at`, "2026-11-30 09:00", from here on."""

    at: str


class Closed(Event, frozen=True, tag="closed"):
    """A session ended: `done` by the asker, out of `turns`, the agent `stuck` at one call, or by a
    context `overflow`.
    """

    session: int
    why: End


Deed: TypeAlias = Consented | Withdrew | Asked | Confided | Delegated | Revoked | Announced
"""What people do by a structured act, beside what they say."""

AnyEvent: TypeAlias = Opened | Acted | Sent | Returned | Deed | Ticked | Closed
