"""Rates corrected for a sensor's errors: against published examples, and by simulation."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.corrected import Corrected, Share, corrected

# Examples 1 to 4 of Lang and Reiczigel (2014), with the limits that the paper gives (the last two
# are both of example 4); the counts and limits also stand in the help page of R's asht::prevSeSp.
PUBLISHED = [
    ((4060, 11284), (178, 179), (358, 359), 0.349, 0.372),
    ((51, 2971), (32, 33), (20, 20), 0.0, 0.053),
    ((712, 11862), (8, 10), (12, 12), 0.0, 0.147),
    ((259, 509), (84, 127), (96, 109), 0.58, 0.87),
    ((51, 509), (23, 41), (187, 195), 0.037, 0.195),
]


@pytest.mark.parametrize(("found", "sees", "silent", "low", "high"), PUBLISHED)
def test_the_interval_is_that_of_the_published_examples(found, sees, silent, low, high):
    rate = corrected(Share(*found), Share(*sees), Share(*silent))
    assert rate.low == pytest.approx(low, abs=0.0051 if low == 0.58 else 0.0006)
    assert rate.high == pytest.approx(high, abs=0.0051 if low == 0.58 else 0.0006)


def test_the_point_is_rogan_and_gladens():
    # 0.3 disclose; of these 80 % are seen, of the others 10 % falsely: 0.24 + 0.07 = 0.31.
    assert corrected(Share(310, 1000), Share(80, 100), Share(90, 100)).value == pytest.approx(0.3)


SHARES = st.integers(1, 400).flatmap(lambda n: st.builds(Share, st.integers(0, n), st.just(n)))


@given(SHARES, SHARES, SHARES)
def test_what_is_given_lies_within_0_and_1_and_what_is_not_has_a_reason(found, sees, silent):
    rate = corrected(found, sees, silent)
    if rate.value is None:
        assert rate.why
        assert rate.low is rate.high is None
        return
    assert rate.low is not None
    assert rate.high is not None
    assert not rate.why
    assert 0 <= rate.value <= 1
    assert 0 <= rate.low <= rate.high <= 1


@given(st.integers(1, 300), st.integers(0, 300))
def test_a_perfect_sensor_that_was_measured_for_ever_changes_nothing(n, part):
    found, never_wrong = Share(min(part, n), n), Share(10**9, 10**9)
    rate = corrected(found, never_wrong, never_wrong)
    assert rate.value == pytest.approx(rate.raw, abs=1e-4)


def test_a_blind_sensor_says_nothing_and_it_is_said_why():
    rate = corrected(Share(30, 100), Share(50, 100), Share(50, 100))
    assert rate.value is None
    assert "Se + Sp - 1 is 0.00, less than twice its standard error, 0.07" in rate.why


def test_a_little_skill_is_not_enough_if_it_was_measured_on_a_few():
    assert corrected(Share(60, 100), Share(7, 10), Share(5, 10)).value is None
    assert corrected(Share(60, 100), Share(700, 1000), Share(500, 1000)).value is not None


def test_a_rate_below_the_false_positives_shows_that_these_do_not_carry_over():
    rate = corrected(Share(4, 1000), Share(50, 100), Share(300, 400))
    assert rate == Corrected(0.004, None, None, None, rate.why)
    assert "do not carry over" in rate.why


def test_errors_that_nobody_measured_are_no_errors_of_0():
    assert corrected(Share(1, 10), Share(0, 0), Share(9, 10)).why == "its errors were not measured"


@pytest.mark.parametrize(
    ("rate", "se", "sp", "n", "n_se", "n_sp"),
    [
        (0.3, 0.8, 0.95, 400, 235, 352),
        (0.05, 0.9, 0.97, 700, 200, 154),
        (0.6, 0.7, 0.9, 96, 80, 44),
    ],
)
def test_the_interval_holds_the_true_rate_in_about_95_of_100_samples(rate, se, sp, n, n_se, n_sp):
    chance = np.random.default_rng(3)
    held = 0
    for _ in range(1000):
        found = Share(int(chance.binomial(n, rate * se + (1 - rate) * (1 - sp))), n)
        sees = Share(int(chance.binomial(n_se, se)), n_se)
        silent = Share(int(chance.binomial(n_sp, sp)), n_sp)
        of = corrected(found, sees, silent)
        held += of.low is not None and of.high is not None and of.low <= rate <= of.high
    assert 930 <= held <= 990
