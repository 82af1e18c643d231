"""Letters that look like Latin ones, and the Latin letter they are compared as.

The idea is that of the skeletons of Unicode Technical Standard #39, section 4; the table is our
own and short: letters that pass for a Latin one within an English word. It is applied to values
and texts alike, so that facts in other scripts are still found.
"""

from __future__ import annotations

_ALPHABETS = (
    # Cyrillic
    ("\u0430\u0432\u0441\u0501\u0435\u04bb\u0456\u0458\u043a\u04cf\u043c", "abcdehijklm"),
    ("\u043d\u043e\u0440\u051b\u0433\u0455\u0442\u0475\u051d\u0445\u0443", "hopqrstvwxy"),
    # Greek
    ("\u03b1\u03b2\u03b5\u03b7\u03b9\u03ba\u03bd", "abenikv"),
    ("\u03bf\u03c1\u03c4\u03c5\u03c9\u03c7\u03b3", "optuwxy"),
    # small capitals
    ("\u1d00\u0299\u1d04\u1d05\u1d07\ua730\u0262\u029c\u026a\u1d0a\u1d0b\u029f", "abcdefghijkl"),
    ("\u1d0d\u0274\u1d0f\u1d18\u0280\ua731\u1d1b\u1d1c\u1d20\u1d21\u028f\u1d22", "mnoprstuvwyz"),
    # Latin: dotless i, script a and g
    ("\u0131\u0251\u0261", "iag"),
)

SMALL: dict[int, str]
SMALL = {ord(a): b for others, letters in _ALPHABETS for a, b in zip(others, letters, strict=True)}
"""Code point of a case-folded letter -> the Latin letter."""

CAPITALS = {0x0396: "z", 0x0397: "h", 0x039C: "m", 0x039D: "n", 0x03A5: "y"}
"""Greek capitals that look like another letter than their small ones do."""
