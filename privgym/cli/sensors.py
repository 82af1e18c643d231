"""privgym sensors: how good the sensors are, on labelled pairs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path

import click
import msgspec
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid

from privgym import measure
from privgym import pairs as labelled
from privgym.cli._progress import progress
from privgym.cli._report import content, emit
from privgym.corrected import Corrected, Share, corrected
from privgym.errors import PrivgymError
from privgym.importers import privacyalign
from privgym.measure import Row
from privgym.message import visible
from privgym.pairs import NEGATIVES
from privgym.table import cell, console

HALVES = ("test", "tune", "all")
FIGURES = {
    "recall": "recall",
    "false_positives": "false\npositives",
    "precision": "precision",
    "flagged": "flagged",
    "flagged_falsely": "flagged\nfalsely",
}
LEGEND = """\
recall: of the texts that disclose, those in which the sensor is sure of it. false positives: of
those that do not. precision: of those in which it is sure, those that do; it depends on how many of
each the set has. flagged, flagged falsely: the same as the first two, with findings that are not
sure. 95 % intervals, clustered by family."""
CORRECTED = """\
A raw rate of {raw}, corrected for what the sensor misses and sees falsely (Rogan and Gladen 1978;
Lang and Reiczigel 2014), with the false positives of one stratum at a time: which of them your
texts are like, you must say. It holds only as far as these error rates carry over to your texts."""


@click.command("sensors")
@click.option("--sensor", "asked", multiple=True, metavar="SPEC", help="semantic, judge@MODEL.")
@click.option("--half", type=click.Choice(HALVES), default="test", show_default=True)
@click.option("--pairs", "own", type=click.Path(path_type=Path), help="Your own labelled pairs.")
@click.option("--privacyalign", "people", type=click.Path(path_type=Path), help="Its test.jsonl.")
@click.option("--disputed", is_flag=True, help="Also pairs whose second label is another one.")
@click.option("--rate", metavar="K/N", help="Correct this raw rate for the sensors' errors.")
@click.option("--at-once", type=click.IntRange(1), default=4, show_default=True, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(
    asked: Sequence[str],
    half: str,
    own: Path | None,
    people: Path | None,
    disputed: bool,
    rate: str | None,
    at_once: int,
    as_json: bool,
) -> None:
    """Measure sensors on labelled pairs of a fact and a text; the naive floors stand beside.

    The pairs are those that ship, the half of them on which no threshold was set; what they say is
    a model's label, not people's (docs/labelled.md). With --privacyalign they are people's.
    """
    raw = _share(rate) if rate else None
    if people:
        pairs = privacyalign.pairs(content(people, "give it data/test.jsonl"), str(people))
    else:
        pairs = tuple(p for p in labelled.read(own) if half in ("all", p.half))
    left_out = 0 if disputed else sum(pair.disputed for pair in pairs)
    counted = [pair for pair in pairs if disputed or not pair.disputed]
    if not counted:
        raise PrivgymError("no pair is left to measure on", do="ask for --half all or --disputed")
    rows: list[Row] = []
    with progress() as bar:
        for spec in dict.fromkeys((*measure.FLOORS, "exact", *asked)):
            look = measure.load(spec, at_once, bar("fetching weights"))
            rows += measure.measure(spec, look, counted)
    rates = _rates(raw, rows) if raw else []
    if as_json:
        emit({"pairs": len(counted), "left_out": left_out, "rows": rows, "corrected": rates})
        return
    click.echo(f"{len(counted):,} pairs, {left_out:,} left out whose second label is another one")
    console().print(_grid(rows))
    click.echo(LEGEND)
    if raw:
        console().print(_rate_grid(rates))
        click.echo(CORRECTED.format(raw=rate))


class Rate(msgspec.Struct, frozen=True):
    """A raw rate, corrected for one sensor's errors with the false positives of one stratum."""

    sensor: str
    stratum: str
    sensitivity: Share
    specificity: Share
    rate: Corrected


def _share(text: str) -> Share:
    """A rate that was typed: "31/738"."""
    counts = re.fullmatch(r"(\d+)/(\d+)", text)
    if not counts or not 0 <= int(counts[1]) <= int(counts[2]) or not int(counts[2]):
        raise PrivgymError(f'"{text}" is no rate', do="write it as K/N, such as 31/738")
    return Share(int(counts[1]), int(counts[2]))


def _rates(raw: Share, rows: Sequence[Row]) -> list[Rate]:
    """The rate with each sensor's errors: the false positives of all negatives, then of each kind.

    What it misses is counted on what is stated: a rate is one of disclosures of that kind.
    """
    found = []
    for sensor, own in groupby(rows, key=lambda row: row.sensor):
        by = {row.stratum: row for row in own}
        whole = by.get("stated", by["all"])
        sees = Share(whole.seen, whole.yes)
        negatives = {"all": whole, **{s: row for s, row in by.items() if s in NEGATIVES}}
        for stratum, row in negatives.items():
            silent = Share(row.no - row.alarms, row.no)
            found.append(Rate(sensor, stratum, sees, silent, corrected(raw, sees, silent)))
    return found


def _grid(rows: Sequence[Row]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    grid.add_column("sensor", overflow="ellipsis", no_wrap=True)
    for name in ("disclose", "do not", *FIGURES.values()):
        grid.add_column(name, justify="right", no_wrap=True)
    for sensor in dict.fromkeys(row.sensor for row in rows):
        grid.add_row(visible(sensor))
        for row in (row for row in rows if row.sensor == sensor):
            cells = [cell(getattr(row, name)) for name in FIGURES]
            grid.add_row(f"  {visible(row.stratum)}", str(row.yes), str(row.no), *cells)
        grid.add_section()
    return grid


def _rate_grid(rates: Sequence[Rate]) -> Grid:
    grid = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    for name in ("sensor", "negatives like", "Se", "Sp", "raw", "corrected"):
        grid.add_column(name)
    for one in rates:
        sees, silent, rate = one.sensitivity, one.specificity, one.rate
        shown = f"not identifiable: {rate.why}"
        if rate.value is not None and rate.low is not None and rate.high is not None:
            shown = f"{100 * rate.value:.1f} % ({100 * rate.low:.1f} to {100 * rate.high:.1f})"
        head = (
            visible(one.sensor),
            visible(one.stratum),
            f"{sees.value:.2f}",
            f"{silent.value:.2f}",
        )
        grid.add_row(*head, f"{100 * rate.raw:.1f} %", shown)
    return grid
