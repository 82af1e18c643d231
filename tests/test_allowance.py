"""What a run may use: when it is reached, and what is said then."""

from __future__ import annotations

import time

from hypothesis import given
from hypothesis import strategies as st

from privgym.allowance import Allowance, Timing

EPISODE = Timing("p/f#0", 1.0, prompt_tokens=70, tokens=30, turns=4)


def test_without_limits_there_is_always_something_left():
    free = Allowance()
    for _ in range(1000):
        free.charge(EPISODE)
    assert free.reached == ""


@given(st.integers(1, 1000), st.lists(st.integers(0, 200), max_size=20))
def test_turns_are_reached_once_they_add_up(most, turns):
    own = Allowance(turns=most)
    for n in turns:
        own.charge(Timing("p/f#0", 0.0, turns=n))
    assert bool(own.reached) == (sum(turns) >= most)


def test_tokens_are_those_read_and_those_generated():
    own = Allowance(tokens=200)
    said = []
    for _ in range(2):
        own.charge(EPISODE)
        said.append(own.reached)
    assert said == ["", "200 tokens are used, 200 were allowed"]


def test_seconds_are_those_since_it_was_made(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])
    own = Allowance(seconds=5)
    own.charge(EPISODE)
    said = []
    for at in (104.9, 105.0, 200.0):
        now[0] = at
        said.append(own.reached)
    assert said == ["", "the 5 seconds are over", "the 5 seconds are over"]
