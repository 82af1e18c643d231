"""Killed anywhere, a run goes on to the same bytes; benchmarks/kill.py does it 136 times."""

from __future__ import annotations

import pytest

from benchmarks import kill


@pytest.mark.parametrize(("how", "times"), [(("--at-once", "4"), 4), (("--workers", "2"), 6)])
def test_a_killed_run_goes_on_to_the_same_bytes(tmp_path, how, times):
    found = kill.kills(times, (*kill.PLAN, *how), tmp_path)
    assert found["kills"] == times
    assert found["ends"]
    assert found[kill.SAME] == found["ends"]
    assert found["processes_left"] == 0
