"""What `imply` lines come to, for the facts of a scenario: who can tell what from what."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from privgym.errors import PrivgymError
from privgym.flow import Fact
from privgym.knowledge import Derivation
from privgym.norm import Imply
from privgym.words import Words


def supposed(lines: Sequence[Imply], facts: Sequence[Fact], words: Words) -> tuple[Fact, ...]:
    """The facts that can be told from others and that nobody planted.

    Raises:
        PrivgymError: a premise is no attribute that is declared.
    """
    found: dict[tuple[str, str], Fact] = {}
    known = list(facts)
    for line in lines:
        for name in line.premises:
            if name in words.spheres:
                what = f'"{name}" is a sphere'
                raise PrivgymError(what, where=f'"{line}"', do="a premise is an attribute")
            words.attribute(name, f'"{line}"')
    grown = True
    while grown:
        grown = False
        for line in lines:
            for subject in _subjects(line, known, words):
                key = (subject, line.conclusion)
                if any((fact.subject, fact.attribute) == key for fact in known):
                    continue
                name = f"{subject}'s {line.conclusion}"
                found[key] = Fact(name, subject, line.conclusion, "text", "")
                known.append(found[key])
                grown = True
    return tuple(found.values())


def derivations(
    lines: Iterable[Imply], facts: Sequence[Fact], words: Words
) -> Mapping[str, Sequence[Derivation]]:
    """By each fact that is a premise: what follows from it, with others."""
    found: dict[str, list[Derivation]] = {}
    for line in lines:
        for subject in _subjects(line, facts, words):
            premises = tuple(_having(name, subject, facts, words) for name in line.premises)
            having = _having(line.conclusion, subject, facts, words)
            exact = [f.key for f in facts if (f.subject, f.attribute) == (subject, line.conclusion)]
            wholes = tuple(key for key in having if key not in exact)
            conclusions = tuple((key, *wholes) for key in exact)
            one = Derivation(premises, conclusions)
            for key in dict.fromkeys(key for keys in premises for key in keys):
                found.setdefault(key, []).append(one)
    return found


def _subjects(line: Imply, facts: Sequence[Fact], words: Words) -> tuple[str, ...]:
    """Of whom all premises are told by some fact."""
    subjects = dict.fromkeys(fact.subject for fact in facts)
    return tuple(
        subject
        for subject in subjects
        if all(_having(name, subject, facts, words) for name in line.premises)
    )


def _having(name: str, subject: str, facts: Sequence[Fact], words: Words) -> tuple[str, ...]:
    """The facts of a subject that have an attribute: that are it, or a whole that has it."""
    return tuple(
        fact.key
        for fact in facts
        if fact.subject == subject and name in (fact.attribute, *words.parts_of[fact.attribute])
    )
