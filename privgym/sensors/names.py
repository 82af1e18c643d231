"""Names of people: how they are written, and which words name somebody."""

from __future__ import annotations

import re

from privgym.flow import Party
from privgym.sensors.dates import MONTHS
from privgym.sensors.edges import Form, whole
from privgym.sensors.normalise import Normal, normal

SHORTEST = 2
"""The fewest characters that words may have that name somebody."""

_TITLES = frozenset(("mr", "mrs", "ms", "miss", "mx", "dr", "prof", "professor", "sir"))
_DEGREES = frozenset(("md", "phd", "dds", "dvm", "jr", "sr", "ii", "iii", "iv"))
_ABBREVIATIONS = re.compile(
    "a[cdim]|b[acs]|cv|dc|e[gu]|fm|hr|i[deqt]|jd|la|m[ads]|n[by]|p[acemors]|qa|rn|sf|tv|u[kns]|vp"
)
_NO_SURNAMES = frozenset(
    (*MONTHS, "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
)


def _bare(value: str) -> list[str]:
    words = [word.strip(".,") for word in normal(value).split()]
    return [word for word in words if word and word not in _TITLES and word not in _DEGREES]


def names(value: str) -> list[str]:
    """A full name as written, without titles, last name first, without middle names."""
    words, forms = _bare(value), [normal(value)]
    if len(words) > 1:
        forms += [" ".join(words), f"{words[0]} {words[-1]}"]
        forms += [f"{' '.join(words[at:])}, {' '.join(words[:at])}" for at in range(1, len(words))]
    return list(dict.fromkeys(forms))


def initials(value: str) -> list[Form]:
    """A name with its first name, its last name or both cut to an initial; never sure."""
    words = _bare(value)
    if len(words) < 2:
        return []
    first, last = words[0], words[-1]
    a, z = first[0], last[0]
    forms = [f"{a}. {last}", f"{a}.{last}", f"{a} {last}", f"{first} {z}.", f"{last}, {a}."]
    if not _ABBREVIATIONS.fullmatch(a + z):
        forms += [f"{a}.{z}.", f"{a}. {z}."]
    return [Form(form, whole, unsure=True) for form in forms]


def called(party: Party) -> list[Form]:
    """The words that show that a text speaks of a party.

    Its full name and e-mail address; of a person also the last name after a title and, not
    sure since others may bear it, the first name.
    """
    words, firsts = names(party.name), list[str]()
    bare = _bare(party.name)
    if party.kind == "person" and len(bare) > 1:
        words += [f"{t}{dot} {bare[-1]}" for t in sorted(_TITLES) for dot in ("", ".")]
        firsts = [" ".join(bare[:at]) for at in range(1, len(bare))]
    words.append(normal(party.email))
    forms = [Form(form, whole) for form in words]
    forms += [Form(form, whole, unsure=True) for form in firsts]
    return [form for form in dict.fromkeys(forms) if len(form.words) >= SHORTEST]


def surnamed(text: Normal, start: int, end: int) -> bool:
    """Whether a first name that stands there is followed by a surname: somebody else's.

    Only what is written with a capital is taken for one.
    """
    after = text.text[end : end + 3]
    if len(after) < 3 or after[0] != " " or not after[1:].isalpha():
        return False
    at = text.span(end + 1, end + 2)[0]
    if text.original[at - 1] != " " or not text.original[at].isupper():
        return False
    word = text.text[end + 1 :].split(" ", 1)[0].strip(".,;:!?")
    return text.original[at + 1].islower() and word not in _NO_SURNAMES
