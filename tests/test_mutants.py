"""A monitor that is wrong in one place is told from the right one within 2,000 random cases."""

from __future__ import annotations

import pytest

from tests.mutants import MUTANTS, Mutant, killed

CASES = 2000
NAMED = pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.what for mutant in MUTANTS])


@NAMED
def test_every_mutant_is_told_from_the_monitor_or_argued_to_be_the_same(mutant: Mutant):
    assert bool(killed(mutant, CASES)) != bool(mutant.same)


def test_no_two_mutants_are_one():
    assert len({(mutant.module, mutant.old, mutant.new) for mutant in MUTANTS}) == len(MUTANTS)
    assert len({mutant.what for mutant in MUTANTS}) == len(MUTANTS) >= 20
