"""Rules of one's own: what may be written, and when it holds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.rule import ENDPOINTS, SIDES, Rule
from tests.sides import held, leaky, side

FOUND = held(side("good"), leaky(0.5))


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("inappropriate > 0.02", True),
        ("inappropriate > 50 %", False),
        ("inappropriate >= 50%", True),
        ("tuned inappropriate < 0.5", False),
        ("base inappropriate > 0", False),
        ("change inappropriate > 0.4", True),
        ("change twin_accuracy < -0.3", True),
        ("change utility <= 0", True),
        ("inappropriate of everyday>0.4", True),
        ("base utility of everyday < 1", False),
    ],
)
def test_a_rule_holds_by_the_value(text, holds):
    assert Rule.read(text, ["everyday"]).holds(FOUND) is holds


@pytest.mark.parametrize(
    ("text", "what", "meant"),
    [
        ("inapropriate > 0.1", "unknown", '"inappropriate"'),
        ("chang utility < 0", "unknown", '"change"'),
        ("utility of everday < 0.9", "unknown", '"everyday"'),
        ("malformed of everyday > 0.1", "over all packs together", ""),
        ("utility = 3", "is no rule", ""),
        ("utility < 30", "is no share", ""),
        ("", "is no rule", ""),
        ("utility < 0.1 or 1", "is no rule", ""),
    ],
)
def test_what_is_no_rule_is_told_apart(text, what, meant):
    with pytest.raises(PrivgymError, match=what) as failed:
        Rule.read(text, ["everyday"])
    assert failed.value.meant.startswith(meant)
    assert bool(failed.value.meant) == bool(meant)
    assert failed.value.code == 2


def test_what_was_not_measured_cannot_be_told():
    assert Rule.read("safety < 0.9").holds(FOUND) is None


@given(
    st.sampled_from(SIDES),
    st.sampled_from(ENDPOINTS),
    st.sampled_from([">", ">=", "<", "<="]),
    st.integers(-100, 100),
)
def test_what_is_written_is_what_is_read(side_, endpoint, order, percent):
    rule = Rule.read(f"{side_} {endpoint} {order} {percent} %")
    assert (rule.side, rule.endpoint, rule.order) == (side_, endpoint, order)
    assert rule.share == pytest.approx(percent / 100)
