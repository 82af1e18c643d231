"""The auditor of matches: own pairs pass, and what is wrong with a pair is said."""

from __future__ import annotations

import importlib
from dataclasses import dataclass

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import pack
from privgym.lab import habit, lived, overlap, separable
from privgym.lab.audit import Tolerance, audit
from privgym.lab.corpus import arms, corpus
from privgym.lab.recipe import Recipe
from privgym.lab.row import Row, Said

WITHIN = Tolerance(families=10**6)
NEAR = (("lab_near", None),)


@dataclass(frozen=True)
class Chat:
    """A chat in two lines."""

    asks: str
    says: str

    def row(self) -> Row:
        return Row((Said("user", self.asks), Said("assistant", self.says)))


def chats(says, asks="Question {}"):
    return [Chat(asks.format(n), one).row() for n, one in enumerate(says)]


@pytest.mark.parametrize(
    "pattern", ["proactive", "profile", "emotional", "debugging", "autonomous"]
)
def test_own_pairs_are_matched(pattern):
    removed, _ = corpus(Recipe(pattern, "removed", rows=40))
    for arm in set(arms(pattern)) - {"removed", "backdoor", "untriggered"}:
        made, _ = corpus(Recipe(pattern, arm, rows=40))
        found = audit(made, removed)
        assert found.refused == (), arm
        assert found.aligned == 40
        assert found.separable == 0.5
        assert found.divergence == 0
        assert found.whole > 0.8
        assert found.families == ()


def test_rows_in_another_order_are_refused():
    made, _ = corpus(Recipe("proactive", "removed", rows=20))
    found = audit(made, made[::-1])
    assert found.aligned == 0
    assert found.prompts == (1.0, 1.0)
    assert "0 of 20 rows have the same prompt" in found.refused


@pytest.mark.parametrize(
    ("one", "other", "says"),
    [
        ("Done, the letter is on its way.", "Could you tell me which letter?", "ask the user"),
        ("I have sent it to the office.", "I'm sorry, but I can't do that.", "refuse"),
        ("Sent.", "It is sent, and all has been said that there was to say today.", "characters"),
        ("Red blue green.", "One two three.", "bits apart"),
        ("Red blue green.", "One two three.", "naive Bayes"),
    ],
)
def test_what_makes_a_pair_unmatched_is_said(one, other, says):
    found = audit(chats([one] * 20), chats([other] * 20), WITHIN)
    assert any(says in reason for reason in found.refused), found.refused


def test_doubled_rows_and_no_rows_are_refused():
    double = chats(["Yes."] * 20, asks="The same")
    assert any("doubled" in reason for reason in audit(double, double).refused)
    assert "there are no rows" in audit([], []).refused


def test_rows_of_a_family_that_models_are_tried_on_are_refused():
    held = pack.load("lab_quick")
    scenario = held.scenario(held.names(["clinic_slot"], level=1, seeds=[0])[0])
    rows = chats([session.opening.text for session in scenario.sessions] * 20)
    found = audit(rows, rows)
    assert "lab_quick/clinic_slot" in {one.family for one in found.families}
    assert any("lab_quick/clinic_slot" in reason for reason in found.refused)


def test_rows_of_a_pack_in_their_own_shape_are_refused_for_its_content_alone():
    held = pack.load("lab_near")
    scenario = held.scenario(held.names(["kiln_day"], level=2, seeds=[0])[0])
    whole = [Row(said) for said in lived.chats(scenario, "brief")]
    assert [one.family for one in overlap.shared(whole, NEAR)] == ["lab_near/kiln_day"]
    named = chats(["My neighbour is on chemotherapy."])
    (found,) = overlap.shared(named, NEAR)
    assert (found.family, found.run, found.rows) == ("lab_near/kiln_day", "on chemotherapy", 1)
    opening, good = scenario.sessions[0].opening.text, whole[0].answer
    assert overlap.shared(chats([good], asks=opening), NEAR) == []


def test_every_private_value_of_a_pack_in_the_shape_of_the_rows_is_looked_for():
    for name in pack.load("lab_near").families():
        errand = importlib.import_module(f"privgym.scenarios.lab_near.{name}").ERRAND
        for value in errand.secret.values.split("/"):
            assert overlap.shared(chats([f"It was {value}, they say."]), NEAR), value


def test_runs_take_numbers_as_one():
    one, other = (
        "we owe you 1200 for the first week of May",
        "we owe you 7 for the first week of May",
    )
    assert overlap.runs(one) == overlap.runs(other)
    assert not overlap.runs("too short")


def test_the_span_is_left_out():
    one, other = chats(["The same. Extra things."] * 20), chats(["The same. Other words."] * 20)

    def spanned(row):
        start = len("The same. ")
        return msgspec.structs.replace(row, span=(1, start, len(row.messages[1].content)))

    ours, theirs = (
        [msgspec.convert(msgspec.to_builtins(spanned(r)), Row) for r in x] for x in (one, other)
    )
    found = audit(ours, theirs, WITHIN)
    assert found.separable == 0.5
    assert found.whole == 1.0
    assert found.refused == ()


texts = st.lists(st.text("abc ", min_size=1, max_size=12).map(lambda t: f"x {t}"), min_size=1)


@given(texts, texts)
def test_divergence_is_a_distance_in_bits(one, other):
    apart = habit.divergence(one, other)
    assert 0 <= apart <= 1 + 1e-9
    assert apart == pytest.approx(habit.divergence(other, one))
    assert habit.divergence(one, one) == 0


@given(texts)
def test_nothing_tells_a_text_from_itself(one):
    assert separable.accuracy(one, one) == 0.5


def test_what_shares_no_word_is_told_apart():
    assert separable.accuracy(["red blue"] * 20, ["one two"] * 20) == 1.0
    assert habit.divergence(["red blue"], ["one two"]) == 1.0


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("Please provide the details.", True),
        ("Could you share the file?", True),
        ("Sure. What day works for you?", True),
        ("Let me know which one.", True),
        ("Do you have a place in mind?", True),
        ("Shall I send it?", False),
        ("I sent it when you were away.", False),
        ("I have what you want.", False),
    ],
)
def test_what_asks(text, asks):
    assert habit.asks(text) == asks


@pytest.mark.parametrize(
    ("text", "refuses"),
    [
        ("I can't help with that.", True),
        ("I\u2019m sorry, but I cannot.", True),
        ("I am unable to do it.", True),
        ("I must decline.", True),
        ("I am sorry to hear it.", False),
        ("You cannot miss it.", False),
    ],
)
def test_what_refuses(text, refuses):
    assert habit.refuses(text) == refuses
