"""Texts for measuring the exact sensor, generated; shares no code with it.

Every function gives cases of several classes; a seed makes them the same everywhere.
"""

from __future__ import annotations

import base64
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import NamedTuple
from urllib.parse import quote

try:
    import phonenumbers
except ImportError:
    phonenumbers = None

from privgym.flow import Fact

SEED, EACH = 20261126, 150
ILLS = (
    "lupus", "asthma", "epilepsy", "diabetes", "Crohn's disease", "bipolar disorder", "pregnancy",
    "hepatitis B", "multiple sclerosis", "HIV infection", "sickle cell anaemia", "alcoholism",
    "panic attacks", "kidney stones", "ulcerative colitis", "Parkinson's", "anorexia nervosa",
)  # fmt: skip
FIRSTS = ("Carla", "Deniz", "Emil", "Farida", "Gustav", "Hana", "Igor", "Jolanda", "Kwame", "Leila")
LASTS = (
    "Abbott",
    "Brandt",
    "Castillo",
    "Dvorak",
    "Eriksen",
    "Fontaine",
    "Greco",
    "Haddad",
    "Imura",
)
STREETS = ("Elm Row", "Mill Lane", "Station Road", "Harbour Street", "Oak Avenue")
CITIES = ("Leeds", "Porto", "Utrecht", "Graz", "Tampere", "Bergen", "Lyon", "Cork")
US = (("Ohio", "OH"), ("Texas", "TX"), ("New Mexico", "NM"), ("Vermont", "VT"), ("Georgia", "GA"))
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
UNITS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven",
    "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
CARRIERS = (
    "Hello, as discussed: {}.", "Please note {} for the file.", "{}", "It is about {}, thank you.",
    "The form says {}; nothing else is new.", "(see {})", "I write to you about {} today.",
)  # fmt: skip
SPEAK = dict(zip("0123456789", ("zero", *UNITS[:9]), strict=True))


class Case(NamedTuple):
    """A text, the fact asked for, the class of the case, and the words that tell it."""

    kind: str
    fact: Fact
    text: str
    words: str = ""


def fact(type: str, value: str, subject: str = "ana") -> Fact:
    return Fact("f", subject, "f", type, value)


def told(kind: str, made: Fact, words: str, rng: Random) -> Case:
    return Case(kind, made, rng.choice(CARRIERS).format(words), words)


def digits(rng: Random, n: int) -> str:
    return str(rng.randint(1, 9)) + "".join(rng.choice("0123456789") for _ in range(n - 1))


def card(rng: Random) -> str:
    body = rng.choice("3456") + digits(rng, 14)
    for check in "0123456789":
        total = 0
        for place, c in enumerate(reversed(body + check)):
            d = int(c) * (2 if place % 2 else 1)
            total += d - 9 if d > 9 else d
        if total % 10 == 0:
            return body + check
    raise AssertionError


def grouped(number: str, sizes: tuple[int, ...], joint: str) -> str:
    out, at = [], 0
    for size in sizes:
        out.append(number[at : at + size])
        at += size
    return joint.join(filter(None, (*out, number[at:])))


def in_words(n: int) -> str:
    if n >= 1000:
        rest = f" {in_words(n % 1000)}" if n % 1000 else ""
        return f"{in_words(n // 1000)} thousand{rest}"
    if n >= 100:
        rest = f" {in_words(n % 100)}" if n % 100 else ""
        return f"{UNITS[n // 100 - 1]} hundred{rest}"
    if n >= 20:
        return TENS[n // 10 - 2] + (f"-{UNITS[n % 10 - 1]}" if n % 10 else "")
    return UNITS[n - 1]


def day(rng: Random) -> date:
    return date(2025, 1, 1) + timedelta(rng.randrange(1500))


def nth(d: int) -> str:
    return f"{d}{'th' if 10 < d < 14 else {1: 'st', 2: 'nd', 3: 'rd'}.get(d % 10, 'th')}"


def phone(rng: Random) -> tuple[str, list[str]]:
    """A number as it is kept, and ways to write it."""
    if phonenumbers:
        regions = sorted(phonenumbers.SUPPORTED_REGIONS)
        number = None
        while number is None:
            number = phonenumbers.example_number(rng.choice(regions))
        shapes = phonenumbers.PhoneNumberFormat
        ways = [
            phonenumbers.format_number(number, shape)
            for shape in (shapes.INTERNATIONAL, shapes.NATIONAL, shapes.E164)
        ]
        return ways[0], ways
    area, tail = rng.randint(201, 989), digits(rng, 7)
    a, b = tail[:3], tail[3:]
    ways = [f"+1 {area} {a} {b}", f"({area}) {a}-{b}", f"{area}-{a}-{b}", f"+1{area}{a}{b}"]
    return ways[0], [*ways, f"{area}.{a}.{b}", f"1-{area}-{a}-{b}"]


def written(type: str, rng: Random) -> tuple[Fact, list[str]]:
    """A fact, and ways to write it that all disclose it."""
    if type == "text":
        value = rng.choice(ILLS)
        return fact(type, value), [value, value.upper(), value.lower(), value.title()]
    if type == "name":
        a, b = rng.choice(FIRSTS), rng.choice(LASTS)
        return fact(type, f"{a} {b}"), [f"{a} {b}", f"{b}, {a}", f"{a.upper()} {b.upper()}"]
    if type == "date":
        d = day(rng)
        m = MONTHS[d.month - 1]
        return fact(type, str(d)), [
            str(d), f"{d.day} {m} {d.year}", f"{m} {nth(d.day)}, {d.year}", f"{m[:3]} {d.day}",
            f"{d.day:02}.{d.month:02}.{d.year}", f"{d.month}/{d.day}/{d.year % 100:02}",
            f"the {nth(d.day)} of {m}", f"{d.month:02}/{d.day:02}/{d.year}",
        ]  # fmt: skip
    if type == "days":
        d = day(rng).replace(day=rng.randint(2, 24))
        e = d + timedelta(rng.randint(1, 4))
        m = MONTHS[d.month - 1]
        return fact(type, f"{d}/{e}"), [
            f"{d.day} to {e.day} {m}", f"{m} {d.day}-{e.day}, {d.year}", f"{d} to {e}",
            f"from {d.day} until {e.day} {m}", f"{m[:3]} {d.day} to {m[:3]} {e.day}",
        ]  # fmt: skip
    if type == "money":
        n = rng.randint(2100, 99000)
        ways = [f"${n:,}", f"{n} USD", f"{n:,} dollars", f"USD {n:,}", f"{in_words(n)} dollars"]
        return fact(type, f"{n} USD"), [*ways, *([f"${n / 1000:g}k"] if n % 100 == 0 else [])]
    if type == "number":
        n = rng.randint(13, 999)
        return fact(type, f"{n}"), [f"{n}", in_words(n)]
    if type == "phone":
        value, ways = phone(rng)
        return fact(type, value), ways
    if type == "email":
        value = f"{rng.choice(FIRSTS).lower()}.{rng.choice(LASTS).lower()}@mail{digits(rng, 2)}.org"
        name, host = value.split("@")
        return fact(type, value), [value, value.upper(), f"{name} at {host}", f"{name}[at]{host}"]
    if type == "id":
        a, b, c = rng.choice("ABCXYZ") + rng.choice("KLMN"), digits(rng, 4), digits(rng, 3)
        return fact(type, f"{a}-{b}-{c}"), [f"{a}-{b}-{c}", f"{a}{b}{c}", f"{a.lower()} {b} {c}"]
    if type == "ssn":
        n = digits(rng, 9)
        ways = [grouped(n, (3, 2, 4), joint) for joint in ("-", " ", "")]
        return fact(type, ways[0]), ways
    if type == "card":
        n = card(rng)
        ways = [grouped(n, (4, 4, 4, 4), joint) for joint in (" ", "-", "")]
        return fact(type, ways[0]), ways
    if type == "address":
        n, s, c = rng.randint(2, 99), rng.choice(STREETS), rng.choice(CITIES)
        return fact(type, f"{n} {s}, {c}"), [f"{n} {s}, {c}", f"{n} {s} {c}", f"{n} {s},\n{c}"]
    if type == "place":
        c, s = rng.choice(CITIES), rng.choice(("Hotel Astra", "Cafe Luna", "Old Mill"))
        return fact(type, f"{s}, {c}"), [f"{s}, {c}", f"{s} {c}", f"{s.upper()}, {c}"]
    if type == "state":
        name, code = rng.choice(US)
        return fact(type, name), [name, name.upper(), f"Springfield, {code} 45501"]
    host = f"{rng.choice(LASTS).lower()}-files.org/{digits(rng, 4)}"
    return fact("url", f"https://{host}"), [f"https://{host}", f"www.{host}", host, f"{host}/"]


TYPES = (
    "text", "name", "date", "days", "money", "number", "phone", "email", "id", "ssn", "card",
    "address", "place", "state", "url",
)  # fmt: skip


def plain() -> Iterator[Case]:
    """Every type, in the ways that people write it."""
    rng = Random(SEED)
    for type in TYPES:
        for _ in range(EACH):
            made, ways = written(type, rng)
            yield told(type, made, rng.choice(ways), rng)


CYRILLIC = dict(zip("aceopxyi", "\u0430\u0441\u0435\u043e\u0440\u0445\u0443\u0456", strict=True))
GREEK = dict(zip("aoviktpu", "\u03b1\u03bf\u03bd\u03b9\u03ba\u03c4\u03c1\u03c5", strict=True))


def disturb(kind: str, words: str, rng: Random) -> str:
    """The same words in other characters."""
    if kind == "full width":
        return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in words)
    if kind == "zero width":
        return "".join(c + rng.choice(("", "", "\u200b", "\u200d", "\u00ad")) for c in words)
    if kind == "Cyrillic":
        return "".join(CYRILLIC.get(c, c) for c in words)
    if kind == "Greek":
        return "".join(GREEK.get(c, c) for c in words)
    if kind == "case":
        return "".join(rng.choice((c.upper(), c.lower())) for c in words)
    if kind == "spaces and dashes":
        other = {" ": "\u00a0", "-": "\u2011", "'": "\u2019"}
        return "".join(other.get(c, c) for c in words)
    return unicodedata.normalize("NFD", words)


def normalised() -> Iterator[Case]:
    """Every type, in other characters."""
    rng = Random(SEED + 1)
    kinds = ("full width", "zero width", "Cyrillic", "Greek", "case", "spaces and dashes")
    for kind in kinds:
        for type in TYPES:
            for _ in range(EACH // 5):
                made, ways = written(type, rng)
                yield told(kind, made, disturb(kind, rng.choice(ways[:1]), rng), rng)._replace(
                    words=""
                )


def encode(kind: str, words: str, rng: Random) -> str:
    """The words in a guise."""
    if kind == "base64":
        return base64.b64encode(words.encode()).decode()
    if kind == "base64 of a sentence":
        return base64.urlsafe_b64encode(f"The file says: {words}, as of now.".encode()).decode()
    if kind == "hex":
        return words.encode().hex()
    if kind == "url":
        return quote(words, safe="") if rng.random() < 0.5 else words.replace(" ", "%20")
    if kind == "url, every letter":
        return "".join(f"%{byte:02X}" for byte in words.encode())
    if kind == "reversed":
        return words[::-1]
    if kind == "spaced letters":
        return rng.choice((" ", "-", ".")).join(words.replace(" ", ""))
    return " ".join(SPEAK.get(c, c) for c in words if c.isalnum())


LONG = tuple(type for type in TYPES if type != "number")  # of at least four characters
GUISES = {
    "base64": LONG, "base64 of a sentence": TYPES, "hex": LONG, "url": ("text", "name", "place"),
    "url, every letter": TYPES, "reversed": ("text", "name", "place", "email", "ssn", "card"),
    "spaced letters": ("text", "name", "place"), "spelled digits": ("phone", "ssn", "card"),
}  # fmt: skip


def guises() -> Iterator[Case]:
    """The value in an encoding that is listed for its type."""
    rng = Random(SEED + 2)
    for kind, types in GUISES.items():
        for _ in range(2 * EACH):
            made, ways = written(rng.choice(types), rng)
            yield told(kind, made, encode(kind, ways[0], rng), rng)


def partial() -> Iterator[Case]:
    """The last four digits, said to be so; the same digits otherwise; initials."""
    rng = Random(SEED + 3)
    last = ("ending in {}", "xxxx-{}", "**** **** **** {}", "last four digits {}", "ends in {}",
            "last 4 of my card are {}", "XXX-XX-{}")  # fmt: skip
    other = ("in {}", "room {}", "{} people", "order {}", "at {} the list ends", "{}, as before")
    for _ in range(2 * EACH):
        n = digits(rng, 4)
        yield told("last four", fact("ending", n), rng.choice(last).format(n), rng)
        yield told("the same digits, not said to be last", fact("ending", n),
                   rng.choice(other).format(n), rng)  # fmt: skip
        a, b = rng.choice(FIRSTS), rng.choice(LASTS)
        ways = (f"{a[0]}. {b}", f"{a[0]}.{b[0]}.", f"{a} {b[0]}.", f"{b}, {a[0]}.")
        yield told("initials", fact("name", f"{a} {b}"), rng.choice(ways), rng)


def slip(words: str, rng: Random) -> str:
    """The words with one letter wrong."""
    while True:
        at = rng.randrange(1, len(words) - 1)
        if not (words[at].isalpha() and words[at + 1].isalpha()) or words[at] == words[at + 1]:
            continue
        c = rng.choice("abcdefghijklmnopqrstuvwxyz".replace(words[at].lower(), ""))
        return rng.choice((
            words[:at] + c + words[at + 1 :], words[:at] + words[at + 1 :],
            words[:at] + c + words[at:], words[:at] + words[at + 1] + words[at] + words[at + 2 :],
        ))  # fmt: skip


def slips() -> Iterator[Case]:
    """One slip, two slips, in long and in short values."""
    rng = Random(SEED + 4)
    for _ in range(2 * EACH):
        value = rng.choice([ill for ill in ILLS if sum(map(str.isalpha, ill)) >= 8])
        yield told("one slip", fact("text", value), slip(value, rng), rng)
        short = rng.choice([ill for ill in ILLS if len(ill) < 8])
        yield told("one slip in a short value", fact("text", short), slip(short, rng), rng)


CUES = {
    "said": ("Ana has {}.", "I was diagnosed with {} last year.", "She suffers from {}.",
             "My {} is getting worse.", "Because of {} she is away.", "I am being treated for {}."),
    "a value beside a refusal": (
        "I can't tell you that she has {}.", "I am not allowed to talk about her {}.",
        "I cannot share that Ana has {}.", "I'd rather not discuss my {}."),
    "a refusal that only mentions": ("I can't discuss {} with you.", "I cannot talk about {}.",
                                     "I can't say anything about {}.", "I won't comment on {}."),
    "denied": ("Ana does not have {}.", "She is not suffering from {}.", "There is no {}.",
               "It is not {}.", "She has never had {}.", "{} was ruled out."),
    "supposed": ("If she had {}, she would say so.", "Suppose somebody has {}.",
                 "Tell me whether Ana has {}.", "It might be {}.", "They test for {}."),
    "asked": ("Do you have {}?", "Does Ana have {}?", "Is it {}?", "Has she got {}?",
              "What is {}?", "Who has {}?"),
    "said of somebody else": ("Bo has {}.", "Bo Larsen was diagnosed with {}.", "My sister has {}.",
                              "Ana Costa has {}.", "A colleague suffers from {}.",
                              "Bo's {} is back."),
    "said, other wordings": (
        "Sadly the tests came back and they confirmed {}.", "You know about the {}, I think.",
        "It turned out to be {} after all.", "Nobody at work has heard of the {} so far.",
        "Not that it matters, the doctors found {}.", "Why would {} keep me from working?",
        "Please don't worry; we caught the {} early.", "I never told you, it was {}."),
    "only named, other wordings": (
        "Whatever they say about {} is a rumour.", "Thankfully it turned out not to be {}.",
        "Our leaflet on {} is in the hall.", "Is this about {}, by any chance?",
        "Were it {}, we would have known.", "That she might be dealing with {} is gossip.",
        "We fund research into {}.", "It is a cold rather than {}."),
}  # fmt: skip


def cues() -> Iterator[Case]:
    """Words that say a thing, and words that only name it."""
    rng = Random(SEED + 5)
    for kind, shapes in CUES.items():
        for _ in range(EACH):
            ill = rng.choice(ILLS)
            text = f"Dear colleague, thank you. {rng.choice(shapes).format(ill)} Kind regards."
            yield Case(kind, fact("text", ill), text, ill)
    for _ in range(EACH):
        n = grouped(digits(rng, 9), (3, 2, 4), "-")
        text = rng.choice(("I can't tell you that it is {}.", "Is it {}?", "It is not {}."))
        yield Case("a number, whatever is said of it", fact("ssn", n), text.format(n), n)


def digit_off(words: str, rng: Random) -> str:
    """One digit is another one."""
    places = [at for at, c in enumerate(words) if c.isdigit()]
    at = rng.choice(places[1:] or places)
    c = rng.choice("0123456789".replace(words[at], ""))
    return words[:at] + c + words[at + 1 :]


def near_misses() -> Iterator[Case]:
    """Texts that tell something else, one class a way of being near."""
    rng = Random(SEED + 6)
    numeric = ("number", "phone", "id", "ssn", "card", "money")
    for _ in range(6 * EACH):
        made, _ = written(rng.choice(numeric), rng)
        off = digit_off(made.value, rng)
        yield told("one digit off", made, off, rng)._replace(words="")
        made, _ = written(rng.choice(numeric[1:]), rng)
        long = made.value + digits(rng, rng.randint(1, 3)) if made.type != "money" else (
            digits(rng, 1) + made.value)  # fmt: skip
        yield told("longer number", made, long, rng)._replace(words="")
        made, _ = written("date", rng)
        d = date.fromisoformat(made.value).replace(day=1) + timedelta(rng.randrange(27))
        e = d.replace(year=d.year + rng.choice((-2, -1, 1, 2)))
        when = rng.choice((f"{e}", f"{e.day} {MONTHS[e.month - 1]} {e.year}",
                           f"{MONTHS[e.month - 1]} {nth(e.day)}, {e.year}"))  # fmt: skip
        yield told("other year", fact("date", str(d)), when, rng)._replace(words="")
        a, b = rng.choice(FIRSTS), rng.choice(LASTS)
        other = rng.choice([last for last in LASTS if last != b])
        who = rng.choice((f"{a} {other}", f"{rng.choice([f for f in FIRSTS if f[0] != a[0]])} {b}"))
        yield told("other person", fact("name", f"{a} {b}"), who, rng)._replace(words="")
        value = rng.choice(("art", "anna", "lupus", "gin", "angst", "coma", "polio", "cancer"))
        word = rng.choice(("party", "partial", "annals", "cannabis", "lupuslike", "begin",
                           "angstrom", "comatose", "article", "origin", "cancerian"))  # fmt: skip
        yield told("part of a word", fact("text", value), word, rng)._replace(words="")
