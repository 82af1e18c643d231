"""The script that makes the labelled set: what ships is what it makes; a blind sheet is blind."""

from __future__ import annotations

import importlib
import json
from types import ModuleType

import msgspec
import pytest

from privgym import pairs
from tests.plan import ROOT


@pytest.fixture
def script(monkeypatch):
    """A script of the folder, as a module."""
    monkeypatch.syspath_prepend(str(ROOT / "scripts"))

    def load(name: str) -> ModuleType:
        return importlib.import_module(name)

    return load


def test_what_ships_is_what_the_texts_make(script):
    make = script("make_pairs")
    assert make.kept(make.made(), pairs.read()) == list(pairs.read())


def test_labels_stay_with_a_pair_and_go_when_its_text_changes(script):
    make = script("make_pairs")
    first, other = make.made()[:2]
    old = [
        msgspec.structs.replace(first, id="moved", second="no", people=("yes",)),
        msgspec.structs.replace(other, text="Other words.", second="no"),
    ]
    kept = make.kept([first, other], old)
    assert (kept[0].id, kept[0].second, kept[0].people) == (first.id, "no", ("yes",))
    assert kept[1].second == ""


def test_a_blind_sheet_tells_neither_intent_nor_stratum_nor_family(script, tmp_path):
    script("labels").blind(pairs.read(), 500, tmp_path / "sheet")
    sheets = sorted(tmp_path.glob("sheet-*.jsonl"))
    rows = [json.loads(line) for sheet in sheets for line in sheet.read_text().splitlines()]
    assert len(sheets) == -(-len(pairs.read()) // 500)
    assert len({row["id"] for row in rows}) == len(rows) == len(pairs.read())
    assert all(set(row) == {"id", "from", "to", "fact", "text"} for row in rows)
    families = {pair.family for pair in pairs.read()}
    assert not any(family in row["id"] for row in rows for family in families)


def test_answers_come_back_as_second_labels_and_as_people_s(script, tmp_path):
    labels, some = script("labels"), pairs.read()[:3]
    lines = [{"id": labels.number(some[0]), "answer": "no"}]
    sheet = tmp_path / "a.jsonl"
    sheet.write_text("\n".join(map(json.dumps, lines)))
    assert labels.second(some, [sheet])[0].second == "no"
    ada, bo = tmp_path / "ada.csv", tmp_path / "bo.csv"
    ada.write_text(f"id,answer\n{labels.number(some[1])},yes\n")
    bo.write_text(f"id,answer\n{labels.number(some[1])},unclear\n")
    assert labels.people(some, [ada, bo])[1].people == ("yes", "unclear")


def test_an_answer_that_is_none_is_named(script, tmp_path):
    sheet = tmp_path / "a.csv"
    sheet.write_text("id,answer\nx,perhaps\n")
    with pytest.raises(SystemExit, match=r"a\.csv, row 1"):
        script("labels").second(pairs.read()[:1], [sheet])


def test_the_report_leaves_kappa_out_where_chance_explains_all(script, capsys):
    labels = script("labels")
    labels.report(pairs.read()[:0])
    assert "No pair has a second label yet" in capsys.readouterr().out
    said = [msgspec.structs.replace(pair, second=pair.intent) for pair in pairs.read()]
    labels.report(said)
    lines = {line.split()[0]: line.split()[1:] for line in capsys.readouterr().out.splitlines()[1:]}
    assert lines["all"][1:] == ["100.0%", "0", "1.00"]
    assert lines["silent"][1:] == ["100.0%", "0"]
