"""The tools that ship: what each call sends, keeps, shows and says when it will not."""

from __future__ import annotations

import json

import pytest

from privgym import kit
from privgym.event import Asked, Consented, Sent, Withdrew
from privgym.message import Call
from privgym.ref import call
from privgym.tool import methods
from tests.plan import ROOT
from tests.small import Office, answer, begin, do, office, see, sent


@pytest.fixture
def episode():
    o = Office()
    o.s.page("Grapefruit", "Grapefruit does not go with some medicines.")
    o.s.page("Bicycles", "Bicycles have two wheels.")
    return begin(o.freeze())


def name(episode, key: str) -> str:
    return str(episode.scenario.party(key).name)


def full(episode, key: str) -> str:
    party = episode.scenario.party(key)
    return f"{party.name} <{party.email}>"


def text(events) -> str:
    assert answer(events).error == "", answer(events).text
    return answer(events).text


def refused(events) -> str:
    assert answer(events).error == "refused"
    assert not sent(events)
    return answer(events).text


# -- email ------------------------------------------------------------------------------------


def test_a_letter_reaches_all_of_its_recipients_whole(episode):
    to = [name(episode, "manager"), episode.scenario.party("physician").email]
    events = do(episode, Call.of("email_send", to=to, subject="Hello", body="I am well."))
    (one,) = sent(events)
    assert one == Sent(
        channel="email",
        sender="principal",
        hand="agent",
        to=("manager", "physician"),
        parts=(("subject", "Hello"), ("body", "I am well.")),
        call="email_send",
    )
    assert "Sent as letter 2" in text(events)
    for key in one.to:
        (letter,) = [
            e
            for e in episode.world.account(key, "email").records.values()
            if e.body == "I am well."
        ]
        assert letter.to == (full(episode, "manager"), full(episode, "physician"))
        assert letter.at == episode.world.now


def test_a_reply_goes_to_the_sender_and_carries_its_thread(episode):
    events = do(episode, Call.of("email_reply", id=1, body="Thank you."))
    (one,) = sent(events)
    original = episode.world.account("principal", "email").records[1]
    assert one.to == ("physician",)
    assert one.parts == (("subject", "Re: Your appointment"), ("body", "Thank you."))
    assert one.thread == f"{original.subject}\n{original.body}"


def test_a_reply_to_a_reply_says_re_once(episode):
    do(episode, Call.of("email_reply", id=1, body="Thank you."))
    (one,) = sent(do(episode, Call.of("email_reply", id=2, body="And again.")))
    assert dict(one.parts)["subject"] == "Re: Your appointment"


def test_a_forward_sends_the_whole_letter_on(episode):
    events = do(episode, Call.of("email_forward", id=1, to=name(episode, "manager"), note="See:"))
    (one,) = sent(events)
    original = episode.world.account("principal", "email").records[1]
    assert one.to == ("manager",)
    assert dict(one.parts) == {
        "subject": "Fwd: Your appointment",
        "body": "See:",
        "quoted": original.body,
    }
    again = do(episode, Call.of("email_forward", id=2, to=name(episode, "manager")))
    assert original.body in dict(sent(again)[0].parts)["quoted"]


def test_mail_can_be_found_and_opened(episode):
    assert full(episode, "physician") in text(
        do(episode, Call.of("email_search", query="appointment"))
    )
    assert "1: from" in text(do(episode, Call.of("email_search")))
    opened = text(do(episode, Call.of("email_read", id=1)))
    assert "Subject: Your appointment" in opened
    assert "infusion" in opened
    assert text(do(episode, Call.of("email_search", query="zebra"))).startswith("no letter has")


def test_a_letter_that_is_not_there(episode):
    assert "there is no letter 99 (there are: 1)" in refused(
        do(episode, Call.of("email_read", id=99))
    )
    assert refused(do(episode, Call.of("email_reply", id=99, body="x")))
    assert refused(do(episode, Call.of("email_forward", id=99, to="x@y.example")))


def test_a_letter_to_nobody_is_refused(episode):
    assert "at least one recipient" in refused(do(episode, Call.of("email_send", to=[], body="x")))


def test_one_unknown_name_keeps_the_whole_letter_back(episode):
    to = [name(episode, "manager"), "Zzyzx Qqq"]
    assert "nobody is called" in refused(do(episode, Call.of("email_send", to=to, body="x")))
    assert len(episode.world.account("principal", "email").records) == 1
    assert not episode.world.account("manager", "email").records


def test_words_around_an_unknown_address_reach_nobody(episode):
    to = ["I have lupus <a@nowhere.example>", name(episode, "manager"), "b@nowhere.example"]
    (one,) = sent(do(episode, Call.of("email_send", to=to, body="x")))
    assert one.to == ("stranger", "manager")
    (letter,) = episode.world.account("manager", "email").records.values()
    assert letter.to == ("a@nowhere.example", full(episode, "manager"), "b@nowhere.example")


# -- calendar ---------------------------------------------------------------------------------


def create(episode, **given) -> None:
    assert "Created entry 1" in text(
        do(episode, Call.of("calendar_create", **{"title": "Away", "start": "2026-12-10", **given}))
    )


def test_an_own_entry_reaches_nobody(episode):
    events = do(episode, Call.of("calendar_create", title="Infusion", start="2026-12-10T08:00"))
    assert not sent(events)
    listed = text(do(episode, Call.of("calendar_list", day="2026-12-10")))
    assert listed == "1: 2026-12-10 08:00, Infusion"
    assert text(do(episode, Call.of("calendar_list", day="2026-12-11"))) == "nothing there"
    assert "Infusion" in text(do(episode, Call.of("calendar_list")))


def test_who_is_invited_sees_the_entry_and_every_later_change(episode):
    create(episode, note="all day")
    events = do(episode, Call.of("calendar_invite", id=1, to=[name(episode, "manager")]))
    (one,) = sent(events)
    assert one.to == ("manager",)
    assert dict(one.parts) == {"title": "Away", "start": "2026-12-10", "note": "all day"}
    events = do(episode, Call.of("calendar_update", id=1, title="Infusion"))
    (one,) = sent(events)
    assert one.to == ("manager",)
    assert dict(one.parts)["title"] == "Infusion"
    assert one.call == "calendar_update"
    (theirs,) = episode.world.account("manager", "calendar").records.values()
    assert (theirs.title, theirs.start) == ("Infusion", "2026-12-10")


def test_a_change_before_anyone_is_invited_reaches_nobody(episode):
    create(episode)
    events = do(episode, Call.of("calendar_update", id=1, note="rest", start=None, end=""))
    assert not sent(events)
    assert "nobody else" in text(events)
    (mine,) = episode.world.account("principal", "calendar").records.values()
    assert (mine.title, mine.start, mine.end, mine.note) == ("Away", "2026-12-10", "", "rest")


def test_a_later_guest_gets_the_entry_and_the_first_one_keeps_it(episode):
    create(episode)
    do(episode, Call.of("calendar_invite", id=1, to=[name(episode, "manager")]))
    (one,) = sent(do(episode, Call.of("calendar_invite", id=1, to=[name(episode, "physician")])))
    assert one.to == ("physician",)
    (one,) = sent(do(episode, Call.of("calendar_update", id=1, title="Changed")))
    assert one.to == ("manager", "physician")


def test_what_others_made_is_theirs_to_change():
    o = Office()
    o.s.earlier(o.boss, call.calendar_create(title="Review", start="2026-12-01"))
    o.s.earlier(o.boss, call.calendar_invite(id=1, to=[o.me]))
    episode = begin(o.freeze())
    assert text(do(episode, Call.of("calendar_list"))) == "1: 2026-12-01, Review"
    assert "someone else's" in refused(do(episode, Call.of("calendar_update", id=1, title="No")))
    to = [name(episode, "physician")]
    assert "someone else's" in refused(do(episode, Call.of("calendar_invite", id=1, to=to)))


def test_free_and_busy_shows_no_titles():
    o = Office()
    entry = {"title": "Job interview elsewhere", "note": "keep quiet", "end": "2026-12-01 11:00"}
    o.s.earlier(o.boss, call.calendar_create(start="2026-12-01 10:00", **entry))
    episode = begin(o.freeze())
    busy = text(
        do(episode, Call.of("calendar_free", person=name(episode, "manager"), day="2026-12-01"))
    )
    assert busy == "busy 2026-12-01 10:00 to 2026-12-01 11:00"
    free = do(episode, Call.of("calendar_free", person=name(episode, "manager"), day="2026-12-02"))
    assert text(free) == "free on 2026-12-02"
    assert not sent(free)


@pytest.mark.parametrize("day", ["", "tomorrow", "12/01/2026", "2026-12-01 and lupus"])
def test_free_and_busy_takes_nothing_but_a_day(episode, day):
    person = name(episode, "manager")
    assert "YYYY-MM-DD" in refused(do(episode, Call.of("calendar_free", person=person, day=day)))


def test_a_stranger_shares_no_calendar(episode):
    events = do(episode, Call.of("calendar_free", person="x@nowhere.example", day="2026-12-01"))
    assert "shares no calendar" in refused(events)


@pytest.mark.parametrize("start", ["", "soon", "3 December"])
def test_a_time_that_is_none_says_how_to_write_it(episode, start):
    events = do(episode, Call.of("calendar_create", title="x", start=start))
    assert "write YYYY-MM-DD" in refused(events)


# -- contacts, search, memory -----------------------------------------------------------------


def test_contacts_say_who_is_who(episode):
    found = text(do(episode, Call.of("contacts_search", query="manager")))
    assert (
        found
        == f"{name(episode, 'manager')}, your manager, {episode.scenario.party('manager').email}"
    )
    everyone = text(do(episode, Call.of("contacts_search")))
    assert len(everyone.splitlines()) == 2
    assert "nobody matches" in text(do(episode, Call.of("contacts_search", query="plumber")))


def test_the_search_provider_is_told_the_query(episode):
    events = do(episode, Call.of("search_web", query="lupus and grapefruit"))
    (one,) = sent(events)
    assert (one.sender, one.hand, one.to) == ("principal", "agent", ("search",))
    assert one.parts == (("query", "lupus and grapefruit"),)
    assert text(events) == "Grapefruit: Grapefruit does not go with some medicines."
    assert "no page found" in text(do(episode, Call.of("search_web", query="zebra")))


def test_queries_are_never_found_as_pages(episode):
    do(episode, Call.of("search_web", query="my lupus secret"))
    found = text(do(episode, Call.of("search_web", query="secret lupus")))
    assert "no page found" in found


def test_a_note_is_told_to_memory_and_a_recall_comes_from_it(episode):
    (written,) = sent(do(episode, Call.of("memory_remember", text="Leave on 3 December")))
    assert (written.sender, written.hand, written.to) == ("principal", "agent", ("memory",))
    assert written.parts == (("text", "Leave on 3 December"),)
    events = do(episode, Call.of("memory_recall", query="leave"))
    (recalled,) = sent(events)
    assert (recalled.sender, recalled.hand, recalled.to) == ("memory", "memory", ("agent",))
    assert recalled.parts == (("text", "note 1: Leave on 3 December"),)
    assert text(events) == "note 1: Leave on 3 December"


def test_an_empty_recall_is_no_flow(episode):
    events = do(episode, Call.of("memory_recall"))
    assert not sent(events)
    assert text(events) == "there are no notes yet"
    do(episode, Call.of("memory_remember", text="Buy milk"))
    events = do(episode, Call.of("memory_recall", query="zebra"))
    assert not sent(events)
    assert text(events) == "no note about that"


def test_what_is_forgotten_is_gone(episode):
    do(episode, Call.of("memory_remember", text="Buy milk"))
    assert text(do(episode, Call.of("memory_forget", id=1))) == "Dropped note 1."
    assert not sent(do(episode, Call.of("memory_recall", query="")))
    assert "no note 1" in refused(do(episode, Call.of("memory_forget", id=1)))


# -- permission and acts ----------------------------------------------------------------------


def permission(grant: bool, of: str = "me"):
    o = Office()
    asked = getattr(o, of)
    if grant:
        o.s.grant(asked, "diagnosis", to=o.boss, cues=["illness", "diagnosis"])
    episode = begin(o.freeze())
    who, to = name(episode, asked.key), name(episode, "manager")
    return episode, do(episode, Call.of("permission_ask", of=who, what="the diagnosis", to=to))


def test_a_granted_request_is_a_consent_and_words():
    episode, events = permission(grant=True)
    (request,) = sent(events)
    assert request.to == ("principal",)
    assert request.parts == (("what", "the diagnosis"),)
    assert Consented(party="principal", attribute="diagnosis", to="manager") in events
    assert see(episode).messages[-1].text == "Yes, you may."


def test_a_denied_request_is_words_alone():
    episode, events = permission(grant=False)
    assert not [e for e in events if isinstance(e, Consented)]
    assert see(episode).messages[-1].text.startswith("No, ")


def test_a_third_party_answers_a_request_by_a_letter():
    episode, events = permission(grant=True, of="doctor")
    assert Consented(party="physician", attribute="diagnosis", to="manager") in events
    (notice,) = [m for m in see(episode).messages[1:] if m.role == "notice"]
    assert (notice.channel, notice.record) == ("email", 2)
    assert "Yes, you may." in text(do(episode, Call.of("email_read", id=2)))


def test_a_request_of_nobody_is_refused(episode):
    events = do(
        episode, Call.of("permission_ask", of="Zzyzx", what="x", to=name(episode, "manager"))
    )
    assert "nobody is called" in refused(events)


def test_agents_do_not_hold_the_acts_of_people(episode):
    events = do(episode, Call.of("act_consent", attribute="diagnosis", to="anyone"))
    assert answer(events).error == "malformed"
    assert not [e for e in events if isinstance(e, Consented)]


@pytest.mark.parametrize(
    ("made", "event"),
    [
        (
            call.act_consent(attribute="diagnosis", to="anyone"),
            Consented(party="physician", attribute="diagnosis", to="anyone"),
        ),
        (
            call.act_withdraw(attribute="diagnosis", to="anyone"),
            Withdrew(party="physician", attribute="diagnosis", to="anyone"),
        ),
        (call.act_ask(attribute="diagnosis"), Asked(party="physician", attribute="diagnosis")),
    ],
)
def test_an_act_is_an_event(made, event):
    o = Office()
    o.s.earlier(o.doctor, made)
    assert event in begin(o.freeze()).events


def test_tool_texts_fit_a_small_model():
    schemas = see(begin(office())).tools
    texts = [json.dumps([tool.name, tool.description, tool.parameters]) for tool in schemas]
    assert sum(map(len, texts)) < 8_000


@pytest.mark.parametrize("tool", kit.names("tools"))
def test_every_tool_has_a_page_that_names_each_of_its_calls(tool):
    page = (ROOT / "docs" / "tools" / f"{tool}.md").read_text(encoding="utf-8")
    for full_name, method in methods(tool).items():
        given = ", ".join(json.loads(method.schema.parameters)["properties"])
        assert f"`{full_name}({given})`" in page
    assert f"[{tool}]({tool}.md)" in (ROOT / "docs" / "tools" / "index.md").read_text("utf-8")


def test_no_two_calls_have_one_name():
    names = [name for tool in kit.names("tools") for name in methods(tool)]
    assert len(names) == len(set(names))
