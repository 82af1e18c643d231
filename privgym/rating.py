"""The sheet that people fill in, and their ratings read back.

A sheet is CSV with a row a vignette; whoever rates fills in the last column. It opens in any
spreadsheet, so no cell of it can be a formula, and it is read as spreadsheets write it: with or
without a byte order mark, with commas or semicolons, in any order of rows.
"""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError, did_you_mean
from privgym.message import visible
from privgym.vignette import Vignette

POINTS = 7
QUESTION = f"How appropriate is this, from 1 (not at all) to {POINTS} (entirely)?"
COLUMNS = ("id", "vignette", "question", "rating")

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|")


class Rating(msgspec.Struct, frozen=True):
    """What one person thinks of one vignette.

    Args:
        rater: who; the column `rater`, else the name of the file.
        vignette: its id.
        value: 1 (not appropriate at all) to 7 (entirely).
    """

    rater: str
    vignette: str
    value: int


def sheet(vignettes: Sequence[Vignette], seed: int = 0) -> str:
    """The sheet of some vignettes as CSV text, without a rating.

    Args:
        vignettes: in any order.
        seed: of the order of the rows; the vignettes stay the same.
    """
    rows = list(vignettes)
    random.Random(seed).shuffle(rows)
    out = io.StringIO(newline="")
    table = csv.writer(out, quoting=csv.QUOTE_ALL)
    table.writerow(COLUMNS)
    table.writerows([one.id, _cell(one.text), QUESTION, ""] for one in rows)
    return out.getvalue()


def read(files: Iterable[Path], known: Iterable[Vignette]) -> tuple[Rating, ...]:
    """The ratings in some sheets; a row without a rating is passed over.

    Args:
        files: sheets that were filled in: one a rater, or with a column `rater`.
        known: the vignettes of the pack.

    Raises:
        PrivgymError: a file is no such sheet, a vignette is not of the pack as it is now, or
            somebody rated one twice.
    """
    ids = {one.id for one in known}
    found: dict[tuple[str, str], Rating] = {}
    for file in files:
        for where, rating in _ratings(file, ids):
            key = (rating.rater, rating.vignette)
            if key in found:
                what = f"{rating.rater} rated {rating.vignette} twice"
                raise PrivgymError(what, where=where, do="keep one of them")
            found[key] = rating
    if not found:
        raise PrivgymError("there is no rating", do='fill in the column "rating"')
    return tuple(found.values())


def _ratings(file: Path, ids: set[str]) -> Iterator[tuple[str, Rating]]:
    """Each rating of a sheet, and where it stands."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        what = f"cannot read {file}: {error}"
        do = "give a CSV file, in UTF-8; a spreadsheet saves one by that name"
        raise PrivgymError(what, do=do, code=ENVIRONMENT) from None
    head = text.partition("\n")[0]
    table = csv.DictReader(io.StringIO(text, newline=""), delimiter=";" if ";" in head else ",")
    try:
        if missing := {"id", "rating"} - set(table.fieldnames or ()):
            what = f"{file} has no column {' and no column '.join(sorted(missing))}"
            raise PrivgymError(what, do="privgym norms survey writes the sheet to fill in")
        for row in table:
            where = f"{file}, line {table.line_num}"
            if value := (row["rating"] or "").strip():
                rater = (row.get("rater") or "").strip() or file.stem
                yield where, Rating(rater, _id(row["id"], ids, where), _value(value, where))
    except csv.Error as error:
        raise PrivgymError(f"no CSV: {error}", where=str(file)) from None


def _id(text: str | None, ids: set[str], where: str) -> str:
    given = (text or "").strip()
    if given not in ids:
        raise PrivgymError(
            f'the pack has no vignette "{given}"',
            where=where,
            meant=did_you_mean(given, ids),
            do="its words have changed, or it is of another pack; write the sheet anew",
        )
    return given


def _value(text: str, where: str) -> int:
    if text not in map(str, range(1, POINTS + 1)):
        raise PrivgymError(f'"{text}" is no rating', where=where, do=f"write 1 to {POINTS}")
    return int(text)


def _cell(text: str) -> str:
    """A text that a spreadsheet takes for a text, whatever a pack has written into it."""
    safe = visible(text)
    return f"'{safe}" if safe.startswith(_FORMULA) else safe
