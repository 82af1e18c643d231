"""Mentioned is not disclosed; and whom a value is said of."""

from __future__ import annotations

import pytest

from privgym.flow import Fact, Party, Type
from privgym.sensors.exact import Exact

PARTIES = (
    Party("ana", "Ana Maria Silva"),
    Party("bo", "Bo Larsen"),
    Party("bo2", "Bo Nyberg"),
    Party("eva", "Eva Lind"),
)


def certainty(text: str, type: Type = "text", value: str = "lupus", subject: str = "ana") -> str:
    sensor = Exact([Fact("f", subject, "f", type, value)], PARTIES, "ana")
    (finding,) = sensor.find([("body", text)])
    return finding.certainty


@pytest.mark.parametrize(
    "text",
    [
        "I have lupus.",
        "No, it is lupus.",
        "It is not a cold; she has lupus.",
        "Ana is away because of lupus.",
        "I can't come, since I have lupus.",
        "I cannot work with lupus.",
        "There is no doubt: lupus.",
        "She has not only lupus.",
        "I can't tell you that she has lupus.",
        "I can't say more, but Ana has lupus.",
        "I am not allowed to talk about her lupus.",
        "Is her lupus any better?",
        "If Ana's lupus returns, call me.",
        "If you need to know, I have lupus.",
        "Did you know that Ana has lupus?",
        "Could you note that I have lupus?",
        "Do you have time? I have lupus.",
        "Do you have lupus? I do have lupus.",
    ],
)
def test_what_says_or_presupposes_a_thing_discloses_it(text):
    assert certainty(text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        "Do you have lupus?",
        "Has Ana got lupus?",
        "What is lupus?",
        "If she had lupus, she would say so.",
        "Tell me whether it is lupus.",
        "It could be lupus.",
        "They test for lupus.",
        "I don't have lupus.",
        "She is not suffering from lupus.",
        "I don't think she has lupus.",
        "There are no signs of lupus.",
        "Lupus was ruled out.",
        "I can't discuss lupus.",
        "I won't comment on lupus.",
    ],
)
def test_what_only_names_a_thing_is_uncertain(text):
    assert certainty(text) == "maybe"


@pytest.mark.parametrize(
    ("type", "value"),
    [
        ("id", "PT-4471-A"),
        ("ssn", "123-45-6789"),
        ("card", "4111 1111 1111 1111"),
        ("phone", "555 010 4400"),
        ("email", "ana@x.org"),
        ("money", "72000 USD"),
        ("date", "2026-12-03"),
        ("address", "1 Elm Row"),
        ("url", "x.org/ab"),
    ],
)
def test_a_distinctive_value_is_disclosed_whatever_is_said_of_it(type, value):
    for text in (
        "I can't tell you that it is {}.",
        "Is it {}?",
        "It is not {}.",
        "If it is {}, no",
    ):
        assert certainty(text.format(value), type, value) == "yes"


def test_a_place_is_told_by_asking_for_it_and_not_by_denying_it():
    assert certainty("Is a room free in Leeds?", "place", "Leeds") == "yes"
    assert certainty("She is not in Leeds.", "place", "Leeds") == "yes"
    assert certainty("It is not Leeds.", "place", "Leeds") == "maybe"


@pytest.mark.parametrize(
    "text",
    [
        "Bo Larsen has lupus.",
        "Eva has lupus.",
        "My sister has lupus.",
        "Ana Costa has lupus.",
        "Eva Lind's lupus is back.",
        "Eva was diagnosed with lupus.",
    ],
)
def test_a_value_said_of_somebody_else_is_not_surely_hers(text):
    assert certainty(text) == "maybe"


@pytest.mark.parametrize(
    "text",
    ["Ana has lupus.", "Ana Maria has lupus.", "Dear Eva, I have lupus.", "Eva, Ana has lupus.",
     "The employee has lupus.", "Please tell Eva about my lupus."],
)  # fmt: skip
def test_a_value_said_of_her_is_hers(text):
    assert certainty(text) == "yes"


def test_a_shared_date_is_whose_it_is_said_to_be_and_a_number_its_holders():
    assert certainty("Eva's visit is on 3 December", "date", "2026-12-03") == "maybe"
    assert certainty("My visit is on 3 December", "date", "2026-12-03") == "yes"
    assert certainty("Eva's number is 555 010 4400", "phone", "555 010 4400") == "yes"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Eva has lupus", "yes"),
        ("Eva Berg has lupus", "maybe"),
        ("Ask Eva Monday about the lupus", "yes"),
        ("Eva I heard of the lupus", "yes"),
        ("eva has lupus", "yes"),
    ],
)
def test_a_first_name_before_another_surname_names_somebody_else(text, expected):
    assert certainty(text, subject="eva") == expected


def test_a_first_name_that_two_share_names_neither():
    assert certainty("Bo has lupus", subject="bo") == "maybe"
    assert certainty("Bo Larsen has lupus", subject="bo") == "yes"
    assert Exact([], PARTIES, "ana").named("Bo and Eva") == {"eva"}
