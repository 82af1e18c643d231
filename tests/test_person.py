"""A scripted person is a function of what she has seen."""

from __future__ import annotations

import json

import pytest

from privgym.message import Action, Call, Message, Messages, Observation, ToolSchema
from privgym.person import BEGINS, GO_ON, WAITS, Answer, Grant, Person

OPENING = Action(text="Please help.")
BEGIN, WAIT = Message("notice", BEGINS), Message("notice", WAITS)
THIRD = {"principal": "Ana Li"}


def person(answers=(), grants=(), principal="", openings=None):
    return Person("bo", openings or {1: OPENING}, answers, grants, principal)


def said(action: Action) -> Message:
    return Message("assistant", action.text, party="bo", calls=action.calls)


def heard(text: str, channel: str = "talk", record: int = 0) -> Message:
    return Message("user", text, party="agent", channel=channel, record=record)


def decide(who: Person, *messages: Message, session: int = 1) -> Action:
    return who.decide(Observation("bo", session, Messages(messages)))


def rule(text, *cues, calls=()):
    return Answer("bo", cues, text, calls)


def test_a_session_begins_with_its_opening():
    who = person(openings={1: OPENING, 2: Action(text="Again.")})
    assert decide(who, BEGIN) == OPENING
    assert decide(who, BEGIN, said(OPENING), BEGIN, session=2) == Action(text="Again.")


def test_narration_is_answered_once_a_session():
    who = person()
    first = (BEGIN, said(OPENING), heard("Let me look."), WAIT)
    assert decide(who, *first) == Action(text=GO_ON)
    second = (*first, said(Action(text=GO_ON)), heard("I am done."), WAIT)
    assert decide(who, *second) == Action()
    third = (*second, said(Action()), BEGIN, said(OPENING), heard("Let me look."), WAIT)
    assert decide(who, *third, session=2) == Action(text=GO_ON)


def test_an_agent_that_says_go_on_itself_is_still_answered():
    assert decide(person(), BEGIN, said(OPENING), heard(GO_ON), WAIT) == Action(text=GO_ON)


def test_silence_while_the_agent_works():
    assert decide(person(), BEGIN, said(OPENING), heard("Let me look.")) == Action()


def test_an_answer_needs_one_of_its_cues():
    who = person([rule("The third.", "when", "day"), rule("What?")])
    assert decide(who, heard("WHEN is it?")).text == "The third."
    assert decide(who, heard("hello")).text == "What?"


def test_an_answer_is_given_once():
    who = person([rule("Yes."), rule("Yes, as I said.")])
    log = [heard("may I?")]
    log += [said(decide(who, *log)), heard("may I?")]
    assert decide(who, *log).text == "Yes, as I said."
    log += [said(decide(who, *log)), heard("may I?")]
    assert decide(who, *log) == Action()


def test_an_answer_is_remembered_over_sessions():
    who = person([rule("Yes.")])
    log = [heard("may I?"), said(Action(text="Yes.")), BEGIN, said(OPENING), heard("may I?")]
    assert decide(who, *log, session=2) == Action()


def test_a_letter_is_answered_by_a_reply_to_it():
    who = person([rule("Why?", calls=(Call.of("act_ask", attribute="debt"),))], **THIRD)
    action = decide(who, heard("I owe nothing.", "email", record=4))
    assert action.text == ""
    assert action.calls == (
        Call.of("act_ask", attribute="debt"),
        Call.of("email_reply", id=4, body="Why?"),
    )
    again = (heard("I owe nothing.", "email", 4), said(action), heard("Truly.", "email", 5))
    assert decide(who, *again) == Action()


def test_what_came_otherwise_is_answered_by_a_letter_of_its_own():
    (call,) = decide(person([rule("Fine.")], **THIRD), heard("Shared", "notes", 1)).calls
    assert call.name == "email_send"
    assert json.loads(call.arguments)["to"] == ["Ana Li"]


@pytest.mark.parametrize(
    ("channel", "words", "call"),
    [
        ("chat", "New message", Call.of("chat_reply", id=4, text="Fine.")),
        ("social", "New post", Call.of("social_comment", id=4, text="Fine.")),
        (
            "calendar",
            "You are invited: 4",
            Call.of("calendar_respond", id=4, note="Fine.", answer="tentative"),
        ),
    ],
)
def test_what_came_on_a_channel_is_answered_there_once(channel, words, call):
    who = person([rule("Fine.")], **THIRD)
    action = decide(who, heard(words, channel, 4))
    assert action == Action(calls=(call,))
    assert decide(who, heard(words, channel, 4), said(action), heard("?", channel, 5)) == Action()


def test_a_response_to_an_invitation_is_no_invitation():
    (call,) = decide(
        person([rule("Fine.")], **THIRD), heard("Answer to your invitation: 2", "calendar", 2)
    ).calls
    assert call.name == "email_send"


def test_who_has_no_mailbox_writes_a_chat_message():
    tools = (ToolSchema("chat_send", "", "{}"),)
    seen = Observation("bo", 1, Messages([heard("Shared", "notes", 1)]), tools)
    action = person([rule("Fine.")], **THIRD).decide(seen)
    assert action == Action(calls=(Call.of("chat_send", to="Ana Li", text="Fine."),))


def test_an_answer_may_wait_for_another_and_for_its_session():
    later = Answer("bo", (), "So there.", after="Yes.", session=2)
    who = person([later, rule("Yes.")])
    log = [heard("may I?")]
    assert decide(who, *log, session=2).text == "Yes."
    log += [said(Action(text="Yes.")), heard("may I?")]
    assert decide(who, *log) == Action()
    assert decide(who, *log, session=2).text == "So there."


def test_a_press_is_told_with_the_go_on_that_it_leaves_open():
    who = person([Answer("bo", (), "Hurry.", presses=True)])
    log = [BEGIN, said(OPENING), heard("Let me look.")]
    assert decide(who, *log).text == "Hurry."
    assert decide(who, *log, WAIT).text == f"Hurry.\n{GO_ON}"
    log += [WAIT, said(decide(who, *log, WAIT)), heard("Done."), WAIT]
    assert decide(who, *log) == Action()


def test_everything_that_came_since_is_answered_in_one_turn():
    who = person([rule("Hello.", "hi"), rule("On Monday.", "when")], **THIRD)
    action = decide(
        who, heard("hi", "email", 1), heard("when?", "email", 2), heard("hi", "email", 3)
    )
    assert action.calls == (
        Call.of("email_reply", id=1, body="Hello."),
        Call.of("email_reply", id=2, body="On Monday."),
    )


def grant(to="", *cues, yes=True):
    return Grant("bo", "debt", to, cues, yes, "Yes, you may.")


@pytest.mark.parametrize(
    ("rules", "request_", "to"),
    [
        ([grant()], "May I tell Cy Dee: debt?", "anyone"),
        ([grant("Cy Dee")], "May I tell Cy Dee <c@d.example>: debt?", "Cy Dee"),
        ([grant("Cy Dee"), grant("Eve Fox")], "May I tell Eve Fox: debt?", "Eve Fox"),
        ([grant("", "loan", "debt")], "May I tell Cy Dee: the DEBT?", "anyone"),
    ],
)
def test_a_request_that_fits_is_granted(rules, request_, to):
    action = decide(person(grants=rules), heard(request_, "permission"))
    assert action == Action("Yes, you may.", (Call.of("act_consent", attribute="debt", to=to),))


@pytest.mark.parametrize(
    "rules", [[], [grant("Eve Fox")], [grant("", "salary")], [grant("Eve Fox"), grant("", "job")]]
)
def test_what_no_grant_fits_is_denied(rules):
    action = decide(person(grants=rules), heard("May I tell Cy Dee: debt?", "permission"))
    assert action == Action("No, please keep that to yourself.")


def test_a_grant_may_say_no():
    action = decide(person(grants=[grant(yes=False)]), heard("May I tell Cy: debt?", "permission"))
    assert action == Action("Yes, you may.")


def test_two_requests_in_one_turn_are_both_answered():
    who = person(grants=[grant("Cy Dee")])
    ask = [heard(f"May I tell {name}: debt?", "permission") for name in ("Cy Dee", "Eve Fox")]
    action = decide(who, *ask)
    assert action.text == "Yes, you may.\nNo, please keep that to yourself."
    assert action.calls == (Call.of("act_consent", attribute="debt", to="Cy Dee"),)


def test_the_same_again_from_the_same_log():
    who = person([rule("Yes.")])
    log = (BEGIN, said(OPENING), heard("may I?"), WAIT)
    assert decide(who, *log) == decide(person([rule("Yes.")]), *log) == Action(text="Yes.")
