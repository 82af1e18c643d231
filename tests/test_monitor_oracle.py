"""The monitor against a second opinion: random cases, what is open, and what must not matter."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy
from random import Random

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from privgym.event import Closed, Sent
from privgym.monitor import Monitor
from privgym.verdict import Verdict
from tests.agree import agree, is_derived, opinions, verdicts, watch
from tests.completions import doubt, maybes
from tests.decided import decided
from tests.gen import Case, draw
from tests.worlds import TIGHT, WIDE

WORLDS = pytest.mark.parametrize("tight", [True, False], ids=["tight", "wide"])
SEEDS = st.integers(0, 2**32)
CASES = 2000


@WORLDS
def test_monitor_and_oracle_agree_on_two_thousand_cases(tight: bool):
    assert [seed for seed in range(CASES) if not agree(draw(Random(seed), tight))] == []


@WORLDS
@given(seed=SEEDS)
def test_monitor_and_oracle_agree_on_any_case(tight: bool, seed: int):
    assert agree(draw(Random(seed), tight))


def test_every_part_of_the_language_decides_verdicts():
    counts: Counter[str] = Counter()
    for seed in range(600):
        case = draw(Random(seed), tight=True)
        counts.update(decided(case, case.oracle().opinions()))
    assert counts.keys() >= PARTS, PARTS - counts.keys()


PARTS = {
    *("never", "allow", "sender", "purpose", "sphere", "until event", "when asked", "when event"),
    *("consented", "withdrew", "asked", "delegated", "known", "confidence", "learned", "is"),
    *("after", "source", "a delegate's consent", "within a time", "within steps"),
    *("at most, to a word", "at most, to the same recipient", "at most, within"),
    *("imply", "audience", "by a time", "by steps", "by sessions", "by end of session"),
    *(f"flow: {kind}" for kind in ("appropriate", "inappropriate", "undecided")),
    *(f"derived flow: {kind}" for kind in ("appropriate", "inappropriate", "undecided")),
    *(f"duty: {kind}" for kind in ("met", "missing", "undecided", "void")),
}


def test_few_lines_are_refused():
    cases = [draw(Random(seed), seed % 2 == 0) for seed in range(400)]
    assert sum(case.refused for case in cases) < 0.05 * sum(len(case.lines) for case in cases)


# -- what is open ------------------------------------------------------------------------------


@WORLDS
def test_no_verdict_is_wrong_whatever_turns_out_to_be_so(tight: bool):
    cases = [draw(Random(seed), tight) for seed in range(600)]
    few = [case for case in cases if 0 < maybes(case) <= 4]
    assert len(few) > 150
    assert not any(doubt(case, opinions(verdicts(case))).wrong for case in few)


@given(seed=SEEDS)
def test_without_doubtful_findings_nothing_is_undecided(seed: int):
    case = draw(Random(seed), tight=True)
    sure = tuple(
        (event, tuple(replace(finding, certainty="yes") for finding in findings))
        for event, findings in case.trace
    )
    assert "undecided" not in {v.kind for v in verdicts(case._replace(trace=sure))}


# -- what must not matter, and what must -------------------------------------------------------


def judged(found: list[Verdict]) -> dict[tuple[int, str, str, bool], str]:
    """The kinds of the verdicts on flows."""
    return {
        (v.event, v.fact, v.recipient, is_derived(v)): v.kind
        for v in found
        if not v.norm.startswith("must")
    }


def owed(found: list[Verdict]) -> dict[tuple[str, str, str], str]:
    """The kinds of the verdicts on duties."""
    return {(v.norm, v.fact, v.recipient): v.kind for v in found if v.norm.startswith("must")}


@given(seed=SEEDS)
def test_every_duty_ends_in_one_verdict(seed: int):
    case = draw(Random(seed), tight=True)
    duties = case.book().duties
    found = [v for v in verdicts(case) if v.norm.startswith("must")]
    ended = isinstance(case.trace[-1][0], Closed)
    assert len({(v.norm, v.fact, v.recipient) for v in found}) == len(found) <= len(duties)
    assert len(found) == len(duties) or not ended


NAMES = sorted(
    {
        *(party.key for party in WIDE.parties),
        *(role for party in WIDE.parties for role, _ in party.roles),
        *(name for world in (TIGHT, WIDE) for name in (*world.attributes, *world.spheres)),
        *("treatment", "billing", "fire", "birth", *(f"f{i}" for i in range(12))),
    }
    - {"ana", "agent", "memory"},
)
# Turned round in the alphabet, since nothing may hang on the order of names.
OTHERS = {name: f"z{i:02}" for i, name in enumerate(reversed(NAMES))}


def renamed(text: str) -> str:
    return re.sub("[a-z][a-z0-9_]*", lambda word: OTHERS.get(word[0], word[0]), text)


@WORLDS
@given(seed=SEEDS)
def test_names_do_not_matter(tight: bool, seed: int):
    case = draw(Random(seed), tight)
    other = msgspec.json.decode(renamed(msgspec.json.encode(case).decode()), type=Case)
    expected = [
        o._replace(norm=renamed(o.norm), fact=renamed(o.fact), recipient=renamed(o.recipient))
        for o in opinions(verdicts(case))
    ]
    assert opinions(verdicts(other)) == sorted(expected)


@WORLDS
@given(seed=SEEDS)
def test_norms_about_what_nobody_has_change_nothing(tight: bool, seed: int):
    case = draw(Random(seed), tight)
    aside = (
        "sphere apart denies for aside, offside",
        "never aside of anyone to anyone",
        "allow offside of anyone to anyone if known",
        "at most 1 of aside, offside of anyone to anyone",
    )
    more = case._replace(lines=(*aside[:2], *case.lines, *aside[2:]))
    assert opinions(verdicts(more)) == opinions(verdicts(case))


@WORLDS
@given(seed=SEEDS)
def test_a_never_more_makes_nothing_better(tight: bool, seed: int):
    case = draw(Random(seed), tight)
    never = "never record, dates of anyone to boss unless subject consented or known"
    before = verdicts(case)
    after = verdicts(case._replace(lines=(*case.lines, never)))
    worse = ("appropriate", "undecided", "inappropriate")
    flows, stricter = judged(before), judged(after)
    assert flows.keys() == stricter.keys()
    assert all(worse.index(flows[key]) <= worse.index(stricter[key]) for key in flows)
    duties, left = owed(before), owed(after)
    assert duties.keys() == left.keys()
    assert all(left[key] in (duties[key], "void") for key in duties)


@WORLDS
@given(seed=SEEDS)
def test_the_order_of_lines_changes_no_kind(tight: bool, seed: int):
    case = draw(Random(seed), tight)
    lines = list(case.lines)
    Random(seed).shuffle(lines)
    before, after = verdicts(case), verdicts(case._replace(lines=tuple(lines)))
    assert judged(before) == judged(after)
    assert owed(before) == owed(after)


@given(seed=SEEDS)
def test_the_order_of_findings_changes_nothing(seed: int):
    case = draw(Random(seed), tight=True)
    turned = tuple((event, findings[::-1]) for event, findings in case.trace)
    assert opinions(verdicts(case)) == opinions(verdicts(case._replace(trace=turned)))


@given(seed=SEEDS, share=st.floats(0, 1))
def test_a_monitor_goes_on_from_where_a_copy_of_it_stood(seed: int, share: float):
    case = draw(Random(seed), tight=True)
    stop = round(share * len(case.trace))
    monitor = Monitor(case.book())
    before = watch(monitor, case._replace(trace=case.trace[:stop]))
    after = watch(deepcopy(monitor), case._replace(trace=case.trace[stop:]))
    assert [*before, *after] == verdicts(case)


@given(seed=SEEDS)
def test_a_message_to_two_is_a_message_to_each(seed: int):
    """Where nothing pools what they are told: no audience, and no `at most` to several."""
    case = draw(Random(seed), tight=True)
    apart = [line for line in case.lines if not re.match("audience|at most.*to (?!the same)", line)]
    monitor = Monitor(case._replace(lines=tuple(apart)).book())
    for event, findings in case.trace:
        both = judged(list(deepcopy(monitor).see(event, findings)))
        if isinstance(event, Sent):
            alone = [deepcopy(monitor).see(replace(event, to=(to,)), findings) for to in event.to]
            assert judged([verdict for found in alone for verdict in found]) == both
        monitor.see(event, findings)
