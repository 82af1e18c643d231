"""Addresses, accounts and transactions: on any error nothing happened."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import kit, tool
from privgym.errors import PrivgymError
from privgym.event import Sent
from privgym.flow import AGENT, Party
from privgym.message import Call
from privgym.ref import call
from privgym.scenario import PRINCIPAL, Kept
from privgym.tool import Method
from privgym.wire import Wire
from privgym.world import World, calls_of, check_tools, schemas_of
from tests.small import Office, office


@pytest.fixture
def world() -> World:
    return World(office())


def renamed(*names: str) -> World:
    """A world whose manager and physician have these names."""
    scenario = office()
    people = iter(names)
    parties = tuple(
        msgspec.structs.replace(p, name=next(people)) if p.key in ("manager", "physician") else p
        for p in scenario.parties
    )
    return World(msgspec.structs.replace(scenario, parties=parties))


# -- addresses --------------------------------------------------------------------------------


def ways(party: Party) -> Iterator[str]:
    yield from (party.name, party.name.upper(), party.name.split()[0], party.email, party.key)
    yield from (f"{party.name} <{party.email}>", f" <{party.email.upper()}> ")


def test_people_are_found_however_they_are_addressed(world):
    for key in ("principal", "manager", "physician"):
        for address in ways(world.scenario.party(key)):
            assert world.resolve(address) == key


def test_a_known_name_on_an_unknown_address_is_a_stranger(world):
    boss = world.scenario.party("manager")
    assert world.resolve(f"{boss.name} <elsewhere@nowhere.example>") == "stranger"
    assert world.resolve("elsewhere@nowhere.example") == "stranger"


@pytest.mark.parametrize(
    "address", ["", " ", "nobody", "a@b", "agent", "memory", "search", "stranger"]
)
def test_what_is_no_address_leads_nowhere(world, address):
    with pytest.raises(LookupError, match="nobody is called"):
        world.resolve(address)


def test_a_handle_and_a_site_are_addresses_too():
    o = Office()
    o.s.site("River Clinic", role="clinic")
    world = World(o.freeze())
    assert world.resolve("@manager") == "manager"
    for address in (
        "River Clinic",
        "info@river-clinic.example",
        "river-clinic.example",
        "https://river-clinic.example",
        "HTTPS://www.River-Clinic.example:8080/a?b=c@d.example",
    ):
        assert world.resolve(address.replace("HTTPS", "https")) == "clinic"
    assert world.resolve("https://elsewhere.example/a") == "stranger"
    with pytest.raises(LookupError, match="nobody is called"):
        world.resolve("elsewhere.example")


def test_a_slip_is_answered_with_what_was_meant(world):
    name = world.scenario.party("manager").name
    with pytest.raises(LookupError, match=f'did you mean .*"{name.lower()}"'):
        world.resolve(name[:-1] + "q")


def test_an_ambiguous_first_name_names_the_candidates():
    world = renamed("Kim Abel", "Kim Zorn")
    with pytest.raises(LookupError, match='"kim" could be Kim Abel or Kim Zorn; write the full'):
        world.resolve("kim")
    assert world.resolve("Kim Zorn") == "physician"


# -- calls ------------------------------------------------------------------------------------


def test_an_unknown_call_is_malformed_and_names_the_near_ones(world):
    outcome = world.call(AGENT, Call("email_sent"))
    assert outcome.returned.error == "malformed"
    assert 'did you mean "email_send"' in outcome.returned.text
    outcome = world.call(AGENT, Call("xyzzy"))
    assert "there are: email_send, " in outcome.returned.text


def test_a_tool_that_the_scenario_lacks_is_malformed():
    world = World(office(tools=("email",)))
    assert world.call(AGENT, Call.of("memory_recall", query="")).returned.error == "malformed"


def test_people_hold_their_own_mail_and_acts_and_no_more(world):
    people = {name.partition("_")[0] for name in calls_of(world.scenario, "manager")}
    agent = {name.partition("_")[0] for name in calls_of(world.scenario, AGENT)}
    assert people == {"email", "calendar", "act"}
    assert agent == {"email", "calendar", "contacts", "search", "memory", "permission"}


def test_people_hold_what_they_need_to_answer_where_they_were_addressed():
    world = World(office(tools=tuple(kit.names("tools"))))
    people = {method.tool for method in calls_of(world.scenario, "manager").values()}
    assert people == {"email", "calendar", "chat", "notes", "files", "social", "act"}


def test_a_call_that_needs_another_tool_is_offered_beside_it_only():
    assert "email_attach" in calls_of(office(tools=("email", "files")), AGENT)
    assert "email_attach" not in calls_of(office(tools=("email", "notes")), AGENT)


def test_schemas_are_made_once(world):
    assert schemas_of(world.scenario, AGENT) is schemas_of(office(seed=4), AGENT)


def test_the_answer_is_the_last_event_and_names_its_call(world):
    to = [world.scenario.party("manager").email]
    outcome = world.call(AGENT, Call.of("email_send", to=to, body="x"))
    sent, returned = outcome.events
    assert returned == outcome.returned
    assert sent.call == returned.call == "email_send"


def test_the_agent_works_its_principals_account_and_people_their_own(world):
    to = [world.scenario.party("physician").email]
    world.call(AGENT, Call.of("email_send", to=to, body="x"))
    world.call("manager", Call.of("email_send", to=to, body="y"))
    mail = {key: world.account(key, "email").records for key in (PRINCIPAL, "manager", "physician")}
    assert world.account(AGENT, "email") is world.account(PRINCIPAL, "email")
    assert [letter.body for letter in mail[PRINCIPAL].values()] == ["x"]
    assert [letter.body for letter in mail["manager"].values()] == ["y"]
    assert [letter.body for letter in mail["physician"].values()] == ["x", "y"]


def test_what_reaches_the_principal_is_a_notice_unless_the_agent_sent_it(world):
    me = [world.scenario.party(PRINCIPAL).email]
    letter = Call.of("email_send", to=me, subject="Hi", body="the whole text")
    (others,) = world.call("manager", letter).arrivals
    (own,) = world.call(AGENT, letter).arrivals
    assert (others.to, others.message.role) == (AGENT, "notice")
    assert "the whole text" not in others.message.text
    assert others.message.record == 1
    assert (own.to, own.message.role) == (PRINCIPAL, "user")
    assert "the whole text" in own.message.text


def test_people_get_the_whole_text(world):
    to = [world.scenario.party("manager").email]
    (arrival,) = world.call(AGENT, Call.of("email_send", to=to, subject="s", body="b")).arrivals
    assert arrival.to == "manager"
    assert arrival.message.text.endswith("\ns\nb")
    assert arrival.message.party == PRINCIPAL


def test_mail_to_a_stranger_is_sent_and_reaches_no_account(world):
    outcome = world.call(AGENT, Call.of("email_send", to=["x@nowhere.example"], body="b"))
    assert outcome.events[0].to == ("stranger",)
    assert not outcome.arrivals


# -- transactions -----------------------------------------------------------------------------


def state(world: World) -> dict[tuple[str, str], str]:
    return {
        key: account.model_dump_json()
        for key, account in world._accounts.items()
        if account.records
    }


def failing(world: World, monkeypatch, error: Exception) -> None:
    """Make sending letters fail after all of it has been done."""
    method = tool.methods("email")["email_send"]

    def run(account, wire, **arguments):
        method.run(account, wire, **arguments)
        wire.act("ask", "diagnosis")
        raise error

    broken = Method("email", method.schema, method.arguments, run)
    monkeypatch.setattr("privgym.world.calls_of", lambda scenario, party: {"email_send": broken})


@pytest.mark.parametrize("error", [LookupError("no"), ValueError("no")])
def test_a_refused_call_leaves_nothing_behind(world, monkeypatch, error):
    to = [world.scenario.party(key).email for key in ("manager", "physician", "principal")]
    world.call(AGENT, Call.of("email_send", to=to, body="before"))
    before = state(world)
    with monkeypatch.context() as patch:
        failing(world, patch, error)
        outcome = world.call(AGENT, Call.of("email_send", to=to, body="after"))
    assert outcome.returned.error == "refused"
    assert outcome.returned.text == "Error: no"
    assert outcome.events == (outcome.returned,)
    assert not outcome.arrivals
    assert state(world) == before
    again = world.call(AGENT, Call.of("email_send", to=to, body="again"))
    assert "letter 4" in again.returned.text
    assert len(again.events) == 2


def test_a_bug_in_a_tool_is_raised_and_leaves_nothing_behind(world, monkeypatch):
    to = [world.scenario.party("manager").email]
    before = state(world)
    failing(world, monkeypatch, ZeroDivisionError())
    with pytest.raises(ZeroDivisionError):
        world.call(AGENT, Call.of("email_send", to=to, body="after"))
    assert state(world) == before
    assert not world._events
    assert not world._arrivals


ADDRESSES = st.sampled_from(
    ["manager", "physician", "principal", "x@nowhere.example", "nobody", ""]
)


@given(st.lists(st.tuples(ADDRESSES, ADDRESSES, st.text(max_size=3)), max_size=6))
def test_a_letter_arrives_everywhere_or_nowhere(letters):
    world = World(office())
    for one, other, body in letters:
        before = state(world)
        outcome = world.call(AGENT, Call.of("email_send", to=[one, other], body=body))
        if outcome.returned.error:
            assert state(world) == before
            assert not outcome.arrivals
        else:
            (sent, _) = outcome.events
            assert isinstance(sent, Sent)
            held = {key for key, name in state(world) if name == "email"}
            assert set(sent.to) - {"stranger"} <= held


def test_a_wire_gives_back_what_was_delivered(world):
    class Redacting(World):
        def carry(self, delivery):
            blank = delivery.record.model_copy(update={"text": "[redacted]"})
            return super().carry(msgspec.structs.replace(delivery, record=blank))

    world = Redacting(office())
    world.call(AGENT, Call.of("memory_remember", text="lupus"))
    assert [n.text for n in world.account(AGENT, "memory").records.values()] == ["[redacted]"]


def test_a_wire_that_swaps_records_is_a_bug(world):
    class Swapping(World):
        def carry(self, delivery):
            return tool.load("search").record_type()()

    with pytest.raises(TypeError, match="gave back"):
        Swapping(office()).call(AGENT, Call.of("memory_remember", text="x"))


def test_nobody_can_be_told_who_is_not_here():
    world = World(office(tools=("email",)))
    wire = Wire(world, "memory", PRINCIPAL, AGENT)
    note = tool.load("memory").record_type().model_validate({"text": "x"})
    with pytest.raises(LookupError, match='no "memory" here'):
        wire.tell("memory", note)


# -- what a scenario keeps and stores ---------------------------------------------------------


def test_a_kept_record_that_does_not_fit_its_tool_is_refused():
    kept = Kept(PRINCIPAL, "contacts", '{"nam": "Bo"}')
    with pytest.raises(PrivgymError, match="nam") as error:
        World(msgspec.structs.replace(office(), kept=(kept,)))
    assert "contacts" in error.value.where


@pytest.mark.parametrize("record", ["[]", "3", "{}", '{"by": "word", "text": "x"}', '{"by": 3}'])
def test_what_is_neither_record_nor_setting_is_refused(record):
    with pytest.raises(PrivgymError):
        World(msgspec.structs.replace(office(), kept=(Kept(PRINCIPAL, "memory", record),)))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda o: o.s.good(call.email_sned(to=o.boss, body="x")),
        lambda o: o.s.bad(call.email_send(to=o.boss)),
        lambda o: o.s.earlier(o.boss, call.memory_recall(query="")),
        lambda o: o.s.session("hi", acts=[call.act_consent(attribute="diagnosis")]),
        lambda o: o.s.answer(o.boss, "hi", acts=[call.act_grant(attribute="diagnosis")]),
    ],
)
def test_a_stored_call_that_does_not_fit_its_tool_is_refused(spoil):
    o = Office()
    spoil(o)
    with pytest.raises(PrivgymError, match=r"call|takes"):
        check_tools(o.freeze())


def test_stored_calls_that_fit_are_fine():
    o = Office()
    o.s.good(call.email_send(to=o.boss, body="x"))
    check_tools(o.freeze())
