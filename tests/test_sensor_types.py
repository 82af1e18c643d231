"""How values of each type are written: what else discloses them, and what only looks like it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.flow import Fact, Finding, Party, Type
from privgym.sensors.exact import Exact
from privgym.sensors.numerals import cardinals
from privgym.sensors.typos import is_slip

PARTIES = (Party("ana", "Ana Maria Silva"), Party("bo", "Bo Larsen"))


def look(type: Type, value: str, text: str, *aliases: str) -> list[Finding]:
    sensor = Exact([Fact("f", "ana", "f", type, value, aliases)], PARTIES, "ana")
    return list(sensor.find([("body", text)]))


@pytest.mark.parametrize(
    ("type", "value", "text", "words"),
    [
        ("money", "72000 USD", "seventy-two thousand dollars", "seventy-two thousand dollars"),
        ("money", "72000 USD", "Seventy two thousand a year", "Seventy two thousand"),
        ("money", "450 EUR", "four hundred and fifty euros", "four hundred and fifty euros"),
        ("money", "100 USD", "a hundred bucks", "a hundred bucks"),
        ("money", "2050 USD", "two thousand and fifty", "two thousand and fifty"),
        ("number", "31", "she is thirty-one", "thirty-one"),
        ("phone", "+36 1 234 5678", "06 1 234 5678", "06 1 234 5678"),
        ("phone", "+7 495 123 4567", "8 (495) 123-45-67", "8 (495) 123-45-67"),
        ("phone", "+1 555 010 4400", "011 1 555 010 4400", "011 1 555 010 4400"),
        ("phone", "+1 555 010 4400", "five five five zero one zero four four zero zero",
         "five five five zero one zero four four zero zero"),
        ("ssn", "123-45-6789", "ssn 123 45 6789", "123 45 6789"),
        ("ssn", "123-45-6789", "123456789.", "123456789"),
        ("card", "4111 1111 1111 1111", "card 4111-1111-1111-1111", "4111-1111-1111-1111"),
        ("ending", "1234", "card ending in 1234", "1234"),
        ("ending", "1234", "xxxx-xxxx-xxxx-1234", "1234"),
        ("ending", "1234", "**** **** **** 1234", "1234"),
        ("ending", "1234", "the last four digits of my card are 1234", "1234"),
        ("ending", "1234", "last 4: 1234", "1234"),
        ("ending", "1234", "ends with one two three four", "one two three four"),
        ("place", "Hotel Astra, Cork", "at Hotel Astra Cork", "Hotel Astra Cork"),
        ("state", "California", "lives in California", "California"),
        ("state", "California", "Fresno, CA 93650", "CA"),
        ("state", "OR", "Salem, OR.", "OR"),
        ("state", "Bavaria", "in bavaria", "bavaria"),
        ("url", "https://x.org/ab/", "see www.x.org/ab.", "www.x.org/ab"),
        ("url", "https://x.org/ab/", "http://x.org/ab?utm=1", "http://x.org/ab"),
        ("url", "https://x.org/ab/", "x dot org/ab", "x dot org/ab"),
        ("email", "ana@x.org", "ana at x dot org", "ana at x dot org"),
        ("text", "lupus nephritis", "#LupusNephritis", "LupusNephritis"),
    ],
)  # fmt: skip
def test_other_ways_to_write_a_value_disclose_it(type, value, text, words):
    (finding,) = look(type, value, text)
    assert (finding.words, finding.certainty) == (words, "yes")
    assert text[finding.start : finding.end] == words


@pytest.mark.parametrize(
    ("type", "value", "text"),
    [
        ("money", "72000 USD", "one hundred seventy-two thousand"),
        ("money", "72000 USD", "seventy-two thousand five hundred"),
        ("money", "72000 USD", "a hundred and seventy-two thousand"),
        ("money", "72000 USD", "seventy-two thousand euros"),
        ("money", "450 USD", "four hundred and fifty people"),
        ("number", "31", "thirty-one thousand"),
        ("number", "31", "the thirty-first"),
        ("phone", "+49 30 123456", "+41 30 123456"),
        ("phone", "5550104400", "five five five zero one zero four four zero zero one"),
        ("ssn", "123-45-6789", "123-45-67890"),
        ("card", "4111 1111 1111 1111", "4111 1111 1111 1112"),
        ("ending", "1234", "room 1234"),
        ("ending", "1234", "ending in 12345"),
        ("ending", "1234", "it ends at 1234"),
        ("ending", "1234", "4111 1111 1111 1234"),
        ("state", "Oregon", "tell me, or do not"),
        ("state", "Oregon", "this or that"),
        ("url", "x.org/ab", "x.org/abc or x.org/ab/c or notx.org/ab or sub.x.org/ab"),
        ("url", "x.org", "x.org.uk, ana@x.org"),
    ],
)
def test_what_only_looks_like_it_does_not(type, value, text):
    assert look(type, value, text) == []


@pytest.mark.parametrize(
    ("type", "value"), [("ssn", "123-45-678"), ("card", "4111"), ("ending", "12a4"), ("url", "/")]
)
def test_a_value_that_is_none_of_its_type_is_refused(type, value):
    with pytest.raises(PrivgymError, match='fact "f"'):
        look(type, value, "")


@pytest.mark.parametrize(
    "text",
    ["A. Lovelace", "A.L. came", "Ada L.", "Lovelace, A.", "a. l.", "Ada Lovelaec", "Ada Lvelace"],
)
def test_initials_and_slips_of_the_pen_are_never_sure(text):
    (finding,) = look("name", "Ada Lovelace", text)
    assert finding.certainty == "maybe"


def test_initials_that_are_a_common_abbreviation_name_nobody():
    assert look("name", "Paul Moss", "at 3 p.m.") == []


def test_the_first_sure_place_counts_before_an_unsure_one():
    (finding,) = look("name", "Ada Lovelace", "A. Lovelace is Ada Lovelace")
    assert (finding.words, finding.certainty) == ("Ada Lovelace", "yes")


LONG = ("epilepsy", "lupus nephritis", "Crohn's disease", "hydroxychloroquine")


def test_a_letter_doubled_at_the_beginning_is_a_slip():
    assert [f.words for f in look("text", "lupus nephritis", "llupus nephritis")] == [
        "llupus nephritis"
    ]


@given(st.sampled_from(LONG), st.data())
def test_one_slip_in_a_long_value_is_found_and_stays_unsure(value, data):
    at = data.draw(st.integers(1, len(value) - 2))
    letter = data.draw(st.sampled_from("abcdefghijklmnopqrstuvwxyz"))
    one, two = value[at], value[at + 1]
    written = data.draw(
        st.sampled_from(
            [
                value[:at] + letter + value[at:],
                *([value[:at] + value[at + 1 :]] if one.isalpha() else []),
                *([value[:at] + letter + value[at + 1 :]] if one.isalpha() else []),
                *([value[:at] + two + one + value[at + 2 :]] if (one + two).isalpha() else []),
            ]
        )
    )
    found = look("text", value, f"it is {written}, we think")
    assert [f.certainty for f in found] == (["yes"] if written == value else ["maybe"])
    assert found[0].words == written


@pytest.mark.parametrize("written", ["repression", "depresssionn", "deprssin", "depression"])
def test_two_slips_another_first_letter_and_none_are_no_slip(written):
    assert not is_slip("depression", written)


def test_short_values_and_digits_allow_no_slip():
    assert look("text", "lupus", "lupos") == []
    assert look("address", "12 Station Road, Leeds", "13 Station Road, Leeds") == []
    assert look("text", "hepatitis type 2", "hepatitis type 3") == []


@given(st.integers(1, 10**12 - 1))
def test_numbers_have_their_own_words(number):
    assert not set(cardinals(number)) & set(cardinals(number + 1 if number < 10**12 - 1 else 1))


def test_letters_that_look_like_latin_ones_are_read_as_these():
    for text in (
        "l\u03c5p\u03c5s",
        "lu\u0440us",
        "\u029f\u1d1c\u1d18\u1d1c\ua731",
        "\uff4c\uff55\uff50\uff55\uff53",
    ):
        (finding,) = look("text", "lupus", f"has {text}!")
        assert (finding.words, finding.certainty) == (text, "yes")
    assert look(
        "name",
        "\u0412\u0435\u0440\u0430 \u041c\u043e\u0440\u043e\u0437",
        "\u0432\u0435\u0440\u0430 \u043c\u043e\u0440\u043e\u0437",
    )
