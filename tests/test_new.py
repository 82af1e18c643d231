"""What `privgym new` writes is sound as it stands, short, and never over something."""

from __future__ import annotations

import itertools
import re
import subprocess
import sys

import pytest

from privgym import check, cli, kit, pack, trial
from tests.plan import ROOT
from tests.test_docs import blocks

_NUMBERS = itertools.count()


@pytest.fixture
def new(monkeypatch, tmp_path, capsys):
    monkeypatch.setenv(kit.PATH, "")

    def run(kind, name):
        code = cli.main(["new", kind, name, "--kit", str(tmp_path)])
        out, err = capsys.readouterr()
        kit.add(tmp_path) if code == 0 else None
        return code, out, err

    return run


@pytest.fixture
def name():
    return f"made_{next(_NUMBERS)}"


def test_a_new_pack_passes_and_takes_another_family(new, name, tmp_path):
    code, out, _ = new("pack", name)
    assert code == 0
    assert f"check {name}" in out
    report = check.pack(name)
    assert (report.checked, report.problems) == (12, ())
    assert new("family", f"{name}/second")[0] == 0
    report = check.pack(name)
    assert (report.checked, report.problems) == (24, ())
    folder = tmp_path / "scenarios" / name
    assert "version = 1\n" in (folder / "pack.toml").read_text()
    assert (folder / "norms.txt").read_text().count("sphere health") == 1


def test_a_changed_word_leaves_a_new_pack_sound(new, name, tmp_path):
    assert new("pack", name)[0] == 0
    family = tmp_path / "scenarios" / name / "allergy_note.py"
    family.write_text(family.read_text().replace("Your next test", "The next test of yours"))
    assert check.pack(name).problems == ()


def test_a_new_family_of_a_locked_pack_raises_its_version(new, name, tmp_path):
    assert new("pack", name)[0] == 0
    check.lock(pack.load(name))
    locked = (tmp_path / "scenarios" / name / "pack.lock").read_text()
    for family in ("second", "third"):
        assert new("family", f"{name}/{family}")[0] == 0
        assert pack.load(name).version == 2
    assert check.pack(name, seeds=(0,)).problems == ()
    assert (tmp_path / "scenarios" / name / "pack.lock").read_text() == locked


def test_a_new_tool_and_a_new_agent_pass(new, name, tmp_path):
    assert new("tool", name)[0] == new("agent", name)[0] == 0
    assert trial.tried_tool(name).problems == ()
    assert trial.tried_agent(name).problems == ()
    test = tmp_path / "tests" / f"test_{name}.py"
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_what_is_written_is_short_and_clean(new, name, tmp_path):
    for kind in ("pack", "tool", "agent"):
        assert new(kind, name)[0] == 0
    written = [path for path in tmp_path.rglob("*.py") if path.parent.name != "tests"]
    assert len(written) == 3
    assert all(len(path.read_text().splitlines()) < 60 for path in written)
    for command in (["check"], ["format", "--check"]):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", *command, "--config", str(ROOT / "pyproject.toml"), "."],
            cwd=tmp_path,
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("kind", ["pack", "tool", "agent"])
def test_nothing_is_written_over(new, name, kind, tmp_path):
    assert new(kind, name)[0] == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    code, _, err = new(kind, name)
    assert code == 2
    assert f'{kind} called "{name}" already' in err
    assert {p: p.read_bytes() for p in tmp_path.rglob("*") if p.is_file()} == before


@pytest.mark.parametrize("bad", ["Two Words", "1st", "class", "../up", ""])
@pytest.mark.parametrize("kind", ["pack", "tool", "agent"])
def test_a_name_that_is_none_is_told(new, kind, bad, tmp_path):
    code, _, err = new(kind, bad)
    assert code == 2
    assert "lower-case letters" in err
    assert not list(tmp_path.rglob("*"))


def test_a_family_needs_its_pack(new, name):
    for given in (name, f"{name}/second", "everyday/second"):
        code, _, err = new("family", given)
        assert code == 2
        assert "names no pack" in err
    assert new("pack", name)[0] == 0
    assert "already" in new("family", f"{name}/allergy_note")[2]


def test_what_contributing_shows_is_a_kit_that_passes(name, tmp_path, monkeypatch):
    """A tool, an agent and a family as the page has them, each in its file and short."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    tool, agent, family, _ = (code for _, code in blocks(text))
    norms: list[str] = re.findall(r'"(sphere [^"]+)"', family)
    files = {
        f"tools/{name}.py": tool,
        f"agents/{name}.py": agent.replace('"plain"', f'"{name}"'),
        f"scenarios/{name}/note.py": family,
        f"scenarios/{name}/norms.txt": "\n".join(norms),
        f"scenarios/{name}/pack.toml": f'name = "{name}"\nversion = 1\npurpose = "Tried."\n',
    }
    for path, written in files.items():
        assert len(written.splitlines()) < 60
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(written)
    monkeypatch.setenv(kit.PATH, "")
    kit.add(tmp_path)
    report = check.pack(name)
    assert (report.checked, report.problems) == (6, ())
    assert trial.tried_tool(name).problems == ()
    assert trial.tried_agent(name).problems == ()
