"""What may be compared is compared, and ranked no finer than the intervals allow."""

from __future__ import annotations

from random import Random

import hypothesis.strategies as st
from hypothesis import given

from privgym.entry import Entry, Key, better, groups, ranked
from privgym.figure import Figure
from privgym.table import Row

KEY = Key("everyday", 1, "all", "public 0..1", "in-process", "off", "2")


def entry(name: str, utility: Figure, leaks: Figure, **values: object) -> Entry:
    """A row with these two figures."""
    figures = {"utility": utility, "inappropriate": leaks}
    made = Row("everyday", name, "", 96, 0, figures)
    given = {"key": KEY, "belief": "recomputed", **values}
    return Entry(id=name, row=made, spec=name, about={}, utc="", **given)  # type: ignore[arg-type]


def about(value: float, half: float = 0.05) -> Figure:
    """A figure with an interval on either side."""
    return Figure(value, max(0.0, value - half), min(1.0, value + half), 96)


NOTHING = Figure(None, None, None, 0)


@st.composite
def figures(draw):
    """A figure: a rate in hundredths and an interval that holds it, or none at all."""
    if draw(st.integers(0, 9)) == 0:
        return NOTHING
    low, value, high = sorted(draw(st.lists(st.integers(0, 100), min_size=3, max_size=3)))
    return Figure(value / 100, low / 100, high / 100, 96)


rows = st.lists(
    st.tuples(figures(), figures(), st.sampled_from(["recomputed", "claimed"])), max_size=12
).map(lambda found: [entry(f"{n:02}", u, i, belief=b) for n, (u, i, b) in enumerate(found)])


@given(rows, st.randoms())
def test_ranks_say_what_is_clear_and_no_more(entries: list[Entry], rng: Random):
    standings = ranked(entries)
    assert sorted(one.entry.id for one in standings) == sorted(one.id for one in entries)
    shuffled = entries[:]
    rng.shuffle(shuffled)
    assert ranked(shuffled) == standings
    rank = {one.entry.id: one.rank for one in standings}
    heard = [one for one in entries if one.belief != "claimed"]
    clear = better(heard)
    for number, one in enumerate(heard):
        above = [other for other, is_so in zip(heard, clear[:, number], strict=True) if is_so]
        assert rank[one.id] == 1 + max((rank[other.id] for other in above), default=0)
        assert all(other.worth > one.worth for other in above)
    assert all(rank[one.id] == 0 for one in entries if one.belief == "claimed")
    order = [one.rank or len(entries) + 1 for one in standings]
    assert order == sorted(order)


@given(rows)
def test_the_front_is_what_nothing_beats(entries: list[Entry]):
    on_front = [one.entry for one in ranked(entries) if one.front]
    heard = [one for one in entries if one.belief != "claimed"]
    assert bool(on_front) == bool(heard)

    def bare(one: Entry) -> tuple[float, float]:
        leaks = one.inappropriate.value
        return one.utility.value or 0.0, -(1.0 if leaks is None else leaks)

    for one in heard:
        mine = bare(one)
        beaten = any(
            theirs != mine and theirs[0] >= mine[0] and theirs[1] >= mine[1]
            for theirs in map(bare, heard)
        )
        assert beaten == (one not in on_front)


def test_overlapping_intervals_are_ties_and_what_is_clear_is_none():
    good = entry("good", about(0.9), about(0.1))
    near = entry("near", about(0.88), about(0.12))
    leaky = entry("leaky", about(0.9), about(0.5))
    idle = entry("idle", about(0.0), about(0.0))
    found = {one.entry.id: (one.rank, one.front) for one in ranked([leaky, near, idle, good])}
    assert found == {
        "good": (1, True),
        "near": (1, False),
        "idle": (1, True),  # it leaks less than any: that nothing is done is another figure
        "leaky": (2, False),
    }


def test_only_rows_of_one_key_are_compared_and_floors_stand_in_each_mode():
    child = Key("everyday", 1, "all", "public 0..1", "child", "off", "2")
    hidden = Key("everyday", 1, "all", "hidden 1", "in-process", "off", "2")
    one = entry("one", about(0.5), about(0.5))
    two = entry("two", about(0.5), about(0.5), key=child)
    refuser = entry("refuser", about(0.0), about(0.0), floor=True)
    alone = entry("echo", about(0.0), about(0.0), floor=True, key=hidden)
    found = {g.key: {s.entry.id for s in g.standings} for g in groups([one, two, refuser, alone])}
    assert found == {KEY: {"one", "refuser"}, child: {"two", "refuser"}, hidden: {"echo"}}
    assert len({key.id for key in found}) == 3


def test_a_row_is_where_its_run_lies():
    one = entry("abc", about(0.5), about(0.25))
    assert one.run == "entries/abc"
    assert one.worth == 0.25
