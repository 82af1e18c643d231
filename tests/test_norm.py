"""A sentence is a rule: reading, writing, and errors that teach."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.grammar import GRAMMAR
from privgym.norm import (
    THIS_SESSION,
    Audience,
    Clause,
    Cond,
    End,
    Has,
    Imply,
    Most,
    Norm,
    Purposes,
    Rule,
    Span,
    Sphere,
    Who,
    sentences,
)
from tests.plan import ROOT

KEYWORDS = {word for word in GRAMMAR.split('"') if word.isalpha()}

names = st.from_regex(r"[a-z][a-z0-9_]{0,8}", fullmatch=True).filter(lambda n: n not in KEYWORDS)
lists = st.lists(names, min_size=1, max_size=3).map(tuple)
whos = st.builds(Who, names, st.just("") | names)
units = st.sampled_from(["minute", "hour", "day", "year", "step", "session"])
spans = st.builds(Span, st.integers(1, 999_999), units)
ages = st.none() | st.just(THIS_SESSION) | spans
acts = st.sampled_from(["consented", "withdrew", "asked", "delegated"])
conds = (
    st.builds(Cond, acts, st.none() | whos, ages)
    | st.sampled_from([Cond("known"), Cond("confidence")])
    | st.builds(lambda name: Cond("learned", name=name), names)
    | st.builds(lambda one, other: Cond("is", one, other=other), whos, whos)
    | st.builds(lambda name, age: Cond("after", span=age, name=name), names, ages)
)
events = st.builds(lambda name: Cond("after", name=name), names)
clauses = st.builds(
    Clause, st.sampled_from(["if", "unless"]), st.lists(conds, min_size=1, max_size=3).map(tuple)
) | st.builds(lambda event: Clause("until", (event,)), events)
when = st.builds(lambda cond: Clause("when", (cond,)), st.just(Cond("asked")) | events)


@st.composite
def rules(draw) -> Rule:
    kind = draw(st.sampled_from(["never", "allow", "must"]))
    found = draw(st.lists(clauses, max_size=2))
    by: Span | End = ""
    if kind == "must":
        by = draw(st.sampled_from(["", "session", "episode"]) | spans)
        found += draw(st.lists(when, max_size=1))
    return Rule(
        kind=kind,
        attributes=draw(lists),
        subject=draw(whos),
        recipient=draw(whos),
        sender=draw(st.none() | whos),
        purpose=draw(st.just("") | names),
        sphere=draw(st.just("") | names),
        clauses=tuple(draw(st.permutations(found))),
        by=by,
    )


@st.composite
def mosts(draw) -> Most:
    attributes = tuple(draw(st.lists(names, min_size=2, max_size=4, unique=True)))
    count = draw(st.integers(1, len(attributes) - 1))
    return Most(count, attributes, draw(whos), draw(st.none() | whos), draw(ages))


@st.composite
def implies(draw) -> Imply:
    *premises, conclusion = draw(st.lists(names, min_size=2, max_size=4, unique=True))
    return Imply(tuple(premises), conclusion)


norms = (
    st.builds(Sphere, names, st.booleans(), st.just(()) | lists)
    | st.builds(Purposes, lists)
    | st.builds(Has, names, lists)
    | st.builds(Audience, st.lists(whos, min_size=2, max_size=4).map(tuple))
    | implies()
    | mosts()
    | rules()
)


@given(norms)
def test_what_is_written_reads_back_as_the_same_norm(norm: Norm):
    assert Norm.read(str(norm)) == norm


@given(norms)
def test_spaces_do_not_matter(norm: Norm):
    assert Norm.read("  " + str(norm).replace(" ", "  \t")) == norm


@given(
    st.text(max_size=60) | st.lists(st.sampled_from([*sorted(KEYWORDS), "a", ","])).map(" ".join)
)
def test_any_other_text_is_refused_with_a_place(text: str):
    try:
        norm = Norm.read(text, where="norms.txt", number=7)
    except PrivgymError as caught:
        error = caught
    else:
        assert Norm.read(str(norm)) == norm
        return
    assert "norms.txt, line 7" in error.where
    assert error.do


def test_a_line_becomes_its_parts():
    line = "allow card of client to merchant from ana in work if merchant asked this session"
    assert Norm.read(line) == Rule(
        kind="allow",
        attributes=("card",),
        subject=Who("client"),
        recipient=Who("merchant"),
        sender=Who("ana"),
        sphere="work",
        clauses=(Clause("if", (Cond("asked", Who("merchant"), THIS_SESSION),)),),
    )


@pytest.mark.parametrize(
    ("line", "column", "meant", "do"),
    [
        ("neverr health of ana to boss", 8, '"never"', 'or "has" or'),
        ("never health of ana too boss", 21, '"to"', '"to"'),
        ("sphere health deny for record", 15, '"denies"', '"allows" or "denies"'),
        ("must a of b to c by end of sesion", 28, '"session"', '"session"'),
        ("never health of ana to", 23, "", "a name"),
        ("never Health of ana to boss", 7, "", "lower-case"),
        ("never if of ana to boss", 7, "", "a name"),
        ("never a b of ana to boss", 9, "", '","'),
        ("", 1, "", '"never"'),
    ],
)
def test_an_error_says_where_what_was_expected_and_meant(line, column, meant, do):
    with pytest.raises(PrivgymError) as caught:
        Norm.read(line)
    assert caught.value.where.endswith(f"column {column}")
    assert caught.value.meant == meant
    assert do in caught.value.do
    assert str(caught.value).count("\n") <= 3


@pytest.mark.parametrize(
    ("line", "do"),
    [
        ("never a of b to c when asked", "if asked"),
        ("allow a of b to c by end of session", "only a must"),
        ("must a of b to c when asked when asked", "keep one"),
    ],
)
def test_only_a_must_falls_due(line, do):
    with pytest.raises(PrivgymError, match=r"a must has|has no") as caught:
        Norm.read(line)
    assert do in caught.value.do


def test_sentences_pass_over_comments_and_keep_count_of_lines():
    lines = ["# shared", "", "  sphere work allows  ", "neverr"]
    read = sentences(lines, "norms.txt")
    assert next(read) == Sphere("work", denies=False)
    with pytest.raises(PrivgymError) as caught:
        next(read)
    assert "line 4" in caught.value.where


def test_the_examples_of_the_page_are_sentences():
    page = (ROOT / "docs" / "norms.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```text\n(.*?)^```", page, flags=re.DOTALL | re.MULTILINE)
    lines = [line for block in blocks for line in block.splitlines()]
    assert [str(Norm.read(line)) for line in lines] == lines
    assert len(lines) >= 30
