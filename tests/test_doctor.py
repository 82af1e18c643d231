"""What `privgym doctor` sees: what is there, what is missing, what is wrong."""

from __future__ import annotations

import json
from importlib import metadata

import pytest

from privgym import cli, kit
from privgym.cli import doctor
from privgym.errors import ENVIRONMENT
from privgym.models import catalogue


@pytest.fixture
def look(monkeypatch, tmp_path, capsys):
    """Run the verb with no weights cached; its exit code, and the signs by name."""
    monkeypatch.setenv("PRIVGYM_CACHE", str(tmp_path))
    monkeypatch.setenv(kit.PATH, "")

    def run():
        code = cli.main(["doctor", "--json"])
        document = json.loads(capsys.readouterr().out)
        assert document["well"] == (code == 0)
        return code, {sign["what"]: sign for sign in document["signs"]}

    return run


def installed(monkeypatch, **versions):
    """As if these distributions were of these versions ("" for not there at all)."""
    real = metadata.version

    def version(name):
        if versions.get(name) == "":
            raise metadata.PackageNotFoundError(name)
        return versions.get(name) or real(name)

    monkeypatch.setattr(metadata, "version", version)


def test_where_all_is_well(look):
    code, signs = look()
    assert code == 0
    assert {"python", "cores", "disk for weights", "msgspec", "kit", "node"} <= set(signs)
    assert signs["a scenario"]["state"] == "ok"
    assert not [sign for sign in signs.values() if sign["state"] == "wrong"]


def test_it_is_said_for_people_too(look, capsys, tmp_path):
    assert cli.main(["doctor"]) == 0
    assert "all that privgym needs is there" in capsys.readouterr().out


def test_a_long_path_stays_whole(look, capsys, monkeypatch, tmp_path):
    far = tmp_path / ("weights" * 20)
    monkeypatch.setenv("PRIVGYM_CACHE", str(far))
    assert cli.main(["doctor"]) == 0
    assert str(far) in capsys.readouterr().out


def test_what_a_kit_holds_is_counted_in_words(look, monkeypatch, tmp_path):
    (tmp_path / "scenarios" / "one").mkdir(parents=True)
    monkeypatch.setenv(kit.PATH, str(tmp_path))
    assert look()[1]["kit"]["found"] == f"{tmp_path}: 0 tools, 0 agents, 1 pack"


def test_a_program_that_is_missing_is_no_fault_and_how_to_get_it_is_said(look, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: None)
    code, signs = look()
    assert code == 0
    assert signs["bwrap"]["state"] == signs["node"]["state"] == "missing"
    assert "bubblewrap" in signs["bwrap"]["do"]


def test_another_version_than_the_tested_one_is_no_fault(look, monkeypatch):
    installed(monkeypatch, lark="99.0")
    code, signs = look()
    assert code == 0
    assert signs["lark"]["state"] == "note"
    assert signs["lark"]["found"].startswith("99.0 (tested with 1.")


@pytest.mark.parametrize("version", ["", "0.1"])
def test_a_library_that_is_not_what_is_needed_is_wrong(look, monkeypatch, version):
    installed(monkeypatch, lark=version)
    code, signs = look()
    assert code == ENVIRONMENT
    assert signs["lark"]["state"] == "wrong"
    assert signs["lark"]["do"].startswith('pip install "lark')


def test_a_missing_extra_is_no_fault_and_how_to_get_it_is_said(look, monkeypatch):
    installed(monkeypatch, xllamacpp="")
    code, signs = look()
    assert code == 0
    assert signs["extra llamacpp"]["state"] == "missing"
    assert signs["extra llamacpp"]["do"] == 'pip install "privgym[llamacpp]"'


def test_weights_are_known_by_their_bytes(look, tmp_path):
    assert look()[1]["weights smollm2"]["do"] == "privgym models fetch smollm2"
    catalogue.place(catalogue.find("smollm2")).write_bytes(b"something else")
    code, signs = look()
    assert code == ENVIRONMENT
    assert signs["weights smollm2"]["do"].startswith("delete it")


def test_what_is_no_kit_is_wrong(look, monkeypatch, tmp_path):
    monkeypatch.setenv(kit.PATH, str(tmp_path / "nowhere"))
    code, signs = look()
    assert code == ENVIRONMENT
    assert "not a kit" in signs["kits"]["found"]


def test_little_room_is_said(look, monkeypatch):
    monkeypatch.setattr(doctor, "ROOM", float("inf"))
    code, signs = look()
    assert code == 0
    assert signs["disk for runs"]["do"]


def test_a_gym_that_cannot_live_is_wrong(look, monkeypatch):
    monkeypatch.setattr(doctor, "PACK", "nothing")
    code, signs = look()
    assert code == ENVIRONMENT
    assert signs["a scenario"]["found"] == 'there is no pack "nothing"'
