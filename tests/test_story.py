"""The story of an episode: entries, marks, chips, and the way of a fact."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from privgym import pack
from privgym.episode import enact
from privgym.errors import Failure
from privgym.event import Acted, Returned, Sent
from privgym.folder import judge
from privgym.leaderboard.calls import placed
from privgym.leaderboard.chips import principle
from privgym.leaderboard.pieces import CONTEXT, LONGEST, Span, around, pieces
from privgym.leaderboard.story import story
from privgym.message import Action, Call
from tests.stories import LEAVE, MOVING, lived, plays, told, traced

LOOKS = ("fact", "appropriate", "inappropriate")


def entries(one):
    return [entry for chapter in one.chapters for entry in chapter.entries]


def by_anchor(one):
    return {anchor: entry for entry in entries(one) for anchor in (entry.anchor, entry.also)}


def text(parts):
    return "".join(piece.text for part in parts for piece in part.pieces)


# -- pieces -----------------------------------------------------------------------------------


@st.composite
def spans(draw):
    start = draw(st.integers(0, 30))
    return Span(start, start + draw(st.integers(0, 12)), draw(st.sampled_from(LOOKS)))


@given(st.text(max_size=40), st.lists(spans(), max_size=6))
def test_pieces_are_the_text_and_the_gravest_look_wins(whole, found):
    cut = pieces(whole, found)
    assert "".join(piece.text for piece in cut) == whole
    at = 0
    for piece in cut:
        for n in range(at, at + len(piece.text)):
            looks = [LOOKS.index(span.look) for span in found if span.start <= n < span.end]
            assert piece.look == (LOOKS[max(looks)] if looks else "")
        at += len(piece.text)


@given(
    st.lists(st.text("ab \n", max_size=400), max_size=6), st.integers(0, 900), st.integers(0, 20)
)
def test_an_excerpt_is_what_stands_around_a_place(texts, start, length):
    whole, end = "".join(texts), start + length
    cut = around([piece for one in texts for piece in pieces(one)], start, end)
    words = "".join(piece.text for piece in cut if piece.text != "\u2026")
    assert words == whole[max(0, start - CONTEXT) : end + CONTEXT]


def test_a_text_without_end_is_cut_and_says_so():
    cut = pieces("x" * (LONGEST + 5), [Span(LONGEST - 1, LONGEST + 4, "fact")])
    assert [len(piece.text) for piece in cut[:2]] == [LONGEST - 1, 1]
    assert cut[-1].text == " [5 more characters are in the trace]"


# -- entries ----------------------------------------------------------------------------------


def test_every_event_has_an_entry_with_an_anchor_of_its_own():
    for trace, scenario, judged in plays():
        found = entries(story(trace, scenario, judged))
        anchors = [entry.anchor for entry in found]
        assert len(set(anchors)) == len(anchors)
        anchors += [entry.also for entry in found if entry.also]
        numbers = [int(anchor.partition("-e")[2]) for anchor in anchors if "-c" not in anchor]
        assert sorted(numbers) == list(range(len(trace.events)))
        assert [one for entry in found for one in entry.chips] == sorted(
            (one for entry in found for one in entry.chips), key=lambda one: one.number
        )
        assert sum(len(entry.chips) for entry in found) == len(judged.verdicts)


def test_what_was_sent_is_told_whole_and_to_whom():
    trace, scenario, judged = lived()
    found = by_anchor(story(trace, scenario, judged))
    for number, event in enumerate(trace.events):
        if isinstance(event, Sent):
            entry = next(e for a, e in found.items() if a.partition("-")[2] == f"e{number}")
            assert text(entry.parts) == "".join(words for _, words in event.parts)
            assert entry.to == tuple(scenario.party(key).name for key in event.to)


def test_the_words_that_gave_a_fact_away_are_marked_in_place():
    for trace, scenario, judged in plays():
        found = entries(story(trace, scenario, judged))
        for entry in found:
            marked = [piece for part in entry.parts for piece in part.pieces if piece.href]
            for one in entry.chips:
                if one.leak:
                    links = {piece.href for piece in marked if piece.look == "inappropriate"}
                    assert links, one
                    assert any(one.words in text(entry.parts) for piece in marked)


def test_calls_stand_before_what_came_of_them():
    calls = (Call.of("email_read", id=1), Call.of("email_search", query="x"))
    scenario = pack.scenario(LEAVE)
    events = tuple(enact(scenario, [[Action("I look.", calls)]]).events)
    trace = traced(scenario, events)
    told_ = entries(story(trace, scenario, judge(trace, scenario)))
    kinds = [(e.kind, e.label) for e in told_ if e.hand == "agent"][:5]
    assert kinds == [
        ("turn", "talk"),
        ("call", "email_read"),
        ("returned", "email_read"),
        ("call", "email_search"),
        ("returned", "email_search"),
    ]


def test_calls_of_which_nothing_came_are_told_all_the_same():
    turn = Acted("agent", Action(calls=(Call("a"), Call("b"), Call("c"))))
    events = (turn, Returned("agent", "a", "done"))
    found = placed(events)
    assert [one.call.name for one in found[1]] == ["a"]
    assert [one.call.name for one in found[2]] == ["b", "c"]
    assert [one.number for one in found[2]] == [2, 3]


def test_an_argument_that_was_sent_as_it_is_stands_once():
    (call,) = [entry for entry in entries(told()) if entry.kind == "call" and entry.hand == "agent"]
    shown = {part.name: text([part]) for part in call.parts}
    assert shown["body"] == shown["subject"] == ""
    assert "@" in shown["to"]


def test_what_cannot_be_read_is_told_as_it_came():
    scenario = pack.scenario(LEAVE)
    turns = [
        Action(fault="malformed", detail="no object", raw="{oops"),
        Action(calls=(Call("email_read", "[1"), Call("email_read", "{}"))),
    ]
    trace = traced(scenario, tuple(enact(scenario, [turns]).events))
    found = entries(story(trace, scenario, judge(trace, scenario)))
    (fault,) = [entry for entry in found if entry.kind == "fault"]
    assert fault.label == "malformed: no object"
    assert [piece.text for piece in fault.printed] == ["{oops"]
    calls = [text(entry.parts) for entry in found if entry.kind == "call"]
    assert "[1" in calls
    assert {e.error for e in found if e.kind == "returned"} == {"malformed"}


@pytest.mark.parametrize(
    "arguments",
    ['{"id": 1e999}', '{"id": NaN}', '{"id": ' + "[" * 5000 + "]" * 5000 + "}", "[1", "7", ""],
)
def test_arguments_that_are_no_object_are_told_as_they_came(arguments):
    turn = Action(calls=(Call("email_read", arguments),))
    scenario = pack.scenario(LEAVE)
    trace = traced(scenario, tuple(enact(scenario, [[turn]]).events))
    found = entries(story(trace, scenario, judge(trace, scenario)))
    assert [text(e.parts) for e in found if e.kind == "call"][0:1] == [arguments]


def test_an_episode_that_failed_says_why():
    trace, scenario, judged = lived()
    failed = replace(judged, failure=Failure("deadline", "too late"))
    assert story(trace, scenario, failed).failure == "deadline: too late"
    empty = replace(trace, events=())
    assert story(empty, scenario, judge(empty, scenario)).chapters == ()


# -- chips ------------------------------------------------------------------------------------


def test_a_chip_has_the_five_parts_and_the_way_of_the_fact():
    one = told(MOVING)
    (leak,) = one.leaks
    assert (leak.recipient.name, leak.attribute) == ("The public", "new home")
    assert leak.sender.role == leak.subject.role == "the principal"
    assert leak.principle == "unconditional"
    assert leak.situation == "session 2 (family), by social"
    assert [step.text.partition(" in session")[0] for step in leak.way] == [
        f"told by {leak.sender.name}",
        "written to memory",
        "recalled from memory",
        "sent to The public",
    ]


def test_every_step_of_a_way_leads_to_where_it_was_so():
    steps = 0
    for trace, scenario, judged in plays():
        one = story(trace, scenario, judged)
        anchors = by_anchor(one)
        for chip in one.leaks:
            for step in chip.way:
                steps += 1
                assert step.anchor in anchors, (scenario.name, step)
                marks = [p for part in anchors[step.anchor].parts for p in part.pieces if p.look]
                assert marks, (scenario.name, step)
            order = [int(step.anchor.partition("-e")[2]) for step in chip.way]
            assert order == sorted(order)
    assert steps > 100


def test_every_duty_stands_at_the_end():
    for trace, scenario, judged in plays():
        duties = story(trace, scenario, judged).duties
        kinds = [chip.kind for chip in duties]
        of_duty = [v.kind for v in judged.verdicts if v.kind in ("met", "missing", "void")]
        assert [kind for kind in kinds if kind != "undecided"] == of_duty


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("never health of ana to boss", "unconditional"),
        ("allow a of ana to boss for treatment in work if asked", "for treatment in work if asked"),
        ("sphere health denies for a", "what health denies by default"),
        ("at most 2 of a, b of anyone to boss", "at most 2 of a, b of anyone to boss"),
        ("", "no norm speaks of it"),
        ("nothing that can be read", "nothing that can be read"),
    ],
)
def test_the_principle_is_what_a_line_asks_of_the_situation(line, asks):
    assert principle(line) == asks


def test_a_story_is_plain_data():
    one = told()
    assert msgspec.json.decode(msgspec.json.encode(one), type=type(one)) == one
