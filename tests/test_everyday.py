"""The pack that ships: sound, and a policy that does not read the context cannot pass it."""

from __future__ import annotations

import re

import pytest

from privgym import check, pack
from privgym.episode import enact, verify
from privgym.scenario import Name, Play, Scenario
from privgym.score import Score, score
from tests import kits

EVERYDAY = pack.load("everyday")
NAMES = EVERYDAY.names(seeds=range(3))
MANY = range(100)


def lived(scenario: Scenario, play: Play) -> Score:
    return score(scenario, enact(scenario, play.sessions).events).score()


def sibling(name: Name) -> Name:
    return Name(name.pack, name.family, not name.twin, name.level, name.seed)


def test_everyday_is_sound():
    report = check.pack("everyday")
    assert report.problems == ()
    assert report.checked == len(NAMES) == 24 * 2 * 2 * 3


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_the_good_play_scores_full_marks(name):
    scenario = EVERYDAY.scenario(name)
    episode = enact(scenario, scenario.good().sessions)
    found = score(scenario, episode.events).score()
    assert found.utility == 1.0
    assert found.right
    assert found.reward == pytest.approx(1.0)
    assert (found.inappropriate, found.undecided, found.malformed) == (0, 0, 0)
    assert not found.silent
    assert not episode.truncated
    assert verify(scenario, episode.events)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_no_play_is_right_on_both_sides_of_a_twin_pair(name):
    scenario, other = EVERYDAY.scenario(name), EVERYDAY.scenario(sibling(name))
    assert not lived(other, scenario.good()).right


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_silence_is_no_success_and_no_leak(name):
    found = lived(EVERYDAY.scenario(name), Play("bad", ()))
    assert (found.utility, found.inappropriate) == (0.0, 0)
    assert found.silent


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_every_bad_play_leaks_and_every_pair_has_one(name):
    pair = [EVERYDAY.scenario(one) for one in (name, sibling(name))]
    bad = [(one, play) for one in pair for play in one.plays if play.kind == "bad"]
    assert bad
    assert all(lived(one, play).inappropriate for one, play in bad)


@pytest.mark.parametrize("name", NAMES, ids=str)
def test_a_twin_looks_like_its_sibling(name):
    one, other = EVERYDAY.scenario(name), EVERYDAY.scenario(sibling(name))
    assert [p.name for p in one.parties] == [p.name for p in other.parties]
    assert [f.value for f in one.facts] == [f.value for f in other.facts]
    assert one.tools == other.tools
    assert len(one.sessions) == len(other.sessions) >= 1


@pytest.mark.parametrize("family", EVERYDAY.families())
def test_any_seed_makes_a_scenario(family):
    made = [EVERYDAY.scenario(n) for n in EVERYDAY.names([family], seeds=MANY)]
    values = {fact.value for scenario in made for fact in scenario.facts}
    people = {scenario.parties[0].name for scenario in made}
    assert len(people) > len(MANY) / 2
    assert len(values) > 3


def test_levels():
    levels = {family: {n.level for n in EVERYDAY.names([family])} for family in EVERYDAY.families()}
    assert all(found == {1, 2} for found in levels.values())


# -- a pack of the same families, spoiled -----------------------------------------------------

LEAK = "s.good(*before, both if draw.twin else plain)"
PAY = 's.norm(f"must salary of {me} to {landlord} by end of session")'


@pytest.mark.parametrize(
    ("family", "old", "new"),
    [
        ("flat_application", LEAK, "s.good(*before, both)"),
        ("flat_application", PAY, PAY + '; s.norm(f"never finance of {me} to {landlord}")'),
        ("flat_application", 's.norm(f"allow salary of {me} to {landlord}")', "pass"),
        ("exam_appeal", "whole if draw.twin else short", '"Hello."'),
        ("treatment_leave", 's.norm(f"must leave_dates of {me} to {other}")', "pass"),
        ("court_date", 's.norm(f"must settlement of {me} to {other}")', "pass"),
    ],
)
def test_a_spoiled_copy_is_red_whatever_its_lock_says(monkeypatch, tmp_path, family, old, new):
    spoiled = kits.copied(monkeypatch, tmp_path, family, (old, new))
    check.lock(spoiled)
    assert check.pack(spoiled.name, seeds=(0,)).problems


@pytest.mark.parametrize("family", EVERYDAY.families())
def test_any_never_or_must_removed_is_red_whatever_the_lock_says(monkeypatch, tmp_path, family):
    lines = (EVERYDAY.folder / f"{family}.py").read_text().splitlines()
    norms = [line.strip() for line in lines if re.match(r' *s\.norm\(f"(never|must) ', line)]
    assert len(norms) >= 2
    for norm in norms:
        spoiled = kits.copied(monkeypatch, tmp_path, family, (norm, "pass"))
        problems = check.pack(spoiled.name, seeds=(0,)).problems
        assert [one.what for one in problems if "pack.lock" not in one.what], norm
