"""Monitors that are wrong in one place, for trying whether the comparison with the oracle sees it.

A mutant is a copy of the modules that judge, loaded under another name, with one piece of source
text replaced by another.
"""

from __future__ import annotations

import importlib
import inspect
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from random import Random
from types import ModuleType
from typing import Any, NamedTuple

from privgym.errors import PrivgymError
from tests.agree import opinions, verdicts, watch
from tests.gen import Case, draw
from tests.oracle import Opinion

MODULES = ("words", "knowledge", "imply", "line", "book", "past", "duties", "verdict", "monitor")


class Mutant(NamedTuple):
    """What is wrong: in a module, `old` stands once and is replaced by `new`.

    `same` argues why a mutant that no trace can tell from the original is equivalent to it.
    """

    what: str
    module: str
    old: str
    new: str
    same: str = ""


MUTANTS = (
    # -- words --
    Mutant(
        "a whole does not name its parts",
        "words",
        "return (*self.above[fact.attribute], *(",
        "return (fact.attribute, *(",
    ),
    Mutant(
        "delegating a sphere is not delegating what is in it",
        "words",
        "return (*self.above[name], *([sphere.name] if sphere else []))",
        "return self.above[name]",
    ),
    Mutant(
        "a role is held towards everybody",
        "words",
        "self._roles.get(role, ()) if within(of, towards))",
        "self._roles.get(role, ()))",
    ),
    Mutant(
        "a role comes before a key",
        "words",
        "if not who.of and who.word in self.keys:",
        "if not who.of and who.word in self.keys and who.word not in self._roles:",
    ),
    Mutant(
        "a word that repeats one of the rule is any holder again",
        "words",
        'return same[0] if same else ""',
        'return ""',
    ),
    # -- book --
    Mutant(
        "a never does not reach up",
        "book",
        "up = down | self.parts_of[fact.attribute]",
        "up = down",
    ),
    Mutant(
        "an allow reaches up",
        "book",
        "for line in self._allows if down &",
        "for line in self._allows if up &",
    ),
    Mutant(
        "the inner circle is not excused",
        "book",
        "inner = recipient == fact.subject or (sender in self.circle and recipient in self.circle)",
        "inner = False",
    ),
    Mutant(
        "the subject is not excused",
        "book",
        "inner = recipient == fact.subject or (sender in self.circle and recipient in self.circle)",
        "inner = sender in self.circle and recipient in self.circle",
    ),
    Mutant(
        "an allow narrows nothing",
        "book",
        'else own[0].text if own else ""',
        'else ""',
    ),
    Mutant(
        "what the inner circle is told counts",
        "line",
        "and (not inner or self.key == recipient)",
        "",
    ),
    Mutant(
        "what several are told is counted apart",
        "line",
        'return "" if self.key else recipient',
        "return recipient",
    ),
    Mutant(
        "the purpose of a session does not matter",
        "book",
        "return self.purposes[session - 1 : session] == (rule.purpose,)",
        "return True",
    ),
    Mutant(
        "memory asks for itself",
        "book",
        "asker = self.people.principal if inner else duty.recipient",
        "asker = duty.recipient",
    ),
    Mutant(
        "a part discharges a duty, a whole does not",
        "book",
        "wholes = self.words.above[duty.fact.attribute][1:]",
        "wholes = tuple(self.words.parts_of[duty.fact.attribute])",
    ),
    Mutant(
        "a must is owed for wholes as well",
        "book",
        "            if bound := [fact for fact in found if fact.subject in subjects]:\n"
        "                return bound",
        "            bound = [*locals().get('bound', [])]\n"
        "            bound += [fact for fact in found if fact.subject in subjects]\n"
        "        if bound:\n            return bound",
    ),
    # -- past --
    Mutant(
        "a span ends before its edge",
        "past",
        "<= span.count * MINUTES.get(span.unit, 1)",
        "< span.count * MINUTES.get(span.unit, 1)",
    ),
    Mutant(
        "a span ends after its edge",
        "past",
        "<= span.count * MINUTES.get(span.unit, 1)",
        "<= span.count * MINUTES.get(span.unit, 1) + 1",
    ),
    Mutant(
        "a year is a day longer",
        "past",
        '"year": 365 * 24 * 60',
        '"year": 366 * 24 * 60',
    ),
    Mutant(
        "steps are sessions",
        "past",
        "return self.step - then.step",
        "return self.session - then.session",
    ),
    Mutant(
        "the first word is the last",
        "past",
        "last = max(words)",
        "last = min(words)",
    ),
    Mutant(
        "who decides can pass it on",
        "past",
        "for party in (event.party, *self._behind(event.party, event.attribute)):",
        "behind = list(self._behind(event.party, event.attribute))\n"
        "                behind += [o for d in behind for o in self._behind(d, event.attribute)]\n"
        "                for party in (event.party, *behind):",
    ),
    Mutant(
        "a delegation cannot be revoked",
        "past",
        "word = _Word(self._acts, self.now, isinstance(event, Delegated))",
        "word = _Word(self._acts, self.now, True)",
    ),
    Mutant(
        "a delegation cannot be revoked in part",
        "past",
        "if words and max(words).given:",
        "if any(word.given for word in words):",
    ),
    Mutant(
        "nobody decides for another",
        "past",
        "for party in (event.party, *self._behind(event.party, event.attribute)):",
        "for party in (event.party,):",
    ),
    Mutant(
        "anybody's confidence is the source's",
        "past",
        "return any((source, name) in self._confided for name in self._book.covers(case.fact))",
        "names = self._book.covers(case.fact)\n"
        "        return any(name in names for _, name in self._confided)",
    ),
    Mutant(
        "the last to tell is the source",
        "past",
        "        if not self.sure:\n            self.sure = sure",
        "        if True:\n            self._seen = [] if sure else self._seen\n"
        "            self.sure = self.sure or sure",
    ),
    Mutant(
        "whoever perhaps told is surely the source",
        "past",
        "return [*self._seen, *([] if self.sure else [None])]",
        "return list(self._seen) or [None]",
    ),
    Mutant(
        "who told a fact does not know it",
        "past",
        "            self.knowledge.tell(sender, fact.key, truth)\n",
        "",
    ),
    Mutant(
        "until is while",
        "past",
        'so if link == "if" else negated(so)',
        'so if link in ("if", "until") else negated(so)',
    ),
    Mutant(
        "only the last alternative matters",
        "past",
        "so = max(so, self._is(test, case))",
        "so = self._is(test, case)",
    ),
    Mutant(
        "a set is judged one by one",
        "past",
        "for recipient, fact, truth in message:\n            same =",
        "for recipient, fact, truth in ():\n            same =",
    ),
    Mutant(
        "at most n is fewer than n",
        "past",
        "len(told[0] | sure) > limit.count",
        "len(told[0] | sure) >= limit.count",
    ),
    Mutant(
        "what was told before breaks an at most again",
        "past",
        "if names - told[1] and len(told[0] | sure)",
        "if len(told[0] | sure)",
    ),
    Mutant(
        "what was perhaps told does not count",
        "past",
        "return OPEN if names - told[0] and len(told[1] | any_) > limit.count else NO",
        "return NO",
    ),
    Mutant(
        "memory has to ask",
        "past",
        "if party in (MEMORY, AGENT) else party",
        "if False else party",
    ),
    Mutant(
        "the first asking counts",
        "past",
        "self._asked[event.party, event.attribute] = self.now",
        "self._asked.setdefault((event.party, event.attribute), self.now)",
    ),
    Mutant(
        "the first announcement counts",
        "past",
        "self._events[event.name] = self.now",
        "self._events.setdefault(event.name, self.now)",
    ),
    Mutant(
        "consent to anyone is consent to nobody",
        "past",
        "for to in (case.recipient, ANYONE))",
        "for to in (case.recipient,))",
    ),
    Mutant(
        "what is open is not so",
        "past",
        "return OPEN if len(found) > 1",
        "return NO if len(found) > 1",
    ),
    Mutant(
        "what is in view is taken in again",
        "past",
        "if fact not in self._seen or not self._seen[fact].sure:",
        "if True:",
        same="what comes after the first sure sight is passed over once more, by `_First.add`",
    ),
    # -- knowledge --
    Mutant(
        "an audience does not pool",
        "knowledge",
        "pools = [pool for pool in self._audiences if party in pool]",
        "pools: list[frozenset[str]] = []",
    ),
    Mutant(
        "the last premise is enough",
        "knowledge",
        "whole = min(whole, max(given, had))",
        "whole = max(given, had)",
    ),
    Mutant(
        "a conclusion is no premise",
        "knowledge",
        "                        waiting.append((*pair, number))\n",
        "",
    ),
    Mutant(
        "the others of an audience conclude nothing",
        "knowledge",
        "for member, keys in product(sorted(pool), derivation.conclusions):",
        "for member, keys in product((party,), derivation.conclusions):",
    ),
    Mutant(
        "what was had before is concluded again",
        "knowledge",
        "last = max(last, min(given, negated(had)))",
        "last = max(last, given)",
    ),
    Mutant(
        "what was perhaps had before is surely new",
        "knowledge",
        "last = max(last, min(given, negated(had)))",
        "last = max(last, given if had < YES else NO)",
        same="where the last premise was perhaps had, so was the conclusion, which is open with it",
    ),
    Mutant(
        "who has the whole concludes the part",
        "imply",
        "conclusions = tuple((key, *wholes) for key in exact)",
        "conclusions = tuple((key,) for key in exact)",
    ),
    Mutant(
        "who tells a premise concludes nothing",
        "knowledge",
        "        waiting = [(party, fact)]\n        while waiting:",
        "        waiting = [(party, fact)]\n        while False:",
    ),
    Mutant(
        "a whole is no premise",
        "imply",
        "name in (fact.attribute, *words.parts_of[fact.attribute])",
        "name == fact.attribute",
    ),
    # -- duties --
    Mutant(
        "a deadline comes at its edge",
        "duties",
        "deadlines[0][0] < _reading(now, unit)",
        "deadlines[0][0] <= _reading(now, unit)",
    ),
    Mutant(
        "who asks before session 1 opens a duty",
        "duties",
        "if now.session and here and number",
        "if (here or not now.session) and number",
    ),
    Mutant(
        "from whom a duty is met does not matter",
        "duties",
        "or not line.fits(sender, recipient)",
        "",
    ),
    Mutant(
        "where a duty is met does not matter",
        "duties",
        "or not here or",
        "or",
    ),
    Mutant(
        "what is perhaps told is told",
        "duties",
        "if truth == YES:",
        "if truth:",
    ),
    Mutant(
        "by end of session is by end of episode",
        "duties",
        'line.rule.by == "session" and opened == session',
        'line.rule.by == "episode" and last',
    ),
    # -- monitor --
    Mutant(
        "a repeat is charged",
        "monitor",
        "self._charged.add((verdict.norm, verdict.fact, verdict.recipient))",
        "pass",
    ),
    Mutant(
        "what was perhaps found is surely inappropriate",
        "monitor",
        "if min(found.truth, truth) == YES",
        "if found.truth == YES",
    ),
    Mutant(
        "what is open is inappropriate",
        "monitor",
        "if min(found.truth, truth) == YES",
        "if truth == YES",
    ),
    Mutant(
        "an allow beats a never",
        "monitor",
        "for line in speaks.nevers:",
        "for line in () if any(self._past.holds(allow, case) == YES for allow in speaks.allows) "
        "else speaks.nevers:",
    ),
    Mutant(
        "the source is denied",
        "monitor",
        "source = self._past.came_from(case.fact.key, case.recipient)",
        "source: Truth = NO",
    ),
    Mutant(
        "what memory gives is not judged",
        "monitor",
        "own = event.hand == AGENT or (event.sender == MEMORY and recipient == AGENT)",
        "own = event.hand == AGENT",
    ),
    Mutant(
        "what comes before session 1 is judged",
        "monitor",
        "return own and self.session > 0",
        "return own",
    ),
    Mutant(
        "a message is its own past",
        "monitor",
        "        for verdict in self._verdicts(event, message, derived):",
        "        self._past.learn(self._sender(event), message.told)\n"
        "        for verdict in self._verdicts(event, message, derived):",
    ),
    Mutant(
        "a duty that may have come to be forbidden is owed",
        "monitor",
        "        if found.truth:\n            had =",
        "        if found.wrong:\n            had =",
    ),
    Mutant(
        "a duty whose clauses are open is owed",
        "monitor",
        "if self._past.due(duty.line, case) != YES:",
        "if self._past.due(duty.line, case) == NO:",
    ),
    Mutant(
        "what was perhaps told is missing",
        "monitor",
        "if self._duties.perhaps(number):",
        "if False:",
    ),
    Mutant(
        "a duty that nothing opened is forgotten",
        "monitor",
        "for number in self._duties.left():",
        "for number in ():",
    ),
)


@contextmanager
def loaded(mutant: Mutant) -> Iterator[ModuleType]:
    """The mutant's `monitor`, which has its `Book` too."""
    home = f"mutant_{MUTANTS.index(mutant)}"
    try:
        for name in MODULES:
            source = inspect.getsource(importlib.import_module(f"privgym.{name}"))
            if name == mutant.module:
                if source.count(mutant.old) != 1:
                    raise ValueError(f'not once in {name}.py: "{mutant.old}"; mend the mutant')
                source = source.replace(mutant.old, mutant.new)
            for other in MODULES:
                source = source.replace(f"from privgym.{other} ", f"from {home}.{other} ")
            module = ModuleType(f"{home}.{name}")
            sys.modules[module.__name__] = module
            exec(compile(source, f"<{mutant.what}: {name}>", "exec"), vars(module))
        yield sys.modules[f"{home}.monitor"]
    finally:
        for name in MODULES:
            sys.modules.pop(f"{home}.{name}", None)


def killed(mutant: Mutant, cases: int) -> int:
    """How many tight cases it takes until a mutant says what the monitor does not; 0 if none does.

    That the monitor says of these cases what the oracle says is `test_monitor_oracle.py`'s to show.
    """
    with loaded(mutant) as module:
        for seed in range(cases):
            if _said(module, _case(seed)) != _right(seed):
                return seed + 1
    return 0


def _said(module: Any, case: Case) -> list[Opinion] | None:
    """What a mutant says; None where it fails, which is seen as well."""
    known = (case.lines, case.parties, case.facts, case.spheres, "ana", case.purposes)
    try:
        return opinions(watch(module.Monitor(module.Book.of(*known)), case))
    except (LookupError, PrivgymError):
        return None


@cache
def _case(seed: int) -> Case:
    return draw(Random(seed), tight=True)


@cache
def _right(seed: int) -> list[Opinion]:
    return opinions(verdicts(_case(seed)))
