"""Agreement with the norms, and among the raters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.agreement import against, agreement, alpha, by_sphere
from privgym.rating import Rating
from privgym.vignette import Vignette


def vignette(number: int, appropriate: bool, twin: bool = False, sphere: str = "work") -> Vignette:
    name = f"p/f{'.twin' if twin else ''}#0"
    return Vignette(f"v{number}", name, "f", sphere, "fact", "boss", f"{number}", appropriate)


PAIR = [vignette(1, appropriate=False), vignette(2, appropriate=True, twin=True)]


def said(**values):
    """Ratings by vignette, one rater a place."""
    return [
        Rating(f"rater {place}", key, value)
        for key, given in values.items()
        for place, value in enumerate(given)
        if value
    ]


def test_those_who_see_it_as_the_pack_does():
    found = agreement(PAIR, said(v1=[1, 2, 3], v2=[7, 6, 5]))
    assert (found.raters, found.rated) == (3, 2)
    assert found.ratings.value == found.vignettes.value == found.twins.value == 1
    assert found.neither.value == 0
    assert against(PAIR, said(v1=[1, 2, 3], v2=[7, 6, 5])) == []


def test_those_who_see_it_otherwise():
    ratings = said(v1=[7, 6, 5], v2=[1, 2, 3])
    found = agreement(PAIR, ratings)
    assert found.ratings.value == found.vignettes.value == found.twins.value == 0
    assert against(PAIR, ratings) == PAIR


def test_the_middle_is_neither():
    found = agreement(PAIR, said(v1=[4], v2=[4]))
    assert found.neither.value == 1
    assert found.ratings.value == found.vignettes.value == found.twins.value == 0
    assert against(PAIR, said(v1=[4], v2=[4])) == []


def test_what_nobody_rated_counts_nowhere():
    found = agreement(PAIR, said(v1=[1]))
    assert (found.rated, found.ratings.value, found.twins.value) == (1, 1, None)


def test_twins_count_where_their_medians_are_in_order_whatever_the_level():
    assert agreement(PAIR, said(v1=[5], v2=[6])).twins.value == 1
    assert agreement(PAIR, said(v1=[6], v2=[6])).twins.value == 0


def test_each_sphere_by_itself():
    both = [vignette(1, True, sphere="work"), vignette(2, True, sphere="law")]
    found = by_sphere(both, said(v1=[7], v2=[1]))
    assert {key: one.ratings.value for key, one in found.items()} == {"law": 0, "work": 1}


def test_alpha_is_that_of_the_published_example():
    """Krippendorff (2011), example C: four observers, twelve units, ordinal 0.815."""
    observers = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")
    units = [[int(v) for v in unit if v != "."] for unit in zip(*observers, strict=True)]
    assert alpha(units) == pytest.approx(0.815, abs=0.0005)


@given(st.lists(st.lists(st.integers(1, 7), max_size=5), max_size=8))
def test_alpha_knows_no_order_of_raters_and_is_at_most_1(units):
    found = alpha(units)
    assert found is None or found <= 1
    assert alpha([unit[::-1] for unit in units[::-1]]) == (found and pytest.approx(found))


@pytest.mark.parametrize("units", [[], [[1], [7]], [[3, 3], [3, 3]]])
def test_alpha_of_nothing_is_none(units):
    assert alpha(units) is None


def test_alpha_of_raters_who_agree_is_1_and_of_those_who_do_not_is_below():
    assert alpha([[1, 1], [7, 7], [4, 4]]) == 1
    assert (alpha([[1, 7], [7, 1], [1, 7]]) or 0) < 0
