"""Are norms sound, before anything is judged by them?

`sheet` and `idle` look at lines alone (somebody's own norms), the others at lines beside the
parties and facts of a scenario.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from privgym.book import Book
from privgym.errors import PrivgymError, did_you_mean
from privgym.flow import AGENT, MEMORY
from privgym.line import Duty
from privgym.norm import Has, Imply, Most, Norm, Purposes, Rule, Sphere, sentences
from privgym.scenario import Scenario


def sheet(lines: Sequence[str], where: str = "") -> list[str]:
    """What is wrong with norms by themselves, a sentence each; empty if nothing is.

    Args:
        lines: as they stand in a file, with comments.
        where: the file, named in what is said.
    """
    norms, found = [], []
    for number, line in enumerate(lines, 1):
        try:
            norms += list(sentences(["" for _ in range(number - 1)] + [line], where))
        except PrivgymError as error:
            found.append(str(error))
    found += _doubled(norms)
    found += _undeclared(norms)
    found += _clashing(norms)
    found += circles(norms)
    return found


def idle(lines: Sequence[str]) -> list[str]:
    """What lines that can be read declare and never speak of, a sentence each."""
    norms = []
    for line in lines:
        try:
            norms += list(sentences([line]))
        except PrivgymError:
            continue  # `sheet` says what is wrong with it
    return list(_idle(norms))


def _doubled(norms: Sequence[Norm]) -> Iterator[str]:
    seen = set[Norm]()
    for norm in norms:
        if norm in seen:
            yield f'"{norm}" stands there twice'
        seen.add(norm)
    defaults: dict[str, Sphere] = {}
    owners: dict[str, Sphere] = {}
    for norm in dict.fromkeys(norms):
        if not isinstance(norm, Sphere):
            continue
        if defaults.setdefault(norm.name, norm).denies != norm.denies:
            yield f'sphere "{norm.name}" both denies and allows'
        for attribute in norm.attributes:
            if (other := owners.setdefault(attribute, norm)).name != norm.name:
                yield f'"{attribute}" belongs to two spheres: {other.name}, {norm.name}'


def _undeclared(norms: Sequence[Norm]) -> Iterator[str]:
    spheres = {norm.name for norm in norms if isinstance(norm, Sphere)}
    purposes = {name for norm in norms if isinstance(norm, Purposes) for name in norm.names}
    attributes = _declared(norms)
    for norm in norms:
        for name in _named(norm):
            if name not in attributes | spheres:
                yield _unknown(norm, "attribute", name, attributes | spheres)
        if not isinstance(norm, Rule):
            continue
        learned = [c.name for clause in norm.clauses for c in clause.conds if c.act == "learned"]
        for name in filter(None, (norm.sphere, *learned)):
            if name not in spheres:
                yield _unknown(norm, "sphere", name, spheres)
        if norm.purpose and norm.purpose not in purposes:
            yield _unknown(norm, "purpose", norm.purpose, purposes)


def _declared(norms: Iterable[Norm]) -> set[str]:
    found = set[str]()
    for norm in norms:
        if isinstance(norm, Sphere):
            found.update(norm.attributes)
        elif isinstance(norm, Has):
            found.update((norm.whole, *norm.parts))
        elif isinstance(norm, Imply):
            found.add(norm.conclusion)
    return found


def _named(norm: Norm) -> tuple[str, ...]:
    """The attributes that a line speaks of without declaring them."""
    if isinstance(norm, Rule | Most):
        return norm.attributes
    return norm.premises if isinstance(norm, Imply) else ()


def _unknown(norm: Norm, kind: str, name: str, known: Iterable[str]) -> str:
    near = did_you_mean(name, known)
    hint = f"; did you mean {near}?" if near else ""
    return f'"{norm}": "{name}" is no {kind} that is declared{hint}'


def _clashing(norms: Sequence[Norm]) -> Iterator[str]:
    """A `never` without conditions, and what it makes idle."""
    rules = [norm for norm in norms if isinstance(norm, Rule)]
    flat = [rule for rule in rules if rule.kind == "never" and not rule.clauses]
    for rule in rules:
        for never in flat:
            if rule.kind == "never" or not _covers(never, rule):
                continue
            what = "cannot be met" if rule.kind == "must" else "never permits anything"
            yield f'"{rule}" {what}: "{never}" forbids it'


def _covers(never: Rule, rule: Rule) -> bool:
    """Whether all that a rule speaks of is surely among what the other one speaks of."""
    return (
        set(rule.attributes) <= set(never.attributes)
        and all(
            wide is None or wide.word == "anyone" or wide == narrow
            for wide, narrow in (
                (never.subject, rule.subject),
                (never.recipient, rule.recipient),
                (never.sender, rule.sender),
            )
        )
        and never.purpose in ("", rule.purpose)
        and never.sphere in ("", rule.sphere)
    )


def circles(norms: Sequence[Norm]) -> Iterator[str]:
    """Attributes that contain, or imply, themselves."""
    parts: dict[str, set[str]] = {}
    follows: dict[str, set[str]] = {}
    for norm in norms:
        if isinstance(norm, Has):
            parts.setdefault(norm.whole, set()).update(norm.parts)
        elif isinstance(norm, Imply):
            for premise in norm.premises:
                follows.setdefault(premise, set()).add(norm.conclusion)
    for steps, verb in ((parts, "contains"), (follows, "implies")):
        for name in sorted(steps):
            if name in _reached(name, steps):
                yield f'"{name}" {verb} itself: break the circle'


def _reached(name: str, steps: dict[str, set[str]]) -> set[str]:
    found, waiting = set[str](), [name]
    while waiting:
        for step in steps.get(waiting.pop(), ()):
            if step not in found:
                found.add(step)
                waiting.append(step)
    return found


def _idle(norms: Sequence[Norm]) -> Iterator[str]:
    """What is declared, and no line speaks of."""
    named = {name for norm in norms for name in _named(norm)}
    wholes = [norm for norm in norms if isinstance(norm, Has)]
    for norm in norms:
        if isinstance(norm, Sphere) and not norm.denies:
            own = [n for n in norm.attributes if not _spoken(n, norm.name, named, wholes)]
            about = f'{", ".join(own)}, and "{norm.name}" allows by default'
        elif isinstance(norm, Purposes):
            used = {rule.purpose for rule in norms if isinstance(rule, Rule)}
            own = [name for name in norm.names if name not in used]
            about = f"the purpose {', '.join(own)}"
        else:
            continue
        if own:
            yield f"no line speaks of {about}"


def _spoken(name: str, sphere: str, named: set[str], wholes: Sequence[Has]) -> bool:
    if named & {name, sphere}:
        return True
    return any(_spoken(has.whole, sphere, named, wholes) for has in wholes if name in has.parts)


def contradictions(book: Book, sources: Mapping[str, str] | None = None) -> tuple[str, ...]:
    """The musts that cannot be met without something inappropriate, whatever happens.

    Args:
        book: the norms.
        sources: fact -> the party it came from before session 1, to whom no default denies it.

    Returns:
        One sentence each; empty if there are none.
    """
    found = []
    for duty in book.duties:
        rule, end = duty.line.rule, len(book.spheres)
        last = duty.opens if rule.by == "session" and duty.opens else end
        sessions = [n for n in range(max(duty.opens, 1), last + 1) if book.here(rule, n)]
        why = {_forbids(book, duty, session, sources or {}) for session in sessions}
        if why and "" not in why:
            told = f"{duty.fact.attribute} of {duty.fact.subject} to {duty.recipient}"
            found.append(f'"{duty.line.text}" cannot be met: "{min(why)}" forbids {told}')
    return tuple(found)


def _forbids(book: Book, duty: Duty, session: int, sources: Mapping[str, str]) -> str:
    """The line that forbids meeting a duty in a session, whatever the past; "" if none does."""
    speaks = book.speaks(duty.fact, duty.sender, duty.recipient)
    for line in speaks.nevers:
        if not line.tests and book.here(line.rule, session):
            return line.text
    allowed = any(book.here(line.rule, session) for line in speaks.allows)
    if allowed or sources.get(duty.fact.key) == duty.recipient:
        return ""
    return speaks.denies


def speechless(book: Book, lines: Iterable[str]) -> Iterator[str]:
    """The `never`, `allow` and `at most` among some lines that speak of no flow of a scenario."""
    spoken = set(_spoken_of(book))
    for norm in sentences(lines):
        is_rule = isinstance(norm, Rule) and norm.kind != "must"
        if (is_rule or isinstance(norm, Most)) and str(norm) not in spoken:
            yield f'"{norm}" never speaks: no fact and party here are what it is about'
        if isinstance(norm, Imply) and not _follows(book, norm):
            yield f'"{norm}" never speaks: nobody here has all that it needs'


def _spoken_of(book: Book) -> Iterator[str]:
    """The lines that speak of some flow that could be."""
    for fact in book.facts.values():
        for recipient in book.people.keys:
            for sender in (
                (book.people.principal, MEMORY) if recipient == AGENT else (book.people.principal,)
            ):
                speaks = book.speaks(fact, sender, recipient)
                yield from (line.text for line in (*speaks.nevers, *speaks.allows))
                yield from (limit.text for limit, _ in speaks.limits)


def _follows(book: Book, norm: Imply) -> bool:
    return any(
        fact.attribute == norm.conclusion
        and any(keys[0] == fact.key for keys in derivation.conclusions)
        for found in book.derivations.values()
        for derivation in found
        for fact in book.facts.values()
    )


def unspoken(book: Book) -> Iterator[str]:
    """The attributes of facts that no line speaks of, so that anything may be done with them."""
    named = {name for norm in book.norms for name in _named(norm)}
    for fact in book.facts.values():
        sphere = book.words.origin(fact)
        touched = {*book.covers(fact), *book.parts_of[fact.attribute]}
        if not (touched & named) and not (sphere and sphere.denies):
            yield f"no line speaks of {fact.key}, and nothing denies it by default"


def unnamed(book: Book) -> Iterator[str]:
    """The roles that somebody holds and no line names."""
    words = {word for norm in book.norms for word in re.findall(r"\w+", str(norm))}
    for role in sorted(book.people.roles):
        if role not in words | book.people.keys:
            yield f"no line names the role {role}"


def unannounced(lines: Iterable[str], scenario: Scenario) -> Iterator[str]:
    """The events that lines wait for and nobody in a scenario can announce."""
    calls = [past.call for past in scenario.past]
    calls += [call for session in scenario.sessions for call in session.opening.calls]
    calls += [call for answer in scenario.answers for call in answer.calls]
    known = {
        str(msgspec.json.decode(call.arguments).get("event"))
        for call in calls
        if call.name == "act_announce"
    }
    for norm in sentences(lines):
        if not isinstance(norm, Rule):
            continue
        names = [c.name for clause in norm.clauses for c in clause.conds if c.act == "after"]
        for name in dict.fromkeys(names):
            if name not in known:
                near = did_you_mean(name, known)
                hint = f"; did you mean {near}?" if near else ""
                yield f'"{norm}": nobody announces the event "{name}"{hint}'
