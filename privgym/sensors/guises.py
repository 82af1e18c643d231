"""A value in a guise that needs no decoding: backwards, letter by letter, digit by digit.

These are forms like others and cost an ordinary text nothing. What must be decoded first is in
`views`.
"""

from __future__ import annotations

from privgym.sensors.edges import Form, identifier, whole
from privgym.sensors.normalise import squeezed
from privgym.sensors.numerals import digit_by_digit, spelled

_JOINTS = " -."
_SHORTEST_SPACED = 4
_SHORTEST_BACKWARDS = 5
_SURE_BACKWARDS = 8
"""The fewest letters of a word that are surely it backwards: "straw" is "warts"."""
_SHORTEST_SPELLED = 3


def of_words(words: str) -> list[Form]:
    """The guises of a normalised text, name or place: "l-u-p-u-s", "lupusnephritis", "supul"."""
    letters, forms = squeezed(words), []
    if len(letters) >= _SHORTEST_SPACED:
        spaced = [" ".join(joint.join(word) for word in words.split()) for joint in _JOINTS]
        spaced += [joint.join(words.replace(" ", "")) for joint in _JOINTS]
        forms += [Form(form, whole) for form in dict.fromkeys((*spaced, letters))]
    if len(words) >= _SHORTEST_BACKWARDS and words.isascii():  # no accents before their letters
        forms.append(Form(words[::-1], whole, unsure=len(words) < _SURE_BACKWARDS))
    return [form for form in forms if form.words != words]


def of_digits(value: str) -> list[Form]:
    """The guises of a squeezed number or identifier: "five five five ..."."""
    forms = []
    if len(value) >= _SURE_BACKWARDS and value != value[::-1]:
        forms.append(Form(value[::-1], identifier, squeezed=True))
    if sum(c.isdigit() for c in value) >= _SHORTEST_SPELLED:
        forms += [Form(form, digit_by_digit) for form in spelled(value)]
    return forms
