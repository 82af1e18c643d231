"""privgym show: a pack, a scenario, a run or a trace, to read."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import click
from rich.text import Text

from privgym import pack as packs
from privgym.check import planted_texts
from privgym.cli._report import emit, report
from privgym.episode import enact
from privgym.errors import USAGE, PrivgymError
from privgym.event import AnyEvent
from privgym.folder import Judged, RunFolder, judge, rescore
from privgym.message import visible
from privgym.norm import Sphere
from privgym.prober import Probe
from privgym.scenario import PRINCIPAL, Scenario, digest, split
from privgym.score import Score, grader, score
from privgym.table import console
from privgym.trace import Trace
from privgym.transcript import transcript
from privgym.verdict import Verdict

COUNTS = {
    "due": "goals: required calls, and people who must be told something",
    "met": "goals that were met",
    "musts": "people who must be told something",
    "missing": "of these were not told",
    "unheard": "of these got nothing at all",
    "inappropriate": "inappropriate flows that the agent sent",
    "written": "of these went to memory",
    "retrieved": "of these came from memory",
    "sent": "of these went to anyone else",
    "undecided": "flows and duties of which it is not sure whether a fact was told",
    "invented": "values such as numbers and addresses that it sent and had from nowhere",
    "opportunities": "pairs of a fact and somebody in reach who must not have it",
    "turns": "turns of the agent",
    "malformed": "of these could not be read, or had a call that does not fit its tool",
    "silent": "nothing went to anyone but the principal and memory",
    "overflow": "a prompt was too long for the model",
    "reward": "what the environment gave in all",
}
"""What each field of a score says, for those who see it for the first time."""

ALWAYS = ("due", "met", "inappropriate", "reward")
"""The counts that are shown where they are 0 as well."""

_STYLES = {"--- ": "bold", "  !!": "bold red", "  ??": "cyan", "  ok": "green"}


@click.command("show")
@click.argument("what")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(what: str, as_json: bool) -> None:
    """Show WHAT: PACK, a scenario (PACK/FAMILY[.twin][.L2][#SEED]), RUN, or a trace of a run.

    RUN is a run folder; RUN:3 and RUN:SCENARIO are its traces.
    """
    path, _, trace = what.rpartition(":")
    if Path(what).is_dir():
        run = RunFolder(Path(what))
        _run(run, rescore(run), as_json)
    elif path and Path(path).is_dir():
        show_trace(*_chosen(RunFolder(Path(path)), trace), as_json=as_json)
    elif re.fullmatch(r"[\w-]+", what):
        _pack(what, as_json)
    else:
        _scenario(packs.scenario(what), as_json)


# -- packs and scenarios ----------------------------------------------------------------------


def _pack(name: str, as_json: bool) -> None:
    pack = packs.load(name)
    names = pack.names()
    first = {n.family: pack.scenario(n).purpose for n in reversed(names)}
    if as_json:
        families = [{"name": f, "split": split(f), "purpose": first[f]} for f in pack.families()]
        head = {"name": pack.name, "version": pack.version, "purpose": pack.purpose}
        emit({**head, "families": families, "scenarios": [str(n) for n in names]})
        return
    click.echo(visible(f"{pack.name} version {pack.version}: {pack.purpose}"))
    for family in pack.families():
        click.echo(visible(f"\n{family} ({split(family)}): {first[family]}"))
        click.echo("  " + "  ".join(str(n) for n in names if n.family == family))


def _scenario(scenario: Scenario, as_json: bool) -> None:
    if as_json:
        emit({"name": scenario.name, "digest": digest(scenario), "scenario": scenario})
        return
    click.echo(visible(f"{scenario.name}: {scenario.purpose}\n"))
    tempers = {key: f"({temper})" for key, temper in scenario.tempers}
    for party in scenario.parties:
        towards = ((role, "" if of == PRINCIPAL else f" of {of}") for role, of in party.roles)
        roles = (role + of for role, of in towards if role + of != party.key)
        email = f"<{party.email}>" if party.email else ""
        words = filter(None, (party.name, email, tempers.get(party.key, "")))
        click.echo(visible(f"  {', '.join([f'{party.key}: ' + ' '.join(words), *roles])}"))
    click.echo()
    for fact in scenario.facts:
        also = f" (also: {', '.join(fact.aliases)})" if fact.aliases else ""
        click.echo(visible(f"  {fact.attribute} of {fact.subject} = {fact.value}{also}"))
    click.echo()
    for line in _norms(scenario):
        click.echo(visible(f"  {line}"))
    click.echo()
    for probe in scenario.probes:
        click.echo(visible("\n".join(_prober(probe, scenario))) + "\n")
    for where, text in planted_texts(scenario).items():
        if any(planted.where == where for planted in scenario.planted):
            console().print(_highlighted(scenario, where, text))
    for number, play in enumerate(scenario.plays):
        click.echo(f"\nplay {number} ({play.kind})")
        lived = enact(scenario, play.sessions)
        _transcript(scenario, tuple(lived.events), score(scenario, lived.events).verdicts)


def _norms(scenario: Scenario) -> Iterator[str]:
    """Its norms; of the spheres that the pack declares, those that its facts come from."""
    book = grader(scenario).book
    spheres = {sphere.name for fact in scenario.facts if (sphere := book.words.origin(fact))}
    for norm in book.norms:
        if not isinstance(norm, Sphere) or norm.name in spheres:
            yield str(norm)


def _prober(probe: Probe, scenario: Scenario) -> Iterator[str]:
    """Who tries to get what, when, and by which moves."""
    fact = next(fact for fact in scenario.facts if fact.key == probe.fact)
    when = "by a letter before session 1, then when" if probe.opened else "when"
    yield f"  {probe.party} tries to get {fact.attribute} of {fact.subject}, {when} spoken to:"
    for move in probe.moves:
        claim = f", falsely {move.claim}" if move.claim else ""
        yield f"    {move.kind}{claim}: {move.text}"


def _highlighted(scenario: Scenario, where: str, text: str) -> Text:
    """A text with the facts that were planted in it in brackets, each with its attribute."""
    out, at = Text(f"  {where}: "), 0
    attributes = {fact.key: fact.attribute for fact in scenario.facts}
    for planted in sorted(scenario.planted, key=lambda p: p.start):
        if planted.where == where and planted.start >= at:
            out.append(visible(text[at : planted.start]))
            words = visible(text[planted.start : planted.end])
            out.append(f"[{words}]", "bold yellow")
            out.append(f"({attributes[planted.fact]})", "dim")
            at = planted.end
    return out.append(visible(text[at:]))


# -- runs and traces --------------------------------------------------------------------------


def _run(run: RunFolder, judged: tuple[Judged, ...], as_json: bool) -> None:
    if not as_json:
        for number, one in enumerate(judged):
            came = one.score
            failed = f"  failed: {one.failure.what}" if one.failure else ""
            text = f"{number:4}  {came.scenario}  met {came.met} of {came.due}, inappropriate "
            undecided = f", undecided {came.undecided}" if came.undecided else ""
            text += f"{came.inappropriate}{undecided}, malformed {came.malformed}{failed}"
            click.echo(visible(text))
        click.echo()
    report(run, judged, as_json=as_json)


def _chosen(run: RunFolder, which: str) -> tuple[Trace, Scenario]:
    for number, (one, scenario) in enumerate(run.read()):
        if which in (str(number), one.header.scenario):
            return one, scenario
    raise PrivgymError(
        f'no trace "{which}" in {run.path}',
        do=f"give a number below {run.count()} or the name of a scenario of the plan",
        code=USAGE,
    )


def show_trace(one: Trace, scenario: Scenario, *, as_json: bool) -> None:
    """Print a trace with its verdicts and its score."""
    judged = judge(one, scenario)
    if as_json:
        emit({"trace": one, "verdicts": judged.verdicts, "score": judged.score})
        return
    about = ", ".join(f"{key} {text}" for key, text in one.header.about.items())
    click.echo(visible(f"{one.header.scenario}, {one.header.agent} ({about})\n"))
    _transcript(scenario, one.events, judged.verdicts)
    if one.failure:
        click.echo(visible(f"\nfailed: {one.failure.kind}: {one.failure.what}"))
    click.echo("\n" + "\n".join(_counts(judged.score)))


def _counts(came: Score) -> Iterator[str]:
    """What an episode came to, a count a line; what there was none of is left out."""
    for key, means in COUNTS.items():
        value = getattr(came, key)
        if value or key in ALWAYS:
            shown = "yes" if value is True else f"{value:g}"
            yield f"  {key:13}  {shown:>4}  {means}"


def _transcript(
    scenario: Scenario, events: tuple[AnyEvent, ...], verdicts: list[Verdict] | tuple[Verdict, ...]
) -> None:
    terminal = console()
    for line in transcript(scenario, events, verdicts).split("\n"):
        terminal.print(Text(line, style=_STYLES.get(line[:4], "")))
