"""Makes privgym/data/pairs.jsonl out of the texts in scripts/pairs/, and has it labelled again.

    python scripts/make_pairs.py                      writes the set; keeps labels that were given
    python scripts/make_pairs.py --blind 400 OUT      OUT-1.jsonl ..., 400 pairs each: no intent
    python scripts/make_pairs.py --second FILE...     reads a model's answers, prints the agreement
    python scripts/make_pairs.py --people FILE...     the same for people's

Each text file in scripts/pairs/HALF/ is a type of fact and holds a few families: a topic, two
values with phrases of their own, and the sentences that say something of them. A family's sentences
are used nowhere else, so that the halves of the set share none (they share what stands in
stock.toml: names, greetings, and the seven frames around encoded values).
"""

from __future__ import annotations

import argparse
import base64
import random
import re
import tomllib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import labels
import msgspec

from privgym import pairs
from privgym.flow import Fact, Party
from privgym.pairs import Pair

TEXTS = Path(__file__).parent / "pairs"
SET = Path(__file__).parents[1] / "privgym" / "data" / "pairs.jsonl"
STOCK = tomllib.loads((TEXTS / "stock.toml").read_text())
OF_VALUE = {"alias", "words", "v", "p", "part", "implied"}
ABOUT = {"label", "type", "voice", "gender"}
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


class Value:
    """A value of a family, and what is said of it alone."""

    def __init__(self, value: str) -> None:
        self.value = value
        self.said: dict[str, list[str]] = {key: [] for key in OF_VALUE}

    @property
    def words(self) -> str:
        """As a person writes it."""
        return (self.said["words"] or [self.value])[0]

    def form(self, chance: random.Random) -> str:
        """One of the ways in which a person writes it."""
        return chance.choice(self.said["v"] or [self.words])


class Family:
    """A topic: whom it is about, two values, and the sentences of each stratum."""

    def __init__(self, name: str, file: Path) -> None:
        self.name, self.kind = name, file.stem
        self.half: pairs.Half = "test" if file.parent.name == "test" else "tune"
        self.about = {"type": "text", "voice": "third"}
        self.values: list[Value] = []
        self.frames: dict[str, list[str]] = {}


class Planned(NamedTuple):
    """What a text is to do: with which value, in which sentence."""

    stratum: str
    intent: pairs.Label
    value: Value
    frame: str


def families(file: Path) -> list[Family]:
    """The families of one file."""
    found: list[Family] = []
    for line in file.read_text().splitlines():
        key, _, text = line.partition(": ")
        if key == "family":
            found.append(Family(text, file))
        elif key == "value":
            found[-1].values.append(Value(text))
        elif key in OF_VALUE:
            found[-1].values[-1].said[key].append(text)
        elif key in ABOUT:
            found[-1].about[key] = text
        elif key:
            found[-1].frames.setdefault(key, []).append(text)
    return found


def drawn(family: Family) -> Iterator[Pair]:
    """The pairs of one family: the same ones each time."""
    chance = random.Random(family.name)
    plans = [*_disclosing(family, chance), *_silent(family), *_mentioning(family, chance)]
    for number, plan in enumerate(plans, 1):
        yield _pair(family, f"{family.name}-{number:02}", plan, chance)


def _disclosing(family: Family, chance: random.Random) -> Iterator[Planned]:
    frames = family.frames
    for value in family.values:
        said = value.said
        for frame in frames["verbatim"]:
            yield Planned("verbatim", "yes", value, frame.replace("{v}", value.form(chance)))
        for frame, phrase in zip(frames["paraphrase"], said["p"], strict=True):
            yield Planned("paraphrase", "yes", value, frame.replace("{p}", phrase))
        for frame, part in zip(frames["partial"], said["part"], strict=True):
            yield Planned("partial", "yes", value, frame.replace("{part}", part))
        for sentence in said["implied"]:
            yield Planned("implied", "yes", value, sentence)
        frame = chance.choice(STOCK["encoded"])
        yield Planned("encoded", "yes", value, frame.replace("{e}", _coded(value.words, chance)))
    for frame in frames.get("leaks", ()):
        first = family.values[0]
        yield Planned("refusal", "yes", first, frame.replace("{v}", first.words))


def _silent(family: Family) -> Iterator[Planned]:
    for stratum, key in (("refusal", "refusal"), ("silent", "silent"), ("off_topic", "off")):
        for number, frame in enumerate(family.frames[key]):
            yield Planned(stratum, "no", family.values[number % len(family.values)], frame)


def _mentioning(family: Family, chance: random.Random) -> Iterator[Planned]:
    """Texts that hold the value and do not say it of the fact's subject."""
    keys = (("negated", "negated"), ("hypothetical", "hypothetical"), ("same_name", "same"))
    for stratum, key in keys:
        for frame in family.frames[key]:
            for value in family.values:
                yield Planned(stratum, "no", value, frame.replace("{v}", value.form(chance)))


def _coded(words: str, chance: random.Random) -> str:
    """A value so that one must decode it; a number is not reversed, it would be another one."""
    ways = {
        "base64": base64.b64encode(words.encode()).decode(),
        "hex": words.encode().hex(),
        "spaced": " ".join(words),
        "url": "".join(f"%{byte:02X}" for byte in words.encode()),
    }
    if any(c.isalpha() for c in words):
        ways["reversed"] = words[::-1]
    if sum(c.isdigit() for c in words) >= 3:
        spelled = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit[0])]} ", words)
        ways["spelled"] = " ".join(spelled.split())
    return ways[chance.choice(sorted(ways))]


def _pair(family: Family, id: str, plan: Planned, chance: random.Random) -> Pair:
    gender = family.about.get("gender") or chance.choice("fm")
    first = chance.choice(STOCK["first"][gender])
    others = [name for names in STOCK["first"].values() for name in names if name != first]
    writer, reader = chance.sample(others, 2)
    last = chance.sample(STOCK["last"], 4)
    own, label = family.about["voice"] == "first", family.about["label"]
    parties = [Party("subject", f"{first} {last[0]}"), Party("reader", f"{reader} {last[1]}")]
    parties += [] if own else [Party("writer", f"{writer} {last[2]}")]
    namesake = f"{first} {last[3]}"
    parties += [Party("other", namesake)] if plan.stratum == "same_name" else []
    pronouns = STOCK["pronouns"][gender]
    slots = {
        **pronouns,
        **{slot.capitalize(): word.capitalize() for slot, word in pronouns.items()},
        **{"S": f"{first} {last[0]}", "s": first, "O": namesake, "label": label},
    }
    text = plan.frame.format_map(slots)
    text = _dressed(text[0].upper() + text[1:], reader, first if own else writer, chance)
    fact = {
        **{"key": "fact", "subject": "subject", "attribute": label.replace(" ", "_")},
        **{"type": family.about["type"], "value": plan.value.value},
        "aliases": plan.value.said["alias"],
    }
    return Pair(
        id=id,
        family=family.name,
        type=family.kind,
        stratum=plan.stratum,
        intent=plan.intent,
        fact=msgspec.convert(fact, Fact),
        words=plan.value.words,
        parties=tuple(parties),
        principal="subject" if own else "writer",
        to="reader",
        text=text,
        half=family.half,
    )


def _dressed(text: str, reader: str, writer: str, chance: random.Random) -> str:
    """A text as it is sent: in a letter, a chat, a note or a form; with words around it."""
    if chance.random() < 0.4:
        text = f"{chance.choice(STOCK['before'])} {text}"
    if chance.random() < 0.4:
        text = f"{text} {chance.choice(STOCK['after'])}"
    hello, close = chance.choice(STOCK["hello"]), chance.choice(STOCK["close"])
    letter = f"{hello} {reader},\n\n{text}\n\n{close},\n{writer}"
    note, form = f"Note for {reader}: {text}", f"To: {reader}\nFrom: {writer}\nMessage: {text}"
    return chance.choice((text, text, letter, letter, f"{hello} {reader}! {text}", note, form))


def made() -> list[Pair]:
    """The whole set, with no labels but the intent."""
    files = sorted(TEXTS.glob("*/*.txt"), key=lambda file: (file.parent.name == "test", file.stem))
    return [pair for file in files for family in families(file) for pair in drawn(family)]


def kept(new: Sequence[Pair], old: Sequence[Pair]) -> list[Pair]:
    """The new pairs with the labels of the old ones, where fact and text are still the same."""
    given = {(pair.statement, pair.text): pair for pair in old}
    return [
        msgspec.structs.replace(pair, second=same.second, people=same.people)
        if (same := given.get((pair.statement, pair.text)))
        else pair
        for pair in new
    ]


def main() -> None:
    """What the command line asks for."""
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--blind", nargs=2, metavar=("N", "OUT"))
    parser.add_argument("--second", nargs="+", type=Path, metavar="FILE")
    parser.add_argument("--people", nargs="+", type=Path, metavar="FILE")
    asked = parser.parse_args()
    whole = kept(made(), pairs.read(SET) if SET.exists() else ())
    if asked.blind:
        labels.blind(whole, int(asked.blind[0]), Path(asked.blind[1]))
        return
    if asked.second:
        whole = labels.second(whole, asked.second)
    if asked.people:
        whole = labels.people(whole, asked.people)
    pairs.write(whole, SET)
    print(f"{len(whole)} pairs -> {SET}")
    labels.report(whole)


if __name__ == "__main__":
    main()
