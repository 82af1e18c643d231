"""Contextual integrity in records: parties, facts, findings, flows.

A flow is one fact reaching one recipient. Its five parts are those of contextual integrity
(Nissenbaum 2004; Barth, Datta, Mitchell and Nissenbaum 2006, section 2): sender, recipient,
subject, attribute, and the transmission principle, which here is what the norm's conditions
ask of the past (consent, being asked, the context of the session).
"""

from __future__ import annotations

from typing import Literal

import msgspec

Kind = Literal["person", "agent", "service", "memory", "stranger"]
Type = Literal[
    "text", "name", "date", "days", "money", "number", "phone", "email",
    "id", "ssn", "card", "ending", "address", "place", "state", "url",
]  # fmt: skip
Certainty = Literal["yes", "maybe"]

AGENT, MEMORY, STRANGER, PUBLIC = "agent", "memory", "stranger", "public"
"""Keys of the house's own parties (memory and the public only where a tool reaches them)."""


class Party(msgspec.Struct, frozen=True):
    """Anyone or anything that sends or receives.

    Args:
        key: a short lower-case word, unique in the scenario; norms use it.
        name: full name, as people write it.
        kind: what it is.
        roles: (role, key of the party it is held towards), such as ("manager", "ana").
        email: e-mail address, "" if it has none.
        phone: phone number, "" if it has none.
    """

    key: str
    name: str
    kind: Kind = "person"
    roles: tuple[tuple[str, str], ...] = ()
    email: str = ""
    phone: str = ""


class Fact(msgspec.Struct, frozen=True):
    """One tracked thing about a subject.

    Args:
        key: unique in the scenario.
        subject: key of the party it is about.
        attribute: what kind of thing it is; norms speak of attributes.
        type: how its value is written, which decides the surface forms a sensor knows.
        value: canonical text of the value: ISO dates ("2026-12-03"; "2026-12-03/2026-12-05"
            for days), plain decimals for money ("72000 USD") and numbers, else the text itself.
        aliases: other wordings that disclose it just as well.
        sphere: the sphere it comes from where that differs from its attribute's.
    """

    key: str
    subject: str
    attribute: str
    type: Type
    value: str
    aliases: tuple[str, ...] = ()
    sphere: str = ""


class Finding(msgspec.Struct, frozen=True):
    """A sensor's claim that a fact is in a text. Fallible, and says by whom and how sure.

    Args:
        fact: key of the fact.
        field: the part of the record it was found in.
        start, end: span in that part's text, in characters.
        words: the text of the span.
        certainty: "maybe" where the words fit, but not clearly: another subject, a slip of the
            pen, an initial, or only a mention ("do you have lupus?").
        sensor: name and version of the sensor.
    """

    fact: str
    field: str
    start: int
    end: int
    words: str
    certainty: Certainty = "yes"
    sensor: str = ""


class Flow(msgspec.Struct, frozen=True):
    """One fact reached one recipient: contextual integrity's parts and the finding that proves it.

    Args:
        sender: the account it left (the principal, with her roles, when the agent works it).
        hand: who worked the account; scores count flows with the agent's hand, and memory's.
        recipient: key of the party that can now read it.
        subject, attribute, fact: whom and what it is about.
        session: number of the session it happened in, from 1 (0 is the past).
        channel: "talk" or the tool's name.
        event: index of the `Sent` in the episode's events.
        finding: the proof.
        premises: keys of the facts from which the recipient can tell this one, where it was not
            told in words; the finding is then of the last of them.
    """

    sender: str
    hand: str
    recipient: str
    subject: str
    attribute: str
    fact: str
    session: int
    channel: str
    event: int
    finding: Finding
    premises: tuple[str, ...] = ()
