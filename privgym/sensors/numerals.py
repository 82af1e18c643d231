"""Numbers in words: "seventy-two thousand", and digit by digit, "five five five".

English only, and our own: what is asked for is every usual spelling of one number, not one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import product

from privgym.sensors.edges import Rule, whole

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = (
    "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen",
    "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_SCALES = ("", " thousand", " million", " billion")
_UNITS = "|".join((*DIGITS, "oh", *_TEENS, *_TENS))
_BEFORE = re.compile(
    rf"(?:\b(?:{_UNITS})[- ]|\b(?:hundred|thousand|million|billion)(?:,? and|,)? )$"
)
_AFTER = re.compile(
    rf"[- ](?:{_UNITS}|hundred|thousand|million|billion)\b|,? and (?:{_UNITS})\b| point \w"
)
_DIGITS_OR_REST = re.compile(r"[0-9]+|[^0-9]+")
_DIGIT = "|".join((*DIGITS, "oh"))
_DIGIT_BEFORE = re.compile(rf"\b(?:{_DIGIT})[-., ]{{1,2}}$")
_DIGIT_AFTER = re.compile(rf"[-., ]{{1,2}}(?:{_DIGIT})\b")


def _below_thousand(number: int, joint: str, hyphen: str) -> str:
    words = []
    if number >= 100:
        words.append(f"{DIGITS[number // 100]} hundred")
    rest = number % 100
    if 0 < rest < 20:
        words.append((*DIGITS, *_TEENS)[rest])
    elif rest:
        tens = _TENS[rest // 10 - 2]
        words.append(f"{tens}{hyphen}{DIGITS[rest % 10]}" if rest % 10 else tens)
    return joint.join(words)


def cardinals(number: int) -> tuple[str, ...]:
    """The spellings of a whole number from 1 to below 10**12."""
    groups = [(number // 1000**power % 1000, scale) for power, scale in enumerate(_SCALES)]
    found: dict[str, None] = {}
    for joint, hyphen in product((" ", " and "), "- "):
        said = [_below_thousand(group, joint, hyphen) + scale for group, scale in groups if group]
        last = said.pop(0)
        tail = joint if 0 < number % 1000 < 100 else " "
        words = tail.join(filter(None, (" ".join(reversed(said)), last)))
        found[words] = None
        if words.startswith(("one hundred", "one thousand", "one million")):
            found["a" + words.removeprefix("one")] = None
    return tuple(found)


def spelled(value: str) -> list[str]:
    """The digits of a squeezed value, each as a word; letters stay together as they are."""
    zeros = ("zero", "oh", "o") if "0" in value else ("zero",)
    parts = _DIGITS_OR_REST.findall(value)
    return [" ".join(_said(part, (zero, *DIGITS[1:])) for part in parts) for zero in zeros]


def _said(part: str, words: Sequence[str]) -> str:
    return " ".join(words[int(c)] for c in part) if part[0] in "0123456789" else part


def counted(text: str, start: int, end: int) -> bool:
    """Whether the words that stand there are only part of a longer number in words."""
    return bool(_BEFORE.search(text[max(0, start - 24) : start]) or _AFTER.match(text, end))


def digit_by_digit(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The rule of `spelled`: no digit more before or after."""
    if _DIGIT_BEFORE.search(text[max(0, start - 8) : start]) or _DIGIT_AFTER.match(text, end):
        return None
    return whole(text, start, end)


def in_words(rule: Rule) -> Rule:
    """The rule of `cardinals`, over the rule of the same number in digits."""

    def within(text: str, start: int, end: int) -> tuple[int, int] | None:
        return None if counted(text, start, end) else rule(text, start, end)

    return within
