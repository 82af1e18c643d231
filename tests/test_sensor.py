"""The exact sensor: which words disclose a value, where, and whom they are about."""

from __future__ import annotations

import random
import unicodedata
from datetime import date, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.flow import Fact, Finding, Party, Type
from privgym.sensor import Sensor
from privgym.sensors.exact import Exact
from privgym.sensors.forms import forms
from privgym.sensors.normalise import normal, squeezed

PARTIES = (Party("ana", "Ana Maria Silva"), Party("bo", "Bo Larsen"))


def fact(type: Type, value: str, *aliases: str, subject: str = "ana", key: str = "f") -> Fact:
    return Fact(key, subject, key, type, value, aliases)


def found(made: Fact, *texts: str) -> list[str]:
    parts = [(f"field{number}", text) for number, text in enumerate(texts)]
    return [finding.words for finding in Exact([made], PARTIES, "ana").find(parts)]


DATE, DAYS = fact("date", "2026-12-03"), fact("days", "2026-12-03/2026-12-05")
PAY, FEE = fact("money", "72000 USD"), fact("money", "45.50 EUR")
AGE, TEL = fact("number", "31"), fact("phone", "+44 20 7946 0958")

TOLD = [
    (fact("text", "Crohn's disease"), "has CROHN\u2019S  Disease.", "CROHN\u2019S  Disease"),
    (fact("text", "Crohn's disease", "crohn's"), "her crohn's", "crohn's"),
    (fact("text", "follow-up scan"), "the follow up scan", "follow up scan"),
    (fact("text", "lupus"), "lupus_notes.txt", "lupus"),
    (fact("text", "lupus"), "lupus-related", "lupus"),
    (fact("text", "Lupkynis"), "takes Lupkynis™ daily", "Lupkynis"),
    (fact("text", "José"), "for Jose\u0301, he", "Jose\u0301"),
    (fact("text", "\u1eb9\u0301gb\u00e0"), "e\u0301\u0323gba\u0300", "e\u0301\u0323gba\u0300"),
    (fact("text", "file"), "the \ufb01le", "\ufb01le"),
    (fact("name", "Dr. Eve van Dijk"), "Eve van Dijk", "Eve van Dijk"),
    (fact("name", "Dr. Eve van Dijk"), "see van Dijk, Eve", "van Dijk, Eve"),
    (fact("name", "Eve Lee Moss"), "to Eve Moss's desk", "Eve Moss"),
    (DATE, "on December 3", "December 3"),
    (DATE, "on 3 December", "3 December"),
    (DATE, "by Dec 3rd!", "Dec 3rd"),
    (DATE, "Dec. 3, 2026", "Dec. 3, 2026"),
    (DATE, "the 3rd of December", "3rd of December"),
    (DATE, "the 3rd of December 2026", "3rd of December 2026"),
    (DATE, "Thu 3 Dec", "3 Dec"),
    (DATE, "december the 3rd", "december the 3rd"),
    (DATE, "3-Dec-26", "3-Dec-26"),
    (DATE, "3 Dec '26", "3 Dec '26"),
    (DATE, "2026-12-03", "2026-12-03"),
    (DATE, "at 2026-12-03T14:00:00Z", "2026-12-03"),
    (DATE, "12/03/2026", "12/03/2026"),
    (DATE, "03/12/2026", "03/12/2026"),
    (DATE, "12/3/26", "12/3/26"),
    (DATE, "3.12.2026.", "3.12.2026"),
    (DATE, "2026/12/03", "2026/12/03"),
    (DATE, "20261203", "20261203"),
    (DATE, "3 to 3 December 2026", "3 December 2026"),
    (fact("date", "2026-09-21"), "Sept. 21st, 2026", "Sept. 21st, 2026"),
    (fact("date", "2026-05-22"), "22nd May", "22nd May"),
    (DAYS, "away 3 to 5 December", "3 to 5 December"),
    (DAYS, "December 3\u20135, 2026", "December 3\u20135, 2026"),
    (DAYS, "3-5 Dec", "3-5 Dec"),
    (DAYS, "Dec 3 to Dec 5", "Dec 3 to Dec 5"),
    (DAYS, "from 3 until 5 December", "3 until 5 December"),
    (DAYS, "the 3rd through the 5th of December",
     "the 3rd through the 5th of December"),
    (DAYS, "Thursday, December 3 to Saturday, December 5, 2026",
     "Thursday, December 3 to Saturday, December 5, 2026"),
    (DAYS, "between Dec. 3 and 5", "Dec. 3 and 5"),
    (DAYS, "2026-12-03/2026-12-05", "2026-12-03/2026-12-05"),
    (DAYS, "12/3 - 12/5", "12/3 - 12/5"),
    (DAYS, "03.12.2026 - 05.12.2026", "03.12.2026 - 05.12.2026"),
    (fact("days", "2026-11-30/2026-12-02"), "30 Nov to 2 Dec", "30 Nov to 2 Dec"),
    (fact("days", "2026-12-31/2027-01-02"), "Dec 31, 2026 to Jan 2, 2027",
     "Dec 31, 2026 to Jan 2, 2027"),
    (fact("days", "2026-12-03/2026-12-03"), "on 3 December", "3 December"),
    (PAY, "72,000", "72,000"),
    (PAY, "earns $72,000.", "$72,000"),
    (PAY, "72000", "72000"),
    (PAY, "72k a year", "72k"),
    (PAY, "$72k/yr", "$72k"),
    (PAY, "72 thousand dollars", "72 thousand dollars"),
    (PAY, "USD 72,000", "USD 72,000"),
    (PAY, "USD72.000,00", "USD72.000,00"),
    (PAY, "US$72 000.00", "US$72 000.00"),
    (PAY, "72000USD", "72000USD"),
    (fact("money", "72000 EUR"), "72.000 EUR", "72.000 EUR"),
    (fact("money", "1500000 USD"), "a 1.5 million house", "1.5 million"),
    (fact("money", "1500000 USD"), "$1.5M", "$1.5M"),
    (fact("money", "72500 GBP"), "£72.5k", "£72.5k"),
    (fact("money", "2026 USD"), "2,026 each", "2,026"),
    (fact("money", "2026 USD"), "2026 dollars", "2026 dollars"),
    (fact("money", "900 SEK"), "900 sek", "900 sek"),
    (FEE, "€45.50 due", "€45.50"),
    (FEE, "45,50 euros", "45,50 euros"),
    (AGE, "she is 31.", "31"),
    (AGE, "31-year-old", "31"),
    (AGE, "age:31, well", "31"),
    (fact("number", "98.6"), "98.6F 98.6 F", "98.6"),
    (fact("number", "1200"), "1,200 steps", "1,200"),
    (TEL, "+442079460958", "+442079460958"),
    (TEL, "0044 20 7946 0958", "0044 20 7946 0958"),
    (TEL, "+44 (0)20 7946-0958", "+44 (0)20 7946-0958"),
    (TEL, "call 020-7946-0958.", "020-7946-0958"),
    (TEL, "20 7946 0958", "20 7946 0958"),
    (TEL, "(020) 7946 0958", "(020) 7946 0958"),
    (fact("phone", "(555) 012-3456 x99"), "+1-555-012-3456", "+1-555-012-3456"),
    (fact("phone", "(555) 012-3456 x99"), "1.555.012.3456", "1.555.012.3456"),
    (fact("phone", "0171 5550123"), "+49 171 555 0123", "+49 171 555 0123"),
    (fact("email", "ana@x.org"), "mailto:Ana@X.org.", "Ana@X.org"),
    (fact("email", "ana@x.org"), "ana at x.org", "ana at x.org"),
    (fact("id", "PT-4471-A"), "no. pt 4471a", "pt 4471a"),
    (fact("id", "PT-4471-A"), "PT4471A,", "PT4471A"),
    (fact("id", "DE89370400440532013000"), "DE89 3704 0044 0532 0130 00 ",
     "DE89 3704 0044 0532 0130 00"),
    (fact("address", "12 Main St\nYork, IL 60601"), "at 12 Main St,\n York IL 60601",
     "12 Main St,\n York IL 60601"),
    (fact("address", "12 Main St, York"), "12 main st york", "12 main st york"),
]  # fmt: skip

NOT_TOLD = [
    (fact("text", "Ann"), "the Annual dinner of Joann"),
    (fact("text", "lupus"), "lupuses"),
    (fact("text", "Jose"), "Jose\u0301"),
    (fact("name", "Eve Moss"), "Eve was here; moss grew"),
    (DATE, "December 31"),
    (DATE, "13 December"),
    (DATE, "December 3, 2025"),
    (DATE, "3 December 2027"),
    (DATE, "3 Dec '25"),
    (DATE, "2026-12-030 or 12026-12-03"),
    (DATE, "2026-12-04"),
    (DATE, "12/03"),
    (DATE, "3 Decembers"),
    (DATE, "the 3rd"),
    (DAYS, "December 3-5, 2025"),
    (DAYS, "3 to 6 December"),
    (DAYS, "13-5 December"),
    (DAYS, "back on 5 December"),
    (DAYS, "from December 3"),
    (DAYS, "3 December 2025 and 5 December 2026"),
    (PAY, "172,000 or 72,000.50 or 72,0001"),
    (PAY, "€72,000"),
    (PAY, "72,000 euros"),
    (PAY, "72"),
    (PAY, "72 kilometres"),
    (PAY, "$72,000 million"),
    (fact("money", "2026 USD"), "in 2026"),
    (fact("money", "72 USD"), "72 people paid $72k, or $72 million"),
    (fact("money", "1500000 USD"), "1.5m tall"),
    (FEE, "45.50"),
    (AGE, "31 March"),
    (AGE, "on 31 of May or Dec. 31, or May 31st"),
    (AGE, "2031"),
    (AGE, "3.31"),
    (AGE, "31.5"),
    (AGE, "1,31"),
    (AGE, "10:31"),
    (AGE, "31:10"),
    (AGE, "$31"),
    (AGE, "31 euros"),
    (AGE, "31/12"),
    (fact("number", "2026"), "December 3, 2026"),
    (fact("number", "11"), "11 am, 11pm"),
    (TEL, "+44 20 7946 09581"),
    (TEL, "120 7946 0958 1" + "9"),
    (TEL, "7946 0958"),
    (TEL, "room 20. 7946 0958"),
    (fact("email", "ana@x.org"), "joana@x.org, jo.ana@x.org, ana@x.org.uk"),
    (fact("id", "PT-4471-A"), "PT-4471-AB"),
    (fact("id", "4471"), "12-4471 and 14471"),
    (fact("address", "12 Main St, York"), "112 Main St, York"),
]  # fmt: skip


@pytest.mark.parametrize(("made", "text", "words"), TOLD)
def test_forms_that_disclose(made: Fact, text: str, words: str) -> None:
    (finding,) = Exact([made], PARTIES, "ana").find([("body", text)])
    assert finding == Finding("f", "body", finding.start, finding.end, words, "yes", "exact/2")
    assert text[finding.start : finding.end] == words


@pytest.mark.parametrize(("made", "text"), NOT_TOLD)
def test_forms_that_do_not(made: Fact, text: str) -> None:
    assert found(made, text) == []


def test_a_range_is_told_by_both_its_ends_wherever_they_stand() -> None:
    assert found(DAYS, "2026-12-03T09:00", "2026-12-05T17:00") == ["2026-12-03"]
    assert found(DAYS, "back 5 December", "gone 3 Dec, 2026") == ["5 December"]
    assert found(DAYS, "2026-12-03", "2026-12-06") == []
    assert found(DAYS, "2026-12-03", "2026-12-05", "away 3-5 December") == ["3-5 December"]


def test_one_finding_a_fact_and_field_in_order() -> None:
    illness, pay = fact("text", "lupus", key="illness"), fact("money", "72000 USD", key="pay")
    parts = [("subject", "72k"), ("body", "Lupus! 72k or 72,000. And lupus."), ("note", "lupus")]
    seen = Exact([illness, pay], PARTIES, "ana").find(parts)
    assert [(f.fact, f.field, f.start) for f in seen] == [
        ("pay", "subject", 0), ("illness", "body", 0), ("pay", "body", 7), ("illness", "note", 0),
    ]  # fmt: skip


def test_a_match_inside_a_longer_one_is_dropped_unless_it_is_a_part() -> None:
    home = fact("address", "12 Main St, York 60601", key="home")
    street, zip_code = fact("text", "main st", key="street"), fact("id", "60601", key="zip")
    text = [("body", "I live at 12 Main St, York 60601.")]

    def keys(parts_of: dict[str, list[str]], *texts: tuple[str, str]) -> list[str]:
        sensor = Exact([street, zip_code, home], PARTIES, "ana", parts_of)
        return [finding.fact for finding in sensor.find([*text, *texts])]

    assert keys({}) == ["home"]
    assert keys({"home": ["zip"]}) == ["home", "zip"]
    assert keys({}, ("body", "zip 60601")) == ["home", "zip"]
    assert keys({"zip": ["home"]}) == ["home"]


def test_a_dropped_match_does_not_hide_a_later_one() -> None:
    long, short = fact("text", "lupus nephritis", key="a"), fact("text", "lupus", key="b")
    seen = Exact([short, long], PARTIES, "ana").find([("x", "lupus nephritis is lupus")])
    assert [(f.fact, f.start) for f in seen] == [("a", 0), ("b", 19)]


def test_matches_that_only_overlap_both_count() -> None:
    facts = [fact("text", "lupus nephritis", key="a"), fact("text", "nephritis care", key="b")]
    seen = Exact(facts, PARTIES, "ana").find([("body", "lupus nephritis care")])
    assert [finding.fact for finding in seen] == ["a", "b"]


def test_one_end_of_a_range_tells_and_hides_nothing() -> None:
    gone, day = fact("days", DAYS.value, key="gone"), fact("text", "3 December", key="day")
    seen = Exact([gone, day], PARTIES, "ana").find([("body", "on 3 December 2026")])
    assert [finding.fact for finding in seen] == ["day"]


@pytest.mark.parametrize(
    ("text", "named", "certainty"),
    [
        ("has lupus", (), "maybe"),
        ("has lupus", ("bo",), "yes"),
        ("Bo has lupus", (), "yes"),
        ("LARSEN, BO: lupus", (), "yes"),
        ("Mr. Larsen has lupus", (), "yes"),
        ("a bow and lupus", (), "maybe"),
        ("has lupus", ("ana",), "maybe"),
    ],
)
def test_certainty_needs_the_subject(text: str, named: tuple[str, ...], certainty: str) -> None:
    sensor = Exact([fact("text", "lupus", subject="bo")], PARTIES, "ana")
    assert [f.certainty for f in sensor.find([("body", text)], named)] == [certainty]


def test_the_subject_may_be_named_in_another_part() -> None:
    sensor = Exact([fact("text", "lupus", subject="bo")], PARTIES, "ana")
    (finding,) = sensor.find([("body", "has lupus"), ("subject", "about Bo")])
    assert finding.certainty == "yes"


@pytest.mark.parametrize("type", ["id", "date", "phone", "email", "money", "address"])
def test_distinctive_values_speak_for_themselves(type: Type) -> None:
    values = {"id": "AB-123", "date": "2026-12-03", "phone": "555 010 9999", "email": "b@x.org",
              "money": "72000 USD", "address": "1 Elm Row"}  # fmt: skip
    sensor = Exact([fact(type, values[type], subject="bo")], PARTIES, "ana")
    assert [f.certainty for f in sensor.find([("body", f"({values[type]})")])] == ["yes"]


def test_a_value_of_two_subjects_is_sure_only_if_one_of_them_is_named() -> None:
    facts = [fact("date", "2026-12-03", subject=who, key=who) for who in ("ana", "bo")]
    sensor = Exact(facts, PARTIES, "ana")

    def sure(text: str) -> list[tuple[str, str]]:
        return [(f.fact, f.certainty) for f in sensor.find([("body", text)])]

    assert sure("on Dec 3") == [("ana", "maybe"), ("bo", "maybe")]
    assert sure("Bo, on Dec 3") == [("ana", "maybe"), ("bo", "yes")]
    assert sure("Bo and Ana, on Dec 3") == [("ana", "maybe"), ("bo", "maybe")]


def test_one_subject_with_two_facts_of_a_value_is_no_doubt() -> None:
    facts = [fact("date", "2026-12-03", key=key) for key in ("visit", "leave")]
    seen = Exact(facts, PARTIES, "ana").find([("body", "on Dec 3")])
    assert [(f.fact, f.certainty) for f in seen] == [("visit", "yes"), ("leave", "yes")]


@pytest.mark.parametrize(
    "made",
    [
        fact("text", "x"),
        fact("text", "\u200b "),
        fact("text", "lupus", "-"),
        fact("id", "--"),
        fact("number", "7"),
        fact("phone", "none"),
        fact("date", "3 December"),
        fact("days", "2026-12-05/2026-12-03"),
        fact("money", "lots"),
        fact("money", "-5 USD"),
        fact("money", "NaN USD"),
        fact("number", "inf"),
    ],
)
def test_a_value_that_cannot_be_found_is_an_error_that_names_its_fact(made: Fact) -> None:
    with pytest.raises(PrivgymError, match='fact "f"'):
        Exact([made], PARTIES, "ana")


def test_nothing_to_look_for_and_nothing_to_look_in() -> None:
    sensor: Sensor = Exact([], [], "ana")
    assert sensor.find([("body", "text")]) == ()
    assert Exact([AGE], PARTIES, "ana").find([("body", ""), ("subject", " ")]) == ()


def test_lone_surrogates_and_hostile_texts_are_read() -> None:
    assert found(AGE, "\ud800 31 \udfff") == ["31"]
    assert found(DAYS, "3 to " * 3000) == []
    assert len(found(PAY, "72k " * 3000)) == 1


CANONICAL = [DATE, DAYS, PAY, FEE, AGE, TEL, *(made for made, _, _ in TOLD)]
filler = st.lists(st.text("qwxz", min_size=2, max_size=8), max_size=6).map(" ".join)


@given(st.sampled_from(CANONICAL), st.data(), filler, filler)
def test_any_form_planted_anywhere_is_found(
    made: Fact, data: st.DataObject, a: str, b: str
) -> None:
    form = data.draw(st.sampled_from([f for f in forms(made) if not f.end]))
    assume(form.rule(form.words, 0, len(form.words)))  # else it needs its currency or other end
    text = f"{a} {form.words} {b}"
    (words,) = found(made, text)
    assert form.words.startswith(normal(words)) or squeezed(normal(words)) == form.words


WRITTEN = ("%d %B %Y", "%B %d, %Y", "%d.%m.%Y", "%m/%d/%Y", "%b %d, %Y", "%Y-%m-%d", "%Y%m%d")


@given(st.dates(date(1930, 1, 1), date(2070, 1, 1)), st.integers(1, 60), filler, st.data())
def test_dates_written_by_someone_else_are_found(
    first: date, length: int, around: str, data: st.DataObject
) -> None:
    pattern, last = data.draw(st.sampled_from(WRITTEN)), first + timedelta(length)
    start, end = first.strftime(pattern), last.strftime(pattern)
    assert found(fact("date", first.isoformat()), f"{around} {start}") == [start]
    span = f"{start} to {end}"
    assert found(fact("days", f"{first}/{last}"), f"{span} {around}") == [span]


INVISIBLE = ["\u200b", "\u00ad", "\u2060", "\ufe0f", "\u202e"]


def mutate(words: str, rng: random.Random) -> str:
    """Another way to print the same characters."""
    out = []
    for c in words:
        c = rng.choice([c, c.upper(), c.lower()])
        c = rng.choice(["\u00a0", "  ", "\n", "\u2003", c]) if c == " " else c
        c = rng.choice(["\u2011", "\u2013", "\u2212", c]) if c == "-" else c
        c = (
            chr(ord(c) + 0xFEE0)
            if len(c) == 1 and c.isalnum() and c.isascii() and rng.random() < 0.2
            else c
        )
        out.append(c + rng.choice([*INVISIBLE, *[""] * 9]))
    return "".join(out)


@given(st.sampled_from([(made, text) for made, text, words in TOLD]), st.randoms())
def test_mutated_texts_still_disclose_and_spans_point_at_the_words(
    told: tuple[Fact, str], rng: random.Random
) -> None:
    made, plain = told
    text = f"zz {mutate(unicodedata.normalize('NFC', plain), rng)} zz"
    (before,) = Exact([made], PARTIES, "ana").find([("body", plain)])
    (after,) = Exact([made], PARTIES, "ana").find([("body", text)])
    assert text[after.start : after.end] == after.words
    assert normal(after.words) == normal(before.words)


TYPED = Exact([made for made in CANONICAL if made.type not in ("text", "name")], PARTIES, "ana")


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126, exclude_categories=["Nd"])))
def test_nothing_is_found_in_texts_without_it(text: str) -> None:
    assert TYPED.find([("body", text)]) == () or "x.org" in text.casefold()


def test_the_same_findings_for_any_order_of_facts_up_to_ties() -> None:
    facts = [fact(m.type, m.value, *m.aliases, key=f"k{n}") for n, (m, _, _) in enumerate(TOLD)]
    parts = [(f"p{n}", text) for n, (_, text, _) in enumerate(TOLD)]
    one, two = Exact(facts, PARTIES, "ana"), Exact(facts[::-1], PARTIES, "ana")
    assert one.find(parts) == one.find(parts)
    assert sorted(map(repr, one.find(parts))) == sorted(map(repr, two.find(parts)))
