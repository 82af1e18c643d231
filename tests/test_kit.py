"""Kits: where content lies, how it is listed, found and loaded."""

from __future__ import annotations

import importlib
import os
import pickle
import subprocess
import sys
from importlib.metadata import EntryPoint

import pytest

from privgym import kit
from privgym.errors import ENVIRONMENT, PrivgymError
from tests.plan import ROOT

DOORS = [importlib.import_module(f"privgym.{kind}") for kind in kit.KINDS]


@pytest.fixture(autouse=True)
def undone(monkeypatch):
    """Kits that a test adds are gone after it, with what was imported from them."""
    monkeypatch.delenv(kit.PATH, raising=False)
    paths = [list(door.__path__) for door in DOORS]
    before = set(sys.modules)
    yield
    for door, path in zip(DOORS, paths, strict=True):
        door.__path__ = path
    for name in set(sys.modules) - before:
        if name.startswith(("privgym.tools.", "privgym.agents.", "privgym.scenarios.")):
            del sys.modules[name]


@pytest.fixture
def guest(tmp_path):
    """A kit with one tool, one agent and one pack."""
    for kind in kit.KINDS:
        (tmp_path / kind).mkdir()
    (tmp_path / "tools" / "pager.py").write_text("class Pager:\n    pass\n")
    (tmp_path / "agents" / "parrot.py").write_text("NAME = __name__\n")
    (tmp_path / "scenarios" / "village").mkdir()
    (tmp_path / "scenarios" / "village" / "pack.toml").write_text('name = "village"\n')
    (tmp_path / "scenarios" / "village" / "fair.py").write_text("HERE = __file__\n")
    return tmp_path


def test_a_checkout_is_a_kit():
    assert kit.kits() == (ROOT,)
    assert "email" in kit.names("tools")


def test_the_current_folder_is_not_a_kit(guest, monkeypatch):
    monkeypatch.chdir(guest)
    assert "pager" not in kit.names("tools")


def test_a_folder_named_in_the_environment_is_a_kit(guest, monkeypatch):
    monkeypatch.setenv(kit.PATH, f"{guest}{os.pathsep}")
    assert kit.kits() == (ROOT, guest)
    assert {"email", "pager"} <= set(kit.names("tools"))


def test_an_added_kit_loads_behind_doors_that_are_open_already(guest):
    kit.add(guest)
    assert kit.load("agents", "parrot").NAME == "privgym.agents.parrot"
    assert kit.load("scenarios", "village").__name__ == "privgym.scenarios.village"
    assert importlib.import_module("privgym.scenarios.village.fair").HERE.startswith(str(guest))
    assert kit.files("village") == guest / "scenarios" / "village"


def test_adding_twice_is_adding_once(guest):
    kit.add(guest)
    kit.add(guest)
    assert os.environ[kit.PATH] == str(guest)
    assert kit.kits().count(guest) == 1


def test_a_child_process_has_a_kit_that_was_added_late(guest):
    kit.add(guest)
    pager = pickle.dumps(kit.load("tools", "pager").Pager())
    code = f"import pickle; print(type(pickle.loads({pager!r})).__module__)"
    child = subprocess.run(
        [sys.executable, "-c", code],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert child.stdout.strip() == "privgym.tools.pager"


def test_listing_imports_nothing(guest):
    (guest / "tools" / "broken.py").write_text("raise SystemExit('imported')\n")
    kit.add(guest)
    assert "broken" in kit.names("tools")


def test_only_content_is_listed(guest):
    for name in ("_hidden.py", "__init__.py", "not-a-name.py", "leaflet.txt"):
        (guest / "tools" / name).touch()
    (guest / "scenarios" / "no_pack").mkdir()
    kit.add(guest)
    added = {name for name in kit.names("tools") if name not in os.listdir(ROOT / "tools")}
    assert "pager" in added
    assert not added & {"_hidden", "__init__", "not-a-name", "leaflet"}
    assert "no_pack" not in kit.names("scenarios")


def test_an_unknown_name_says_what_was_meant_and_where_it_looked(guest):
    kit.add(guest)
    with pytest.raises(PrivgymError) as error:
        kit.load("tools", "pagr")
    assert error.value.meant == '"pager"'
    assert str(guest / "tools") in error.value.where
    assert str(ROOT / "tools") in error.value.where


def test_a_name_in_two_kits_is_refused_with_both_files(guest):
    ours = guest / "tools" / "email.py"
    ours.write_text("")
    kit.add(guest)
    with pytest.raises(PrivgymError, match="in two kits") as error:
        kit.load("tools", "email")
    assert str(ours) in error.value.where
    assert str(ROOT / "tools" / "email.py") in error.value.where


def test_a_pack_in_two_kits_is_refused(guest, tmp_path_factory):
    other = tmp_path_factory.mktemp("other")
    (other / "scenarios" / "village").mkdir(parents=True)
    (other / "scenarios" / "village" / "pack.toml").touch()
    kit.add(guest)
    kit.add(other)
    with pytest.raises(PrivgymError, match='pack "village" is in two kits'):
        kit.files("village")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = 1\ny = unknown\n", "NameError"),
        ("x = 1\nif\n", "SyntaxError"),
        ("x = 1\nimport not_installed_at_all\n", "ModuleNotFoundError"),
    ],
)
def test_a_file_that_fails_is_named_with_its_line(guest, text, said):
    (guest / "tools" / "broken.py").write_text(text)
    kit.add(guest)
    with pytest.raises(PrivgymError, match=said) as error:
        kit.load("tools", "broken")
    assert error.value.where == f"{guest / 'tools' / 'broken.py'}, line 2"


def test_an_error_that_teaches_passes_through(guest):
    text = "from privgym.errors import PrivgymError\nraise PrivgymError('needs an extra')\n"
    (guest / "agents" / "teacher.py").write_text(text)
    kit.add(guest)
    with pytest.raises(PrivgymError) as error:
        kit.load("agents", "teacher")
    assert error.value.what == "needs an extra"


def test_a_folder_without_content_is_no_kit(tmp_path, monkeypatch):
    with pytest.raises(PrivgymError, match="not a kit"):
        kit.add(tmp_path)
    monkeypatch.setenv(kit.PATH, str(tmp_path / "missing"))
    with pytest.raises(PrivgymError, match="not a kit") as error:
        kit.names("tools")
    assert error.value.where == kit.PATH


@pytest.fixture
def plugin(monkeypatch):
    def install(name: str) -> None:
        point = EntryPoint(name="village", value=name, group=kit.GROUP)
        monkeypatch.setattr(kit, "entry_points", lambda group: (point,))
        kit._plugins.cache_clear()

    yield install
    kit._plugins.cache_clear()


def test_a_plug_in_is_a_kit_and_is_not_imported(guest, plugin, monkeypatch):
    package = guest / "village_kit"
    (package / "tools").mkdir(parents=True)
    (package / "__init__.py").write_text("raise RuntimeError('imported')\n")
    (package / "tools" / "bell.py").touch()
    monkeypatch.syspath_prepend(guest)
    plugin("village_kit")
    assert kit.kits() == (ROOT, package)
    assert "bell" in kit.names("tools")


def test_a_plug_in_that_is_gone_is_named(plugin):
    plugin("no_such_package.inside")
    with pytest.raises(PrivgymError, match="no_such_package") as error:
        kit.kits()
    assert error.value.code == ENVIRONMENT
