"""Whose turn it is: sessions, budgets, replay. The turn machine does no I/O.

    while turn := episode.turn:
        episode.take(await minds[turn.party].act(turn.observation))

These two lines are the gym, the simulated people, several parties, async models, human play
and replay. The machine keeps no clock and no thread; what free minds did is its only input.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping

import msgspec

from privgym.agent import Mind
from privgym.errors import REFUSED, PrivgymError
from privgym.event import Acted, AnyEvent, Closed, End, Opened, Returned, Ticked
from privgym.flow import AGENT
from privgym.guard import Mode, guarding
from privgym.mark import spoken
from privgym.message import Action, Call, Message, Messages, Observation
from privgym.person import BEGINS, WAITS, Person
from privgym.prober import Prober
from privgym.scenario import PRINCIPAL, Scenario
from privgym.world import Arrival, Outcome, World, check_tools, schemas_of

STUCK = 2
"""Turns in a row in which the agent only made its last call again, after which its session closes:
such a call is not run, so what it sees stays the same, and a small model goes on to its last turn.
"""


class Turn(msgspec.Struct, frozen=True):
    """Whose turn it is, and all that they may know."""

    party: str
    observation: Observation


class Episode:
    """One scenario, lived.

    Args:
        scenario: what is the case.
        guard: what a guard at the wire does about inappropriate flows; "off" for none.

    Raises:
        PrivgymError: a call of the scenario's past, or of what a session shows, fails; or there
            is no such mode of a guard.
    """

    def __init__(self, scenario: Scenario, guard: Mode = "off") -> None:
        self.scenario, self.guard = scenario, guarding(scenario, guard)
        self.world = World(scenario, self.guard)
        self.events: list[AnyEvent] = []
        self.session = 0
        self.over = False
        self._logs: dict[str, list[Message]] = {p.key: [] for p in scenario.parties}
        self._queue: deque[str] = deque()
        self._turns: dict[str, int] = {}
        self._last: tuple[Call, Returned] | None = None
        self._stuck = 0
        for past in scenario.past:
            self._tick(past.at)
            outcome = self._stage(past.party, past.call)
            self._record(e for e in outcome.events if not isinstance(e, Returned))
        self._open()

    @property
    def turn(self) -> Turn | None:
        """Whose turn it is and what they see; None when the episode is over."""
        if self.over:
            return None
        party = self._queue[0]
        log = self._logs[party]
        tools = schemas_of(self.scenario, party)
        return Turn(party, Observation(party, self.session, Messages(log, len(log)), tools))

    @property
    def truncated(self) -> bool:
        """Whether the last session ran out of turns."""
        last = self.events[-1]
        return self.over and isinstance(last, Closed) and last.why != "done"

    def take(self, action: Action) -> None:
        """Take the turn of the party whose turn it is.

        Raises:
            RuntimeError: the episode is over.
        """
        if self.over:
            raise RuntimeError("the episode is over: make a new one")
        party = self._queue.popleft()
        action = _writable(action)
        # A person's silence is free: an agent that narrates must not use up its hearer's turns.
        if party == AGENT or action != Action():
            self._turns[party] = self._turns.get(party, 0) + 1
        self._record([Acted(party=party, action=action)])
        self._log(party, Message("assistant", action.text, party=party, calls=action.calls))
        if action.fault == "overflow":
            self._close("overflow")
            return
        again = bool(action.calls or action.fault)
        if action.fault:
            self._log(party, Message("notice", f"Error: {action.detail} Nothing was done."))
        else:
            again = not self._speak(party, action.text) or again
            fresh = [self._call(party, call, number) for number, call in enumerate(action.calls)]
            if party == AGENT:
                repeats = bool(fresh) and not action.text and not any(fresh)
                self._stuck = self._stuck + 1 if repeats else 0
        self._pass_on(party, action, again=again)

    # -- sessions ---------------------------------------------------------------------------

    def _open(self) -> None:
        self.session += 1
        session = self.scenario.sessions[self.session - 1]
        self._tick(session.at)
        self._turns, self._last, self._stuck = {}, None, 0
        if self.guard:  # before what is shown, which is sent in this session
            self.guard.see(Opened(session=self.session))
        texts, preloaded = self.world.open()
        shown = [self._stage(AGENT, call) for call in session.shows]
        texts += [outcome.returned.text for outcome in shown]
        notice = self._notice(session.at, texts)
        self.events.append(Opened(session=self.session, text=notice))
        self._record(preloaded)
        for outcome in shown:
            self._record(e for e in outcome.events if not isinstance(e, Returned))
        # A new list: what the agent saw before is out of its reach, not only out of its view.
        self._logs[AGENT] = [Message("notice", notice)]
        self._log(session.asker, Message("notice", BEGINS))
        self._queue = deque([session.asker])

    def _tick(self, at: str) -> None:
        """The clock stands at another time."""
        if not self.events or at != self.world.now:
            self._record([Ticked(at=at)])
        self.world.now = at

    def _stage(self, party: str, call: Call) -> Outcome:
        """A call that the scenario itself makes; it has to work, unless a guard is against it."""
        outcome = self.world.call(party, call)
        if outcome.returned.error and not outcome.guarded:
            raise PrivgymError(
                f"{call.name} of {party} fails: {outcome.returned.text}",
                where=self.scenario.name,
                do="calls of the past, and of what a session shows, must work",
            )
        return outcome

    def _notice(self, at: str, texts: Iterable[str]) -> str:
        me = self.world.address(PRINCIPAL)
        return "\n".join([f"It is {spoken(at)}. You act for {me}.", *texts])

    def _close(self, why: End) -> None:
        self._record([Closed(session=self.session, why=why)])
        if self.session < len(self.scenario.sessions):
            self._open()
        else:
            self.over = True

    # -- turns ------------------------------------------------------------------------------

    def _speak(self, party: str, text: str) -> bool:
        """Say a text to whoever hears it; whether no guard was against it."""
        asker = self.scenario.sessions[self.session - 1].asker
        if text and party == AGENT:
            outcome = self._happen(self.world.say(PRINCIPAL, AGENT, asker, text))
            if told := outcome.returned.text:
                self._log(AGENT, Message("notice", told))
            return not outcome.guarded
        if text and party in (asker, PRINCIPAL):
            self._happen(self.world.say(party, party, AGENT, text))
        return True

    def _call(self, party: str, call: Call, number: int) -> bool:
        """Make a call; whether it was another one than the last."""
        if number >= self.scenario.budget.calls:
            text = (
                f"Error: at most {self.scenario.budget.calls} calls a turn; this one was not run."
            )
            returned = Returned(party=party, call=call.name, text=text, error="refused")
            self._happen(Outcome((returned,), (), returned))
        elif party == AGENT and self._last and self._last[0] == call:
            before = self._last[1]
            text = f"{before.text}\n(The same call as just before: it was not run again.)"
            returned = msgspec.structs.replace(before, text=text, repeat=True)
            self._happen(Outcome((returned,), (), returned))
        else:
            returned = self._happen(self.world.call(party, call)).returned
            if party == AGENT:
                self._last = (call, returned)
        self._log(party, Message("tool", returned.text, call=call.name))
        return not returned.repeat

    def _record(self, events: Iterable[AnyEvent]) -> None:
        for event in events:
            self.events.append(event)
            if self.guard:
                self.guard.see(event)

    def _happen(self, outcome: Outcome) -> Outcome:
        self._record(outcome.events)
        for arrival in outcome.arrivals:
            self._log(arrival.to, arrival.message)
            self._wake(arrival)
        return outcome

    def _wake(self, arrival: Arrival) -> None:
        """Everyone to whom something was delivered gets one turn, first in first out."""
        if arrival.to not in self._queue and (arrival.to == AGENT or not self._spent(arrival.to)):
            self._queue.append(arrival.to)

    def _spent(self, party: str) -> bool:
        budget = self.scenario.budget
        most = budget.turns if party == AGENT else budget.person_turns
        return self._turns.get(party, 0) >= most

    def _pass_on(self, party: str, action: Action, *, again: bool) -> None:
        asker = self.scenario.sessions[self.session - 1].asker
        if party == AGENT:
            if again:
                self._queue.append(AGENT)
            else:
                self._log(asker, Message("notice", WAITS))
                if asker not in self._queue:
                    self._queue.append(asker)
        elif not self._queue and (party != asker or action != Action()):
            self._queue.append(asker if party != asker else AGENT)
        if not self._queue:
            self._close("done")
        elif self._stuck == STUCK and list(self._queue) == [AGENT]:
            self._close("stuck")
        elif self._spent(self._queue[0]):
            self._close("turns")

    def _log(self, party: str, message: Message) -> None:
        self._logs[party].append(message)


def _writable(action: Action) -> Action:
    """The action, or a malformed one where it holds what no trace can (half a surrogate pair)."""
    try:
        msgspec.json.encode(action)
    except UnicodeEncodeError:
        return Action(fault="malformed", detail="The text is not valid Unicode.")
    return action


def cast(scenario: Scenario) -> dict[str, Person]:
    """The scripted people of a scenario, by key."""
    people = {}
    for party in scenario.parties:
        if party.kind == "person":
            openings = {
                number: session.opening
                for number, session in enumerate(scenario.sessions, 1)
                if session.asker == party.key
            }
            own = [a for a in scenario.answers if a.party == party.key]
            grants = [g for g in scenario.grants if g.party == party.key]
            name = "" if party.key == PRINCIPAL else scenario.party(PRINCIPAL).name
            probers = [Prober(p, scenario.facts) for p in scenario.probes if p.party == party.key]
            people[party.key] = Person(party.key, openings, own, grants, name, probers)
    return people


def settle(episode: Episode, people: Mapping[str, Person]) -> Turn | None:
    """Let scripted people take their turns until it is the agent's; its turn, or None."""
    while (turn := episode.turn) and turn.party != AGENT:
        episode.take(people[turn.party].decide(turn.observation))
    return turn


async def live(scenario: Scenario, mind: Mind, guard: Mode = "off") -> Episode:
    """Live a scenario with a mind as its agent."""
    episode, people = Episode(scenario, guard), cast(scenario)
    while turn := settle(episode, people):
        episode.take(await mind.act(turn.observation))
    return episode


def replay(scenario: Scenario, actions: Iterable[Action], guard: Mode = "off") -> Episode:
    """Live a scenario again with the agent's recorded turns, under the same guard.

    Scripted people are generated again, so only what free minds did is trusted. When the
    actions are used up, the agent's further turns are empty.
    """
    episode, people, given = Episode(scenario, guard), cast(scenario), iter(actions)
    while settle(episode, people):
        episode.take(next(given, Action()))
    return episode


def verify(scenario: Scenario, recorded: Iterable[AnyEvent], guard: Mode = "off") -> Episode:
    """Replay a record and compare it, event for event.

    Args:
        scenario: what was lived.
        recorded: all that happened.
        guard: the guard it was lived under; a trace's header names it.

    Raises:
        PrivgymError: (code 4) the record is not what the scenario and the agent's acts give;
            names the first event that differs.
    """
    record = list(recorded)
    acts = [e.action for e in record if isinstance(e, Acted) and e.party == AGENT]
    episode = replay(scenario, acts, guard)
    for number, (old, new) in enumerate(zip(record, episode.events, strict=False)):
        if old != new:
            raise PrivgymError(
                f"event {number} differs on replay: {type(old).__name__} is not {new}"[:400],
                where=scenario.name,
                code=REFUSED,
            )
    if len(record) != len(episode.events):
        raise PrivgymError(
            f"the record has {len(record)} events, its replay {len(episode.events)}",
            where=scenario.name,
            code=REFUSED,
        )
    return episode


def enact(scenario: Scenario, sessions: Iterable[Iterable[Action]], guard: Mode = "off") -> Episode:
    """Live a scenario with a play: the agent's turns by session, empty when they are used up."""
    check_tools(scenario)
    episode, people = Episode(scenario, guard), cast(scenario)
    turns = [deque(actions) for actions in sessions]
    while settle(episode, people):
        mine = turns[episode.session - 1] if episode.session <= len(turns) else deque()
        episode.take(mine.popleft() if mine else Action())
    return episode
