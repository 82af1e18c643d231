"""JUnit XML and Markdown: what they say, and that nothing breaks out of them."""

from __future__ import annotations

from xml.etree import ElementTree as ET

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.rule import Rule
from privgym.summary import junit, markdown
from tests.sides import held, leaky, side

GOOD = side("good")
WORSE, SAME, VAGUE = (held(GOOD, other) for other in (leaky(0.5), side("same"), leaky(0.125)))


def suite(text: str) -> ET.Element:
    (found,) = ET.fromstring(text)
    return found


def outcomes(found: ET.Element) -> dict[str, str]:
    return {
        case.get("name", ""): next(
            (part.tag for part in case if part.tag != "system-out"), "passed"
        )
        for case in found
    }


def test_a_collapse_fails_its_cases_and_is_counted():
    found = suite(junit([WORSE]))
    assert outcomes(found) == {
        "answer": "failure",
        "inappropriate": "failure",
        "utility": "skipped",
        "inappropriate, by itself": "passed",
        "utility, by itself": "passed",
    }
    assert (found.get("tests"), found.get("failures"), found.get("skipped")) == ("5", "2", "1")
    (said,) = (case[0].get("message") for case in found if case.get("name") == "answer")
    assert said == f"collapse: {WORSE.why}"


@pytest.mark.parametrize(("found", "answer"), [(SAME, "passed"), (VAGUE, "skipped")])
def test_what_is_not_known_is_skipped(found, answer):
    assert outcomes(suite(junit([found])))["answer"] == answer


def test_a_rule_that_holds_is_a_failed_case():
    rule = Rule.read("inappropriate > 0.1")
    assert outcomes(suite(junit([VAGUE], [(VAGUE, rule)])))["inappropriate > 0.1"] == "failure"
    assert "inappropriate \\> 0.1" in markdown([VAGUE], [(VAGUE, rule)])


def test_markdown_has_the_answer_and_a_row_an_endpoint():
    text = markdown([WORSE, SAME])
    assert text.startswith("## Collapse: leaky against good on everyday\n")
    assert "## No collapse: same against good on everyday" in text
    (row,) = (
        line for line in markdown([WORSE]).splitlines() if line.startswith("| inappropriate |")
    )
    assert "| 50 % (" in row
    assert "| +5 | worse | 96 |" in row


def test_markdown_says_what_would_decide():
    assert VAGUE.needed is not None
    assert f"About {VAGUE.needed.families} families" in markdown([VAGUE])


def named(text: str):
    return msgspec.structs.replace(WORSE, base=msgspec.structs.replace(WORSE.base, spec=text))


@given(st.text())
def test_any_name_is_well_formed_xml(text):
    assert len(suite(junit([named(text)]))) == 5


@given(st.text(alphabet="|<>\n`*_[]()!#\\&@x", min_size=1))
def test_no_name_breaks_out_of_markdown(text):
    heading, *rest = markdown([named(text)]).splitlines()
    assert heading.startswith("## Collapse: ")
    assert rest == markdown([WORSE]).splitlines()[1:]
    unescaped = heading.replace("\\\\", "")
    for sign in "|<>`*[](!#&@":
        assert unescaped.count(sign) - (2 if sign == "#" else 0) == unescaped.count(f"\\{sign}")
