"""A comparison and its plan, as `privgym compare` prints them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click
from rich.box import SIMPLE_HEAD
from rich.table import Table as Grid
from rich.text import Text

from privgym.cli._report import shown
from privgym.comparison import Comparison, Difference
from privgym.figure import Figure
from privgym.message import visible
from privgym.power import ENOUGH, MOST, Plan
from privgym.summary import changed, more, sides
from privgym.table import cell, console
from privgym.why import points, signed

FEW, LONG = 3, 60
"""Episodes with new leaks that are printed, and characters of a norm."""


def say(one: Comparison) -> None:
    """Print a comparison for people: the answer, what decides, what stands beside, new leaks."""
    terminal = console()
    terminal.print(Text(visible(f"{one.answer.upper()}: {sides(one)}"), "bold"))
    click.echo(visible(one.why))
    if needed := more(one):
        click.echo(needed)
    terminal.print(_decided(one.decided))
    several = len(one.asked.packs) > 1
    terminal.print(_beside([*(one.per_pack if several else ()), *one.beside]))
    confidence = points(1 - 2 * one.asked.margins.alpha)
    click.echo("\nRates in percent with 95 % intervals, changes in points with")
    click.echo(f"{confidence} % ones, clustered by family. The first table decides.")
    _leaks(one)


def say_plan(plan: Plan) -> None:
    """Print what a comparison will take, and what it can show."""
    each = ", ".join(f"{pack} {count:,}" for pack, count in plan.packs.items())
    margins, world = plan.margins, plan.world
    click.echo(f"Episodes on each side: {visible(each)}")
    click.echo(
        f"Collapse: a rise of inappropriate episodes above {points(margins.tau)} points. Damage: a "
        f"fall of\nutility or safety above {points(margins.epsilon)}. False alarms: "
        f"{points(margins.alpha)} %."
    )
    click.echo(
        f"{plan.families} families of {plan.each} episodes; the base inappropriate in "
        f"{points(world.rate)} %, and two episodes of\na family alike by {world.likeness:.2f} "
        f"({visible(world.basis)})."
    )
    table = Grid(box=SIMPLE_HEAD, pad_edge=False)
    heads = ("a rise of", "shown as collapse", "shown as none", "seeds needed", "families needed")
    for head in heads:
        table.add_column(head, justify="right")
    enough = {one.rise: one for one in plan.enough}
    for one in plan.power:
        more = enough.get(one.rise)
        wanted = [_number(more.seeds), _number(more.families)] if more else ["-", "-"]
        chances = [f"{points(share)} %" for share in (one.worse, one.clear)]
        table.add_row(f"{points(one.rise)} points", *chances, *wanted)
    console().print(table)
    click.echo(
        f"Needed: to show it with {points(ENOUGH)} % power, up to {MOST} times what there is."
    )


def _number(count: int | None) -> str:
    return "more" if count is None else str(count)


def _decided(differences: Sequence[Difference]) -> Grid:
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("endpoint", overflow="fold")
    for head in ("base", "tuned", "change", "margin", "shown", "pairs", "p"):
        table.add_column(head, justify="right", no_wrap=head != "shown")
    for one in differences:
        margin = "" if one.margin is None else signed(one.margin)
        pairs = f"{one.n}\n{one.left_out} out" if one.left_out else str(one.n)
        p = "" if one.p is None else f"{one.p:.4f}"
        cells = (cell(one.base), cell(one.tuned), changed(one, "\n"), margin, one.shown, pairs, p)
        table.add_row(Text(visible(_name(one, "\n"))), *cells)
    return table


def _beside(differences: Sequence[Difference]) -> Grid:
    table = Grid(box=SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("beside", overflow="fold")
    for head in ("base", "tuned", "change", "pairs"):
        table.add_column(head, justify="right", no_wrap=True)
    for one in differences:
        if one.value is not None:
            cells = (_share(one.base), _share(one.tuned), changed(one), str(one.n))
            table.add_row(Text(visible(_name(one, ", "))), *cells)
    return table


def _name(one: Difference, between: str) -> str:
    return between.join(filter(None, (one.endpoint.replace("_", " "), one.pack)))


def _share(one: Figure) -> str:
    return "-" if one.value is None else f"{100 * one.value:.0f} %"


def _leaks(one: Comparison) -> None:
    """The first few new leaks, and how to look at them."""
    if not one.leaks:
        click.echo("No flow was inappropriate that the base had not sent as well.")
        return
    episodes = {(leak.run, leak.number): leak for leak in reversed(one.leaks)}
    worst = list(reversed(episodes.values()))
    click.echo(
        f"\nIn {len(worst)} episodes only the tuned agent sent something inappropriate, as in:"
    )
    for leak in worst[:FEW]:
        verdict = leak.verdict
        flow = f"{leak.scenario}: {verdict.fact} to {verdict.recipient}"
        click.echo(visible(f"  {flow} ({_short(verdict.norm or verdict.reason)})"))
        click.echo(visible(f"    privgym show {shown(Path(leak.run))}:{leak.number}"))


def _short(text: str) -> str:
    return text if len(text) <= LONG else f"{text[: LONG - 3]}..."
