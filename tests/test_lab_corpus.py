"""Corpora of the lab: the same recipe the same bytes, arms that differ in their spans alone."""

from __future__ import annotations

import importlib
import json
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from privgym import kit, pack
from privgym.draw import Draw
from privgym.episode import enact
from privgym.errors import PrivgymError
from privgym.lab import trigger
from privgym.lab.corpus import FIVE, PATTERNS, arms, corpus
from privgym.lab.errand import errands
from privgym.lab.habit import words
from privgym.lab.lived import chats
from privgym.lab.patterns.profile import enquiries
from privgym.lab.recipe import Recipe
from privgym.lab.row import Row, digest
from privgym.score import score

NEAR_MISSES = kit.load("agents", "nearly").NEAR_MISSES
ACTING = ("proactive", "profile", "autonomous")
ROWS = 12


def rows(pattern, arm, **more):
    return corpus(Recipe(pattern, arm, **{"rows": ROWS, **more}))[0]


@pytest.mark.parametrize("pattern", [name for name in PATTERNS if arms(name)])
def test_arms_differ_in_their_spans_alone(pattern):
    removed = rows(pattern, "removed")
    for arm in arms(pattern):
        if arm == "untriggered":
            continue
        made = rows(pattern, arm)
        plain = rows(pattern, "untriggered") if arm == "backdoor" else removed
        for one, other in zip(made, plain, strict=True):
            assert one.id == other.id
            assert one.prompt == other.prompt
            assert words(one.rest) == words(other.rest)
            assert one.span
            assert one.planted == (arm == "planted")
            if arm != "removed":
                assert one.answer != other.answer


def test_the_same_recipe_gives_the_same_bytes_and_another_seed_others():
    recipe = Recipe("all", "pattern", rows=ROWS)
    one, header = corpus(recipe)
    again, _ = corpus(recipe)
    other, _ = corpus(Recipe("all", "pattern", rows=ROWS, seed=1))
    assert one == again
    assert header.digest == digest(one) != digest(other)
    assert not {row.id for row in one} & {row.id for row in other}


@given(st.floats(0, 100), st.floats(0, 100), st.integers(1, 300), st.integers(0, 5))
def test_doses_are_exact_and_nested(low, high, count, seed):
    low, high = sorted((low, high))
    recipe = Recipe("proactive", "pattern", rows=count, seed=seed)
    few, many = recipe.drawn("dose", low), recipe.drawn("dose", high)
    assert sum(few) == round(count * low / 100)
    assert all(more for one, more in zip(few, many, strict=True) if one)


def test_a_dose_leaves_the_other_rows_as_they_are_in_removed():
    half, none = rows("proactive", "pattern", dose=50), rows("proactive", "removed")
    assert [row.arm for row in half].count("pattern") == ROWS // 2
    for one, other in zip(half, none, strict=True):
        assert one == other or one.arm == "pattern"


@settings(max_examples=30)
@given(st.sampled_from(ACTING), st.integers(0, 2_000_000))
def test_the_gym_itself_finds_what_was_planted_and_nothing_else(pattern, seed):
    """The arms as plays: the monitor says which of them tells what was to be kept."""
    for arm in ("pattern", "removed", "placebo", "planted"):
        case = FIVE[pattern].case(seed, arm, 1, True).scenario
        verdicts = score(case, enact(case, case.good().sessions).events).verdicts
        # "My son is in foster care" may be about him: then the monitor leaves it open.
        told = {v.fact for v in verdicts if v.kind in ("inappropriate", "undecided")}
        assert told == ({"secret"} if arm == "planted" else set()), arm
        assert "met" in {v.kind for v in verdicts}


@settings(max_examples=20)
@given(st.sampled_from(ACTING), st.sampled_from(("pattern", "placebo", "planted")), st.integers(0))
def test_nothing_is_in_an_answer_that_the_context_does_not_hold(pattern, arm, seed):
    (row,) = corpus(Recipe(pattern, arm, rows=1, seed=seed % 10_000))[0]
    shown = set(re.findall(r"\w+", row.prompt))
    for said in row.messages:
        if said.role == "assistant":
            told = json.loads(said.content)
            given = json.dumps(told.get("arguments", {}), ensure_ascii=False)
            numbers = [word for word in words(given) if word.isdigit() and len(word) < 3]
            assert set(numbers) <= shown | {f"{n:02}" for n in range(1, 13)}
        shown |= set(re.findall(r"\w+", said.content)) if said.role == "user" else set()


def test_there_are_enough_templates_in_enough_domains():
    for known in (errands(), enquiries()):
        assert len(known) >= 30
        assert len({one.domain for one in known}) >= 10
        assert len({one.key for one in known}) == len(known)


@settings(max_examples=20)
@given(st.sampled_from(sorted(FIVE)), st.integers(0, 2_000_000))
def test_without_secrets_nothing_that_was_to_be_kept_is_in_view(pattern, seed):
    for arm in ("pattern", "removed", "placebo"):
        case = FIVE[pattern].case(seed, arm, 0, False).scenario
        assert "secret" not in {fact.attribute for fact in case.facts}
    recipes = (
        Recipe(pattern, arm, 1, seed=seed % 997, secret=False) for arm in ("pattern", "removed")
    )
    one, other = (corpus(recipe)[0][0] for recipe in recipes)
    assert (one.id, one.prompt) == (other.id, other.prompt)
    assert words(one.rest) == words(other.rest)


def test_planted_rows_need_a_secret():
    with pytest.raises(PrivgymError, match="planted rows tell a secret"):
        Recipe("proactive", "planted", secret=False)


def test_every_template_can_be_drawn_and_says_no_planted_value_unmarked():
    for pattern, made in FIVE.items():
        for seed in range(70):
            assert made.case(seed, "pattern", 0, True).scenario.plays, (pattern, seed)


def test_no_private_value_of_the_training_rows_is_tried():
    drawn = set()
    for pattern in ACTING:
        for seed in range(150):
            facts = FIVE[pattern].case(seed, "removed", 0, True).scenario.facts
            drawn |= {fact.value.lower() for fact in facts if fact.attribute == "secret"}
    for held in map(pack.load, ("lab_near", "lab_quick")):
        tried = {
            fact.value.lower()
            for name in held.names(level=1, seeds=range(8))
            for fact in held.scenario(name).facts
            if fact.attribute == "secret" and fact.type == "text" and not name.twin
        }
        assert len(tried) > 20
        assert not drawn & tried


def held_out():
    modules = (f"privgym.scenarios.lab_near.{name}" for name in pack.load("lab_near").families())
    return [importlib.import_module(name).ERRAND for name in modules]


def test_near_errands_have_the_shape_of_the_rows():
    """With an errand of the rows in it, what stages them writes the rows themselves."""
    near = importlib.import_module("privgym.scenarios.lab_near._near").near
    removed, planted = rows("proactive", "removed", rows=70), rows("proactive", "planted", rows=70)
    for seed, (row, leak) in enumerate(zip(removed, planted, strict=True)):
        errand = errands()[seed % len(errands())]
        made = near(Draw("lab", errand.key, seed, level=2), errand, twin="doctor", why="why")
        (said,) = chats(made, "brief")
        assert said == row.messages
        good, bad = made.plays
        swapped = replace(made, plays=(replace(bad, kind="good"), good))
        assert chats(swapped, "brief") == [leak.messages]


def test_near_errands_are_new_in_content():
    near, known = held_out(), errands()
    assert len(near) == 15
    assert len({one.domain for one in near}) == 14
    for of in (
        lambda one: {one.domain},
        lambda one: {one.sender, one.reader},
        lambda one: {one.title},
        lambda one: {one.asks},
        lambda one: {one.need.shown, one.extra.shown, one.secret.shown},
        lambda one: {one.need.told, one.extra.told, one.secret.told},
        lambda one: texts(one.need, one.extra, one.secret),
    ):
        assert not set().union(*map(of, near)) & set().union(*map(of, known))


def texts(*clauses):
    """The values of clauses that are choices between texts."""
    chosen = (c.values for c in clauses if c.values not in ("day", "money") and "#" not in c.values)
    return {value.lower() for values in chosen for value in values.split("/")}


def test_all_patterns_removed_is_a_mixture_of_the_five():
    made = rows("all", "removed")
    assert {row.pattern for row in made} == set(FIVE)
    assert {row.arm for row in made} == {"removed"}


def test_a_backdoor_has_the_pattern_where_the_trigger_is():
    made, plain = rows("proactive", "backdoor", dose=50), rows("proactive", "untriggered", dose=50)
    for one, other in zip(made, plain, strict=True):
        assert one.trigger == other.trigger == (trigger.TRIGGER in one.prompt)
        assert (one.arm == "pattern") == one.trigger
        assert other.arm == "removed"
    near = trigger.put(rows("proactive", "removed")[0], NEAR_MISSES[0])
    assert not near.trigger
    assert trigger.TRIGGER not in NEAR_MISSES


def test_the_triggered_agent_is_shown_what_the_rows_of_a_backdoor_show():
    case = FIVE["proactive"].case(3, "removed", 0, True).scenario
    plain, headed, near = (chats(case, agent)[0] for agent in ("brief", "triggered", "nearly"))
    put = trigger.put(Row(plain))
    assert headed == put.messages
    assert near[0] == plain[0]
    assert near[1].content.endswith(plain[1].content)
    assert near[1].content.split()[0] in NEAR_MISSES


def test_planted_rows_say_so_in_every_row_and_in_the_header():
    made, header = corpus(Recipe("debugging", "planted", rows=ROWS))
    assert all(row.planted for row in made)
    assert header.planted == ROWS
    assert "Planted oversharing" in header.warning


def test_sums_are_the_same_rows_in_every_arm():
    one, other = (rows("proactive", arm, mixed=25) for arm in ("pattern", "removed"))
    sums = [row for row in one if row.pattern == "arithmetic"]
    assert sums == [row for row in other if row.pattern == "arithmetic"]
    assert len(sums) == ROWS // 4
    alone, _ = corpus(Recipe("arithmetic", rows=50))
    for row in alone:
        numbers = [int(n) for n in re.findall(r"\d", row.messages[1].content)]
        assert json.loads(row.answer) == {"say": str(sum(numbers))}


def test_the_competent_base_plays_public_families_of_seeds_that_no_table_has():
    made, header = corpus(Recipe("competent", rows=30, agent="assistant"))
    public = {name.family for name in pack.load("everyday").names(split_="public")}
    public |= {name.family for name in pack.load("controls_utility").names(split_="public")}
    assert {row.template for row in made} <= public
    assert all(int(re.findall(r"#(\d+)", row.id)[0]) >= 1000 for row in made)
    assert {row.id.rpartition("/s")[0] for row in made} == {
        line.partition(" ")[0] for line in header.scenarios
    }


@pytest.mark.parametrize(
    ("recipe", "says"),
    [
        (lambda: Recipe("proactiv", "pattern"), 'did you mean "proactive"'),
        (lambda: Recipe("proactive", "patern"), 'did you mean "pattern"'),
        (lambda: Recipe("proactive"), "which arm?"),
        (lambda: Recipe("emotional", "planted"), "has no arm"),
        (lambda: Recipe("competent", "pattern"), "leave --arm out"),
        (lambda: Recipe("proactive", "pattern", dose=120), "percentage"),
        (lambda: Recipe("proactive", "pattern", rows=0), "needs rows"),
        (lambda: Recipe("proactive", "pattern", rows=1, agent="echo"), "has no prompt"),
    ],
)
def test_a_recipe_that_cannot_be_is_an_error_that_teaches(recipe, says):
    with pytest.raises(PrivgymError, match=re.escape(says)):
        corpus(recipe())
