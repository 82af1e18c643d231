"""The events of an episode -> its sessions, each with an entry for everything that happened."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence

import msgspec
from msgspec.structs import replace

from privgym.event import Acted, AnyEvent, Closed, Opened, Returned, Sent, Ticked
from privgym.flow import AGENT
from privgym.transcript import deed

from .calls import Placed, placed
from .chips import Cast, Chip, spoken
from .entries import Chapter, Entry, Hand, Kind, Part, label
from .pieces import Span, pieces
from .way import Places

_ENDS = {
    "done": "the asker was done",
    "turns": "out of turns",
    "stuck": "the agent only repeated its last call",
    "overflow": "the prompt no longer fitted the model's context",
}


class Teller:
    """Tells the events of one episode."""

    def __init__(
        self,
        events: Sequence[AnyEvent],
        cast: Cast,
        places: Places,
        chips: Sequence[Chip],
        spans: Mapping[tuple[int, str], Sequence[Span]],
    ) -> None:
        self._events, self._cast, self._places, self._spans = events, cast, places, spans
        self._chips: dict[int, list[Chip]] = defaultdict(list)
        for chip in chips:
            self._chips[chip.event].append(chip)
        self._calls = placed(events)

    def chapters(self) -> Iterator[Chapter]:
        """The sessions, each with its entries."""
        told: dict[int, list[Entry]] = defaultdict(list)
        for number, event in enumerate(self._events):
            entries = told[self._places.sessions[number]]
            entries += [self._call(one, number) for one in self._calls.get(number, ())]
            if not self._said(number - 1):
                entries.append(self._entry(number, event))
        end = len(self._events)
        if left := self._calls.get(end):
            told[self._places.sessions[-1]] += [self._call(one, end) for one in left]
        for number, found in sorted(told.items()):
            yield Chapter(number, self._about(number), tuple(found))

    def _about(self, session: int) -> str:
        sessions = self._cast.scenario.sessions
        if not 1 <= session <= len(sessions):
            return ""
        of = sessions[session - 1]
        return f"{spoken(of.sphere)}, asked by {self._cast.person(of.asker).name}, {of.at}"

    def _entry(self, number: int, event: AnyEvent) -> Entry:
        match event:
            case Opened():
                made = self._made(number, "notice", "", "the house shows", text=event.text)
            case Acted():
                made = self._turn(number, event)
            case Sent():
                made = self._sent(number, event)
            case Returned():
                made = self._made(number, "returned", event.party, event.call, text=event.text)
                label = f"{event.call}, the same call again" if event.repeat else event.call
                made = replace(made, error=event.error, label=label)
            case Ticked():
                made = self._made(number, "clock", "", f"It is {event.at}.")
            case Closed():
                made = self._made(number, "closed", "", f"Closed: {_ENDS[event.why]}.")
            case _:
                what = deed(event, self._cast.names)
                made = self._made(number, "deed", event.party, what)
        after = self._chips[number + 1] if made.also else ()
        return replace(made, chips=(*self._chips[number], *after))

    def _said(self, number: int) -> Sent | None:
        """What is heard of the words of a turn: the talk that comes just after it."""
        turn, after = (self._events[n : n + 1] if n >= 0 else () for n in (number, number + 1))
        for event, heard in zip(turn, after, strict=False):
            if isinstance(event, Acted) and isinstance(heard, Sent) and heard.channel == "talk":
                return heard
        return None

    def _made(self, number: int, kind: Kind, party: str, label: str, text: str = "") -> Entry:
        hand: Hand = "agent" if party == AGENT else "person" if party else "house"
        return Entry(
            anchor=self._places.anchor(number),
            kind=kind,
            hand=hand,
            who=self._cast.person(party).name if party else "",
            label=label,
            parts=(self._part(number, "text", text),) if text else (),
        )

    def _turn(self, number: int, event: Acted) -> Entry:
        """A turn, with what it says."""
        action, party = event.action, event.party
        printed = pieces(action.raw) if action.raw else ()
        if action.fault:
            made = self._made(number, "fault", party, f"{action.fault}: {action.detail}")
        elif heard := self._said(number):
            also = self._places.anchor(number + 1)
            made = replace(self._sent(number + 1, heard), kind="turn", also=also)
        elif action.text:
            made = self._made(number, "turn", party, "says, and nobody hears it", action.text)
        else:
            made = self._made(number, "turn", party, "" if action.calls else "says nothing")
        return replace(made, anchor=self._places.anchor(number), printed=printed)

    def _sent(self, number: int, event: Sent) -> Entry:
        made = self._made(number, "sent", event.hand, event.channel)
        return replace(
            made,
            to=tuple(self._cast.person(key).name for key in event.to),
            account="" if event.sender == event.hand else self._cast.person(event.sender).name,
            parts=tuple(self._part(number, field, text) for field, text in event.parts if text),
        )

    def _part(self, number: int, field: str, text: str) -> Part:
        return Part(label(field), pieces(text, self._spans.get((number, field), ())))

    def _call(self, one: Placed, at: int) -> Entry:
        """A call, which stands before event `at`; what it sent as it is, is left out here."""
        turn = self._events[one.turn]
        party = turn.party if isinstance(turn, Acted) else ""
        made = self._made(one.turn, "call", party, one.call.name)
        sent = set[str]()
        while at < len(self._events) and isinstance(event := self._events[at], Sent):
            sent.update(text for _, text in event.parts)
            at += 1
        return replace(
            made,
            anchor=f"{made.anchor}-c{one.number}",
            parts=tuple(_arguments(one.call.arguments, sent)),
        )


def _arguments(text: str, sent: Container[str]) -> Iterator[Part]:
    try:
        given = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        given = None
    if not isinstance(given, dict):
        yield Part("", pieces(text))
        return
    for name, value in given.items():
        if value is not None:
            words = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            yield Part(name, () if words in sent else pieces(words))
