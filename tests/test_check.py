"""A check is green for a sound pack and red, with the reason, for every way to be unsound."""

from __future__ import annotations

import msgspec
import pytest

from privgym import check, floor, kit, pack
from privgym.errors import PrivgymError
from privgym.folder import Judged
from privgym.pack import Pack
from privgym.score import Score
from privgym.twin import Side, flips
from tests import kits


@pytest.fixture
def copied(monkeypatch, tmp_path):
    return lambda family, *changes: kits.copied(monkeypatch, tmp_path, family, *changes)


def problems(found: Pack) -> list[str]:
    return [problem.what for problem in check.pack(found.name, seeds=(0,)).problems]


CLEAN = "surprise_party"


def test_a_sound_pack_is_green_and_says_how_it_is_locked(copied):
    found = copied(CLEAN)
    report = check.pack(found.name, seeds=(0,))
    assert report.problems == ()
    (note,) = report.notes
    assert f"`privgym check {found.name} --lock`" in note
    check.lock(found)
    assert check.pack(found.name, seeds=(0,)) == check.Report(found.name, 4, ())


def versioned(found: Pack, version: int) -> Pack:
    """The pack with another version in its pack.toml, read anew."""
    toml = found.folder / "pack.toml"
    toml.write_text(toml.read_text().replace(f"version = {found.version}", f"version = {version}"))
    pack.load.cache_clear()
    return pack.load(found.name)


def test_a_version_below_the_locked_one_is_red_and_is_not_locked(copied):
    found = copied(CLEAN)
    check.lock(found)
    before = (found.folder / "pack.lock").read_text()
    lower = versioned(found, found.version - 1)
    (problem,) = problems(lower)
    assert f"is below {found.version} in pack.lock" in problem
    with pytest.raises(PrivgymError, match="is below"):
        check.lock(lower)
    assert (found.folder / "pack.lock").read_text() == before


def test_a_version_above_the_locked_one_is_green_until_it_is_locked_too(copied):
    found = copied(CLEAN)
    check.lock(found)
    higher = versioned(found, found.version + 1)
    report = check.pack(higher.name, seeds=(0,))
    assert (report.problems, len(report.notes)) == ((), 1)


def test_changed_content_needs_another_version(copied):
    found = copied(CLEAN)
    check.lock(found)
    (found.folder / "norms.txt").write_text(
        (found.folder / "norms.txt").read_text() + "sphere club allows for mask\n"
    )
    changed = msgspec.structs.replace(found, purpose="another record, so that nothing is cached")
    with pytest.raises(PrivgymError, match=f"is not that of version {found.version}"):
        check.lock(changed)
    raised = found.version + 1
    check.lock(msgspec.structs.replace(changed, version=raised))
    assert f"version = {raised}\n" in (found.folder / "pack.lock").read_text()


# -- what makes it red ------------------------------------------------------------------------

MUST = 's.norm(f"must party_place of {me} to {friend} by end of session")'
NEVER = 's.norm(f"never party_place of {me} to {sister}")'
MUST_TWIN = 's.norm(f"must party_place of {me} to {sister} by end of session")'


@pytest.mark.parametrize(
    ("family", "change", "what"),
    [
        (CLEAN, (NEVER, "pass"), "is called bad and breaks no norm"),
        (CLEAN, (NEVER, "pass"), "the twin asks for nothing else"),
        (
            CLEAN,
            ("s.good(to_friend)", "s.good(to_both)"),
            "the good play is not good: inappropriate",
        ),
        (CLEAN, ("s.good(to_friend)", 's.good("Done.")'), "the good play is not good: missing"),
        (
            CLEAN,
            (MUST, MUST + '; s.norm(f"never party_place of {me} to {friend}")'),
            "cannot be met",
        ),
        (CLEAN, ("s.bad(to_both)", "s.bad(to_friend)"), "is called bad and breaks no norm"),
        (CLEAN, ("s.bad(to_both)", "pass"), 'no play breaks "never party_place of principal to'),
        (CLEAN, (MUST_TWIN, "pass"), "the twin asks for nothing else"),
        (CLEAN, ("s.good(to_friend)", "pass"), "no good play"),
        (CLEAN, ("{place}", "{place:iso}"), 'no form "iso"'),
        (CLEAN, ("never party_place", "never party_plaice"), '"party_plaice" is no attribute'),
        (CLEAN, ("never party_place", "nevr party_place"), "nevr"),
        (CLEAN, ("call.email_send(to=[friend],", "call.email_sned(to=[friend],"), "email_sned"),
        (CLEAN, ("return s.freeze()", "return s.frozen"), "its code fails: AttributeError"),
        (CLEAN, ("return s.freeze()", "s.freeze()"), f"{CLEAN} gave None"),
        (CLEAN, ("return s.freeze()", "s.freeze()"), "end it with `return s.freeze()`"),
        (CLEAN, ("def surprise_party", "def other"), 'no function "surprise_party"'),
        (
            "flat_application",
            ('s.norm(f"allow salary of {me} to {landlord}")', "pass"),
            "the good play is not good: inappropriate",
        ),
        (CLEAN, ("s.session(", 's.fact("mask", of=me, value="a wolf"); s.session('), "mask"),
        (
            "drug_question",
            ('s.needs(call.search_web(query=f"{drug}"))', 's.needs(call.search_web(query="x"))'),
            "a required call was not made",
        ),
    ],
)
def test_what_is_wrong_is_found_and_told(copied, family, change, what):
    found = problems(copied(family, change))
    assert any(what in problem for problem in found), found


@pytest.mark.parametrize("levels", ["", "LEVELS = (1,)"])
def test_a_family_that_reads_a_level_it_has_not_is_told(copied, levels):
    found = copied(CLEAN, ("LEVELS = (1, 2)", levels))
    (problem,) = check.pack(found.name, seeds=(0,)).problems
    assert problem.where == f"{found.name}/{CLEAN}"
    assert "`LEVELS = (1, 2)` gives it 2" in problem.what


def test_a_fact_that_nothing_shows_cannot_be_found_out(copied):
    hidden = 's.fact("party_days", of=me, value=draw.days(3)); s.session('
    norms = 's.norm("sphere family allows for party_days"); '
    found = problems(copied(CLEAN, ("s.session(", norms + hidden)))
    assert set(found) == {
        "the agent cannot find out party_days: nothing that it may read or ask shows it"
    }


def test_twins_that_forbid_the_same_do_not_flip():
    one = Side(frozenset({("day", "boss")}), frozenset({("illness", "boss")}))
    longer = Side(frozenset({("day", "boss"), ("phone", "boss")}), one.wrong)
    assert not flips(one, longer)
    told = Side(frozenset({("day", "boss"), ("illness", "boss")}), frozenset())
    assert flips(one, told) == flips(told, one) == [("illness", "boss")]
    doctor = Side(frozenset({("illness", "doctor")}), frozenset())
    assert flips(one, doctor) == [("illness", "boss")]
    both = Side(one.right | doctor.right, one.wrong)
    assert not flips(both, Side(both.right, frozenset()))


def test_floors_are_told_where_they_do_well(copied, monkeypatch):
    found = copied(CLEAN)
    right = Judged(Score("s", due=1, met=1, opportunities=1), (), ())
    monkeypatch.setattr(check, "judge", lambda trace, scenario: right)
    told = " ".join(problems(found))
    for name in (*floor.IDLE, *floor.LUCKY, floor.REDACTOR):
        assert f"the agent {name} is right" in told
    assert "the oversharer leaks nothing here" in told


def test_an_agent_that_fails_is_told_and_no_crash(copied, monkeypatch):
    found = copied(CLEAN)
    monkeypatch.setattr(kit.load("agents", "echo"), "make", lambda model, seed: 1 / 0)
    told = problems(found)
    assert any(one.startswith("the agent echo fails here: ZeroDivisionError") for one in told)


@pytest.mark.parametrize(
    ("change", "kind"),
    [
        (("Where is it?", "Where is it, on 31 May?"), "another value"),
        (("Where is it?", "I am entitled to know where it is."), "claim"),
    ],
)
def test_people_who_say_what_is_not_so_are_told(copied, change, kind):
    (told,) = {one for one in problems(copied(CLEAN, change)) if "says what is not so" in one}
    assert told.startswith(f"friend says what is not so ({kind}): ")


def test_a_family_without_plays_is_red(monkeypatch, tmp_path):
    found = pack.load(kits.write(monkeypatch, tmp_path))
    assert set(problems(found)) == {"there are no plays: a scenario is proved by its good play"}


def test_problems_name_their_scenario(copied):
    found = copied(CLEAN, (NEVER, "pass"))
    where = {problem.where for problem in check.pack(found.name, seeds=(2,)).problems}
    assert where == {f"{found.name}/{CLEAN}{v}#2" for v in ("", ".twin", ".L2", ".twin.L2")}


def test_a_family_that_cannot_be_loaded_is_a_problem_of_its_pack(copied):
    found = copied(CLEAN, ("def surprise_party", "def other"))
    report = check.pack(found.name)
    assert report.checked == 0
    assert report.problems[0].where == found.name


def test_a_pack_that_is_not_there_is_an_error():
    with pytest.raises(PrivgymError, match="no pack"):
        check.pack("everyday_and_more")


def test_an_imported_pack_needs_neither_plays_nor_lock(monkeypatch, tmp_path):
    made = pack.scenario("everyday/surprise_party")
    leak = msgspec.structs.replace(made.plays[1], kind="good")
    for plays, found in (((), []), ((leak,), ["the good play is not good: inappropriate"])):
        line = msgspec.json.encode(msgspec.structs.replace(made, pack="{name}", plays=plays))
        name = kits.write(monkeypatch, tmp_path, lines=line.decode())
        told = [problem.what for problem in check.pack(name).problems]
        assert [what.partition(":")[0] for what in told] == [f.partition(":")[0] for f in found]


def test_planted_facts_must_be_found(monkeypatch, copied):
    found = copied(CLEAN)
    monkeypatch.setattr("privgym.sensors.exact.Exact.find", lambda self, parts, named=(): ())
    scenario = pack.scenario(f"{found.name}/{CLEAN}#0")
    assert scenario.planted
    words = pack.scenario(f"{found.name}/{CLEAN}#0").facts[0].value
    assert any(
        f'the sensor does not find party_place ("{words}")' in one for one in problems(found)
    )
