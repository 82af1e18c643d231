"""What the words of norms stand for: attributes and spheres, parties and roles.

Words are declared before they are used: `sphere` and `has` lines and the facts themselves declare
attributes, the parties declare keys and roles. A word that nobody declared is an error, since a
norm with a misspelt word would be silently never true.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from typing import Literal

import msgspec

from privgym.errors import PrivgymError, did_you_mean
from privgym.flow import AGENT, MEMORY, STRANGER, Fact, Party
from privgym.norm import Has, Imply, Norm, Purposes, Rule, Sphere, Who

Part = Literal["", "sender", "recipient", "subject", "source"]
ANYONE = "anyone"
PARTS: dict[str, Part] = {
    "sender": "sender",
    "recipient": "recipient",
    "subject": "subject",
    "source": "source",
}


class Someone(msgspec.Struct, frozen=True):
    """Whom a word of a condition stands for.

    Args:
        part: the part of the flow it is, "" if it is the same for every flow.
        role: where set, the holders of this role towards that part.
        keys: the parties, where `part` is "".
    """

    part: Part = ""
    role: str = ""
    keys: frozenset[str] = frozenset()


class Words:
    """The attributes and spheres that a scenario's lines and facts declare."""

    def __init__(self, norms: Sequence[Norm], facts: Sequence[Fact]) -> None:
        self.spheres: dict[str, Sphere] = {}
        self._own: dict[str, Sphere] = {}
        self._wholes: dict[str, tuple[str, ...]] = {fact.attribute: () for fact in facts}
        self.purposes: set[str] = set()
        for norm in norms:
            if isinstance(norm, Sphere):
                self._declare(norm)
            elif isinstance(norm, Purposes):
                self.purposes.update(norm.names)
            elif isinstance(norm, Imply):
                self._wholes.setdefault(norm.conclusion, ())
            elif isinstance(norm, Has):
                self._wholes.setdefault(norm.whole, ())
                for part in norm.parts:
                    self._wholes[part] = (*self._wholes.get(part, ()), norm.whole)
        both = sorted(self.spheres.keys() & self._wholes.keys())
        if both:
            raise PrivgymError(f'"{both[0]}" is a sphere and an attribute', do="rename one of them")
        above = {attribute: self._above(attribute) for attribute in self._wholes}
        parts: dict[str, list[str]] = {}
        for part, (_, *wholes) in above.items():
            for whole in wholes:
                parts.setdefault(whole, []).append(part)
        self.parts_of = {whole: frozenset(parts.get(whole, ())) for whole in above}
        self._origin = {attribute: self._sphere(attribute) for attribute in above}
        self.above = above

    def _declare(self, line: Sphere) -> None:
        first = self.spheres.setdefault(line.name, line)
        if first.denies != line.denies:
            raise PrivgymError(f'sphere "{line.name}" both denies and allows', do="keep one line")
        for attribute in line.attributes:
            self._wholes.setdefault(attribute, ())
            other = self._own.setdefault(attribute, line)
            if other.name != line.name:
                raise PrivgymError(
                    f'"{attribute}" belongs to two spheres: {other.name}, {line.name}',
                    do="an attribute has one sphere; a fact may name another where it is made",
                )

    def _above(self, attribute: str) -> tuple[str, ...]:
        """The attribute and all its wholes, nearest first."""
        found = [attribute]
        for name in found:
            wholes = self._wholes[name]
            if attribute in wholes:
                raise PrivgymError(f'"{attribute}" contains itself', do="break the circle of has")
            found += [whole for whole in wholes if whole not in found]
        return tuple(found)

    def _sphere(self, attribute: str) -> Sphere | None:
        """The line that gives an attribute its sphere: its own, or that of a whole."""
        if attribute in self._own:
            return self._own[attribute]
        found = [line for whole in self._wholes[attribute] if (line := self._sphere(whole))]
        if len({line.name for line in found}) > 1:
            raise PrivgymError(
                f'"{attribute}" is a part of wholes of two spheres',
                do=f'say which: "sphere {found[0].name} ... for {attribute}"',
            )
        return found[0] if found else None

    def above_and_sphere(self, name: str) -> tuple[str, ...]:
        """What names all of an attribute (or sphere): itself, its wholes, its own sphere."""
        if name not in self.above:
            return (name,)
        sphere = self._origin[name]
        return (*self.above[name], *([sphere.name] if sphere else []))

    def origin(self, fact: Fact) -> Sphere | None:
        """The sphere a fact comes from."""
        return self.sphere(fact.sphere) if fact.sphere else self._origin[fact.attribute]

    def covers(self, fact: Fact) -> tuple[str, ...]:
        """The names that cover a fact: its attribute, wholes of it, its sphere."""
        sphere = self.origin(fact)
        return (*self.above[fact.attribute], *([sphere.name] if sphere else []))

    def sphere(self, name: str, where: str = "") -> Sphere:
        """A declared sphere; PrivgymError if there is none of that name."""
        if name not in self.spheres:
            raise _unknown("sphere", name, self.spheres, where, f"sphere {name} denies for ...")
        return self.spheres[name]

    def purpose(self, name: str, where: str) -> None:
        """Refuse a purpose that is not declared."""
        if name not in self.purposes:
            raise _unknown("purpose", name, self.purposes, where, f"purpose {name}")

    def attribute(self, name: str, where: str) -> None:
        """Refuse a name that is neither an attribute nor a sphere."""
        if name not in self.above and name not in self.spheres:
            known = self.above.keys() | self.spheres.keys()
            raise _unknown("attribute", name, known, where, f"sphere ... for {name}")


class People:
    """The parties, as norms call them."""

    def __init__(self, parties: Sequence[Party], principal: str) -> None:
        self.principal = principal
        self.parties = {party.key: party.name for party in parties}
        self.keys = {party.key for party in parties} | {AGENT, MEMORY, STRANGER, principal}
        self._roles: dict[str, list[tuple[str, str]]] = {}
        for party in parties:
            if party.key == ANYONE or party.key in PARTS:
                raise PrivgymError(f'a party cannot be called "{party.key}"', do="norms use it")
            for role, towards in party.roles:
                self._roles.setdefault(role, []).append((party.key, towards))

    @property
    def roles(self) -> frozenset[str]:
        """The roles that somebody holds."""
        return frozenset(self._roles)

    def holders(self, role: str, towards: frozenset[str] | None) -> frozenset[str]:
        """Who holds a role towards any of these parties (None is anyone)."""
        return frozenset(key for key, of in self._roles.get(role, ()) if within(of, towards))

    def party(self, key: str, where: str) -> None:
        """Refuse a key that no party has."""
        if key not in self.keys:
            raise self._undeclared(Who(key), where)

    def who(self, who: Who, where: str) -> frozenset[str] | None:
        """The parties that a word of a pattern stands for; None is anyone."""
        if who == Who(ANYONE):
            return None
        if who.word in PARTS or who.of in PARTS:
            raise PrivgymError(
                f'"{who}" is a word of conditions', where=where, do="name a party, a role or anyone"
            )
        if not who.of and who.word in self.keys:
            return frozenset({who.word})
        if who.word not in self._roles:
            raise self._undeclared(who, where)
        found = self.holders(who.word, self.who(Who(who.of), where) if who.of else None)
        if not found:
            raise PrivgymError(f"nobody is {who}", where=where, do="give a party that role")
        return found

    def someone(self, who: Who, rule: Rule, where: str) -> Someone:
        """Whom a word of a condition stands for."""
        if who.word == ANYONE:
            parts = ", ".join(PARTS)
            raise PrivgymError(
                '"anyone" cannot stand in a condition', where=where, do=f"say one of {parts}"
            )
        if who.word in PARTS and not who.of:
            return Someone(PARTS[who.word])
        if who.of in PARTS:
            if who.word not in self._roles:
                raise self._undeclared(who, where)
            return Someone(PARTS[who.of], who.word)
        if part := self._repeats(who, rule, where):
            return Someone(part)
        return Someone(keys=self.who(who, where) or frozenset())

    def _repeats(self, who: Who, rule: Rule, where: str) -> Part:
        """The part of the pattern that has the same words, and so means the same party."""
        pattern: dict[Part, Who | None] = {
            "subject": rule.subject,
            "recipient": rule.recipient,
            "sender": rule.sender,
        }
        same = [part for part, word in pattern.items() if word == who]
        if len(same) > 1 and (who.of or who.word not in self.keys):
            raise PrivgymError(
                f'"{who}" could be the {" or the ".join(same)}', where=where, do="say which"
            )
        return same[0] if same else ""

    def _undeclared(self, who: Who, where: str) -> PrivgymError:
        roles = set(self._roles)
        kind, known = ("role", roles) if who.of else ("party or role", self.keys | roles)
        do = f"there are: {', '.join(sorted(known))}"
        return _unknown(kind, who.word, known, where, do)


def within(key: str, keys: Collection[str] | None) -> bool:
    """Whether a party is one of these; None is anyone."""
    return keys is None or key in keys


def _unknown(kind: str, word: str, known: Iterable[str], where: str, do: str) -> PrivgymError:
    what = f'"{word}" is no {kind} that is declared'
    return PrivgymError(what, where=where, meant=did_you_mean(word, known), do=do)
