"""Long words with one slip of the pen: a letter changed, missing, added, or two swapped.

Of a word with one slip either half is still whole, or the slip swapped the letters where the
halves meet. So both halves are looked for in the same pass as everything else, and what stands
around a half is compared only where one was found. A slip may have made another word or another
person's name ("Marian", "Marina"): what is found so is never sure. Digits, spaces and the first
letter must be right: a number with another digit is another number, and slips are rare in the
first letter (Pollock and Zamora 1984), where other words are not ("depression", "repression").
"""

from __future__ import annotations

from privgym.sensors.edges import Form, Rule, whole

SHORTEST = 8
"""The fewest letters of a value in which a slip is allowed."""


def slips(words: str) -> list[Form]:
    """The forms by which a normalised value is found with one slip; none for a short one."""
    if sum(c.isalpha() for c in words) < SHORTEST:
        return []
    half = len(words) // 2
    swapped = f"{words[: half - 1]}{words[half]}{words[half - 1]}{words[half + 1 :]}"
    rule = _rule(words, half)
    return [
        Form(words[:half], rule, unsure=True),
        Form(words[half:], rule, unsure=True),
        *([Form(swapped, whole, unsure=True)] if is_slip(words, swapped) else ()),
    ]


def _rule(words: str, half: int) -> Rule:
    def rule(text: str, start: int, end: int) -> tuple[int, int] | None:
        """Widen the half that was matched to the whole value, if it holds one slip."""
        first = text[start:end] == words[:half]
        a = start if first else max(0, start - half)
        if text.startswith(words, a) and whole(text, a, a + len(words)):
            return None  # there is no slip
        rest = len(words) - half if first else half
        for length in (rest, rest + 1, rest - 1):
            a, z = (start, end + length) if first else (start - length, end)
            if a >= 0 and z <= len(text) and is_slip(words, text[a:z]) and whole(text, a, z):
                return a, z
        return None

    return rule


def is_slip(right: str, written: str) -> bool:
    """Whether `written` is `right` with one letter, not the first, wrong.

    Wrong is changed, missing, added, or swapped with the next one (the edits of Damerau 1964).
    """
    if right == written or right[0] != written[0]:
        return False
    start, shorter = 0, min(len(right), len(written))
    while start < shorter and right[start] == written[start]:
        start += 1
    end = 0
    while end < shorter - start and right[-1 - end] == written[-1 - end]:
        end += 1
    one, two = right[start : len(right) - end], written[start : len(written) - end]
    if not (one + two).isalpha():
        return False
    return max(len(one), len(two)) == 1 or (len(one) == 2 and one == two[::-1])
