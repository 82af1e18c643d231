"""The exact sensor: planted, typed values, found in every way in which they are written.

Exact means that it finds what is there in so many words, and nothing that is only implied.
One Aho-Corasick pass a text looks for all forms of all facts and for the people's names
(Aho and Corasick 1975); a second one, over the text without separators, for ids and phone
numbers. Both automata are built once a scenario, for whoever looks for its facts. What else it
takes to be sure of a finding is asked only where there is one.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from privgym.flow import Certainty, Fact, Finding, Party
from privgym.sensors import cues
from privgym.sensors.edges import Form
from privgym.sensors.forms import forms
from privgym.sensors.names import called, surnamed
from privgym.sensors.normalise import Normal, kept, squeezed
from privgym.sensors.others import Others
from privgym.sensors.views import views

_STATEMENT = 5
"""Words of a value that is a statement ("Tomas is treated for gout"): it says itself of whom."""

_UNIQUE = frozenset(("id", "ssn", "card", "phone", "email", "url", "address"))
"""Types whose values two people hardly share: who has such a value is clear whatever is said."""

_DISTINCTIVE = _UNIQUE.union(("date", "days", "money"))
"""Types whose values need nobody named beside them."""

_CUES = {"text": cues.mentioned, "number": cues.mentioned}
_CUES |= {"place": cues.denied, "state": cues.denied}
"""Type -> whether a text takes its words back; of other types a value discloses in any words."""


class _Hit(NamedTuple):
    """A place in a normalised text where a form of a fact stands.

    `fact` is the fact's index; `part` is 1 or 2 where only that end of a range of days stands;
    `unsure` where the form may mean something else.
    """

    start: int
    end: int
    fact: int
    part: int = 0
    unsure: bool = False


class _Passage(NamedTuple):
    """A text to look in: a part of the record, or what words of it (`span`) decode to."""

    part: int
    text: Normal
    span: tuple[int, int] | None = None


class _Matcher:
    """One automaton, and whose each of its words is: a fact's (its index) or a party's (its key).

    Args:
        words: forms and their owners.
        grouped: whether it takes the forms that are looked for without separators, or the rest.
    """

    def __init__(self, words: Iterable[tuple[Form, int | str]], grouped: bool) -> None:
        owners: dict[str, list[tuple[Form, int | str]]] = {}
        for form, owner in words:
            if form.squeezed == grouped:
                owners.setdefault(form.words, []).append((form, owner))
        self._owners, self._grouped = list(owners.values()), grouped
        # By itself it makes a DFA of few words, which takes four times as long to build and is
        # hardly faster to search texts as short as these.
        self._automaton = AhoCorasick(list(owners), implementation=Implementation.ContiguousNFA)

    def hits(self, normal: Normal, named: set[str]) -> Iterator[_Hit]:
        """The facts in a text; adds the parties in it to `named`."""
        if not self._owners:
            return
        text = normal.text
        searched = squeezed(text) if self._grouped else text
        matches = self._automaton.find_matches_as_indexes(searched, overlapping=True)
        at = kept(text) if matches and self._grouped else range(len(text))
        for word, start, end in matches:
            for form, owner in self._owners[word]:
                if owner in named:
                    continue  # of a party it is enough to know that it is named
                span = form.rule(text, at[start], at[end - 1] + 1)
                if span and isinstance(owner, int):
                    yield _Hit(*span, owner, form.end, form.unsure)
                elif span and not (form.unsure and surnamed(normal, *span)):
                    named.add(str(owner))


@lru_cache(maxsize=64)  # a scenario is graded soon after it was made
def _matchers(facts: tuple[Fact, ...], parties: tuple[Party, ...]) -> tuple[_Matcher, _Matcher]:
    """Words as they stand, and words without separators."""
    words: list[tuple[Form, int | str]]
    words = [(form, index) for index, fact in enumerate(facts) for form in forms(fact)]
    names = [(form, party.key) for party in parties for form in called(party)]
    bearers = Counter(form.words for form, _ in names)
    words += [name for name in names if bearers[name[0].words] == 1]  # shared, it names nobody
    return _Matcher(words, grouped=False), _Matcher(words, grouped=True)


class Exact:
    """Finds facts by their words.

    Args:
        facts: the scenario's facts.
        parties: the scenario's parties; naming one makes clear whom a text speaks of.
        principal: key of the party that the agent acts for; texts speak of it unless they
            say otherwise.
        parts_of: attribute -> attributes that are its parts, transitively. A match inside a
            longer match of another fact is dropped, unless it is a part of it.

    Raises:
        PrivgymError: a fact's value cannot be found by anyone (too short, not canonical).
    """

    about = "exact/2"

    def __init__(
        self,
        facts: Sequence[Fact],
        parties: Sequence[Party],
        principal: str,
        parts_of: Mapping[str, Collection[str]] = MappingProxyType({}),
    ) -> None:
        self._facts, self._principal, self._parts_of = tuple(facts), principal, parts_of
        self._matchers = _matchers(self._facts, tuple(parties))
        self._others = Others(parties, principal)

    def find(
        self, parts: Sequence[tuple[str, str]], named: Collection[str] = ()
    ) -> tuple[Finding, ...]:
        """The facts that one record discloses: at most one finding for each fact and field.

        It is the first that is sure, or else the first. A range of days is found where it is
        written out; or else, where both its ends stand anywhere in the record, at the place of
        the first of them. What was decoded is found at the words that it was decoded from.

        Args:
            parts: every (field, text) of the record.
            named: keys of parties known to be spoken of.
        """
        passages = []
        for part, (_, text) in enumerate(parts):
            passages.append(_Passage(part, Normal(text)))
            passages += [_Passage(part, Normal(v.text), (v.start, v.end)) for v in views(text)]
        spoken = set(named)
        found = [self._hits(passage.text, spoken) for passage in passages]
        if not any(found):
            return ()
        settled = self._settled([self._outermost(hits) for hits in found])
        findings: dict[tuple[int, str], tuple[int, Finding]] = {}
        for passage, hits in zip(passages, settled, strict=True):
            field, original = parts[passage.part]
            for hit in hits:
                known = findings.get((hit.fact, field))
                if known and known[1].certainty == "yes":
                    continue
                certainty = self._certainty(hit, hits, passage.text, spoken)
                if not known or certainty == "yes":
                    start, end = passage.span or passage.text.span(hit.start, hit.end)
                    findings[hit.fact, field] = passage.part, Finding(
                        self._facts[hit.fact].key, field, start, end, original[start:end],
                        certainty, self.about,
                    )  # fmt: skip
        placed = sorted(findings.values(), key=lambda found: (found[0], found[1].start))
        return tuple(finding for _, finding in placed)

    def named(self, text: str) -> frozenset[str]:
        """Keys of the parties that a text names."""
        found: set[str] = set()
        self._hits(Normal(text), found)
        return frozenset(found)

    def _hits(self, text: Normal, named: set[str]) -> list[_Hit]:
        """All that stands in one text, in order; longer ones first."""
        hits = {hit for matcher in self._matchers for hit in matcher.hits(text, named)}
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.fact, hit.part))

    def _outermost(self, hits: list[_Hit]) -> list[_Hit]:
        """Without the hits that are only words within a longer match of another fact."""
        seen: list[_Hit] = []
        around: list[_Hit] = []
        for hit in hits:
            around = [outer for outer in around if outer.end > hit.start]
            if not any(self._hides(outer, hit) for outer in around):
                seen.append(hit)
            if not (hit.part or hit.unsure):
                around.append(hit)
        return seen

    def _hides(self, outer: _Hit, inner: _Hit) -> bool:
        if outer.fact == inner.fact or outer.end < inner.end or outer[:2] == inner[:2]:
            return False
        parts = self._parts_of.get(self._facts[outer.fact].attribute, ())
        return self._facts[inner.fact].attribute not in parts

    def _settled(self, fields: list[list[_Hit]]) -> list[list[_Hit]]:
        """Ends of ranges are kept where they tell a range: both are there, at the first."""
        if not any(hit.part for hits in fields for hit in hits):
            return fields
        ends: dict[int, set[int]] = {}
        for hit in (hit for hits in fields for hit in hits):
            ends.setdefault(hit.fact, set()).add(hit.part)
        told = {fact for fact, parts in ends.items() if parts == {1, 2}}
        settled = []
        for hits in fields:
            settled.append([hit for hit in hits if not hit.part or hit.fact in told])
            told.difference_update(hit.fact for hit in hits)
        return settled

    def _certainty(self, hit: _Hit, hits: list[_Hit], text: Normal, named: set[str]) -> Certainty:
        """Whether the words are clearly there, about the fact's subject, and said to be so."""
        fact = self._facts[hit.fact]
        if hit.unsure or not self._subject_clear(fact, hit, hits, named):
            return "maybe"
        shared = fact.type not in _UNIQUE and len(fact.value.split()) < _STATEMENT
        if shared and self._others.bear(fact.subject, text, hit.start):
            return "maybe"
        taken_back = _CUES.get(fact.type)
        return "maybe" if taken_back and taken_back(text.text, hit.start, hit.end) else "yes"

    def _subject_clear(self, fact: Fact, hit: _Hit, hits: list[_Hit], named: set[str]) -> bool:
        holders = {self._facts[other.fact].subject for other in hits if other[:2] == hit[:2]}
        if len(holders) > 1:
            return holders & named == {fact.subject}
        return fact.type in _DISTINCTIVE or fact.subject in {self._principal, *named}
