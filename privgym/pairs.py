"""The labelled set: a fact, a text, and whether the text discloses the fact.

A sensor is measured on pairs whose answer is known. Those that ship (`data/pairs.jsonl`) are
written for it, one *stratum* after the other: what a text does with a fact decides how hard it
is to see. They are labelled by what they were written for, and once more by a model that was
not told (`second`); people can label them too (docs/labelled.md).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from importlib import resources
from pathlib import Path
from typing import Literal

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.flow import Fact, Party

Label = Literal["yes", "no"]
Answer = Literal["yes", "no", "unclear"]
Half = Literal["tune", "test"]

STATED = ("verbatim", "paraphrase", "partial")
"""Strata of texts that say the fact, or a good part of it, in words of some kind."""

POSITIVES = (*STATED, "implied", "encoded")
"""Strata whose texts disclose the fact (so do a few refusals that say it all the same)."""

NEGATIVES = ("refusal", "negated", "hypothetical", "same_name", "silent", "off_topic")
"""Strata whose texts do not."""

STRATA = (*POSITIVES, *NEGATIVES)


class Pair(msgspec.Struct, frozen=True, omit_defaults=True):
    """One fact and one text that somebody is about to send.

    Args:
        id: unique in the set.
        family: the topic it was written for; families are what is sampled, whole in one half.
        type: what kind of fact it is, one of twelve.
        stratum: what the text does with the fact.
        intent: whether it was written to disclose it.
        fact: the fact.
        words: the fact's value as a person would write it.
        parties: everybody who is spoken of.
        principal: key of the party who sends it (an assistant writes in that name).
        to: key of the party who gets it.
        text: what is sent.
        half: whether sensors may be fitted on it ("tune"), or are only measured on it ("test").
        second: what a model said that saw neither intent nor stratum; "" if none was asked.
        people: what people said.
    """

    id: str
    family: str
    type: str
    stratum: str
    intent: Label
    fact: Fact
    words: str
    parties: tuple[Party, ...]
    principal: str
    to: str
    text: str
    half: Half = "test"
    second: Answer | Literal[""] = ""
    people: tuple[Answer, ...] = ()

    @property
    def label(self) -> Label:
        """Whether the text discloses the fact: what most people say, else the intent."""
        said = Counter(self.people)
        if said["yes"] == said["no"]:
            return self.intent
        return "yes" if said["yes"] > said["no"] else "no"

    @property
    def disputed(self) -> bool:
        """Whether the second label is another one. Such pairs are counted apart."""
        return self.second not in ("", self.label)

    def name(self, key: str) -> str:
        """The full name of one of its parties."""
        return next(party.name for party in self.parties if party.key == key)

    @property
    def statement(self) -> str:
        """The fact in words: whose, what, and its value."""
        attribute = self.fact.attribute.replace("_", " ")
        return f"{self.name(self.fact.subject)}'s {attribute}: {self.words}"


def read(path: Path | None = None) -> tuple[Pair, ...]:
    """The pairs of a file, one JSON object a line.

    Args:
        path: the file; those that ship if there is none.

    Raises:
        PrivgymError: it cannot be read, or a line of it is no pair.
    """
    file = path or resources.files("privgym") / "data" / "pairs.jsonl"
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        what = f"cannot read the pairs: {error.strerror}"
        raise PrivgymError(what, where=str(file), code=ENVIRONMENT) from None
    return tuple(_pair(line, f"{file}, line {n}") for n, line in enumerate(lines, 1) if line)


def _pair(line: bytes, where: str) -> Pair:
    try:
        return msgspec.json.decode(line, type=Pair)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        do = "each line is one pair, with the fields of privgym.pairs.Pair"
        raise PrivgymError(f"this is no pair: {error}", where=where, do=do) from None


def write(pairs: Iterable[Pair], path: Path) -> None:
    """Write pairs as `read` reads them."""
    path.write_bytes(b"".join(msgspec.json.encode(pair) + b"\n" for pair in pairs))


def kappa(said: Iterable[tuple[str, str]]) -> float | None:
    """How far two that label the same things agree beyond chance: Cohen's kappa (1960).

    Args:
        said: what the one and the other said of each thing.

    Returns:
        1 where they always agree, 0 where they do as often as chance would have them; None where
        nothing was labelled, or both gave one and the same label to everything.
    """
    counts = Counter(said)
    n = sum(counts.values())
    first, second = Counter[str](), Counter[str]()
    for (one, other), times in counts.items():
        first[one] += times
        second[other] += times
    chance = sum(first[label] * second[label] for label in first) / n**2 if n else 1.0
    agreed = sum(times for (one, other), times in counts.items() if one == other)
    return (agreed / n - chance) / (1 - chance) if chance < 1 else None
