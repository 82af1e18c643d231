"""Notes, files, attachments and invitations: who was given something gets all of its versions."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.flow import AGENT
from privgym.message import Call
from privgym.ref import call
from privgym.world import World
from tests.small import Office, answer, begin, do, see, sent

TOOLS = ("email", "calendar", "notes", "files")
PEOPLE = ("manager", "physician")


def text(events) -> str:
    assert answer(events).error == "", answer(events).text
    return answer(events).text


def refused(events) -> str:
    assert answer(events).error == "refused"
    assert not sent(events)
    return answer(events).text


def opened(make=None):
    o = Office(tools=TOOLS)
    if make:
        make(o)
    return begin(o.freeze())


def name(episode, key: str) -> str:
    return str(episode.scenario.party(key).name)


# -- notes --------------------------------------------------------------------------------------


def test_a_note_is_its_owners_until_it_is_shared():
    episode = opened()
    events = do(episode, call.notes_write(title="Leave", text="In December"))
    assert not sent(events)
    (one,) = sent(do(episode, call.notes_share(id=1, to=[name(episode, "manager")])))
    assert one.to == ("manager",)
    assert one.parts == (("title", "Leave"), ("text", "In December"))
    (note,) = episode.world.account("manager", "notes").records.values()
    assert (note.title, note.text) == ("Leave", "In December")


def test_an_edit_of_a_shared_note_goes_to_everyone_who_has_it():
    episode = opened(lambda o: o.s.earlier(o.me, call.notes_share(id=note(o), to=[o.boss])))
    (one,) = sent(do(episode, call.notes_edit(id=1, text="Now in May")))
    assert (one.to, dict(one.parts)["text"]) == (("manager",), "Now in May")
    assert dict(one.parts)["title"] == "Plans"
    assert "Shared with" in text(do(episode, call.notes_read(id=1)))


def note(o: Office):
    return o.s.note("Plans", "In December")


def test_notes_are_found_and_opened():
    episode = opened(note)
    assert 'note 1: "Plans"' in episode.turn.observation.messages[0].text
    assert text(do(episode, call.notes_search(query="december"))) == 'note 1: "Plans"'
    assert "no note has" in text(do(episode, call.notes_search(query="zebra")))
    assert "In December" in text(do(episode, call.notes_read(id=1)))
    assert "no note 7" in refused(do(episode, call.notes_read(id=7)))


def test_what_others_shared_is_theirs():
    def theirs(o):
        o.s.earlier(o.boss, call.notes_share(id=o.s.note("Plans", "Secret", of=o.boss), to=[o.me]))

    episode = opened(theirs)
    assert "Secret" in text(do(episode, call.notes_read(id=1)))
    assert "someone else's" in refused(do(episode, call.notes_edit(id=1, text="x")))
    to = [name(episode, "physician")]
    assert "someone else's" in refused(do(episode, call.notes_share(id=1, to=to)))


def test_nobody_shares_with_herself():
    episode = opened(note)
    to = [name(episode, "principal")]
    assert "yours already" in refused(do(episode, call.notes_share(id=1, to=to)))


# -- files --------------------------------------------------------------------------------------


def file(o: Office):
    return o.s.file("leave.txt", f"Away on {o.dates}.")


def test_files_are_listed_and_opened_by_name_or_number():
    episode = opened(file)
    assert text(do(episode, call.files_list())) == 'file 1: "leave.txt"'
    assert "Away on" in text(do(episode, call.files_read(name="LEAVE.txt")))
    assert "Away on" in text(do(episode, call.files_read(name="1")))
    assert "(there are: leave.txt)" in refused(do(episode, call.files_read(name="leaf")))
    assert text(do(opened(), call.files_list())) == "there are no files"


def test_a_shared_file_that_is_written_anew_goes_to_its_readers():
    episode = opened(file)
    to = name(episode, "physician")
    (one,) = sent(do(episode, call.files_share(name="leave.txt", to=to)))
    assert one.to == ("physician",)
    assert dict(one.parts)["name"] == "leave.txt"
    (one,) = sent(do(episode, call.files_write(name="leave.txt", text="In May")))
    assert (one.to, dict(one.parts)["text"]) == (("physician",), "In May")
    events = do(episode, call.files_write(name="other.txt", text="mine"))
    assert not sent(events)
    assert len(episode.world.account("principal", "files").records) == 2


def test_an_attachment_is_read_like_the_letter():
    episode = opened(file)
    to = [name(episode, "manager")]
    (one,) = sent(do(episode, call.email_attach(to=to, files="leave.txt", body="See file")))
    assert one.parts[0] == ("body", "See file")
    field, words = one.parts[1]
    assert field == "attached/1"
    assert words.startswith("leave.txt\nAway on")
    assert words in text(do(episode, call.email_read(id=2)))
    (again,) = sent(do(episode, call.email_forward(id=2, to=[name(episode, "physician")])))
    assert dict(again.parts)["attached/1"] == words
    (answered,) = sent(do(episode, call.email_reply(id=2, body="So?")))
    assert "attached/1" not in dict(answered.parts)


def test_a_file_that_is_not_there_keeps_the_letter_back():
    episode = opened(file)
    to = [name(episode, "manager")]
    events = do(episode, call.email_attach(to=to, files=["leave.txt", "b"], body="x"))
    assert 'no file "b"' in refused(events)


def test_nobody_attaches_what_another_has():
    episode = opened(lambda o: o.s.file("hers.txt", "secret", of=o.boss))
    to = [name(episode, "physician")]
    assert "no file" in refused(do(episode, call.email_attach(to=to, files="hers.txt", body="x")))


def test_letters_are_attached_to_beside_files_only():
    episode = begin(Office(tools=("email",)).freeze())
    assert "email_attach" not in {tool.name for tool in see(episode).tools}
    events = do(episode, call.email_attach(to=["x@y.example"], files=["a"], body="x"))
    assert answer(events).error == "malformed"


# -- invitations --------------------------------------------------------------------------------


def invited(o: Office):
    return o.s.entry("Review", "2026-12-01 10:00", of=o.boss, invited=[o.me, o.doctor])


def test_an_answer_goes_to_whoever_invited_and_to_nobody_else():
    episode = opened(invited)
    (one,) = sent(do(episode, call.calendar_respond(id=1, answer="decline", note="At a clinic")))
    assert one.to == ("manager",)
    assert dict(one.parts) == {"answer": "decline", "note": "At a clinic"}
    assert "Review" in one.thread
    kept = list(episode.world.account("manager", "calendar").records.values())[-1]
    assert 'decline "Review"' in kept.title
    assert kept.note == "At a clinic"
    theirs = episode.world.account("physician", "calendar").records.values()
    assert "clinic" not in " ".join(entry.model_dump_json() for entry in theirs)


def test_only_an_invitation_can_be_answered():
    episode = opened(lambda o: o.s.entry("Mine", "2026-12-01"))
    assert "your own" in refused(do(episode, call.calendar_respond(id=1, answer="accept")))
    malformed = answer(do(episode, call.calendar_respond(id=1, answer="perhaps")))
    assert malformed.error == "malformed"


def test_an_answer_makes_nobody_busier():
    episode = opened(invited)
    do(episode, call.calendar_respond(id=1, answer="accept"))
    day = call.calendar_free(person=name(episode, "manager"), day="2026-12-01")
    assert text(do(episode, day)) == "busy 2026-12-01 10:00 to end of day"


# -- all of them --------------------------------------------------------------------------------

KINDS = {
    "notes": (
        lambda n: call.notes_write(title=f"t{n}", text="first"),
        lambda n, to: call.notes_share(id=n, to=to),
        lambda n, words: call.notes_edit(id=n, text=words),
    ),
    "files": (
        lambda n: call.files_write(name=f"f{n}.txt", text="first"),
        lambda n, to: call.files_share(name=f"f{n}.txt", to=to),
        lambda n, words: call.files_write(name=f"f{n}.txt", text=words),
    ),
    "calendar": (
        lambda n: call.calendar_create(title="first", start=f"2026-12-0{n}"),
        lambda n, to: call.calendar_invite(id=n, to=to),
        lambda n, words: call.calendar_update(id=n, title=words),
    ),
}
CONTENT = {"notes": "text", "files": "text", "calendar": "title"}
steps = st.lists(
    st.one_of(
        st.tuples(st.just("share"), st.integers(1, 2), st.sampled_from(PEOPLE)),
        st.tuples(st.just("edit"), st.integers(1, 2), st.sampled_from(["second", "third"])),
    ),
    max_size=6,
)


@pytest.mark.parametrize("kind", KINDS)
@given(steps=steps)
def test_whoever_was_given_a_record_has_its_newest_version_and_nobody_else_has_any(kind, steps):
    world = World(Office(tools=TOOLS).freeze())
    make, share, edit = KINDS[kind]
    has: dict[int, set[str]] = {1: set(), 2: set()}
    now = {1: "first", 2: "first"}
    for number in has:
        assert not world.call(AGENT, make(number)).returned.error
    for what, number, value in steps:
        made: Call = share(number, [value]) if what == "share" else edit(number, value)
        outcome = world.call(AGENT, made)
        assert not outcome.returned.error, outcome.returned.text
        if what == "share":
            has[number].add(value)
        else:
            now[number] = value
            told = {key for event in outcome.events for key in getattr(event, "to", ())}
            assert told == has[number]
    for person in PEOPLE:
        held = [getattr(r, CONTENT[kind]) for r in world.account(person, kind).records.values()]
        assert sorted(held) == sorted(now[n] for n in has if person in has[n])
