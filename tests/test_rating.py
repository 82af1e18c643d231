"""Sheets of vignettes: safe to open in a spreadsheet, and read as spreadsheets write them."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import PrivgymError
from privgym.rating import QUESTION, Rating, read, sheet
from privgym.vignette import Vignette


def vignette(number: int, text: str = "A tells B.", appropriate: bool = True) -> Vignette:
    return Vignette(f"v{number}", "p/f#0", "f", "work", "fact", "boss", text, appropriate)


KNOWN = [vignette(1), vignette(2, "C tells D."), vignette(3, "E tells F.")]


def rows(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline="")))


def written(path, text):
    path.write_text(text, encoding="utf-8")
    return path


@given(st.text())
def test_no_cell_is_a_formula_and_none_is_lost(text):
    head, row = rows(sheet([vignette(1, text)]))
    assert head == ["id", "vignette", "question", "rating"]
    assert row[0] == "v1"
    assert row[2:] == [QUESTION, ""]
    for cell in (*head, *row):
        assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "|"))


def test_a_formula_of_a_pack_is_a_text():
    assert rows(sheet([vignette(1, '=HYPERLINK("http://x")')]))[1][1] == '\'=HYPERLINK("http://x")'


def test_a_seed_is_an_order():
    many = [vignette(n) for n in range(20)]
    assert sheet(many, 1) == sheet(many, 1) != sheet(many, 2)
    assert sorted(rows(sheet(many, 1))) == sorted(rows(sheet(many, 2)))


def test_a_sheet_that_was_filled_in_is_read(tmp_path):
    filled = sheet(KNOWN).replace(',""', ',"6"', 2)
    ratings = read([written(tmp_path / "ada.csv", filled)], KNOWN)
    assert {(one.rater, one.value) for one in ratings} == {("ada", 6)}
    assert len(ratings) == 2


@pytest.mark.parametrize(
    "text",
    [
        "id,rating\nv1,7\nv2,\n",
        "\ufeffid;vignette;rating\r\nv1;A tells B.;7\r\n",
        'rating,id\n" 7 ",v1\n',
    ],
)
def test_it_is_read_as_spreadsheets_write_it(tmp_path, text):
    assert read([written(tmp_path / "bo.csv", text)], KNOWN) == (Rating("bo", "v1", 7),)


def test_one_file_may_hold_many_raters(tmp_path):
    text = "rater,id,rating\nada,v1,7\nbo,v1,2\n"
    assert read([written(tmp_path / "all.csv", text)], KNOWN) == (
        Rating("ada", "v1", 7),
        Rating("bo", "v1", 2),
    )


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("id,rating\nv9,7\n", 'no vignette "v9"'),
        ("id,rating\nv1,8\n", '"8" is no rating'),
        ("id,rating\nv1,good\n", '"good" is no rating'),
        ("id,rating\nv1,7\nv1,7\n", "rated v1 twice"),
        ("id,vignette\nv1,A\n", "no column rating"),
        ("id,rating\nv1,\n", "there is no rating"),
        ("", "no column id and no column rating"),
    ],
)
def test_what_is_no_rating_is_refused(tmp_path, text, why):
    with pytest.raises(PrivgymError, match=why):
        read([written(tmp_path / "bo.csv", text)], KNOWN)


def test_what_is_no_text_is_refused(tmp_path):
    (tmp_path / "sheet.xlsx").write_bytes(b"PK\x03\x04\xff\xfe")
    with pytest.raises(PrivgymError, match="cannot read"):
        read([tmp_path / "sheet.xlsx"], KNOWN)
    with pytest.raises(PrivgymError, match="cannot read"):
        read([tmp_path / "nowhere.csv"], KNOWN)


@given(st.binary(max_size=200))
def test_any_file_is_read_or_refused(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("any") / "any.csv"
    path.write_bytes(content)
    with pytest.raises(PrivgymError):
        read([path], KNOWN)
