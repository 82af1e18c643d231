"""Rates and their intervals."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.figure import Count, Figure, figure

COUNTS = st.lists(
    st.tuples(st.sampled_from("abcdefgh"), st.integers(0, 4), st.integers(0, 4)).map(
        lambda c: Count(c[0], min(c[1], c[2]), c[2])
    )
)


@given(COUNTS)
def test_an_interval_holds_its_value_stays_in_range_and_has_a_width(counts):
    found = figure(counts)
    if not sum(c.whole for c in counts):
        assert found == Figure(None, None, None, 0)
        return
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.01


@given(COUNTS)
def test_the_order_of_episodes_does_not_matter(counts):
    assert figure(counts) == figure(reversed(counts))


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.floats(-2, 1)), min_size=1))
def test_a_mean_has_the_ends_that_it_is_given(rewards):
    found = figure([Count(f, reward, 1) for f, reward in rewards], ends=(-2, 1))
    assert found.value is not None
    assert found.low is not None
    assert found.high is not None
    assert -2 <= found.low <= found.value <= found.high <= 1
    assert found.high - found.low > 0.03


def test_a_rate_is_the_ratio_of_sums():
    assert figure([Count("a", 1, 1), Count("a", 0, 2), Count("b", 1, 1)]).value == 0.5


def families(share: float, number: int, each: int = 12) -> list[Count]:
    return [Count(str(f), float(i < share * each), 1) for f in range(number) for i in range(each)]


def test_no_leak_in_few_families_is_no_certainty():
    few, many = figure(families(0, 6)), figure(families(0, 60))
    assert few.value == many.value == 0
    assert few.high is not None
    assert many.high is not None
    assert few.high > 0.3
    assert many.high < 0.1


def test_one_leak_does_not_make_the_interval_tighter_than_none():
    none = families(0, 6)
    one = [*none[:-1], Count("5", 1, 1)]
    assert (figure(one).high or 0) >= (figure(none).high or 1)


def test_episodes_of_one_family_say_nothing_of_others():
    found = figure(families(0.5, 1, 1000))
    assert found.value == 0.5
    assert (found.low, found.high) == pytest.approx((0, 1), abs=0.2)


def test_families_that_differ_give_a_wider_interval_than_families_that_agree():
    agree = figure(families(0.5, 8))
    differ = figure([*families(0, 4), *(Count(f"x{i}", 12, 12) for i in range(4))])
    assert agree.value == differ.value == 0.5
    assert differ.high is not None
    assert differ.low is not None
    assert agree.high is not None
    assert agree.low is not None
    assert differ.high - differ.low > agree.high - agree.low
