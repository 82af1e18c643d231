"""Paired differences: their limits and tests, on counts made by hand and on simulated families."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import paired
from privgym.paired import Pair, Sums
from privgym.power import beta, drawn


def one(families: int, *changes: float, each: int = 4) -> Sums:
    """A comparison whose base never counts and whose first families change by so much."""
    shares = np.zeros((1, families))
    shares[0, : len(changes)] = changes
    full = np.full_like(shares, each)
    return Sums(np.zeros_like(shares), full, shares * each, full)


SIDE = st.tuples(st.integers(0, 3), st.integers(1, 3)).map(lambda c: (min(c), c[1]))
PAIRS = st.lists(st.builds(Pair, st.sampled_from("abcdefgh"), SIDE, SIDE), min_size=1)


@given(PAIRS)
def test_limits_hold_the_value_and_have_a_width(pairs):
    of = paired.sums(pairs)
    (value,), ((low,), (high,)) = paired.difference(of), paired.limits(of, 0.05)
    parts = [sum(p[side][0] for p in pairs) / sum(p[side][1] for p in pairs) for side in (1, 2)]
    assert value == pytest.approx(parts[1] - parts[0])
    assert -1 <= low <= value <= high <= 1
    assert high - low > 0.01


@given(PAIRS, st.randoms(use_true_random=False))
def test_the_order_of_pairs_does_not_matter(pairs, random):
    other = random.sample(pairs, len(pairs))
    for a, b in zip(paired.sums(pairs), paired.sums(other), strict=True):
        assert a == pytest.approx(b)


@given(PAIRS, st.floats(-0.2, 0.2))
def test_what_families_add_comes_to_the_distance_from_the_margin(pairs, margin):
    of = paired.sums(pairs)
    assert paired._apart(of, margin).sum() == pytest.approx(paired.difference(of)[0] - margin)


@given(st.lists(st.integers(-4, 4), min_size=1, max_size=8), st.sampled_from([-0.03, 0.0, 0.05]))
def test_few_families_are_flipped_exactly(changes, margin):
    shares = np.array([changes]) / 4
    full = np.full_like(shares, 4.0)
    of = Sums(4 * np.maximum(-shares, 0), full, 4 * np.maximum(shares, 0), full)
    apart = shares[0] - margin
    flipped = [sum(s * a for s, a in zip(signs, apart, strict=True)) for signs in
               product((1, -1), repeat=len(changes))]  # fmt: skip
    above, below = paired.flips(of, margin)
    assert above[0] == pytest.approx(np.mean([f >= apart.sum() - 1e-7 for f in flipped]))
    assert below[0] == pytest.approx(np.mean([f <= apart.sum() + 1e-7 for f in flipped]))


def test_many_families_are_flipped_at_random_and_never_to_p_of_0():
    above, _ = paired.flips(one(40, *[1.0] * 40), 0.05)
    assert above[0] == 1 / (paired.FLIPS + 1)


@pytest.mark.parametrize("families", [1, 2, 4])
def test_too_few_families_show_nothing(families):
    worse, better = paired.shown(one(families, *[1.0] * families), 0.05, 0.05)
    assert not worse[0]
    assert not better[0]


@pytest.mark.parametrize(("families", "shown"), [(12, False), (24, True)])
def test_no_change_at_all_is_an_all_clear_only_from_enough_families(families, shown):
    worse, clear = paired.shown(one(families), 0.05, 0.05)
    assert (worse[0], clear[0]) == (False, shown)


def test_every_family_worse_is_shown():
    assert paired.shown(one(24, *[0.5] * 24), 0.05, 0.05)[0][0]


def test_one_family_broken_whole_is_not_shown_and_no_all_clear_either():
    worse, clear = paired.shown(one(24, 1.0), 0.05, 0.05)
    assert not worse[0]
    assert not clear[0]


@pytest.mark.parametrize(
    ("base", "tuned", "p"), [(0, 0, 1.0), (0, 5, 0.0625), (2, 9, 0.06543), (5, 5, 1.0)]
)
def test_mcnemar_is_the_exact_binomial(base, tuned, p):
    assert paired.mcnemar(base, tuned) == pytest.approx(p, abs=1e-5)


def test_a_recipe_whose_runs_differ_has_wider_limits():
    of = one(24, *[0.2] * 24)
    plain = paired.limits(of, 0.05)
    alike = paired.recipe(of, np.array([[0.2, 0.2, 0.2]]), 0.05)
    apart = paired.recipe(of, np.array([[0.1, 0.2, 0.3]]), 0.05)
    assert np.array(alike) == pytest.approx(np.array(plain))
    assert apart[0][0] < plain[0][0] - 0.1
    assert apart[1][0] > plain[1][0] + 0.1


def test_student_is_students():
    assert paired._student(2, 0.05) == pytest.approx(2.92, abs=0.02)
    assert paired._student(4, 0.025) == pytest.approx(2.776, abs=0.02)


def test_at_the_boundary_neither_side_is_claimed_more_often_than_alpha():
    """Families leak on either side for themselves; the whole of it is benchmarks/compare.py."""
    rng, shape = np.random.default_rng(5), (400, 24)
    at = drawn(rng, beta(rng, 0.15, 0.3, shape), beta(rng, 0.2, 0.3, shape), 4)
    worse, clear = paired.shown(at, 0.05, 0.05)
    error = 3 * (0.05 * 0.95 / 400) ** 0.5
    assert worse.mean() <= 0.05 + error
    assert clear.mean() <= 0.05 + error
