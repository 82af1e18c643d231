"""What a scenario's accounts hold before session 1: letters, notes, files, messages, pages.

Most of it is the past: calls that somebody made, run through the same tools and the same wire as
any other. What no call makes (a web page, who is in a channel) is kept from the start.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Literal

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import AGENT, MEMORY, PUBLIC, STRANGER, Fact, Party
from privgym.message import Call
from privgym.ref import (
    ChannelRef,
    EntryRef,
    FactRef,
    FileRef,
    FormRef,
    LetterRef,
    MessageRef,
    NoteRef,
    PartyRef,
    call,
    full,
)
from privgym.scenario import PRINCIPAL, Kept, Past
from privgym.value import Value, Values

HOUSE = (PRINCIPAL, AGENT, MEMORY, STRANGER, PUBLIC, "search")
"""Keys that no person, site or fact of a family can have."""


class Accounts:
    """The accounts of a scenario in the making.

    Args:
        draw: values out of a seed; it says what day it is.
        tools: names of the agent's tools.
    """

    def __init__(self, draw: Values, tools: tuple[str, ...]) -> None:
        self._draw, self._tools = draw, tools
        self._parties: list[Party] = []
        self._facts: list[Fact] = []
        self._past: list[Past] = []
        self._kept: list[Kept] = []
        self._counts: Counter[str] = Counter()

    # -- mail and chat --------------------------------------------------------------------

    def letter(
        self,
        sender: PartyRef,
        to: PartyRef,
        body: str,
        subject: str = "",
        days_ago: int = 1,
        attach: Sequence[FileRef] = (),
    ) -> LetterRef:
        """A letter that was sent before session 1, by the principal or to the principal.

        Files attached are the sender's own: `s.file(name, text, of=sender)`.
        """
        self._with_principal("letter", sender, to)
        given = {"to": [to], "subject": subject, "body": body}
        sent = call.email_attach(**given, files=attach) if attach else call.email_send(**given)
        self.earlier(sender, sent, days_ago)
        return LetterRef(self._count("email"))

    def channel(self, name: str, members: Sequence[PartyRef]) -> ChannelRef:
        """A chat channel and who is in it; the principal is. Channels come before messages."""
        if self._counts["chat"] > self._counts["channel"] or name != name.lower():
            raise self._wrong(
                f"channel {name} stands after a message, or is not in lower case",
                "declare channels first, in lower case",
            )
        people = [PartyRef(PRINCIPAL), *(one for one in members if one.key != PRINCIPAL)]
        for member in people:
            self._keep(member.key, "chat", channel=name, to=[full(one) for one in people])
        self._count("channel")
        self._count("chat")
        return ChannelRef(name)

    def chat(
        self, sender: PartyRef, to: PartyRef | ChannelRef, text: str, days_ago: int = 1
    ) -> MessageRef:
        """A chat message of before session 1, in a channel, or by or to the principal."""
        if isinstance(to, PartyRef):
            self._with_principal("message", sender, to)
        self.earlier(sender, call.chat_send(to=to, text=text), days_ago)
        where = sender if sender.key != PRINCIPAL and isinstance(to, PartyRef) else to
        return MessageRef(self._count("chat"), where)

    def circle(self, audience: Literal["friends", "followers"], people: Sequence[PartyRef]) -> None:
        """Who reads the principal's posts to an audience; friends are friends of each other's."""
        self._keep(PRINCIPAL, "social", **{audience: [full(person) for person in people]})
        for friend in people if audience == "friends" else ():
            self._keep(friend.key, "social", friends=[full(PartyRef(PRINCIPAL))])

    def post(
        self,
        sender: PartyRef,
        text: str,
        audience: Literal["public", "friends", "followers"] = "friends",
        days_ago: int = 2,
    ) -> None:
        """A post of before session 1."""
        self.earlier(sender, call.social_post(text=text, audience=audience), days_ago)

    # -- what one keeps -------------------------------------------------------------------

    def note(self, title: str, text: str, of: PartyRef | None = None, days_ago: int = 3) -> NoteRef:
        """A note of the principal's own (or of somebody else's)."""
        owner = of or PartyRef(PRINCIPAL)
        self.earlier(owner, call.notes_write(title=title, text=text), days_ago)
        return NoteRef(self._count(f"notes of {owner.key}"))

    def file(self, name: str, text: str, of: PartyRef | None = None, days_ago: int = 3) -> FileRef:
        """A file of the principal's own (or of somebody else's)."""
        written = call.files_write(name=name, text=text)
        self.earlier(of or PartyRef(PRINCIPAL), written, days_ago)
        return FileRef(name)

    def entry(
        self,
        title: str,
        start: FactRef | Value | str,
        end: FactRef | Value | str | None = None,
        *,
        note: str = "",
        of: PartyRef | None = None,
        invited: Sequence[PartyRef] = (),
        days_ago: int = 3,
    ) -> EntryRef:
        """An entry in the principal's calendar (or in somebody else's), with who is invited.

        Args:
            title: what it is.
            start, end: a time as YYYY-MM-DD or YYYY-MM-DD HH:MM, or a date; days give both.
            note: more text.
            of: whose it is.
            invited: who has it too. The number given is the principal's, where she has it.
            days_ago: when it was made.
        """
        owner = of or PartyRef(PRINCIPAL)
        first, last = self._times(start, end)
        made = call.calendar_create(title=title, start=first, end=last, note=note or None)
        self.earlier(owner, made, days_ago)
        number = self._count(f"calendar of {owner.key}")
        if invited:
            self.earlier(owner, call.calendar_invite(id=number, to=invited), days_ago)
        for guest in invited:
            held = self._count(f"calendar of {guest.key}")
            number = held if guest.key == PRINCIPAL else number
        return EntryRef(number)

    def memory(self, text: str, key: str = "", days_ago: int = 7) -> None:
        """What the agent remembered before session 1; `key` where its memory has keys."""
        tool = next((name for name in self._tools if name.startswith(MEMORY)), MEMORY)
        given = {"key": key, "text": text} if key else {"text": text}
        self.earlier(PartyRef(AGENT), Call.of(f"{tool}_remember", **given), days_ago)

    def set(self, tool: str, **settings: Any) -> None:
        """How the principal's account of a tool is set: `s.set("memory", preload=3)`."""
        self._keep(PRINCIPAL, tool, **settings)

    # -- the web --------------------------------------------------------------------------

    def page(self, title: str, text: str) -> None:
        """A page that the web search can find."""
        self._keep("search", "search", title=title, text=text)

    def site(self, name: str, role: str = "") -> PartyRef:
        """A web site: a party of its own, which is told what is opened and submitted there."""
        slug = "-".join("".join(c if c.isalnum() else " " for c in name.lower()).split())
        key = self._key(role or slug.replace("-", "_"))
        roles = ((role, PRINCIPAL),) if role else ()
        self._parties.append(Party(key, name, "service", roles, f"info@{slug}.example"))
        return PartyRef(key)

    def form(self, site: PartyRef, title: str, text: str, fields: Sequence[str] = ()) -> FormRef:
        """A page of a site, with fields to fill in (or without); its address is made up."""
        host = next(p.email for p in self._parties if p.key == site.key).partition("@")[2]
        number = self._count(f"pages of {site.key}")
        address = f"https://{host}/{'page' if not fields else 'form'}-{number}"
        self._keep(site.key, "web", address=address, title=title, text=text, fields=list(fields))
        return FormRef(address)

    # -- the past -------------------------------------------------------------------------

    def earlier(self, party: PartyRef, made: Call, days_ago: int = 7) -> None:
        """A call that somebody made before session 1, such as a consent once given."""
        day = self._draw.today - timedelta(days=days_ago)
        self._past.append(Past(party.key, made, f"{day} 08:30"))

    def _keep(self, owner: str, tool: str, **record: Any) -> None:
        self._kept.append(Kept(owner, tool, msgspec.json.encode(record).decode()))

    def _count(self, what: str) -> int:
        """How many of these there are, this one included: its number, if it is a record."""
        self._counts[what] += 1
        return self._counts[what]

    def _key(self, word: str) -> str:
        """The word itself, or with a number: people, facts and the house share no key."""
        taken = {*HOUSE, *(p.key for p in self._parties), *(fact.key for fact in self._facts)}
        key, number = word, 1
        while key in taken:
            number += 1
            key = f"{word}_{number}"
        return key

    def _times(
        self, start: FactRef | Value | str, end: FactRef | Value | str | None
    ) -> tuple[str, str | None]:
        types = {fact.key: fact.type for fact in self._facts}
        if isinstance(start, FactRef):
            days = types[start.key] == "days"
            first, last = (f"{start:start}", f"{start:end}") if days else (f"{start:iso}", None)
        else:
            first, _, last = (start if isinstance(start, str) else start.text).partition("/")
        if end is not None:
            last = self._times(end, None)[0]
        return first, last or None

    def _with_principal(self, what: str, sender: PartyRef, to: PartyRef) -> None:
        if PRINCIPAL not in (sender.key, to.key):
            raise self._wrong(
                f"a {what} of {sender.key} to {to.key} is in no mailbox that is ever opened",
                "the principal must send it or get it",
            )

    def _wrong(self, what: str, do: str) -> PrivgymError:
        return PrivgymError(what, where=f"{self._draw.pack}/{self._draw.family}", do=do)
