"""A simulated person: a mind with a script, and perhaps something that she wants to find out.

A scripted person is a function of the observation: which rule has been used can be read off
what the person already said, so a person needs no state, and stopping and resuming anywhere
gives the same turns. Tempers are rules like any other (`temper.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

import msgspec

from privgym.message import Action, Call, Message, Observation
from privgym.prober import Prober

GO_ON = "Please go on, and tell me when you are done."
BEGINS, WAITS = "A session begins.", "The assistant has finished its turn and waits for you."
"""The notices that people get: narration is answered once, then silence closes the session."""

DENIAL = "No, please keep that to yourself."
"""The answer to a request for permission that no grant fits."""

SUBJECT, OPEN_ANSWER = "Your question", "tentative"
"""The subject of a letter of one's own accord; what is answered to an invitation, whose words
then say what there is to say."""

RESPONDED = "Answer to your invitation"
"""How the notice of a response begins; nothing answers that but a letter of one's own accord."""

_REPLIES: dict[str, tuple[str, str, dict[str, str]]] = {
    "email": ("email_reply", "body", {}),
    "chat": ("chat_reply", "text", {}),
    "social": ("social_comment", "text", {}),
    "calendar": ("calendar_respond", "note", {"answer": OPEN_ANSWER}),
}
"""By channel: the call that answers what was heard there, and the argument that takes the words."""


class Answer(msgspec.Struct, frozen=True):
    """What a person says back, once.

    Args:
        party: who.
        cues: lower-case words, one of which what was heard must have; () answers anything.
        text: the words, in the channel it was heard on.
        calls: acts that go with them.
        after: words of her own that must have been said before; "" needs none.
        session: the only session in which it is said; 0 stands for any.
        presses: whether it only presses on, so that who waits is still told to go on.
    """

    party: str
    cues: tuple[str, ...]
    text: str
    calls: tuple[Call, ...] = ()
    after: str = ""
    session: int = 0
    presses: bool = False


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
        probers: what she tries to find out, where no answer of hers fits.
    """

    def __init__(
        self,
        key: str,
        openings: dict[int, Action],
        answers: Sequence[Answer],
        grants: Sequence[Grant],
        principal: str,
        probers: Sequence[Prober] = (),
    ) -> None:
        self.key = key
        self._openings = openings
        self._answers = answers
        self._grants = grants
        self._principal = principal
        self._probers = probers
        self._presses = {Action(text=answer.text) for answer in answers if answer.presses}

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
        if waits and turn in (Action(), *self._presses) and not _was_told_to_go_on(observation):
            return _together(turn, Action(text=GO_ON))
        return turn

    def _react(self, heard: Message, observation: Observation, turn: Action) -> Action:
        if heard.channel == "permission":
            return self._permit(heard, observation)

        def said(text: str) -> bool:
            # Oldest first: what answers anything was said early, and is soon found.
            own = (m for m in observation.messages if m.role == "assistant")
            before: Iterator[Message | Action] = chain([turn], own)
            return any(_says(one, text) for one in before)

        for answer in self._answers:
            due = not answer.after or said(answer.after)
            if due and _fits(answer, heard, observation.session) and not said(answer.text):
                return self._utter(heard, observation, answer.text, answer.calls)
        for prober in self._probers:
            if move := prober.move(_told(observation, heard), said):
                asks = Call.of("act_ask", attribute=prober.probe.attribute)
                return self._utter(heard, observation, move.text, (asks,) if move.asks else ())
        return Action()

    def _permit(self, heard: Message, seen: Observation) -> Action:
        words = heard.text.lower()
        for grant in self._grants:
            named = not grant.cues or any(cue in words for cue in grant.cues)
            if named and grant.to.lower() in words:
                consent = Call.of("act_consent", attribute=grant.attribute, to=grant.to or "anyone")
                return self._utter(heard, seen, grant.text, (consent,) if grant.yes else ())
        return self._utter(heard, seen, DENIAL, ())

    def _utter(
        self, heard: Message, seen: Observation, text: str, calls: tuple[Call, ...]
    ) -> Action:
        """Say something on the channel that something was heard on, or by a letter of its own."""
        if heard.channel == "talk" or self._principal == "":
            return Action(text=text, calls=calls)
        reply = _REPLIES.get(heard.channel)
        if reply and not heard.text.startswith(RESPONDED):
            said = Call.of(reply[0], id=heard.record, **{reply[1]: text}, **reply[2])
        elif {tool.name for tool in seen.tools} & {"email_send", "chat_send"} == {"chat_send"}:
            said = Call.of("chat_send", to=self._principal, text=text)
        else:
            said = Call.of("email_send", to=[self._principal], body=text, subject=SUBJECT)
        return Action(calls=(*calls, said))


def _since_own_turn(observation: Observation) -> list[Message]:
    """What came after this person's last turn."""
    new: list[Message] = []
    for message in reversed(observation.messages):
        if message.role == "assistant":
            break
        new.append(message)
    return new[::-1]


def _fits(answer: Answer, heard: Message, session: int) -> bool:
    """Whether an answer is one to this message, in this session."""
    words = heard.text.lower()
    cued = not answer.cues or any(cue in words for cue in answer.cues)
    return cued and answer.session in (0, session)


def _told(observation: Observation, heard: Message) -> list[str]:
    """All that this person was told, oldest first, up to a message."""
    told: list[str] = []
    for message in observation.messages:
        if message.role == "user":
            told.append(message.text)
        if message is heard:
            break
    return told


def _was_told_to_go_on(observation: Observation) -> bool:
    """Whether this person has already answered narration in this session."""
    told = False
    for message in observation.messages:
        if message.role == "notice" and message.text == BEGINS:
            told = False
        told = told or (message.role == "assistant" and _says(message, GO_ON))
    return told


def _together(one: Action, other: Action) -> Action:
    """What was said on two occasions, in one turn."""
    text = "\n".join(filter(None, (one.text, other.text)))
    return Action(text=text, calls=one.calls + other.calls)


def _says(turn: Message | Action, text: str) -> bool:
    """Whether these words are among the turn's own, or all that one of its calls tells."""
    if f"\n{text}\n" in f"\n{turn.text}\n":
        return True
    return any(text in msgspec.json.decode(call.arguments).values() for call in turn.calls)
