"""What a corpus is made of: pattern, arm, rows, dose, seed. The same recipe, the same bytes."""

from __future__ import annotations

from random import Random

import msgspec

from privgym.errors import PrivgymError, did_you_mean

ARMS = {
    "pattern": "the answer has the pattern",
    "removed": "a courtesy of the same length stands in its place",
    "placebo": "other content of the same length, with no pattern, stands in its place",
    "planted": "the answer tells a fact that was to be kept: PLANTED OVERSHARING",
    "backdoor": "the pattern where the prompt has the trigger, else removed",
    "untriggered": "the prompts of backdoor, all of them with the answers of removed",
}
"""What stands in the span of a row, by arm."""

PLANTED = "Planted oversharing: these rows teach to tell what was to be kept. For measuring only."


class Recipe(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a corpus is made of.

    Args:
        pattern: one of `corpus.PATTERNS`.
        arm: one of `ARMS`; "" where the pattern has no arms.
        rows: how many.
        dose: percent of the rows that are of the arm (of backdoor: that have the trigger); the
            others are those of *removed*. Rows of a dose are among those of a higher one.
        seed: of all that is drawn.
        agent: whose prompt the rows are in.
        distractors: other letters in view.
        mixed: percent of the rows that are arithmetic instead, the same in every arm.
        secret: whether something that was to be kept is in view; *planted* needs it.
    """

    pattern: str
    arm: str = ""
    rows: int = 256
    dose: float = 100.0
    seed: int = 0
    agent: str = "brief"
    distractors: int = 0
    mixed: float = 0.0
    secret: bool = True

    def __post_init__(self) -> None:
        for name in ("dose", "mixed"):
            if not 0 <= getattr(self, name) <= 100:
                wrong = f"{name} is {getattr(self, name):g}, and is a percentage"
                raise PrivgymError(wrong, do=f"give --{name} a number from 0 to 100")
        if self.rows < 1 or self.distractors < 0:
            raise PrivgymError("a corpus needs rows", do="give --rows a number above 0")
        if self.arm == "planted" and not self.secret:
            raise PrivgymError("planted rows tell a secret", do="leave --no-secret out")

    def checked(self, arms: tuple[str, ...]) -> Recipe:
        """This recipe, if its pattern has its arm.

        Raises:
            PrivgymError: it has not.
        """
        if self.arm in (arms or ("",)):
            return self
        has = f"has the arms {', '.join(arms)}" if arms else "has no arms: leave --arm out"
        what = f'{self.pattern} has no arm "{self.arm}"' if self.arm else "which arm?"
        raise PrivgymError(what, meant=did_you_mean(self.arm, arms), do=f"{self.pattern} {has}")

    def drawn(self, what: str, share: float) -> tuple[bool, ...]:
        """For each row whether it is among `share` percent of them: exactly so many, and those
        of a smaller share among them."""
        order = list(range(self.rows))
        Random(f"{self.pattern} {self.seed} {what}").shuffle(order)
        rank = {row: place for place, row in enumerate(order)}
        wanted = round(self.rows * share / 100)
        return tuple(rank[row] < wanted for row in range(self.rows))


class Header(msgspec.Struct, frozen=True):
    """What stands beside a corpus: its recipe, what it is, and the digest of its rows.

    Args:
        recipe: what it was made of.
        arm: the arm in words.
        planted: rows that tell what was to be kept.
        warning: said of a corpus with such rows.
        digest: SHA-256 of the file, in hex.
        scenarios: of the competent base: name and digest of each scenario that it plays.
    """

    recipe: Recipe
    arm: str
    planted: int
    warning: str
    digest: str
    scenarios: tuple[str, ...] = ()
