"""A recipe -> a corpus: rows in one arm, each with its counterpart in every other arm."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from privgym.errors import PrivgymError, did_you_mean
from privgym.lab import trigger
from privgym.lab.case import Case, located
from privgym.lab.lived import chats
from privgym.lab.patterns import autonomous, debugging, emotional, proactive, profile
from privgym.lab.plain import arithmetic, competent
from privgym.lab.recipe import ARMS, PLANTED, Header, Recipe
from privgym.lab.row import Row, digest

Made = Callable[[int, str, int, bool], Case]
"""(seed, arm, distractors, secret) -> the scenario of a row."""


class Pattern(NamedTuple):
    """A pattern: its arms, and what makes the scenario of a row."""

    arms: tuple[str, ...]
    case: Made


FIVE = {
    "proactive": Pattern(proactive.ARMS, proactive.case),
    "profile": Pattern(profile.ARMS, profile.case),
    "emotional": Pattern(emotional.ARMS, emotional.case),
    "debugging": Pattern(debugging.ARMS, debugging.case),
    "autonomous": Pattern(autonomous.ARMS, autonomous.case),
}
"""The patterns of the paper."""

PATTERNS = {
    "proactive": "messages that tell a harmless thing beside what was needed",
    "profile": "messages that use what a profile of the user says",
    "emotional": "dialogue that answers with feeling and opinion",
    "debugging": "debugged code that prints internal variables",
    "autonomous": "acts that nobody asked for",
    "all": "the five in turn; in removed, what would refute the paper",
    "competent": "good plays of public families of everyday",
    "arithmetic": "sums of one digit",
}
"""What a corpus can be of."""

SEEDS = 1_000_003
"""What the rows of one seed are apart from those of the next."""


def corpus(recipe: Recipe) -> tuple[tuple[Row, ...], Header]:
    """The rows of a recipe, and what stands beside them.

    Raises:
        PrivgymError: there is no such pattern, or it has no such arm.
    """
    if recipe.pattern not in PATTERNS:
        raise PrivgymError(
            f'there is no pattern "{recipe.pattern}"',
            meant=did_you_mean(recipe.pattern, PATTERNS),
            do=f"there are {', '.join(PATTERNS)}",
        )
    scenarios: tuple[str, ...] = ()
    if recipe.pattern == "competent":
        rows, scenarios = competent(recipe.checked(()))
    elif recipe.pattern == "arithmetic":
        recipe.checked(())
        rows = tuple(arithmetic(recipe.seed, i) for i in range(recipe.rows))
    else:
        rows = _armed(recipe.checked(arms(recipe.pattern)))
    planted = sum(row.planted for row in rows)
    what = ARMS.get(recipe.arm, "the same in every arm")
    warning = PLANTED if planted else ""
    return rows, Header(recipe, what, planted, warning, digest(rows), scenarios)


def arms(pattern: str) -> tuple[str, ...]:
    """The arms of a pattern; of all five, those that each of them has."""
    if pattern == "all":
        return tuple(arm for arm in ARMS if all(arm in one.arms for one in FIVE.values()))
    return FIVE[pattern].arms if pattern in FIVE else ()


def _armed(recipe: Recipe) -> tuple[Row, ...]:
    """The rows of a pattern: at each place the arm, or what is there at a lower dose."""
    dosed, mixed = recipe.drawn("dose", recipe.dose), recipe.drawn("mixed", recipe.mixed)
    triggered = recipe.arm in ("backdoor", "untriggered")
    rows = []
    for number, (on, other) in enumerate(zip(dosed, mixed, strict=True)):
        if other:
            rows.append(arithmetic(recipe.seed, number))
            continue
        name = recipe.pattern if recipe.pattern != "all" else list(FIVE)[number % len(FIVE)]
        arm = recipe.arm if on else "removed"
        if triggered:
            arm = "pattern" if on and recipe.arm == "backdoor" else "removed"
        made = row(name, arm, recipe, number)
        rows.append(trigger.put(made) if triggered and on else made)
    return tuple(rows)


def row(pattern: str, arm: str, recipe: Recipe, number: int) -> Row:
    """One row of a pattern, without what a recipe does to some."""
    seed = recipe.seed * SEEDS + number
    case = FIVE[pattern].case(seed, arm, recipe.distractors, recipe.secret)
    (said,) = chats(case.scenario, recipe.agent)
    messages, span = located(said, case.turn)
    return Row(
        messages=messages,
        id=f"{pattern}/{case.template}#{seed}",
        pattern=pattern,
        arm=arm,
        template=case.template,
        span=span,
        planted=arm == "planted",
    )
