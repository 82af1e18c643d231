"""A simulated person: a mind with a script.

A scripted person is a function of the observation: which rule has been used can be read off
what the person already said, so a person needs no state, and stopping and resuming anywhere
gives the same turns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from privgym.message import Action, Call, Message, Observation

GO_ON = "Please go on, and tell me when you are done."
BEGINS, WAITS = "A session begins.", "The assistant has finished its turn and waits for you."
"""The notices that people get: narration is answered once, then silence closes the session."""


class Answer(msgspec.Struct, frozen=True):
    """What a person says back, once.

    Args:
        party: who.
        cues: lower-case words, one of which what was heard must have; () answers anything.
        text: the words, in the channel it was heard on.
        calls: acts that go with them.
    """

    party: str
    cues: tuple[str, ...]
    text: str
    calls: tuple[Call, ...] = ()


class Grant(msgspec.Struct, frozen=True):
    """How a person answers when asked for permission.

    Args:
        party: who is asked.
        attribute: what is consented to, if `yes`.
        to: how the one who may be told is addressed (a name); "" stands for anyone.
        cues: lower-case words, one of which the request must have; () fits whatever is asked.
        yes: whether it is allowed.
        text: the words of the answer.
    """

    party: str
    attribute: str
    to: str
    cues: tuple[str, ...]
    yes: bool
    text: str


class Person:
    """A scripted person.

    Args:
        key: the party.
        openings: what the person says and does when a session of hers begins, by number.
        answers: tried in order, each used once.
        grants: tried in order; a request that none fits is denied.
        principal: name of the person the agent acts for, for letters of one's own accord.
    """

    def __init__(
        self,
        key: str,
        openings: dict[int, Action],
        answers: Sequence[Answer],
        grants: Sequence[Grant],
        principal: str,
    ) -> None:
        self.key = key
        self._openings = openings
        self._answers = answers
        self._grants = grants
        self._principal = principal

    async def act(self, observation: Observation) -> Action:
        """Decide this turn."""
        return self.decide(observation)

    def decide(self, observation: Observation) -> Action:
        """Decide this turn; the same as `act`, for callers without a loop."""
        new = _since_own_turn(observation)
        if any(m.role == "notice" and m.text == BEGINS for m in new):
            return self._openings.get(observation.session, Action())
        turn = Action()
        for heard in new:
            if heard.role == "user":
                turn = _together(turn, self._react(heard, observation, turn))
        waits = any(m.role == "notice" and m.text == WAITS for m in new)
        if turn == Action() and waits and not _was_told_to_go_on(observation):
            return Action(text=GO_ON)
        return turn

    def _react(self, heard: Message, observation: Observation, turn: Action) -> Action:
        if heard.channel == "permission":
            return self._permit(heard)
        words = heard.text.lower()
        for answer in self._answers:
            fits = not answer.cues or any(cue in words for cue in answer.cues)
            # Oldest first: what answers anything was said early, and is soon found.
            own = (m for m in observation.messages if m.role == "assistant")
            said: Iterator[Message | Action] = chain([turn], own)
            if fits and not any(_says(one, answer.text) for one in said):
                return self._utter(heard, answer.text, answer.calls)
        return Action()

    def _permit(self, heard: Message) -> Action:
        words = heard.text.lower()
        for grant in self._grants:
            named = not grant.cues or any(cue in words for cue in grant.cues)
            if named and grant.to.lower() in words:
                consent = Call.of("act_consent", attribute=grant.attribute, to=grant.to or "anyone")
                return self._utter(heard, grant.text, (consent,) if grant.yes else ())
        return self._utter(heard, "No, please keep that to yourself.", ())

    def _utter(self, heard: Message, text: str, calls: tuple[Call, ...]) -> Action:
        """Say something on the channel that something was heard on."""
        if heard.channel == "talk" or self._principal == "":
            return Action(text=text, calls=calls)
        if heard.channel == "email":
            return Action(calls=(*calls, Call.of("email_reply", id=heard.record, body=text)))
        letter = Call.of("email_send", to=[self._principal], body=text, subject="Your question")
        return Action(calls=(*calls, letter))


def _since_own_turn(observation: Observation) -> list[Message]:
    """What came after this person's last turn."""
    new: list[Message] = []
    for message in reversed(observation.messages):
        if message.role == "assistant":
            break
        new.append(message)
    return new[::-1]


def _was_told_to_go_on(observation: Observation) -> bool:
    """Whether this person has already answered narration in this session."""
    told = False
    for message in observation.messages:
        if message.role == "notice" and message.text == BEGINS:
            told = False
        told = told or (message.role == "assistant" and message.text == GO_ON)
    return told


def _together(one: Action, other: Action) -> Action:
    """What was said on two occasions, in one turn."""
    text = "\n".join(filter(None, (one.text, other.text)))
    return Action(text=text, calls=one.calls + other.calls)


def _says(turn: Message | Action, text: str) -> bool:
    """Whether these words are among the turn's own, or the body of one of its calls."""
    if f"\n{text}\n" in f"\n{turn.text}\n":
        return True
    bodies = (msgspec.json.decode(call.arguments).get("body") for call in turn.calls)
    return any(body == text for body in bodies)
