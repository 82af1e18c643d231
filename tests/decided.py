"""Which parts of the norm language decide a verdict of a case: leave one out, and look again."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from privgym.event import Acted, Delegated
from privgym.message import Action
from privgym.norm import Audience, Imply, Most, Norm, Rule, Span
from tests.gen import Case
from tests.hindsight import Step
from tests.oracle import Opinion

Outcome = tuple[int, str, str, str, bool]


def outcome(opinion: Opinion) -> Outcome:
    """What an opinion says, whatever line it rests on."""
    return opinion.event, opinion.kind, opinion.fact, opinion.recipient, opinion.derived


def decided(case: Case, opinions: list[Opinion]) -> set[str]:
    """The parts of the language without which some verdict would be another."""
    before = sorted(map(outcome, opinions))
    found = {f"{_what(o)}: {o.kind}" for o in opinions}
    for part, without in ablations(case):
        if part not in found and sorted(map(outcome, without.oracle().opinions())) != before:
            found.add(part)
    return found


def _what(opinion: Opinion) -> str:
    duty = opinion.norm.startswith("must")
    return "duty" if duty else "derived flow" if opinion.derived else "flow"


def ablations(case: Case) -> Iterator[tuple[str, Case]]:
    """(part of the language, the case without it)."""
    for number, line in enumerate(case.lines):
        for part, norms in _weakened(Norm.read(line)):
            lines = (*case.lines[:number], *map(str, norms), *case.lines[number + 1 :])
            yield part, case._replace(lines=lines)
    nothing: Step = (Acted("boss", Action()), ())
    undelegated = tuple(nothing if isinstance(step[0], Delegated) else step for step in case.trace)
    if undelegated != case.trace and not any("delegated" in line for line in case.lines):
        yield "a delegate's consent", case._replace(trace=undelegated)


def _weakened(norm: Norm) -> Iterator[tuple[str, tuple[Norm, ...]]]:
    match norm:
        case Imply():
            yield "imply", ()
        case Audience():
            yield "audience", ()
        case Most(recipient=to, span=span):
            yield f"at most, to {'a word' if to else 'the same recipient'}", ()
            if span:
                yield "at most, within", (replace(norm, span=None),)
        case Rule(kind=kind):
            if kind != "must":
                yield kind, ()
            for word in ("sender", "purpose", "sphere"):
                if getattr(norm, word):
                    yield word, (replace(norm, **{word: None if word == "sender" else ""}),)
            if norm.by:
                unit = _unit(norm.by) if isinstance(norm.by, Span) else f"end of {norm.by}"
                yield f"by {unit}", (replace(norm, by=""),)
            yield from _clauses(norm)


def _clauses(norm: Rule) -> Iterator[tuple[str, tuple[Norm, ...]]]:
    for place, clause in enumerate(norm.clauses):
        before, after = norm.clauses[:place], norm.clauses[place + 1 :]
        if clause.link in ("until", "when"):
            part = f"{clause.link} {'asked' if clause.conds[0].act == 'asked' else 'event'}"
            yield part, (replace(norm, clauses=(*before, *after)),)
            continue
        for i, cond in enumerate(clause.conds):
            others = (*clause.conds[:i], *clause.conds[i + 1 :])
            kept = (replace(clause, conds=others),) if others else ()
            yield cond.act, (replace(norm, clauses=(*before, *kept, *after)),)
            if "source" in f"{cond.who} {cond.other}".split():
                yield "source", (replace(norm, clauses=(*before, *kept, *after)),)
            if cond.span:
                longer = replace(cond, span=None)
                spanless = (*clause.conds[:i], longer, *clause.conds[i + 1 :])
                clauses = (*before, replace(clause, conds=spanless), *after)
                yield f"within {_unit(cond.span)}", (replace(norm, clauses=clauses),)


def _unit(span: Span) -> str:
    return f"{span.unit}s" if span.unit in ("step", "session") else "a time"
