"""The names under which gymnasium finds the packs, whichever is imported first."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import gymnasium
import pytest

from privgym import kit
from privgym.errors import PrivgymError
from privgym.register import identifier, register, register_all

ROOT = str(Path(__file__).parent.parent)


def told(code: str, **environ: str) -> str:
    """What a fresh interpreter prints."""
    run = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTHONPATH": ROOT, **environ},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return run.stdout.strip()


@pytest.mark.parametrize(
    ("imports", "name"),
    [
        ("import gymnasium, privgym", "privgym/Everyday-v1"),
        ("import privgym, gymnasium", "privgym/Everyday-v1"),
        ("import privgym.env, gymnasium", "privgym/Everyday-v1"),
        ("import gymnasium", "privgym:privgym/Everyday-v1"),
    ],
)
def test_either_may_be_imported_first(imports: str, name: str) -> None:
    code = f"{imports}\nenv = gymnasium.make({name!r})\nprint(env.reset(seed=1)[1]['scenario'])"
    assert told(code).startswith("everyday/")


def test_importing_privgym_loads_no_gymnasium_and_leaves_its_loader_alone() -> None:
    code = "import privgym, sys; print('gymnasium' in sys.modules)"
    assert told(code) == "False"
    code = (
        "import privgym, gymnasium, sys; print(type(gymnasium.__spec__.loader).__name__, "
        "type(gymnasium.__loader__).__name__, "
        "[type(f).__name__ for f in sys.meta_path if 'privgym' in type(f).__module__])"
    )
    assert told(code) == "SourceFileLoader SourceFileLoader []"


def a_pack(folder: Path, name: str, about: str) -> None:
    pack = folder / "scenarios" / name
    pack.mkdir(parents=True)
    (pack / "pack.toml").write_text(about)


def test_every_pack_has_a_name_with_its_version(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVGYM_PATH", os.environ.get("PRIVGYM_PATH", ""))
    a_pack(tmp_path, "my_own_pack", "version = 12\n")
    kit.add(tmp_path)
    assert identifier("my_own_pack") == "privgym/MyOwnPack-v12"
    assert "privgym/MyOwnPack-v12" not in gymnasium.registry
    assert register("my_own_pack") == register("my_own_pack")
    assert gymnasium.spec("privgym/MyOwnPack-v12").kwargs == {"pack": "my_own_pack"}


@pytest.mark.parametrize("about", ["version =", "name = 'nameless'\n", "version = 'one'\n"])
def test_a_pack_that_cannot_be_read_breaks_no_import(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, about: str
) -> None:
    monkeypatch.setenv("PRIVGYM_PATH", os.environ.get("PRIVGYM_PATH", ""))
    a_pack(tmp_path, "torn_pack", about)
    a_pack(tmp_path, "whole_pack", "version = 1\n")
    kit.add(tmp_path)
    with pytest.raises(PrivgymError, match="states no version"):
        register("torn_pack")
    register_all()
    assert "privgym/WholePack-v1" in gymnasium.registry
    assert not any("TornPack" in name for name in gymnasium.registry)


def test_a_name_of_no_pack_says_what_was_meant() -> None:
    with pytest.raises(PrivgymError, match='did you mean "everyday"'):
        identifier("everday")
