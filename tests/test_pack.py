"""A pack is a folder of families, or of imported scenarios."""

from __future__ import annotations

import msgspec
import pytest

from privgym import pack
from privgym.errors import PrivgymError
from privgym.scenario import Name
from tests import kits
from tests.small import office


@pytest.fixture
def write(monkeypatch, tmp_path):
    return lambda **files: kits.write(monkeypatch, tmp_path, **files)


def test_a_pack_says_what_it_is(write):
    found = pack.load(write())
    assert (found.version, found.exact, found.imported) == (1, 1.0, False)
    assert found.families() == ("errand",)


def test_the_plan_is_every_level_seed_and_twin(write):
    name = write()
    plan = [str(one).partition("/")[2] for one in pack.load(name).names(seeds=(0, 7))]
    assert plan == [
        "errand#0",
        "errand.twin#0",
        "errand#7",
        "errand.twin#7",
        "errand.L3#0",
        "errand.twin.L3#0",
        "errand.L3#7",
        "errand.twin.L3#7",
    ]


def test_the_plan_is_narrowed():
    everyday = pack.load("everyday")
    assert {name.level for name in everyday.names(level=2)} == {2}
    assert {n.family for n in everyday.names(["court_date"])} == {"court_date"}
    public, held = everyday.names(split_="public"), everyday.names(split_="held-out")
    assert {*public, *held} == set(everyday.names())
    assert not {*public} & {*held}
    assert public
    assert held


def test_nothing_left_of_the_plan_is_an_error(write):
    with pytest.raises(PrivgymError, match="is left"):
        pack.load(write()).names(level=2)


def test_an_unknown_family_is_an_error_that_knows_better():
    with pytest.raises(PrivgymError, match='no family "cort_date"') as error:
        pack.load("everyday").names(["cort_date"])
    assert error.value.meant == '"court_date"'


def test_a_family_makes_its_scenario(write):
    name = write()
    scenario = pack.scenario(f"{name}/errand.twin.L3#4")
    assert scenario.name == f"{name}/errand.twin.L3#4"
    assert scenario.purpose == "Tell the manager nothing."
    assert scenario.shared == ("sphere health denies for diagnosis",)
    assert pack.scenario(Name(name, "errand", True, 3, 4)) is scenario


@pytest.mark.parametrize("rest", ["errand.L2#0", "errand.L4", "erand", "errand.L0"])
def test_what_the_pack_does_not_have(write, rest):
    name = write()
    with pytest.raises(PrivgymError, match=r"no scenario|no family"):
        pack.scenario(f"{name}/{rest}")


@pytest.mark.parametrize(
    ("toml", "what"),
    [
        ("", "name"),
        ("name = ", "pack.toml"),
        (kits.TOML.replace("version = 1", 'version = "one"'), "version"),
        (kits.TOML.replace("version = 1", ""), "version"),
        (kits.TOML + "exakt = 0.5\n", "exakt"),
        (kits.TOML.replace("{name}", "another"), "same name|calls the pack"),
    ],
)
def test_a_pack_toml_that_does_not_say_what_it_must(write, toml, what):
    with pytest.raises(PrivgymError, match=what):
        pack.load(write(toml=toml))


def test_a_pack_that_is_not_there():
    with pytest.raises(PrivgymError, match='no pack "everyda"') as error:
        pack.load("everyda")
    assert error.value.meant == '"everyday"'


@pytest.mark.parametrize(
    ("code", "what"),
    [
        ("def errand(draw:\n", "cannot be loaded: SyntaxError"),
        ("import nothing_of_this_name\n", "cannot be loaded: ModuleNotFoundError"),
        ("def other(draw): ...\n", 'no function "errand"'),
    ],
)
def test_a_family_that_cannot_be_loaded_names_its_file(write, code, what):
    name = write(errand=code)
    with pytest.raises(PrivgymError, match=what) as error:
        pack.scenario(f"{name}/errand")
    assert error.value.where.endswith("errand.py")


def lines(name: str, *seeds: int) -> str:
    made = [msgspec.structs.replace(office(seed=seed), pack=name, seed=0) for seed in seeds]
    cases = [msgspec.structs.replace(s, family=f"case{n}") for n, s in enumerate(made)]
    return "\n".join(msgspec.json.encode(case).decode() for case in cases) + "\n"


def test_an_imported_pack_is_its_lines(write):
    name = write(lines=lines("{name}", 3, 1, 2))
    found = pack.load(name)
    assert found.imported
    assert found.families() == ("case0", "case1", "case2")
    assert [str(one) for one in found.names(["case1"])] == [f"{name}/case1#0"]
    assert pack.scenario(f"{name}/case1").facts == office(seed=1).facts
    with pytest.raises(PrivgymError, match="no scenario"):
        pack.scenario(f"{name}/case1#5")
    with pytest.raises(PrivgymError, match="no family"):
        pack.scenario(f"{name}/case9")


def test_a_broken_line_is_named(write):
    name = write(lines=lines("{name}", 0) + '{"pack": 1}\n')
    with pytest.raises(PrivgymError) as error:
        pack.load(name).families()
    assert "line 2" in error.value.where
