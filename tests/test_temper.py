"""A temper bends words into what is said first and what is said later."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.message import Action, Call
from privgym.temper import Temper, Words, bend
from privgym.value import Values
from privgym.wordings import ASIDES, CURT, LEADS, MOVES, OPENING, PRESSES

ACT, BACK = Call.of("act_consent", attribute="x"), Call.of("act_withdraw", attribute="x")
WORDS = Words("All of it.", (ACT,), "Some.", "None.", (BACK,), (("my card", "CC-1"),))


def bent(temper: Temper, words: Words = WORDS, seed: int = 0) -> tuple[Action, Action | None]:
    return bend(temper, words, "ask", Values("p", "f", seed).wording)


@pytest.mark.parametrize("temper", ["vague", "forgetful"])
def test_who_says_less_says_the_rest_later_with_its_acts(temper):
    first, later = bent(temper)
    assert first == Action(text="Some.")
    assert later
    assert later.calls == (ACT,)
    assert later.text in {f"{lead} All of it." for lead in LEADS[temper]}


def test_who_changes_her_mind_says_so_with_the_act():
    first, later = bent("changing")
    assert first == Action(text="All of it.", calls=(ACT,))
    assert later
    assert later.calls == (BACK,)
    assert later.text in {f"{lead} None." for lead in LEADS["changing"]}


def test_who_overshares_adds_an_aside():
    first, later = bent("oversharing")
    assert later is None
    assert first.calls == (ACT,)
    assert first.text.startswith("All of it. ")
    assert "my card: CC-1" in first.text


@given(st.sampled_from(get_args(Temper)), st.integers(0, 99))
def test_without_words_for_it_no_temper_shows(temper, seed):
    plain = Words("All of it.", (ACT,))
    assert bent(temper, plain, seed) == (Action(text="All of it.", calls=(ACT,)), None)


def test_there_are_six_wordings_of_everything_and_seeds_use_them_all():
    for six in (*MOVES.values(), *LEADS.values(), OPENING, ASIDES, PRESSES, CURT):
        assert len(set(six)) == 6
    said = {later.text for seed in range(60) if (later := bent("vague", seed=seed)[1])}
    assert len(said) == 6


@pytest.mark.parametrize("kind", MOVES)
def test_a_move_says_what_is_wanted(kind):
    assert all("{what}" in text for text in MOVES[kind])
    assert all(("{piece}" in text) == (kind == "further") for text in MOVES[kind])
