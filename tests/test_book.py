"""Norms against parties: words are resolved once, and a word nobody declared is an error."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.book import Book
from privgym.errors import PrivgymError
from privgym.flow import Fact, Party
from privgym.lint import contradictions

PARTIES = (
    Party("principal", "Ana Silva", roles=(("patient", "clinic"),)),
    Party("manager", "Bo Li", roles=(("manager", "principal"),)),
    Party("manager_2", "Eve Roy", roles=(("manager", "principal"), ("manager", "kim"))),
    Party("clinic", "Dr Cruz", roles=(("physician", "principal"),)),
    Party("kim", "Kim Silva"),
    Party("agent", "the agent", "agent"),
)
DECLARED = (
    "sphere health denies for record",
    "sphere work allows",
    "record has diagnosis, visit",
    "diagnosis has drug",
)


def fact(attribute: str, of: str = "principal", sphere: str = "", key: str = "") -> Fact:
    return Fact(key or attribute, of, attribute, "text", f"the {attribute}", sphere=sphere)


FACTS = (fact("diagnosis"), fact("drug"), fact("dates"), fact("dates", of="kim", key="kim_dates"))


def book(*lines: str, facts=FACTS, spheres=("work",)) -> Book:
    return Book.of([*DECLARED, *lines], PARTIES, facts, spheres)


@pytest.mark.parametrize(
    ("line", "what", "meant"),
    [
        ("never healt of principal to manager", '"healt" is no attribute', '"health"'),
        ("never drugs of principal to manager", '"drugs" is no attribute', '"drug"'),
        ("never health of principle to manager", '"principle" is no party', '"principal"'),
        ("never health of anyone to managr", '"managr" is no party or role', '"manager'),
        ("never health of managr of kim to kim", '"managr" is no role', '"manager"'),
        ("never health of anyone to anyone in wrk", '"wrk" is no sphere', '"work"'),
        ("never health of anyone to anyone if clinik asked", '"clinik" is no party', '"clinic"'),
        ("never health of anyone to kim if physicain of subject asked", "no role", '"physician"'),
    ],
)
def test_a_misspelt_word_is_an_error_that_knows_better(line, what, meant):
    with pytest.raises(PrivgymError) as caught:
        book(line)
    assert what in caught.value.what
    assert meant in caught.value.meant
    assert line in caught.value.where


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("must health of principal to manager", "no fact is a health"),
        ("must visit of manager to kim", "no fact is a visit of manager"),
        ("must dates of principal to anyone", "anyone"),
        ("must dates of anyone to kim", "anyone"),
        ("must dates of principal to manager in health", "no session is in health"),
        ("never dates of principal to physician of kim", "nobody is physician of kim"),
        ("never dates of subject to manager", "word of conditions"),
        ("never dates of anyone to kim if anyone consented", "anyone"),
        ("never dates of patient to patient if patient consented", "subject or the recipient"),
        ("never dates of anyone to kim from agent", "comes from its principal"),
        ("drug has record", "contains itself"),
        ("sphere health allows", "both denies and allows"),
        ("sphere work allows for record", "two spheres"),
        ("sphere drug denies", "a sphere and an attribute"),
    ],
)
def test_a_line_that_could_not_mean_anything_is_refused(line, what):
    with pytest.raises(PrivgymError, match=what):
        book(line)


def test_a_part_of_wholes_of_two_spheres_must_say_which():
    lines = ("sphere work allows for report", "report has drug")
    with pytest.raises(PrivgymError, match="two spheres"):
        book(*lines)
    assert book(*lines, "sphere health denies for drug").words.origin(fact("drug")) is not None


def test_undeclared_subjects_and_spheres_of_facts_and_sessions_are_refused():
    with pytest.raises(PrivgymError, match='"clinicc" is no party'):
        book(facts=(fact("drug", of="clinicc"),))
    with pytest.raises(PrivgymError, match='"famly" is no sphere'):
        book("never drug of principal to kim", facts=(fact("drug", sphere="famly"),))
    with pytest.raises(PrivgymError, match='"wrk" is no sphere'):
        book(spheres=("wrk",))


def recipients(lines: Book) -> list[str]:
    return [duty.recipient for duty in lines.duties]


def test_a_key_comes_before_a_role_and_role_of_who_is_the_role():
    assert recipients(book("must dates of principal to manager")) == ["manager"]
    both = book("must dates of principal to manager of principal")
    assert recipients(both) == ["manager", "manager_2"]
    assert recipients(book("must dates of principal to manager of kim")) == ["manager_2"]
    assert recipients(book("must dates of principal to physician")) == ["clinic"]


def test_a_repeated_line_counts_once():
    line = "must dates of principal to clinic"
    assert len(book(line, line).duties) == 1


def test_a_must_binds_its_facts_or_else_the_nearest_whole():
    assert [d.fact.key for d in book("must drug of principal to clinic").duties] == ["drug"]
    whole = (fact("record"), fact("diagnosis"))
    duties = book("must drug of principal to clinic", facts=whole).duties
    assert [duty.fact.key for duty in duties] == ["diagnosis"]


def test_what_two_words_of_a_must_bind_is_owed_once():
    duties = book("must diagnosis, drug of principal to clinic", facts=(fact("diagnosis"),)).duties
    assert [duty.fact.key for duty in duties] == ["diagnosis"]


def test_parts_are_transitive():
    assert book().parts_of["record"] == {"diagnosis", "visit", "drug"}
    assert book().parts_of["dates"] == frozenset()


def test_names_that_cover_a_fact():
    here = book()
    assert here.covers(fact("drug")) == ("drug", "diagnosis", "record", "health")
    assert here.covers(fact("drug", sphere="work")) == ("drug", "diagnosis", "record", "work")
    assert here.covers(fact("dates")) == ("dates",)


@pytest.mark.parametrize(
    ("lines", "named"),
    [
        (("must drug of principal to manager",), "sphere health denies for record"),
        (
            ("must drug of principal to clinic", "never record of principal to physician"),
            "never record of principal to physician",
        ),
        (
            ("must dates of principal to kim", "allow dates of principal to manager"),
            "allow dates of principal to manager",
        ),
    ],
)
def test_a_must_that_is_forbidden_whatever_happens_is_a_contradiction(lines, named):
    (found,) = contradictions(book(*lines))
    assert named in found
    assert lines[0] in found


@pytest.mark.parametrize(
    "lines",
    [
        ("must dates of principal to manager",),
        ("must drug of principal to manager", "allow health of principal to manager if consented"),
        (
            "must dates of principal to manager",
            "never dates of principal to manager unless consented",
        ),
        ("must dates of principal to manager", "never dates of principal to manager in health"),
        ("must drug of principal to principal",),
    ],
)
def test_what_may_come_right_is_no_contradiction(lines):
    assert contradictions(book(*lines)) == ()


def test_a_must_that_one_of_the_sessions_permits_is_no_contradiction():
    lines = ("must dates of principal to kim", "never dates of principal to kim in work")
    assert contradictions(book(*lines, spheres=("work", "health"))) == ()
    assert contradictions(
        book(lines[0] + " by end of session", lines[1], spheres=("work", "health"))
    )


def test_the_party_a_fact_came_from_may_be_told():
    here = book("must drug of principal to clinic")
    assert contradictions(here)
    assert contradictions(here, {"drug": "clinic"}) == ()


WHO = st.sampled_from(["principal", "manager", "kim", "clinic", "physician", "anyone", "agent"])
LINE = st.builds(
    "{} {} of {} to {}".format,
    st.sampled_from(["never", "allow"]),
    st.sampled_from(["health", "record", "drug", "dates", "work"]),
    WHO,
    WHO,
)


@given(st.lists(LINE, max_size=6), st.sampled_from(FACTS))
def test_what_speaks_of_a_flow_fits_it(lines: list[str], told: Fact):
    here = book(*lines)
    for sender in ("principal", "memory"):
        for to in ("manager", "kim", "clinic", "agent", "principal"):
            speaks = here.speaks(told, sender, to)
            for line in (*speaks.nevers, *speaks.allows):
                assert line.subjects is None or told.subject in line.subjects
                assert line.recipients is None or to in line.recipients
                if to == told.subject or to in ("agent", "principal"):
                    assert line.rule.recipient.word == to
            # An allow is there in vain, unless something denies.
            assert speaks.denies or not speaks.allows
