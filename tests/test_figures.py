"""The tables of README and docs are what the committed result files give."""

from __future__ import annotations

import json
import subprocess
import sys

from privgym.importers.privacylens import EXACT, NOTE
from tests.plan import ROOT


def test_no_table_is_typed_by_hand():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "figures.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout


def test_a_changed_table_is_found(tmp_path):
    scripts = [str(path.relative_to(ROOT)) for path in ROOT.glob("scripts/*.py")]
    for name in (*scripts, "README.md", "docs/speed.md"):
        copy = tmp_path / name
        copy.parent.mkdir(exist_ok=True)
        copy.write_bytes((ROOT / name).read_bytes())
    (tmp_path / "benchmarks").mkdir()
    (tmp_path / "benchmarks" / "results").symlink_to(ROOT / "benchmarks" / "results")
    readme = tmp_path / "README.md"
    text = readme.read_text()
    readme.write_text(text.replace("| `oversharer` | 96 |", "| `oversharer` | 95 |"))
    done = subprocess.run(
        [sys.executable, str(tmp_path / "scripts" / "figures.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert "README.md" in done.stdout


def test_what_the_importer_says_of_its_rates_is_what_was_measured():
    path = ROOT / "benchmarks" / "results" / "privacylens_sensor.json"
    measured = json.loads(path.read_text())["wording"]["by_secret"]
    assert round(measured["recall"]["value"], 2) == EXACT
    assert f"{measured['false_alarms']['value']:.0%}".replace("%", " %") in NOTE
