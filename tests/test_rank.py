"""What is most alike stands first, by letters alone."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from privgym.rank import alike

TEXTS = ["Bring milk and bread.", "The treatment begins in May.", "The car is in the garage."]
texts = st.lists(st.text(alphabet="abc 1é", max_size=12), max_size=6)


def test_another_ending_is_still_found():
    assert alike("treated", TEXTS)[0] == 1


def test_what_shares_nothing_is_left_out():
    assert alike("zzz", TEXTS) == []
    assert alike("", TEXTS) == []
    assert alike("milk", []) == []


def test_what_is_rare_counts_for_more():
    assert alike("the garage", TEXTS)[0] == 2


def test_of_equals_the_later_stands_first():
    assert alike("milk", ["milk", "milk"]) == [1, 0]


@given(query=st.text(alphabet="abc 1é", max_size=8), given_=texts)
def test_each_text_stands_once_and_adding_a_stranger_changes_no_membership(query, given_):
    found = alike(query, given_)
    assert len(set(found)) == len(found)
    assert set(found) <= set(range(len(given_)))
    assert set(alike(query, [*given_, "zzzz"])) == set(found)


@given(given_=texts)
def test_a_text_with_a_word_is_found_by_itself(given_):
    for place, text in enumerate(given_):
        if text.strip():
            assert place in alike(text, given_)
