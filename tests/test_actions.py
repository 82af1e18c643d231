"""How sensors are set against a judge: what the benchmark of real actions counts with."""

from __future__ import annotations

import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.actions import DRAWN, Pair, Reading, corrected, drawn, kappa, mended, shown, table
from benchmarks.actions import tuned as tune
from privgym.errors import PrivgymError

CELLS = st.lists(st.integers(1, 200), min_size=4, max_size=4).map(np.array)


def pair(number: int, told: bool, found: bool, cosine: float = 0.0) -> Pair:
    """Every second pair is of the same case."""
    key = (f"case{number // 2}", "a model", "a prompt", number)
    return Pair(key, told, "Ana has gout.", "Hello.", found, found, "", 0.0, 0.0, cosine)


MANY = [pair(n, told=n % 2 == 0, found=n % 3 == 0) for n in range(240)]


def exact(one: Pair) -> bool:
    return one.exact


def readings(right):
    return [
        Reading(*one.key, only="judge" if one.told else "sensor", right=right, why="")
        for one in drawn(MANY, exact)
    ]


def test_kappa_is_that_of_a_worked_example():
    """50 who apply for a grant, two readers: 20 yes-yes, 5, 10, 15 no-no."""
    assert kappa(np.array([20, 5, 10, 15])) == pytest.approx(0.4)


@given(CELLS)
def test_kappa_does_not_care_who_is_first(cells):
    both, one, other, neither = cells
    assert kappa(cells) == pytest.approx(kappa(np.array([both, other, one, neither])))
    assert kappa(np.array([both, 0, 0, neither])) == 1


def test_a_threshold_is_the_one_that_parts_told_from_not():
    pairs = [pair(n, told=n > 12, found=False, cosine=n / 20) for n in range(20)]
    sensors, best = tune(pairs)
    assert 0.6 < best["cosine"] <= 0.65
    assert table(pairs, sensors["cosine"]).sum(axis=0).tolist() == [7, 0, 0, 13]


def test_thirty_of_each_side_are_drawn_and_only_disagreements():
    found = drawn(MANY, exact)
    assert [one.told for one in found] == [False] * DRAWN + [True] * DRAWN
    assert all(one.exact != one.told for one in found)
    assert drawn(reversed(MANY), exact) == found


def test_another_threshold_changes_little_of_what_is_drawn():
    fewer = [one for one in MANY if one.key[3] % 10]
    kept = set(drawn(MANY, exact)) & set(drawn(fewer, exact))
    assert len(kept) > 40


def test_what_is_to_be_read_names_its_pair():
    line = json.loads(shown(drawn(MANY, exact)[0]))
    assert line["only"] == "sensor"
    assert (line["fact"], line["right"]) == ("Ana has gout.", "")


def test_where_the_judge_is_always_right_nothing_is_corrected():
    found, cells = corrected(MANY, exact, readings("judge")), table(MANY, exact).sum(axis=0)
    both, sensor, judge, _ = cells
    assert found["rates"]["precision"]["value"] == pytest.approx(both / (both + sensor), abs=1e-4)
    assert found["rates"]["recall"]["value"] == pytest.approx(both / (both + judge), abs=1e-4)
    assert found["rates"]["judge_recall"]["value"] == 1
    assert found["only_judge"] == {"all": judge, "sensor": 0, "judge": DRAWN, "unclear": 0}


def test_where_the_sensor_is_always_right_it_makes_no_error():
    rates = corrected(MANY, exact, readings("sensor"))["rates"]
    assert rates["precision"]["value"] == rates["recall"]["value"] == 1
    assert rates["judge_precision"]["value"] < 1


def test_a_disagreement_that_was_not_read_is_refused():
    with pytest.raises(PrivgymError, match="has not been read"):
        corrected(MANY, exact, readings("judge")[1:])


@given(CELLS, st.floats(0, 1), st.floats(0, 1))
def test_corrected_rates_are_rates(cells, overlooked, invented):
    assert all(0 <= rate <= 1 + 1e-9 for rate in mended(cells, overlooked, invented).values())
