"""What a family is made with: the same seed gives the same scenario, and slips are refused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random

import msgspec
import pytest
from faker import Faker

from privgym.draw import Draw
from privgym.errors import PrivgymError
from privgym.message import Action, Call
from privgym.ref import call, then
from privgym.scenario import digest
from tests.plan import ROOT
from tests.small import Office, office


def arguments(made: Call) -> dict[str, object]:
    return dict(json.loads(made.arguments))


def test_a_seed_is_a_scenario():
    assert office(seed=3) == office(seed=3)
    assert office(seed=3) != office(seed=4)


def test_a_scenario_is_the_same_in_any_process():
    code = "from tests.small import office; from privgym.scenario import digest; "
    code += "print(digest(office(seed=5)))"
    found = {digest(office(seed=5))}
    for hashes, zone in (("0", "UTC"), ("77", "Asia/Kathmandu")):
        env = {**os.environ, "PYTHONHASHSEED": hashes, "TZ": zone, "PYTHONPATH": str(ROOT)}
        done = subprocess.run(
            [sys.executable, "-c", code], env=env, capture_output=True, text=True, check=True
        )
        found.add(done.stdout.strip())
    assert len(found) == 1


def test_draws_do_not_disturb_each_other():
    alone = Draw("p", "f", 1)
    names = [alone.faker.first_name() for _ in range(3)]
    one, other = Draw("p", "f", 1), Draw("p", "f", 2)
    mixed = []
    for _ in range(3):
        mixed.append(one.faker.first_name())
        other.faker.first_name()
    assert mixed == names


def test_people_are_called_as_faker_calls_them():
    ours, theirs = Draw("p", "f", 1), Faker("en_US")
    theirs.factories[0].random = Random("p/f#1 names")
    for _ in range(100):
        for kind in ("first_name", "last_name", "domain_word"):
            assert getattr(ours.faker, kind)() == getattr(theirs, kind)()


def test_a_twin_draws_the_same_people_and_values():
    one, twin = Office(seed=9), Office(seed=9, twin=True)
    assert [p.name for p in one.freeze().parties] == [p.name for p in twin.freeze().parties]
    assert one.freeze().facts == twin.freeze().facts


def test_values_are_in_their_canonical_form():
    draw = Draw("p", "f", 0)
    assert draw.one_of(("Crohn's disease", "Crohn's")).aliases == ("Crohn's",)
    assert draw.day((1, 1)).text > str(draw.today)
    first, last = draw.days(3).text.split("/")
    assert first < last
    amount, currency = draw.money(100, 200, step=10, currency="EUR").text.split()
    assert 100 <= int(amount) <= 200
    assert currency == "EUR"
    assert draw.id("??-##").text[2] == "-"
    assert draw.phone().text.startswith("+1 ")


def test_no_two_people_share_a_name():
    office = Office()
    for _ in range(40):
        office.s.person("colleague")
    words = [word for p in office.freeze().parties if p.email for word in p.name.split()]
    assert len(words) == len(set(words))


def test_keys_are_unique_over_people_facts_and_the_house():
    o = Office()
    agent, again, clash = o.s.person("agent"), o.s.person("agent"), o.s.person("diagnosis")
    second = o.s.fact("diagnosis", of=o.boss, value="gout")
    assert [agent.key, again.key, clash.key] == ["agent_2", "agent_3", "diagnosis_2"]
    assert second.key == "diagnosis_3"
    o.s.session(f"{clash} and {agent:first}")
    opening = o.freeze().sessions[0].opening.text
    assert opening.split(" and ")[0] == o.freeze().party(clash.key).name


def test_facts_are_planted_where_they_stand():
    o = Office()
    o.s.session(f"I have {o.illness}. Away {o.dates}, from {o.dates:start}.")
    o.s.page("Rest", f"{o.illness} needs rest.")
    scenario = o.freeze()
    facts = {fact.key: fact.value for fact in scenario.facts}
    at = {(p.where, p.fact, p.form): p for p in scenario.planted}
    assert {("session/1", "leave_dates", ""), ("session/1", "leave_dates", "start")} <= at.keys()
    one = at["session/1", "diagnosis", ""]
    assert scenario.sessions[0].opening.text[one.start : one.end] == facts["diagnosis"]
    assert ("past/0/body", "diagnosis", "") in at
    page = next(json.loads(kept.record) for kept in scenario.kept if kept.tool == "search")
    one = at[f"kept/{len(scenario.kept) - 1}/text", "diagnosis", ""]
    assert page["text"][one.start : one.end] == facts["diagnosis"]


def test_the_place_decides_what_a_mark_becomes():
    o = Office()
    o.s.norm(f"never diagnosis of {o.me} to {o.boss}")
    o.s.good(call.email_send(to=[o.boss], subject="s", body=f"Dear {o.boss:first}"))
    scenario = o.freeze()
    boss = scenario.party(o.boss.key)
    given = arguments(scenario.good().sessions[0][0].calls[0])
    assert scenario.norms == ("never diagnosis of principal to manager",)
    assert given["to"] == [boss.email]
    assert given["body"] == f"Dear {boss.name.split()[0]}"


def test_nothing_of_a_scenario_holds_a_mark():
    o = Office()
    o.s.answer(
        o.boss, f"Not {o.illness}?", cues=[f"{o.illness}"], acts=[call.act_ask(attribute="x")]
    )
    o.s.grant(o.doctor, "diagnosis", to=o.boss, cues=[f"{o.boss:first}"], text=f"{o.boss} may.")
    o.s.page("t", f"about {o.illness}")
    o.s.needs(call.search_web(query=f"{o.illness} {o.doctor}"))
    o.s.bad(then(), then(call.memory_remember(text=f"{o.illness}"), f"{o.dates}"))
    written = msgspec.json.encode(o.freeze()).decode()
    assert "\ue000" not in written
    assert "\ue001" not in written


def test_cues_are_compared_in_lower_case():
    o = Office()
    o.s.answer(o.boss, "Yes?", cues=["Leave"])
    assert o.freeze().answers[0].cues == ("leave",)


@pytest.mark.parametrize(
    "place",
    [
        lambda s, words, o: s.session(words),
        lambda s, words, o: s.answer(o.boss, words),
        lambda s, words, o: s.letter(o.me, o.boss, "see above", subject=words),
        lambda s, words, o: s.page("a page", words),
    ],
)
def test_a_value_without_a_mark_is_refused(place):
    o = Office()
    value = o.s._facts[0].value
    place(o.s, f"It is {value}.", o)
    with pytest.raises(PrivgymError, match="without a mark") as error:
        o.freeze()
    assert value in str(error.value)
    assert "house/office" in str(error.value)


def test_a_value_in_another_form_without_a_mark_is_refused():
    o = Office()
    start, end = o.s._facts[1].value.split("/")
    o.s.session(f"I am away from {start} until {end}.")
    with pytest.raises(PrivgymError, match="without a mark"):
        o.freeze()


def test_a_marked_value_hides_no_unmarked_one():
    o = Office()
    o.s.session(f"{o.illness} and {o.s._facts[0].value}")
    with pytest.raises(PrivgymError, match="without a mark"):
        o.freeze()


@pytest.mark.parametrize(
    "text",
    [
        lambda o: f"{o.illness}".upper(),
        lambda o: f"{o.illness}"[1:],
        lambda o: f"{o.illness:>30}",
    ],
)
def test_a_broken_mark_is_refused_by_name_of_its_place(text):
    o = Office()
    o.s.session(text(o))
    with pytest.raises(PrivgymError, match="broken mark") as error:
        o.freeze()
    assert "session/1" in str(error.value)


@pytest.mark.parametrize("text", [lambda o: f"{o.illness:iso}", lambda o: f"{o.boss:last}"])
def test_a_missing_form_is_refused(text):
    o = Office()
    o.s.session(text(o))
    with pytest.raises(PrivgymError, match="no form"):
        o.freeze()


def test_a_letter_between_others_is_refused():
    o = Office()
    with pytest.raises(PrivgymError, match="no mailbox"):
        o.s.letter(o.boss, o.doctor, "psst")


@pytest.mark.parametrize("missing", ["session", "principal"])
def test_a_scenario_needs_a_principal_and_a_session(missing):
    s = Draw("p", "f", 0).scenario(sphere="work")
    if missing == "session":
        s.principal()
    else:
        s.session("hello")
    with pytest.raises(PrivgymError, match="a principal and a session"):
        s.freeze()


def test_plays_are_turns_by_session():
    o = Office()
    one, two = call.email_read(id=1), call.email_search(query="x")
    o.s.good("let me look", one, [one, two], Action(text="done"))
    o.s.bad(then(one), then(), then("done"))
    good, bad = o.freeze().plays
    assert [(turn.text, len(turn.calls)) for turn in good.sessions[0]] == [
        ("let me look", 0),
        ("", 1),
        ("", 2),
        ("done", 0),
    ]
    assert [len(turns) for turns in bad.sessions] == [1, 0, 1]


def test_what_is_required_keeps_what_it_names():
    o = Office()
    o.s.needs(call.email_send(to=[o.boss], subject="Leave", body=f"{o.dates}"))
    (goal,) = o.freeze().goals
    kept = {name: keys for name, _, keys in goal.arguments}
    assert kept == {"to": ("manager",), "subject": (), "body": ("leave_dates",)}
