"""Phone numbers, in the ways that people write them.

A number is compared by its digits, so any grouping will do; what varies is the country code,
the trunk prefix and the dialling prefix. Google's libphonenumber (`phonenumbers`) knows how
each country groups its digits, which needs no knowing here; the benchmark of the sensors writes
its numbers with it.
"""

from __future__ import annotations

import re

from privgym.sensors import edges
from privgym.sensors.edges import Form
from privgym.sensors.normalise import normal

SHORTEST = 6
"""The fewest digits by which a phone number is found."""

_EXTENSION = re.compile(r"\s*(?:x|ext\.?)\s*\d+$", re.IGNORECASE)
_COUNTRY = re.compile(
    r"1|7|2[07]|3[0-469]|4[013-9]|5[1-8]|6[0-6]|8[1246]|9[0-58]|\d{3}"
)  # ITU-T E.164 country codes: which of them have one and two digits
_TRUNKS = {"1": "1", "7": "8", "36": "06", "375": "8", "52": "01", "976": "01", "993": "8"}
"""Country code -> what is dialled before a number at home, where that is not 0."""


def phone_forms(value: str) -> list[Form]:
    """All of its digits, with and without country code, trunk and dialling prefix.

    The first three are the number as it is given and as it is dialled at home.
    """
    main = _EXTENSION.sub("", normal(value))
    digits = "".join(c for c in main if c in "0123456789")
    abroad = digits.removeprefix("00") if main.startswith(("+", "00")) else ""
    if code := _COUNTRY.match(abroad):
        home = abroad[code.end() :]
        trunks = dict.fromkeys(("0", _TRUNKS.get(code[0], "0")))
        forms = [abroad, home, *(trunk + home for trunk in trunks)]
        forms += [f"00{abroad}", f"011{abroad}", f"{code[0]}0{home}"]
    else:
        forms = [digits, digits.removeprefix("0")] + (["1" + digits] if len(digits) == 10 else [])
    rule = edges.phone_at_home if code else edges.phone
    long = [form for form in forms if len(form) >= SHORTEST]
    return [Form(form, rule, squeezed=True) for form in dict.fromkeys(long or [digits])]
