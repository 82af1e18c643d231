"""Normalised texts, and the way back from them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from privgym.sensors.normalise import Normal, kept, normal, squeezed


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("  Caf\u00c9 \t\r\n au  LAIT ", "cafe\u0301 au lait"),
        ("stra\u00dfe \uff11\uff12", "strasse 12"),
        ("\u201cAna\u2019s\u201d \u2014 1\u20132", '"ana\'s" - 1-2'),
        ("lu\u00adp\u200bus\ufeff\u2122", "lupus"),
        ("a \u200b b\x00", "a b"),
    ],
)
def test_what_is_compared(written: str, compared: str) -> None:
    assert normal(written) == compared


@settings(max_examples=300)
@given(st.text())
def test_offsets_lead_back_to_where_each_character_was_written(text: str) -> None:
    seen = Normal(text)
    for place, character in enumerate(seen.text):
        start, end = seen.span(place, place + 1)
        assert end == start + 1
        single = Normal(text[start]).text
        assert character in single or unicodedata.combining(character)
    starts = [seen.span(place, place + 1)[0] for place in range(len(seen.text))]
    assert starts == sorted(starts)
    assert normal(seen.text) == normal(text)


@given(st.text())
def test_squeezed_offsets_point_at_the_same_characters(text: str) -> None:
    assert "".join(text[place] for place in kept(text)) == squeezed(text)
