"""privgym check: a pack against its own plays; a tool or an agent by trying it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import click
from msgspec.structs import replace

from privgym import check, kit, trial
from privgym import pack as packs
from privgym.check import Problem, Report
from privgym.cli._report import emit
from privgym.errors import PrivgymError
from privgym.message import visible

TRIED: dict[str, kit.Kind] = {"tool": "tools", "agent": "agents"}
"""What is tried, by the word that stands before its name."""


@click.command("check")
@click.argument("what", metavar="PACK|tool:NAME|agent:NAME")
@click.option("--lock", is_flag=True, help="Write pack.lock, if the pack is sound.")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(what: str, lock: bool, as_json: bool) -> int:
    """Check that a pack is sound: good plays are good, and every norm can speak.

    A tool is tried with many calls, an agent in one scenario of each family of `everyday`. Exit
    code 1 if something is wrong.
    """
    report = _checked(what, lock)
    if as_json:
        emit(report)
    else:
        _say(report)
    return 1 if report.problems else 0


def _checked(what: str, lock: bool) -> Report:
    kind, _, name = what.partition(":")
    if kind in TRIED and name:
        if lock:
            raise PrivgymError(f"{what} has no version to lock", do="--lock is for packs")
        return trial.tried_tool(name) if kind == "tool" else trial.tried_agent(name)
    tried = [f"{one}:{what}" for one, shelf in TRIED.items() if what in kit.names(shelf)]
    if tried and what not in kit.names("scenarios"):
        raise PrivgymError(f'there is no pack "{what}"', meant=" or ".join(tried))
    report = check.pack(what)
    if not lock:
        return report
    if report.problems:
        return replace(report, notes=("pack.lock is not written while something is wrong",))
    check.lock(packs.load(what))
    return replace(report, notes=(f"pack.lock holds version {packs.load(what).version} now",))


def _say(report: Report) -> None:
    problems = list(_once(report.problems))
    for line in (*problems, *report.notes):
        click.echo(visible(line))
    scenarios = _count(report.checked, "scenario")
    did = f"tried in {scenarios}" if ":" in report.pack else f"{scenarios} checked"
    found = _count(len(problems), "problem") if problems else "sound"
    click.echo(f"{report.pack}: {did}, {found}")


def _once(problems: Sequence[Problem]) -> Iterator[str]:
    """Each problem where it was first found, and in how many more places it is the same."""
    same: dict[str, list[Problem]] = {}
    for problem in problems:
        same.setdefault(problem.what.replace(problem.where, ""), []).append(problem)
    for first, *more in same.values():
        yield f"{first.where}{f' (and {len(more)} more)' if more else ''}: {first.what}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
