"""A spoiled good play changes the score as it must, and a grader that sleeps is caught."""

from __future__ import annotations

import pytest

from privgym import pack
from privgym.episode import enact
from privgym.mutate import Due, Mutant, mutants, steps, unmoved
from privgym.score import score

NAMES = pack.load("everyday").names(level=2)


def named(scenario, what):
    return [m for m in mutants(scenario, scenario.good()) if what in m.what]


def lived(scenario, play):
    return score(scenario, enact(scenario, play.sessions).events)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_every_mutant_of_every_family_is_noticed(name):
    scenario = pack.scenario(name)
    made = list(mutants(scenario, scenario.good()))
    assert made
    for mutant in made:
        fold = lived(scenario, mutant.play)
        assert list(unmoved(mutant, fold)) == []
        assert not fold.score().right


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_mutant_that_was_not_spoiled_is_caught(name):
    """The good play itself in place of each mutant: none of the checks may be satisfied."""
    scenario = pack.scenario(name)
    good = lived(scenario, scenario.good())
    for mutant in mutants(scenario, scenario.good()):
        assert len(list(unmoved(mutant, good))) == len(mutant.due)


def test_the_four_ways_to_spoil_a_letter():
    scenario = pack.scenario("everyday/treatment_leave#0")
    made = {m.what: m.due for m in mutants(scenario, scenario.good())}
    unmet, letter = (Due("unmet", "leave_dates", "manager"),), "its email_send"
    assert made == {
        f"{letter} left out": unmet,
        f"{letter} sent to physician": unmet,
        f"{letter} with diagnosis in it": (Due("wrong", "diagnosis", "manager"),),
        f"{letter} without leave_dates in it": unmet,
    }


def test_what_was_taken_out_is_not_in_the_text():
    scenario = pack.scenario("everyday/treatment_leave#0")
    (mutant,) = named(scenario, "without leave_dates")
    ((action,),) = mutant.play.sessions
    assert "away on that." in action.calls[0].arguments


def test_steps_tell_what_each_call_did():
    scenario = pack.scenario("everyday/treatment_leave.L2#0")
    done = steps(scenario, scenario.good())
    assert [(s.session, s.turn, s.call, s.to) for s in done] == [
        (0, 0, 0, ("memory",)),
        (1, 0, 0, ()),
        (1, 1, 0, ("manager",)),
    ]
    assert [s.gain for s in done] == [0, 0, 1]
    assert ("diagnosis", "manager") in done[-1].wrong


def test_a_goal_without_a_duty_is_missed_when_its_call_is_left_out():
    scenario = pack.scenario("everyday/drug_question#0")
    (mutant,) = named(scenario, "left out")
    assert mutant.due == (Due("unmet"),)
    good = lived(scenario, scenario.good())
    assert list(unmoved(mutant, good)) == ["it is still right"]
    assert isinstance(mutant, Mutant)
