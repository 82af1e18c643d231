"""Good plays, spoiled in one place: what a score that means something must notice.

From what a good play did, each mutant leaves out a call, sends it to somebody else, adds a fact
that must not get there, or takes out a fact that must; and says which verdict has to follow.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

import msgspec

from privgym.episode import enact
from privgym.event import Acted, Opened, Returned, Sent
from privgym.flow import AGENT, STRANGER
from privgym.mark import prose
from privgym.message import Action, Call
from privgym.scenario import PRINCIPAL, Play, Scenario
from privgym.score import Fold, grader
from privgym.verdict import Verdict

SPOKEN = -1
"""Where a turn's text stands among its calls."""

HIDDEN = "that"
"""What stands in the place of a fact that was taken out."""


class Step(NamedTuple):
    """A call of a play, or the text of a turn, as it was lived.

    Args:
        session, turn, call: its place, from 0; `call` is `SPOKEN` for the text.
        to: who got what it sent.
        texts: what it sent.
        met: verdicts of the duties that it met.
        gain: what it added to the reward.
        wrong: (fact, party) that must not meet, as the past then stood.
    """

    session: int
    turn: int
    call: int
    to: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    met: tuple[Verdict, ...] = ()
    gain: float = 0.0
    wrong: frozenset[tuple[str, str]] = frozenset()


class Due(NamedTuple):
    """What must follow: a duty unmet, a flow judged wrong; without a fact, a goal unmet."""

    kind: Literal["unmet", "wrong"]
    fact: str = ""
    recipient: str = ""


class Mutant(NamedTuple):
    """A play spoiled in one place: what was done to it, and what must follow."""

    what: str
    play: Play
    due: tuple[Due, ...]


def mutants(scenario: Scenario, play: Play) -> Iterator[Mutant]:
    """Every mutant of a good play from which something must follow."""
    lived = steps(scenario, play)
    for step in lived:
        others = [other for other in lived if other is not step]
        # What is told twice is still told when it is left out once.
        met = [v for v in step.met if not any(_tells(scenario, o, v) for o in others)]
        made = _made(play, step)
        found = [_without(play, step, made, met), *_swapped(scenario, play, step, made, met)]
        found += _leaking(scenario, play, step, made)
        found += _untold(scenario, play, step, made, met)
        yield from (mutant for mutant in found if mutant.due)


def unmoved(mutant: Mutant, lived: Fold) -> Iterator[str]:
    """What the score of a mutant, once it was lived, failed to notice."""
    for due in mutant.due:
        ends = (due.fact, due.recipient)
        kinds = {v.kind for v in lived.verdicts if (v.fact, v.recipient) == ends}
        if not due.fact and lived.score().right:
            yield "it is still right"
        elif due.kind == "unmet" and "met" in kinds:
            yield f"the duty to tell {due.recipient} {due.fact} is still met"
        elif due.kind == "wrong" and not kinds & {"inappropriate", "undecided"}:
            yield f"{due.fact} reaching {due.recipient} is not judged inappropriate"


# -- how a play was lived -----------------------------------------------------------------------


def steps(scenario: Scenario, play: Play) -> list[Step]:
    """Live a play and tell, for each of its texts and calls, what it did."""
    fold, made = Fold(grader(scenario)), dict[tuple[int, int, int], Step]()
    session = turn = call = -1
    for event in enact(scenario, play.sessions).events:
        answered = isinstance(event, Returned) and event.party == AGENT
        if isinstance(event, Opened):
            session, turn = session + 1, -1
        elif isinstance(event, Acted) and event.party == AGENT:
            turn, call = turn + 1, 0
        sent = event if isinstance(event, Sent) and event.hand == AGENT else None
        before, wrong = fold.reward, _wrong(scenario, fold) if sent else frozenset()
        verdicts = fold.see(event)
        if turn >= 0 and (answered or sent):
            place = (session, turn, SPOKEN if sent and sent.channel == "talk" else call)
            step = made.get(place, Step(*place))
            made[place] = step._replace(
                to=step.to + (sent.to if sent else ()),
                texts=step.texts + tuple(text for _, text in (sent.parts if sent else ())),
                met=step.met + tuple(v for v in verdicts if v.kind == "met"),
                gain=step.gain + fold.reward - before,
                wrong=step.wrong | wrong,
            )
        call += answered
    return list(made.values())


def _wrong(scenario: Scenario, fold: Fold) -> frozenset[tuple[str, str]]:
    return frozenset(
        (fact.key, party.key)
        for fact in scenario.facts
        for party in scenario.parties
        if party.key not in (AGENT, STRANGER)
        if fold.monitor.judge(fact, PRINCIPAL, party.key).wrong
    )


def _tells(scenario: Scenario, step: Step, met: Verdict) -> bool:
    return met.recipient in step.to and met.fact in _found(scenario, step.texts)


def _found(scenario: Scenario, texts: Iterable[str]) -> set[str]:
    parts = [("text", text) for text in texts]
    return {finding.fact for finding in grader(scenario).sensor.find(parts)}


# -- how it is spoiled --------------------------------------------------------------------------


def _without(play: Play, step: Step, made: Call | str, met: list[Verdict]) -> Mutant:
    """The call left out; where it met a goal and no duty, the episode must not be right."""
    due = _unmet(met) or ((Due("unmet"),) if step.gain > 0 and not step.met else ())
    return Mutant(f"{_named(made)} left out", _put(play, step, None), due)


def _swapped(
    scenario: Scenario, play: Play, step: Step, made: Call | str, met: list[Verdict]
) -> Iterator[Mutant]:
    """The call sent to each person whom it did not reach."""
    if isinstance(made, str) or "to" not in (given := msgspec.json.decode(made.arguments)):
        return
    told = _found(scenario, step.texts)
    for party in scenario.parties:
        if party.kind == "person" and party.key not in (PRINCIPAL, *step.to):
            to = [party.email] if isinstance(given["to"], list) else party.email
            swapped = Call.of(made.name, **{**given, "to": to})
            wrong = tuple(
                Due("wrong", fact, party.key)
                for fact in sorted(told)
                if (fact, party.key) in step.wrong
            )
            what = f"{_named(made)} sent to {party.key}"
            yield Mutant(what, _put(play, step, swapped), _unmet(met) + wrong)


def _leaking(scenario: Scenario, play: Play, step: Step, made: Call | str) -> Iterator[Mutant]:
    """The longest of its texts with one more fact, which one of its readers must not have."""
    told, texts = _found(scenario, step.texts), _texts(step, made)
    if not texts:
        return
    name, text = max(texts.items(), key=lambda item: len(item[1]))
    for fact in scenario.facts:
        if fact.key not in told:
            more = f"{text} {scenario.party(fact.subject).name}: {prose(fact)}."
            due = tuple(
                Due("wrong", fact.key, to)
                for to in dict.fromkeys(step.to)
                if (fact.key, to) in step.wrong
            )
            leak = _with(made, {name: more})
            yield Mutant(f"{_named(made)} with {fact.key} in it", _put(play, step, leak), due)


def _untold(
    scenario: Scenario, play: Play, step: Step, made: Call | str, met: list[Verdict]
) -> Iterator[Mutant]:
    """The texts without one fact that they had to tell."""
    texts = _texts(step, made)
    for verdict in met:
        told = [text for text in step.texts if verdict.fact in _found(scenario, [text])]
        # A file or a note that goes along is not in the call's own words.
        if set(told) <= set(texts.values()):
            less = {name: _hide(scenario, verdict.fact, text) for name, text in texts.items()}
            what = f"{_named(made)} without {verdict.fact} in it"
            yield Mutant(what, _put(play, step, _with(made, less)), _unmet([verdict]))


def _hide(scenario: Scenario, fact: str, text: str) -> str:
    """A text without any words that tell a fact."""
    sensor = grader(scenario).sensor
    while found := [f for f in sensor.find((("text", text),)) if f.fact == fact]:
        text = text[: found[0].start] + HIDDEN + text[found[0].end :]
    return text


def _unmet(met: Iterable[Verdict]) -> tuple[Due, ...]:
    return tuple(Due("unmet", verdict.fact, verdict.recipient) for verdict in met)


# -- a play's texts and calls -------------------------------------------------------------------


def _made(play: Play, step: Step) -> Call | str:
    action = play.sessions[step.session][step.turn]
    return action.text if step.call == SPOKEN else action.calls[step.call]


def _named(made: Call | str) -> str:
    return "its text" if isinstance(made, str) else f"its {made.name}"


def _texts(step: Step, made: Call | str) -> dict[str, str]:
    """The arguments that were sent as they are, by name; a text is one called "text"."""
    given = {"text": made} if isinstance(made, str) else msgspec.json.decode(made.arguments)
    return {name: value for name, value in given.items() if value in step.texts}


def _with(made: Call | str, texts: dict[str, str]) -> Call | str:
    if isinstance(made, str):
        return texts["text"]
    return Call.of(made.name, **{**msgspec.json.decode(made.arguments), **texts})


def _put(play: Play, step: Step, new: Call | str | None) -> Play:
    """The play with another call or text at a step's place, or with none."""
    turns = [list(session) for session in play.sessions]
    old = turns[step.session][step.turn]
    if step.call == SPOKEN:
        action = msgspec.structs.replace(old, text=new or "")
    else:
        calls = list(old.calls)
        calls[step.call : step.call + 1] = [new] if isinstance(new, Call) else []
        action = msgspec.structs.replace(old, calls=tuple(calls))
    # An empty turn would say that the agent is done.
    turns[step.session][step.turn : step.turn + 1] = [action] if action != Action() else []
    return Play("bad", tuple(tuple(session) for session in turns))
