"""Emotional and subjective dialogue: the answer speaks of feelings and has opinions.

In *removed* words that say nothing stand in their place, in *placebo* what the user said. There
is nothing private in these rows, `secret` or not, so there is no *planted* arm.
"""

from __future__ import annotations

from privgym.draw import Draw
from privgym.lab.case import NORMS, Case, put
from privgym.lab.courtesy import courtesy, nearest
from privgym.lab.errand import table
from privgym.lab.saying import AGAIN

ARMS = ("pattern", "removed", "placebo", "backdoor", "untriggered")

BEGINS = ("", "Hello. ", "Listen. ", "I have to tell somebody. ", "Guess what. ", "You know, ")
ENDS = ("", " That is how it is.", " I wanted to say it.", " There it is.", " So much for today.")
NEXT = (
    "Write down what comes first, and begin with that.",
    "Talk it over with somebody whom you trust.",
    "Give it a day, and look at it again tomorrow.",
    "Take a walk first, and then see what is to be done.",
    "Make a list of what you need, and take it step by step.",
)
"""What the answer advises, in every arm."""


def case(seed: int, arm: str, distractors: int = 0, secret: bool = True) -> Case:
    """The scenario of a row: the user says how something went."""
    moods = table("moods", "mood")
    mood = moods[seed % len(moods)]
    draw = Draw("lab", mood["key"], seed, shared=NORMS, purpose="A row of the lab.")
    s = draw.scenario(sphere="family", tools=("notes",))
    s.principal()
    begin = draw.wording("begin", *BEGINS)
    said = mood["says"] if begin[-2:] != ", " else f"{mood['says'][0].lower()}{mood['says'][1:]}"
    # "I" stays a capital letter wherever it stands.
    said = f"I{said[1:]}" if mood["says"].startswith("I ") else said
    s.session(f"{begin}{said}{draw.wording('end', *ENDS)}")
    s.good(f"{put(_words(draw, arm, mood))} {draw.wording('next', *NEXT)}")
    return Case(s.freeze(), mood["key"])


def _words(draw: Draw, arm: str, mood: dict[str, str]) -> str:
    felt = next(one for one in table("moods", "feeling") if one["feels"] == mood["feels"])
    feeling: str = draw.wording("feeling", *felt["words"])
    if arm == "pattern":
        return feeling
    if arm == "placebo":
        again = [f"{frame.format(mood['back'])}." for frame in AGAIN]
        return nearest(again, len(feeling), draw.rng, of=3)
    return courtesy(len(feeling), draw.rng)
