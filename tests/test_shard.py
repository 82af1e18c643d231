"""A share of a plan: whole together, apart never, twins never parted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.scenario import Name
from privgym.shard import Shard

PAIRS = st.tuples(st.sampled_from("abc"), st.integers(1, 2), st.integers(0, 9))
PLANS = st.lists(PAIRS, unique=True, max_size=30).map(
    lambda pairs: [
        str(Name("p", family, twin, level, seed))
        for family, level, seed in pairs
        for twin in (False, True)
    ]
)


@given(PLANS, st.integers(1, 7))
def test_shards_are_the_plan_dealt_out_by_pairs(plan, parts):
    shares = [Shard(part + 1, parts).of(plan) for part in range(parts)]
    assert sorted(number for share in shares for number in share) == list(range(len(plan)))
    for share in shares:
        assert list(share) == sorted(share)
        names = {plan[number] for number in share}
        assert all(plan[number ^ 1] in names for number in share)  # here twins stand side by side
    sizes = [len(share) for share in shares]
    assert max(sizes) - min(sizes) <= 2


@given(PLANS)
def test_the_only_shard_is_everything(plan):
    assert Shard.read("").of(plan) == Shard.read("1/1").of(plan) == tuple(range(len(plan)))


def test_a_shard_reads_what_it_writes():
    assert str(Shard.read("2/3")) == "2/3"
    assert str(Shard.read("1/1")) == ""


@pytest.mark.parametrize("text", ["0/3", "4/3", "1/0", "x", "1", "1/2/3", "-1/2", " 1/2", "1/2\n"])
def test_what_is_no_share_is_told_so(text):
    with pytest.raises(PrivgymError, match="no share"):
        Shard.read(text)
