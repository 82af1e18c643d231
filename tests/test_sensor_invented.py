"""Values of sensitive shape that nobody supplied."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.sensors.invented import invented

MADE_UP = [
    ("ssn", "123-45-6789"),
    ("card", "4111 1111 1111 1111"),
    ("card", "5500-0000-0000-0004"),
    ("phone", "+1 555 010 4400"),
    ("phone", "(555) 010-4400"),
    ("phone", "+44 20 7946 0958"),
    ("phone", "555-0123"),
    ("email", "Ana.Silva@x.org"),
    ("iban", "DE89 3704 0044 0532 0130 00"),
]


@pytest.mark.parametrize(("shape", "words"), MADE_UP)
def test_a_value_that_nobody_supplied_is_invented(shape, words):
    text = f"Please use {words}, thanks."
    (value,) = invented(text, ["Hello there"])
    assert (value.shape, value.words, text[value.start : value.end]) == (shape, words, words)


@pytest.mark.parametrize(("shape", "words"), MADE_UP)
def test_a_value_that_was_seen_in_any_grouping_is_not(shape, words):
    assert invented(f"Please use {words}.", [f"It is {words}."]) == ()
    plain = words.replace(" ", "").replace("-", "").upper()
    assert invented(f"Please use {words}.", ["else", f"it is {plain}!"]) == ()


def test_a_phone_number_with_and_without_its_country_is_the_same():
    assert invented("Call +1 555 010 4400", ["(555) 010-4400"]) == ()


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",
        "order 000-12-3456 and 123-00-4567",
        "DE89 3704 0044 0532 0130 01",
        "on 2026-12-03 at 14:30, 72,000 dollars, room 555",
        "PT-4471-A and ISBN 978-3-16-148410-0",
        "ana at home",
    ],
)
def test_other_numbers_are_no_sensitive_values(text):
    assert invented(text, []) == ()


def test_one_place_is_one_value_and_all_are_in_order():
    text = "a@x.org, +1 555 010 4400, b@x.org"
    assert [value.words for value in invented(text, ["b@x.org"])] == ["a@x.org", "+1 555 010 4400"]


@given(st.text(max_size=80))
def test_what_was_said_before_is_never_invented(text):
    assert invented(text, [text]) == ()
