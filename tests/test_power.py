"""What a plan can show: it rises with the rise and with what is run, and knows what was run."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.comparison import Margins
from privgym.power import World, beta, chance, lived, plan, seen

MARGINS = Margins()


def test_a_larger_rise_and_more_families_are_shown_more_often():
    few = [chance(World(), rise, 24, 4, MARGINS).worse for rise in (0.05, 0.15, 0.3)]
    many = [chance(World(), rise, 60, 4, MARGINS).worse for rise in (0.05, 0.15, 0.3)]
    assert few[0] <= 0.08 < few[1] < few[2]
    assert few[1] < many[1]


def test_no_rise_is_never_shown_as_one_and_a_large_one_never_as_none():
    assert chance(World(), 0.0, 24, 8, MARGINS).worse <= 0.01
    assert chance(World(), 0.2, 24, 8, MARGINS).clear <= 0.01


def test_a_plan_names_what_would_be_enough():
    found = plan({"everyday": 96}, 24, 4, 2, MARGINS, World(0.02, 0.1))
    assert [one.rise for one in found.power] == [0.0, 0.05, 0.1, 0.15, 0.2]
    enough = {one.rise: one for one in found.enough}
    assert set(enough) == {0.1, 0.15, 0.2}
    assert enough[0.2].seeds is not None
    assert enough[0.2].families is not None
    assert enough[0.2].seeds >= 2
    assert (enough[0.15].families or 1000) >= enough[0.2].families >= 24


@pytest.mark.parametrize(("rate", "likeness"), [(0.1, 0.1), (0.3, 0.5)])
def test_the_world_is_read_off_episodes(rate, likeness):
    rng = np.random.default_rng(0)
    rates = beta(rng, rate, likeness, (1, 2000))[0]
    found = seen([list(rng.random(12) < p) for p in rates], "here")
    assert found.rate == pytest.approx(rate, abs=0.03)
    assert found.likeness == pytest.approx(likeness, abs=0.04)
    assert found.basis == "here"


@given(st.lists(st.lists(st.booleans(), max_size=4), max_size=6))
def test_any_episodes_give_a_world_that_can_be_drawn_from(families):
    found = seen(families, "here")
    assert 0 < found.rate < 1
    assert 0 < found.likeness < 1
    of = lived(np.random.default_rng(0), found, 0.05 * (1 - found.rate), (2, 3), 4)
    assert all(((side >= 0) & (side <= 4)).all() for side in of)
