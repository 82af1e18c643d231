"""Who is who in the accounts of a live case: handles become addresses that the tools know."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

import msgspec

from privgym.flow import Party
from privgym.importers.case import Case
from privgym.importers.state import Record, parts, when
from privgym.importers.whom import AUDIENCE, has_word_of, is_me
from privgym.scenario import PRINCIPAL, Scenario

DOMAIN = "people.example"
"""Where those have an e-mail address for whom the case names none."""

_GROUPS = re.compile(r"\b(?:group|team|members|staff|chat|channel|family|general|other)\b", re.I)
"""Words of a group's name that another group may have as well."""


class Circle:
    """The user and the recipients of a case, by the handles that its trajectory has for them.

    Args:
        case: the case.
        final: the scenario of its final action.
    """

    def __init__(self, case: Case, final: Scenario) -> None:
        self._case, self.me = case, final.parties[0]
        named = [p for p in final.parties if p.kind == "person" and p.key != PRINCIPAL]
        self._handles = tuple(party.email for party in named)
        self.people = tuple(msgspec.structs.replace(party, email=_email(party)) for party in named)
        self._finish: dict[str, Callable[[Record], Record]] = {
            "email": self._letter,
            "chat": self._message,
            "calendar": _entry,
            "social": self._post,
        }

    def whole(self, tool: str, record: Record) -> Record:
        """A record with the people, times and fields as the tool has them."""
        return self._finish.get(tool, dict)(record)

    def entries(self, listed: Sequence[Record]) -> Iterator[tuple[str, Record]]:
        """(tool, record) by which the recipients are reached, those not listed as contacts yet."""
        known = {record["email"] for record in listed}
        for party in self.people:
            if party.key == AUDIENCE:
                readers = [_full(party)]
                yield "social", {"friends": readers, "followers": readers}
            elif party.email not in known:
                yield "contacts", {"name": party.name, "email": party.email}
        for handle in self._handles:
            # A channel that the request names is there, also where nothing was read in it.
            if handle and f"#{handle}" in self._case.trajectory.user_instruction:
                yield "chat", {"to": self._members(handle), "channel": _slug(handle)}

    def _address(self, handle: str) -> str:
        """The address of whoever has a handle; the handle itself of those who are neither."""
        bare = handle.strip("@# ")
        if is_me(self._case, bare):
            return _full(self.me)
        for party, own in zip(self.people, self._handles, strict=True):
            name = _GROUPS.sub("", party.name)
            if bare.lower() in (own.lower(), party.name.lower()) or has_word_of(name, bare):
                return _full(party)
        return bare or "somebody"

    def _letter(self, record: Record) -> Record:
        to = [self._address(one) for one in parts(record["to"])]
        attached = parts(record.get("attached", ""))
        body = record.get("body", "")
        sent = {"sender": self._address(record["sender"]), "to": to, "at": when(record["at"])}
        return {**sent, "subject": record["subject"], "body": body, "attached": attached}

    def _message(self, record: Record) -> Record:
        place = record.get("channel", "")
        channel = place.startswith("#")
        to = self._members(place) if channel else [self._address(place or self.me.name)]
        sent = {"sender": self._address(record["sender"]), "text": record["text"]}
        where = {"to": to, "channel": _slug(place) if channel else ""}
        return {**sent, **where, "at": when(record.get("at", ""))}

    def _members(self, channel: str) -> list[str]:
        """Who is in a channel, as far as the scenario knows: the user, and the recipients."""
        there = [
            _full(party)
            for party, own in zip(self.people, self._handles, strict=True)
            if _slug(channel) in (_slug(own), _slug(party.name))
        ]
        return [_full(self.me), *there]

    def _post(self, record: Record) -> Record:
        to = [_full(party) for party in self.people if party.key == AUDIENCE]
        return {"sender": _full(self.me), "audience": "friends", "to": to, **record}


def _entry(record: Record) -> Record:
    return {**record, "start": when(record["start"]), "end": when(record["end"])}


def _email(party: Party) -> str:
    """An e-mail address: that of the case, or one made of the handle or the name."""
    if "@" in party.email:
        return party.email
    word = re.sub(r"\W+", ".", (party.email or party.name).lower()).strip(".")
    return f"{word}@{DOMAIN}"


def _full(party: Party) -> str:
    return f"{party.name} <{party.email}>"


def _slug(name: str) -> str:
    return re.sub(r"[^\w-]+", "-", name.lower()).strip("-")
