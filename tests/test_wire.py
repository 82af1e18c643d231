"""The one way out: what is delivered, that nothing else is, and that it is all or nothing."""

from __future__ import annotations

from functools import cache
from random import Random
from typing import ClassVar

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import BaseModel

from privgym import kit
from privgym.event import Returned, Sent
from privgym.flow import AGENT, Party
from privgym.message import Call
from privgym.ref import call as make
from privgym.scenario import PRINCIPAL, Scenario
from privgym.tool import Tool
from privgym.wire import Delivery, Record, Wire
from privgym.world import Outcome, World, calls_of
from tests.small import Office

TOOLS = tuple(name for name in kit.names("tools") if name != "act")


def everything() -> Scenario:
    """A scenario in which the agent has all tools, and every tool has something to work on."""
    o = Office(tools=TOOLS)
    s, me, boss, doctor = o.s, o.me, o.boss, o.doctor
    s.page("Leave", "How leave is counted.")
    s.file("leave", "Leave, as planned.")
    s.earlier(me, make.files_share(name="leave", to=[boss]))
    s.earlier(me, make.notes_share(id=s.note("Leave", "Ask about leave."), to=[boss]))
    team = s.channel("leave", [boss])
    s.chat(boss, team, "Who is on leave?")
    s.chat(doctor, me, "See you after your leave.")
    s.circle("friends", [doctor])
    s.circle("followers", [boss])
    s.post(doctor, "Back from leave.")
    s.entry("Leave", "2026-12-01", invited=[boss])
    s.entry("Review", "2026-12-01 10:00", of=boss, invited=[me])
    s.form(s.site("Leave Office"), "Leave", "Ask for leave here.", ["leave"])
    scenario = o.freeze()
    audience = Party("audience", "All Readers")
    return msgspec.structs.replace(scenario, parties=(*scenario.parties, audience))


ALL = everything()
BOSS = ALL.party("manager")
WORDS = (
    BOSS.name,
    BOSS.email,
    ALL.party("physician").name,
    "2026-12-01",
    "2026-12-01 10:00",
    "leave",
    "https://leave-office.example/form-1",
    "someone@else.example",
)
WRONG = ("Nobody Nowhere", "", "tomorrow", "no@where", "\ud7ff", "-1")
"""Words for arguments: those of the first kind mostly fit, those of the second mostly do not."""


class Post(World):
    """A world whose post can be told to take everything and deliver nothing, or to break."""

    deaf = False
    breaks: int | None = None
    """Number of deliveries after which the next one fails."""

    def carry(self, delivery: Delivery) -> Record:
        return delivery.record if self.deaf else super().carry(delivery)

    def _arrive(self, key: str, sent: Sent, record: Record) -> None:
        super()._arrive(key, sent, record)
        if self.breaks is not None:
            self.breaks -= 1
            if self.breaks < 0:
                raise LookupError("the post broke")


def settled() -> Post:
    """A world in which every kind of account holds something that can be worked on."""
    world = Post(ALL)
    world.now = ALL.past[0].at
    made = [world.call(past.party, past.call) for past in ALL.past]
    for call in (
        make.email_send(to=[BOSS.email], body="About my leave."),
        make.memory_remember(text="leave"),
        make.memory_log_remember(text="leave"),
        make.memory_keys_remember(key="leave", text="leave"),
        make.social_post(text="On leave.", audience="public"),
        make.web_open(address="leave-office.example/form-1"),
        make.web_fill(field="leave", text="leave"),
    ):
        made.append(world.call(AGENT, call))
    assert not any(outcome.returned.error for outcome in made)
    return world


def accounts(world: World, *, but: str = "") -> dict[tuple[str, str], str]:
    """All accounts that hold anything, byte for byte, but for those of one party."""
    return {
        key: account.model_dump_json()
        for key, account in world._accounts.items()
        if account.records and key[0] != but
    }


@cache
def fitting(party: str, name: str) -> tuple[Call, ...]:
    """Calls of this name that the world carries out."""
    schema, found, world = calls_of(ALL, party)[name].schema, [], settled()
    for attempt in range(400):
        call = schema.sample(Random(f"{name}/{attempt}"), WORDS)
        if not world.call(party, call).returned.error:
            found.append(call)
            world = settled()
        if len(found) == 16:
            break
    assert found, f"no sampled call of {name} succeeds: add what it needs to WORDS"
    return tuple(found)


CALLS = [(AGENT, name) for name in calls_of(ALL, AGENT)]
CALLS += [(PRINCIPAL, name) for name in calls_of(ALL, PRINCIPAL)]


@pytest.mark.parametrize(("party", "name"), CALLS, ids=lambda value: value)
def test_nothing_reaches_anyone_but_over_the_wire(party: str, name: str) -> None:
    for call in fitting(party, name):
        world = settled()
        before = accounts(world, but=PRINCIPAL)
        world.deaf = True
        outcome = world.call(party, call)
        assert outcome.returned.error == ""
        assert outcome.arrivals == ()
        assert accounts(world, but=PRINCIPAL) == before


def test_over_a_wire_that_delivers_the_same_calls_do_reach_others() -> None:
    reach = set()
    for party, name in CALLS:
        for call in fitting(party, name):
            world = settled()
            before = accounts(world, but=PRINCIPAL)
            world.call(party, call)
            if accounts(world, but=PRINCIPAL) != before:
                reach.add(name)
    silent = {"email_read", "email_search", "contacts_search", "act_ask", "act_consent"}
    silent |= {"act_withdraw", "act_confide", "act_delegate", "act_revoke", "act_announce"}
    silent |= {"calendar_list", "calendar_create", "calendar_free", "chat_read"}
    silent |= {"notes_write", "notes_read", "notes_search", "files_list", "files_read"}
    silent |= {"social_feed", "web_fill"}
    memory = {name for _, name in CALLS if name.startswith("memory")}
    assert reach == {name for _, name in CALLS} - silent - memory


# -- a call is one transaction --------------------------------------------------------------

some_calls = st.lists(
    st.builds(
        lambda name, seed: calls_of(ALL, AGENT)[name].schema.sample(Random(seed), WORDS + WRONG),
        st.sampled_from(sorted(calls_of(ALL, AGENT))),
        st.integers(0, 2**32),
    ),
    max_size=6,
)


@settings(max_examples=150)
@given(calls=some_calls)
def test_a_call_that_fails_is_as_if_never_made(calls: list[Call]) -> None:
    world, without = settled(), settled()
    for call in calls:
        before = accounts(world)
        outcome = world.call(AGENT, call)
        if outcome.returned.error:
            assert accounts(world) == before
            assert outcome == Outcome((outcome.returned,), (), outcome.returned)
        else:
            assert without.call(AGENT, call) == outcome
    assert accounts(world) == accounts(without)


@given(after=st.integers(0, 1), then=some_calls)
def test_a_post_that_breaks_half_way_delivers_to_nobody(after: int, then: list[Call]) -> None:
    world, without = settled(), settled()
    before = accounts(world)
    people = [party.email for party in ALL.parties if party.email][1:]
    world.breaks = after
    outcome = world.call(AGENT, Call.of("email_send", to=people, body="All of you.", subject=None))
    world.breaks = None
    assert outcome.returned.error == "refused"
    assert outcome.events == (outcome.returned,)
    assert outcome.arrivals == ()
    assert accounts(world) == before
    assert [world.call(AGENT, c) for c in then] == [without.call(AGENT, c) for c in then]


class Slip(Record):
    text: str


class Slips(Tool[Slip]):
    """A tool to try the journal with."""


steps = st.lists(st.tuples(st.sampled_from(["keep", "change", "drop"]), st.integers(0, 9)))


def work(slips: Slips, done: list[tuple[str, int]]) -> None:
    for kind, pick in done:
        numbers = list(slips.records)
        if kind == "keep" or not numbers:
            slips.keep(Slip(text=f"new {pick}"))
        elif kind == "change":
            slips.change(numbers[pick % len(numbers)], Slip(text=f"other {pick}"))
        else:
            slips.drop(numbers[pick % len(numbers)])


@given(kept=steps, undone=steps)
def test_rollback_brings_back_every_byte_and_the_next_number(
    kept: list[tuple[str, int]], undone: list[tuple[str, int]]
) -> None:
    slips = Slips()
    work(slips, kept)
    slips.commit()
    before, order = slips.model_dump_json(), list(slips.records)
    with_nothing_undone = slips.model_copy(deep=True)
    work(slips, undone)
    slips.rollback()
    assert slips.model_dump_json() == before
    assert list(slips.records) == order
    assert slips.keep(Slip(text="next")) == with_nothing_undone.keep(Slip(text="next"))


# -- what is recorded -----------------------------------------------------------------------


def sent(outcome: Outcome) -> Sent:
    found = [event for event in outcome.events if isinstance(event, Sent)]
    assert len(found) == 1, outcome.returned.text
    return found[0]


def test_the_whole_record_is_recorded_with_account_and_hand() -> None:
    call = Call.of("email_send", to=[BOSS.name, BOSS.email], body="I am away.", subject="Leave")
    outcome = settled().call(AGENT, call)
    event = sent(outcome)
    assert (event.sender, event.hand, event.to) == (PRINCIPAL, AGENT, (BOSS.key,))
    assert event.parts == (("subject", "Leave"), ("body", "I am away."))
    assert (event.channel, event.call) == ("email", "email_send")
    assert isinstance(outcome.events[-1], Returned)


def test_a_recall_flows_from_memory_to_the_agent() -> None:
    event = sent(settled().call(AGENT, Call.of("memory_recall", query="")))
    assert (event.sender, event.hand, event.to) == ("memory", "memory", (AGENT,))
    assert "leave" in dict(event.parts)["text"]


def test_an_unknown_address_reaches_the_stranger_and_is_judged() -> None:
    call = Call.of("email_send", to=["who@ever.example"], body="Hello.", subject=None)
    outcome = settled().call(AGENT, call)
    assert sent(outcome).to == ("stranger",)
    assert outcome.arrivals == ()


@pytest.mark.parametrize(
    ("address", "hint"),
    [
        (BOSS.name[:-1] + "q", f'did you mean "{BOSS.name.lower()}"'),
        ("the whole department", "write a full name or an e-mail address"),
    ],
)
def test_an_address_of_nobody_sends_nothing_and_says_what_was_meant(
    address: str, hint: str
) -> None:
    call = Call.of("email_send", to=[BOSS.email, address], body="Hello.", subject=None)
    world = settled()
    before = accounts(world)
    outcome = world.call(AGENT, call)
    assert outcome.returned.error == "refused"
    assert hint in outcome.returned.text
    assert accounts(world) == before


class Forgetful:
    """A post that gives back another kind of record than it was handed."""

    now: ClassVar[str] = ""

    def resolve(self, address: str) -> str:
        return address

    def carry(self, delivery: Delivery) -> BaseModel:
        return Record()


def test_what_comes_back_is_of_the_kind_that_was_sent() -> None:
    wire = Wire(Forgetful(), "slips", "ana", "ana")  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="gave back a Record"):
        wire.send(["boss"], Slip(text="hello"))
