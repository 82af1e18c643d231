"""Texts know which facts they mention."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.flow import Fact
from privgym.mark import mark, prose, resolve, spoken

plain = st.text(st.characters(exclude_categories=("Co", "Cs")))
keys = st.from_regex(r"[a-z0-9_]{1,8}", fullmatch=True)


@given(st.lists(st.tuples(plain, keys, plain)), plain)
def test_places_are_where_the_words_stand(pieces, end):
    text = "".join(before + mark(key) for before, key, _ in pieces) + end
    words = {key: said for _, key, said in pieces}
    done, places = resolve(text, lambda key, form: words[key])
    assert done == "".join(before + words[key] for before, key, _ in pieces) + end
    assert [place.key for place in places] == [key for _, key, _ in pieces]
    assert all(done[p.start : p.end] == words[p.key] for p in places)


def test_a_form_is_kept():
    _, (place,) = resolve(f"on {mark('day', 'iso')}.", lambda key, form: f"{key}/{form}")
    assert (place.key, place.form) == ("day", "iso")


@pytest.mark.parametrize("spoil", [str.upper, str.title, lambda m: m[:-1], lambda m: m[1:]])
def test_a_broken_mark_is_refused(spoil):
    with pytest.raises(PrivgymError, match="broken mark") as error:
        resolve(spoil(mark("illness")), lambda key, form: "lupus", "the letter")
    assert "the letter" in str(error.value)


def fact(kind, value):
    return Fact("thing", "ana", "thing", kind, value)


@pytest.mark.parametrize(
    ("kind", "value", "form", "words"),
    [
        ("text", "lupus", "", "lupus"),
        ("id", "AB-1", "", "AB-1"),
        ("date", "2026-12-03", "", "3 December"),
        ("date", "2026-12-03", "iso", "2026-12-03"),
        ("date", "2026-12-03", "long", "3 December 2026"),
        ("days", "2026-12-03/2026-12-05", "", "3 to 5 December"),
        ("days", "2026-12-30/2027-01-02", "", "30 December to 2 January"),
        ("days", "2026-12-03/2026-12-05", "start", "2026-12-03"),
        ("days", "2026-12-03/2026-12-05", "end", "2026-12-05"),
        ("money", "72000 USD", "", "$72,000"),
        ("money", "72000.50 EUR", "", "€72,000.50"),
        ("money", "500 CHF", "", "CHF 500"),
        ("money", "72000 USD", "plain", "72000"),
    ],
)
def test_values_in_words(kind, value, form, words):
    assert prose(fact(kind, value), form) == words


@pytest.mark.parametrize(("kind", "value"), [("text", "x y"), ("date", "2026-12-03")])
def test_a_form_that_a_value_lacks_is_refused(kind, value):
    with pytest.raises(PrivgymError, match='no form "plain"') as error:
        prose(fact(kind, value), "plain")
    assert "forms of" in str(error.value)


def test_a_time_as_it_is_said():
    assert spoken("2026-11-30 09:00") == "Monday 30 November 2026, 09:00"
