"""privgym norms: a sheet out, figures back."""

from __future__ import annotations

import csv
import json

import pytest

from privgym import cli, pack
from privgym.vignette import vignettes

SOME = "treatment_leave,court_date"


@pytest.fixture
def privgym(tmp_path, monkeypatch, capsys):
    """Run a verb in a folder of its own; its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(["norms", *words])
        return code, *capsys.readouterr()

    return call


def fill_in(tmp_path, name, of):
    """A rater's copy of the sheet, each row rated by `of(stipulated)`."""
    stipulated = {one.id: one.appropriate for one in vignettes(pack.load("everyday"))}
    with (tmp_path / "sheet.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (tmp_path / name).open("w", encoding="utf-8", newline="") as file:
        table = csv.DictWriter(file, rows[0])
        table.writeheader()
        table.writerows({**row, "rating": of(stipulated[row["id"]])} for row in rows)
    return len(rows)


def test_a_sheet_out_and_figures_back(privgym, tmp_path):
    code, out, _ = privgym("survey", "everyday", "--out", "sheet.csv", "--families", SOME)
    assert code == 0
    count = fill_in(tmp_path, "ada.csv", lambda right: 7 if right else 1)
    fill_in(tmp_path, "bo.csv", lambda right: 7 if right else 1)
    assert out.startswith(f"{count} vignettes -> sheet.csv")
    code, out, _ = privgym("agreement", "everyday", "ada.csv", "bo.csv", "--json")
    assert code == 0
    document = json.loads(out)
    assert document["all"]["raters"] == 2
    assert document["all"]["rated"] == count
    assert document["all"]["ratings"]["value"] == document["all"]["twins"]["value"] == 1
    assert document["all"]["alpha"] == 1
    assert document["spheres"]["law"]["rated"] + document["spheres"]["work"]["rated"] == count
    assert document["otherwise"] == []


def test_what_people_see_otherwise_is_named(privgym, tmp_path):
    privgym("survey", "everyday", "--out", "sheet.csv", "--families", SOME)
    fill_in(tmp_path, "eve.csv", lambda right: 7)
    code, out, _ = privgym("agreement", "everyday", "eve.csv")
    assert code == 0
    assert out.count("Stipulated inappropriate, seen otherwise") == 2
    assert "law" in out


def test_a_sheet_is_never_written_over(privgym, tmp_path):
    (tmp_path / "sheet.csv").write_text("filled in")
    code, _, err = privgym("survey", "everyday", "--out", "sheet.csv")
    assert code == 5
    assert "--out" in err
    assert (tmp_path / "sheet.csv").read_text() == "filled in"
