"""The state of a scenario: its clock, its accounts, and calls as transactions.

The world is the post behind every wire. It executes calls in order, synchronously and
deterministically; on any error nothing was stored, nothing was delivered, nothing happened.
"""

from __future__ import annotations

from functools import cache
from typing import Any, TypeVar

import msgspec

from privgym import tool
from privgym.errors import PrivgymError, did_you_mean
from privgym.event import AnyEvent, Deed, Returned, Sent
from privgym.flow import AGENT, STRANGER, Party
from privgym.guard import Guard, Refused
from privgym.message import Call, Message, ToolSchema
from privgym.scenario import PRINCIPAL, Kept, Scenario
from privgym.tool import Method, Tool
from privgym.wire import EMAIL, SITE, Delivery, Record, Wire

PEOPLE = ("email", "calendar", "chat", "notes", "files", "social", "act")
"""What people hold of the agent's tools, and the house's tool for their acts."""

R = TypeVar("R", bound=Record)


class Arrival(msgspec.Struct, frozen=True):
    """Something was delivered to a party: what it gets to see."""

    to: str
    message: Message


class Outcome(msgspec.Struct, frozen=True):
    """What a call came to: the events it made, the answer last, and what arrived where.

    `guarded` says that it is a guard that refused it.
    """

    events: tuple[AnyEvent, ...]
    arrivals: tuple[Arrival, ...]
    returned: Returned
    guarded: bool = False


class Said(Record):
    """Plain talk."""

    text: str


class World:
    """The accounts of one episode.

    Args:
        scenario: the scenario; its `past` has not happened yet (see `Episode`).
        guard: what stands at every wire, if anything does. It has to see each event.
    """

    def __init__(self, scenario: Scenario, guard: Guard | None = None) -> None:
        self.scenario, self._guard = scenario, guard
        self.now = scenario.sessions[0].at
        self._parties = {party.key: party for party in scenario.parties}
        self._directory = _directory(scenario.parties)
        self._accounts: dict[tuple[str, str], Tool[Any]] = {}
        self._touched: list[Tool[Any]] = []
        self._calling = ""
        self._events: list[AnyEvent] = []
        self._arrivals: list[Arrival] = []
        self._notes: list[str] = []
        for kept in scenario.kept:
            self._keep(kept)

    def _keep(self, kept: Kept) -> None:
        account = self.account(kept.owner, kept.tool)
        try:
            account.hold(kept.record)
        except ValueError as error:
            where = f"{self.scenario.name}, what {kept.owner} keeps in {kept.tool}"
            raise PrivgymError(str(error), where=where) from None
        account.commit()

    def account(self, owner: str, name: str) -> Tool[Any]:
        """An account's own instance of a tool."""
        key = (PRINCIPAL if owner == AGENT else owner, name)
        if key not in self._accounts:
            self._accounts[key] = tool.load(name)()
        return self._accounts[key]

    def call(self, party: str, call: Call) -> Outcome:
        """Run one call of a party's, whole or not at all.

        Returns:
            The outcome; `returned.error` says "malformed" for what breaks the schema and
            "refused" for what the tool would not do or a guard did not let through.
        """
        method = calls_of(self.scenario, party).get(call.name)
        if method is None:
            return self._unanswered(party, call, "malformed", self._no_such_call(party, call.name))
        try:
            arguments = method.read(call.arguments)
        except ValueError as error:
            return self._unanswered(party, call, "malformed", str(error))
        account = self.account(party, method.tool)
        self._touched.append(account)
        self._calling = call.name
        wire = Wire(self, method.tool, PRINCIPAL if party == AGENT else party, party)
        try:
            text = str(method.run(account, wire, **arguments))
        except (LookupError, ValueError, Refused) as error:
            self._end(keep=False)
            outcome = self._unanswered(party, call, "refused", str(error))
            return msgspec.structs.replace(outcome, guarded=isinstance(error, Refused))
        except BaseException:
            self._end(keep=False)
            raise
        returned = Returned(party=party, call=call.name, text="\n".join([text, *self._notes]))
        outcome = Outcome((*self._events, returned), tuple(self._arrivals), returned)
        self._end(keep=True)
        return outcome

    def say(self, sender: str, hand: str, to: str, text: str) -> Outcome:
        """Plain talk: what is said in a session, to the one who hears it.

        Returns:
            The outcome; `returned` is what a guard tells the one who spoke.
        """
        sent = Sent(channel="talk", sender=sender, hand=hand, to=(to,), parts=(("text", text),))
        if self._guard:
            try:
                said, sent = self._let(Said(text=text), sent)
            except Refused as error:
                returned = Returned(party=hand, call="", text=f"Error: {error}", error="refused")
                return Outcome((), (), returned, guarded=True)
            text = said.text
        returned = Returned(party=hand, call="", text="\n".join(self._notes))
        self._end(keep=True)
        heard = Message("user", text, party=hand, channel="talk")
        return Outcome((sent,), (Arrival(to, heard),), returned)

    def open(self) -> tuple[list[str], tuple[AnyEvent, ...]]:
        """What the principal's accounts show as a session opens, and what was sent for it."""
        texts = []
        for name in self.scenario.tools:
            account, wire = self.account(PRINCIPAL, name), Wire(self, name, PRINCIPAL, AGENT)
            try:
                texts.append(account.opening(wire))
            except Refused as error:
                texts.append(str(error))
        events, texts = tuple(self._events), [*texts, *self._notes]
        self._end(keep=True)
        return list(filter(None, texts)), events

    # -- the post behind the wires ----------------------------------------------------------

    def resolve(self, address: str) -> str:
        text = address.strip()
        site, email = SITE.match(text), EMAIL.search(text)
        word = (site[1] if site else email[0] if email else text.removeprefix("@")).lower()
        found = self._directory.get(word, ())
        if len(found) == 1:
            return found[0]
        if found:
            names = " or ".join(self._parties[key].name for key in found)
            raise LookupError(f'"{text}" could be {names}; write the full name')
        if email or site:
            return STRANGER
        near = did_you_mean(word, self._directory)
        hint = f"; did you mean {near}?" if near else "; write a full name or an e-mail address"
        raise LookupError(f'nobody is called "{text}"{hint}')

    def address(self, key: str) -> str:
        party = self._parties[key]
        return f"{party.name} <{party.email}>" if party.email else party.name

    def carry(self, delivery: Delivery) -> Record:
        record = delivery.record
        sent = Sent(
            channel=delivery.tool,
            sender=delivery.sender,
            hand=delivery.hand,
            to=delivery.to,
            parts=record.parts(),
            call=self._calling,
            thread=delivery.thread,
        )
        record, sent = self._let(record, sent)
        for key in sent.to:
            if key not in self._parties:
                raise LookupError(f'there is no "{key}" here')
            if self._parties[key].kind in ("person", "service"):
                self._arrive(key, sent, record)
        self._events.append(sent)
        return record

    def _let(self, record: R, sent: Sent) -> tuple[R, Sent]:
        """What a guard lets through of a record.

        Raises:
            Refused: nothing.
        """
        if self._guard is None:
            return record, sent
        record, note = self._guard.admit(record, sent, self._events)
        self._notes += [note] if note else []
        return record, msgspec.structs.replace(sent, parts=record.parts())

    def _arrive(self, key: str, sent: Sent, record: Record) -> None:
        account = self.account(key, sent.channel)
        self._touched.append(account)
        number, line = account.receive(sent.sender, record)
        if self._parties[key].kind != "person":
            return
        if key == PRINCIPAL and sent.hand != AGENT:
            # The agent works this account: it is told that something came, and must open it.
            message = Message("notice", line, channel=sent.channel, record=number)
            key = AGENT
        else:
            text = "\n".join([line, *(text for _, text in sent.parts)])
            message = Message("user", text, sent.sender, channel=sent.channel, record=number)
        self._arrivals.append(Arrival(key, message))

    def consult(self, name: str, owner: str, question: str) -> str:
        service = owner in self._parties and self._parties[owner].kind == "service"
        key = owner if service else self.resolve(owner)
        if key == STRANGER:
            raise LookupError(f'"{owner}" shares no {name} with you')
        return self.account(key, name).consulted(question)

    def announce(self, event: Deed) -> None:
        self._events.append(event)

    # -- transactions -----------------------------------------------------------------------

    def _end(self, *, keep: bool) -> None:
        for account in self._touched:
            account.commit() if keep else account.rollback()
        self._touched, self._calling, self._events, self._arrivals = [], "", [], []
        self._notes = []

    def _unanswered(self, party: str, call: Call, error: Any, text: str) -> Outcome:
        returned = Returned(party=party, call=call.name, text=f"Error: {text}", error=error)
        return Outcome((returned,), (), returned)

    def _no_such_call(self, party: str, name: str) -> str:
        known = calls_of(self.scenario, party)
        near = did_you_mean(name, known)
        hint = f"did you mean {near}?" if near else f"there are: {', '.join(known)}"
        return f'there is no tool "{name}"; {hint}'


def calls_of(scenario: Scenario, party: str) -> dict[str, Method]:
    """What a party may call, by full name."""
    return _calls(scenario.tools, party == AGENT)


@cache
def _calls(tools: tuple[str, ...], agent: bool) -> dict[str, Method]:
    if not agent:
        tools = tuple(name for name in PEOPLE if name in (*tools, "act"))
    return {
        key: method
        for name in tools
        for key, method in tool.methods(name).items()
        if not method.needs or method.needs in tools
    }


def schemas_of(scenario: Scenario, party: str) -> tuple[ToolSchema, ...]:
    """The schemas of what a party may call; the same object for the same tools."""
    return _schemas(scenario.tools, party == AGENT)


@cache
def _schemas(tools: tuple[str, ...], agent: bool) -> tuple[ToolSchema, ...]:
    return tuple(method.schema for method in _calls(tools, agent).values())


def _directory(parties: tuple[Party, ...]) -> dict[str, tuple[str, ...]]:
    """Lower-case name, first name, e-mail and handle -> keys of the people so called.

    A service that has an address is there too, by the host of its e-mail in place of a first name.
    """
    found: dict[str, tuple[str, ...]] = {}
    for party in parties:
        if party.kind == "person" or (party.kind == "service" and party.email):
            host = party.email.partition("@")[2]
            short = party.name.split()[0] if party.kind == "person" else host
            words = (party.name, short, party.email, party.key)
            for word in sorted({word.lower() for word in words if word}):
                found[word] = (*found.get(word, ()), party.key)
    return found


def check_tools(scenario: Scenario) -> None:
    """Raise `PrivgymError` where a stored call of the scenario does not fit its tool."""
    stored = [(p.party, p.call) for p in scenario.past]
    stored += [
        (AGENT, c) for play in scenario.plays for s in play.sessions for a in s for c in a.calls
    ]
    stored += [(s.asker, c) for s in scenario.sessions for c in s.opening.calls]
    stored += [(a.party, c) for a in scenario.answers for c in a.calls]
    for party, made in stored:
        known = calls_of(scenario, party)
        where = f"{scenario.name}, a call of {party}"
        if made.name not in known:
            near = did_you_mean(made.name, known)
            raise PrivgymError(f'there is no call "{made.name}"', where=where, meant=near)
        try:
            known[made.name].read(made.arguments)
        except ValueError as error:
            raise PrivgymError(str(error), where=where) from None
