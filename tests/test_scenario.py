"""A scenario is plain data: hashable, the same as JSON, and named."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.scenario import Name, Scenario, digest, house, split
from tests.small import office

words = st.from_regex(r"[a-z][a-z0-9_]{0,10}", fullmatch=True)


@given(words, words, st.booleans(), st.integers(1, 99), st.integers(0, 10**9))
def test_a_name_is_read_as_it_is_written(pack, family, twin, level, seed):
    name = Name(pack, family, twin, level, seed)
    assert Name.read(str(name)) == name


def test_a_name_leaves_out_what_is_usual():
    assert Name.read("everyday/leave") == Name("everyday", "leave", False, 1, 0)
    assert str(Name.read("everyday/leave.twin.L2#3")) == "everyday/leave.twin.L2#3"
    assert str(Name.read("everyday/leave#0")) == "everyday/leave#0"


@pytest.mark.parametrize(
    "text",
    ["", "everyday", "a/b/c", "a/b#", "a/b#-1", "a/b.L", "a/b.L2.twin", "a/b.three", "a/b#1\n"],
)
def test_what_names_no_scenario_is_refused(text):
    with pytest.raises(PrivgymError, match="names no scenario"):
        Name.read(text)


def test_a_scenario_is_its_json():
    scenario = office()
    assert msgspec.json.decode(msgspec.json.encode(scenario), type=Scenario) == scenario
    assert len({scenario, office()}) == 1
    assert digest(scenario) == digest(office())
    assert digest(scenario) != digest(office(seed=1))


def test_a_scenario_knows_its_name():
    assert office(seed=2).name == "house/office#2"
    assert office(seed=2, twin=True, level=3).name == "house/office.twin.L3#2"


def test_a_scenario_without_a_good_play_says_so():
    with pytest.raises(PrivgymError, match="no good play"):
        office().good()


def test_the_house_has_a_party_for_each_service_that_is_given():
    assert [party.key for party in house(())] == ["agent", "stranger"]
    assert [p.key for p in house(("memory", "search"))] == ["agent", "stranger", "memory", "search"]


def test_about_a_quarter_of_the_families_is_held_out():
    held = [split(f"family_{number}") == "held-out" for number in range(2000)]
    assert 0.2 < sum(held) / len(held) < 0.3
    assert split("court_date") == split("court_date")
