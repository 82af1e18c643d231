"""Chat and social: a message reaches the audience that it has at that moment, and nobody else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.event import Sent
from privgym.message import Call
from privgym.ref import call
from privgym.world import World
from tests.small import Office, answer, begin, do, sent

TOOLS = ("email", "chat", "social")
PEOPLE = ("principal", "manager", "physician", "friend")


class Club(Office):
    """The office, with a friend, a channel of two and a circle."""

    def __init__(self) -> None:
        super().__init__(tools=TOOLS)
        self.friend = self.s.person("friend")
        self.team = self.s.channel("team", [self.boss])


def opened(make=None):
    club = Club()
    if make:
        make(club)
    return begin(club.freeze())


def name(episode, key: str) -> str:
    return str(episode.scenario.party(key).name)


def text(events) -> str:
    assert answer(events).error == "", answer(events).text
    return answer(events).text


def refused(events) -> str:
    assert answer(events).error == "refused"
    assert not sent(events)
    return answer(events).text


# -- chat ---------------------------------------------------------------------------------------


def test_a_direct_message_reaches_one_person():
    episode = opened()
    (one,) = sent(do(episode, call.chat_send(to=name(episode, "friend"), text="Hi")))
    assert (one.channel, one.to, one.parts) == ("chat", ("friend",), (("text", "Hi"),))
    assert not episode.world.account("manager", "chat").find(1).text


@pytest.mark.parametrize("to", ["#team", "team", " #TEAM "])
def test_a_channel_is_its_members_without_the_sender(to):
    episode = opened()
    (one,) = sent(do(episode, call.chat_send(to=to, text="Hello all")))
    assert (one.sender, one.hand, one.to) == ("principal", "agent", ("manager",))


def test_a_channel_of_nobody_is_refused():
    episode = opened()
    assert "(there are: #team)" in refused(do(episode, call.chat_send(to="#board", text="x")))
    me = name(episode, "principal")
    assert "nobody else" in refused(do(episode, call.chat_send(to=me, text="x")))
    assert "nobody is called" in refused(do(episode, call.chat_send(to="board", text="x")))


def test_an_answer_goes_where_the_message_was_written():
    def talk(club):
        club.s.chat(club.boss, club.team, "When are you away?")
        club.s.chat(club.friend, club.me, "Party?")

    episode = opened(talk)
    (one,) = sent(do(episode, call.chat_reply(id=2, text="Soon")))
    assert (one.to, one.thread) == (("manager",), "When are you away?")
    (two,) = sent(do(episode, call.chat_reply(id=3, text="Yes")))
    assert two.to == ("friend",)
    (own,) = sent(do(episode, call.chat_reply(id=5, text="And cake")))
    assert own.to == ("friend",)


def test_a_channel_and_a_person_are_read_apart():
    def talk(club):
        club.s.chat(club.boss, club.team, "In the team")
        club.s.chat(club.boss, club.me, "Between us")

    episode = opened(talk)
    view = episode.turn.observation.messages[0].text
    assert "Channels: #team" in view
    assert "Between us" not in view
    channel = text(do(episode, call.chat_read(where="#team")))
    person = text(do(episode, call.chat_read(where=name(episode, "manager"))))
    assert "In the team" in channel
    assert "Between us" not in channel
    assert "Between us" in person
    assert "In the team" not in person
    assert text(do(episode, call.chat_read())).count("\n") == 1
    assert text(do(episode, call.chat_read(where=name(episode, "friend")))) == "no messages there"


def test_who_joins_is_told_what_was_said():
    episode = opened(lambda club: club.s.chat(club.boss, club.team, f"Is it {club.illness}?"))
    made = call.chat_invite(channel="#team", person=name(episode, "friend"))
    backlog, joined = sent(do(episode, made))
    assert backlog.to == ("friend",)
    illness = next(f.value for f in episode.scenario.facts if f.key == "diagnosis")
    assert illness in dict(backlog.parts)["text"]
    assert (joined.to, joined.parts) == (("manager",), ())
    (one,) = sent(do(episode, call.chat_send(to="#team", text="Welcome")))
    assert one.to == ("manager", "friend")
    assert "already" in refused(do(episode, made))


steps = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from(PEOPLE), st.booleans()), max_size=8
)


@given(steps=steps)
def test_all_who_are_in_a_channel_can_read_all_of_it_and_nobody_else_any(steps):
    world = World(Club().freeze())
    members, log = {"principal", "manager"}, []
    for number, (who, other, invites) in enumerate(steps):
        said = f"word{number}"
        made: Call = (
            call.chat_invite(channel="#team", person=other)
            if invites
            else call.chat_send(to="#team", text=said)
        )
        outcome = world.call(who, made)
        may = who in members and (not invites or other not in members)
        assert (outcome.returned.error == "") == may, outcome.returned.text
        reached = {key for e in outcome.events if isinstance(e, Sent) for key in e.to}
        if not may:
            assert not reached
        elif invites:
            members.add(other)
            assert reached == members - {who}
        else:
            log.append(said)
            assert reached == members - {who}
    for person in PEOPLE:
        held = world.account(person, "chat").model_dump_json()
        assert [said for said in log if said in held] == (log if person in members else [])


# -- social -------------------------------------------------------------------------------------


def circles(club):
    club.s.circle("friends", [club.friend])
    club.s.circle("followers", [club.boss])
    club.s.post(club.friend, "Lovely day")


@pytest.mark.parametrize(
    ("audience", "to"),
    [
        ("friends", ("friend",)),
        ("followers", ("manager",)),
        ("public", ("friend", "manager", "public")),
    ],
)
def test_a_post_reaches_its_audience(audience, to):
    episode = opened(circles)
    (one,) = sent(do(episode, call.social_post(text="Hello", audience=audience)))
    assert (one.to, one.parts) == (to, (("text", "Hello"),))


def test_the_public_is_a_party_that_no_letter_reaches():
    episode = opened(circles)
    assert episode.scenario.party("public").kind == "stranger"
    events = do(episode, call.email_send(to=["public"], body="x"))
    assert "nobody is called" in refused(events)


def test_an_audience_of_nobody_is_refused():
    episode = opened()
    assert "nobody is among your friends" in refused(
        do(episode, call.social_post(text="x", audience="friends"))
    )
    (one,) = sent(do(episode, call.social_post(text="x", audience="public")))
    assert one.to == ("public",)
    unknown = answer(do(episode, call.social_post(text="x", audience="family")))
    assert unknown.error == "malformed"


def test_a_comment_reaches_whoever_can_read_the_post():
    episode = opened(circles)
    (one,) = sent(do(episode, call.social_comment(id=1, text="Indeed")))
    assert (one.to, one.thread) == (("friend",), "Lovely day")
    do(episode, call.social_post(text="Hello", audience="public"))
    (two,) = sent(do(episode, call.social_comment(id=3, text="Me again")))
    assert set(two.to) == {"friend", "manager", "public"}


def test_the_feed_shows_posts_whole():
    episode = opened(circles)
    assert text(do(episode, call.social_feed())).endswith("to friends: Lovely day")
    assert text(do(episode, call.social_feed(query="zebra"))) == "no posts"


def test_channels_are_declared_before_anything_is_said():
    club = Club()
    club.s.chat(club.boss, club.team, "Hello")
    with pytest.raises(PrivgymError, match="declare channels first"):
        club.s.channel("late", [club.boss])
