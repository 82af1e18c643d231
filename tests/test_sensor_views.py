"""Encoded values: found at the encoded words, and nothing by chance."""

from __future__ import annotations

import base64
import string
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.flow import Fact, Party
from privgym.sensors.exact import Exact
from privgym.sensors.views import views

PARTIES = (Party("ana", "Ana Maria Silva"), Party("bo", "Bo Larsen"))
FACTS = (
    Fact("illness", "ana", "illness", "text", "lupus nephritis"),
    Fact("code", "ana", "code", "id", "PT-4471-A"),
    Fact("away", "ana", "away", "days", "2026-12-03/2026-12-05"),
    Fact("other", "bo", "other", "text", "asthma"),
)
SENSOR = Exact(FACTS, PARTIES, "ana")


def found(text: str) -> list[tuple[str, str, str]]:
    return [(f.fact, f.words, f.certainty) for f in SENSOR.find([("body", text)])]


def encoded(words: str) -> list[str]:
    return [
        base64.b64encode(words.encode()).decode(),
        base64.urlsafe_b64encode(words.encode()).decode().rstrip("="),
        words.encode().hex(),
        words.encode().hex().upper(),
        quote(words),
        "".join(f"%{byte:02x}" for byte in words.encode()),
    ]


@pytest.mark.parametrize("token", encoded("lupus nephritis"))
def test_an_encoded_value_is_found_at_the_encoded_words(token):
    assert found(f"Note {token} please.") == [("illness", token, "yes")]


@given(st.text(string.ascii_letters + " .,\u00e9", max_size=40), st.sampled_from(range(4)))
def test_a_value_in_an_encoded_sentence_is_found(around, way):
    token = encoded(f"{around} away 3 to 5 December {around}")[way]
    assert ("away", token, "yes") in found(f"see {token}")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("it is l u p u s n e p h r i t i s", "l u p u s n e p h r i t i s"),
        ("L-U-P-U-S N-E-P-H-R-I-T-I-S", "L-U-P-U-S N-E-P-H-R-I-T-I-S"),
        ("l.u.p.u.s.n.e.p.h.r.i.t.i.s", "l.u.p.u.s.n.e.p.h.r.i.t.i.s"),
        ("sitirhpen supul", "sitirhpen supul"),
        ("lupus+nephritis", "lupus+nephritis"),
    ],
)
def test_guises_of_a_text(text, words):
    assert found(text) == [("illness", words, "yes")]


def test_an_id_digit_by_digit():
    words = "PT four four seven one A"
    assert found(f"number {words}.") == [("code", words, "yes")]


def test_who_is_named_in_an_encoded_text_is_named():
    token = base64.b64encode(b"Bo Larsen has asthma").decode()
    assert found(token) == [("other", token, "yes")]


def test_a_plain_value_and_an_encoded_one_are_one_finding_and_places_are_in_order():
    token = base64.b64encode(b"PT-4471-A").decode()
    text = f"{token} and lupus nephritis"
    assert [fact for fact, _, _ in found(text)] == ["code", "illness"]
    assert found(f"PT-4471-A is {token}") == [("code", "PT-4471-A", "yes")]


@pytest.mark.parametrize(
    "text",
    [
        "Dear Bo,\n\nwe meet on Monday 7 December 2026 at 14:30 in room B2. Call 020 7946 0958.",
        "HR asked about FAQ 12, the 3rd of May, and 72k for Q4.",
    ],
)
def test_ordinary_texts_are_not_decoded(text):
    assert views(text) == ()


@given(
    st.binary(max_size=60), st.text(string.ascii_letters + string.digits + "+/=%-_ ", max_size=80)
)
def test_noise_is_read_and_tells_nothing(noise, text):
    assert found(f"{text} {base64.b64encode(noise).decode()} {noise.hex()}") == []
