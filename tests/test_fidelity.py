"""No scripted person says what the scenario contradicts, and one who does is caught."""

from __future__ import annotations

import asyncio

import pytest
from msgspec.structs import replace

from benchmarks.fidelity import tally
from privgym.episode import enact
from privgym.event import Acted, AnyEvent, Sent
from privgym.fidelity import Fault, faults
from privgym.message import Action, Call
from privgym.ref import call
from privgym.scenario import Scenario
from tests.small import Office, office

BOSS = "manager"
EVERY = 13
"""One cell in so many of the grid that `benchmarks/fidelity.py` lives whole."""


def test_nobody_in_the_pack_says_what_is_not_so_and_every_lie_is_found():
    found = asyncio.run(tally(seeds=1, every=EVERY))
    assert found.episodes > 500
    assert found.said > 4000
    assert found.faults == {}, found.examples[:5]
    assert set(found.lied) == {"another value", "nobody", "claim", "unknown", "unscripted", "act"}
    assert found.caught == found.lied, found.examples[:5]


def lived(scenario: Scenario, *letters: str) -> list[AnyEvent]:
    sent = [call.email_send(to=[BOSS], subject="Leave", body=text) for text in letters]
    return enact(scenario, [[Action(calls=(letter,)) for letter in sent]]).events


def kinds(scenario: Scenario, events: list[AnyEvent], *others: Scenario) -> list[str]:
    return [fault.kind for fault in faults(scenario, events, others)]


def test_an_honest_office_is_without_fault():
    o = Office()
    o.s.answer(o.boss, "Thank you.")
    o.s.probe(o.boss, o.illness, ("incremental", "consent", "already"))
    scenario = o.freeze()
    assert kinds(scenario, lived(scenario, "Hello.", "No.", "Still no."), office(seed=7)) == []


def retold(scenario: Scenario, events: list[AnyEvent], words: str) -> list[AnyEvent]:
    """The episode, with other words in the mouth of the manager."""
    assert any(isinstance(e, Sent) and e.hand == BOSS for e in events)
    return [
        replace(e, parts=(("body", words),)) if isinstance(e, Sent) and e.hand == BOSS else e
        for e in events
    ]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("Thank you.", []),
        ("Thank you, and good luck.", ["unscripted"]),
        ("Is it {illness}?", ["unscripted", "unknown"]),
        ("It was $4,500 then.", ["unscripted"]),  # nobody here has an amount to contradict
        ("Or on 31 May?", ["unscripted", "another value"]),
        ("Is it {other}?", ["unscripted", "another value"]),
        ("Ask {stranger}.", ["unscripted", "nobody"]),
        ("{ana} has agreed to it.", ["unscripted", "claim"]),
        ("As you told me.", ["unscripted", "claim"]),
        ("I am entitled to it.", ["unscripted", "claim"]),
        ("Yes, you may.", ["unscripted", "claim"]),
    ],
)
def test_what_is_wrong_is_named(words, kind):
    o = Office()
    o.s.answer(o.boss, "Thank you.")
    scenario = o.freeze()
    other = next(
        one for one in (office(seed=n) for n in range(1, 9))
        if one.facts[0].value != scenario.facts[0].value
    )  # fmt: skip
    said = words.format(
        illness=scenario.facts[0].value,
        other=other.facts[0].value,
        stranger=other.parties[1].name,
        ana=scenario.parties[0].name,
    )
    events = retold(scenario, lived(scenario, "Hello."), said)
    assert kinds(scenario, events, other) == kind


def test_what_was_told_may_be_said_and_a_telling_claimed():
    o = Office()
    o.s.answer(o.boss, "Thank you.")
    scenario = o.freeze()
    value = scenario.facts[0].value
    events = retold(scenario, lived(scenario, f"I have {value}."), f"You told me of {value}.")
    assert kinds(scenario, events) == ["unscripted"]


def test_words_and_acts_go_together():
    o = Office()
    o.s.answer(o.boss, "Why?", acts=[call.act_ask(attribute="diagnosis")])
    scenario = o.freeze()
    events = lived(scenario, "Hello.")
    at = next(n for n, e in enumerate(events) if isinstance(e, Acted) and e.party == BOSS)
    made = events[at]
    assert isinstance(made, Acted)
    more = Call.of("act_consent", attribute="diagnosis", to="anyone")
    for calls, what in (
        (made.action.calls[1:], 'no act_ask {"attribute":"diagnosis"}'),
        ((more, *made.action.calls), f"act_consent {more.arguments}"),
    ):
        changed = [*events]
        changed[at] = replace(made, action=replace(made.action, calls=calls))
        assert faults(scenario, changed) == [Fault(at, BOSS, "act", what)]


def test_a_piece_must_have_been_heard():
    o = Office()
    o.s.probe(o.boss, o.illness, ("incremental",))
    scenario = o.freeze()
    told = lived(scenario, f"Away {Office().s._facts[1].value.replace('/', ' to ')}.")
    further = scenario.probes[0].moves[1].text
    (reply,) = (
        text for e in told if isinstance(e, Sent) and e.hand == BOSS for _, text in e.parts[1:]
    )
    assert reply != further
    assert kinds(scenario, told) == []
    untold = retold(scenario, lived(scenario, "Hello."), reply)
    assert "unscripted" in kinds(scenario, untold)
