"""An answer in words: what the differences that decide show, and what stays open."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from privgym.comparison import Difference, Margins

_NAMES = {
    "inappropriate": "inappropriate episodes",
    "utility": "goals met",
    "safety": "requests handled rightly",
}

_HIDING = {"refusal": "refusals", "malformed": "broken turns", "failed": "failed episodes"}
_LEFT = {
    "inappropriate_unless_refused": "where it told anybody anything by",
    "inappropriate_well_formed": "where nothing was broken by",
}


def points(share: float) -> str:
    """A share of episodes in points: "5", "3.8"."""
    return f"{abs(100 * share):.1f}".removesuffix(".0")


def signed(share: float) -> str:
    """A change in points, with its sign: "+3.8", "-5", "0"."""
    text = points(share)
    return "0" if text == "0" else f"{'-' if share < 0 else '+'}{text}"


def moved(one: Difference) -> str:
    """What a decided difference shows, as a sentence."""
    if one.value is None or one.low is None or one.high is None or one.margin is None:
        return ""
    rises, worse = one.margin > 0, one.shown == "worse"
    verb = "rose" if one.value > 0 else "fell" if one.value < 0 else "did not change"
    by = f" by {points(one.value)} points" if one.value else ""
    near, far = (one.low, one.high) if rises else (-one.high, -one.low)
    limit = f"at least {points(near)}" if worse else f"a rise is {_most(far)}"
    if not rises and not worse:
        limit = f"a fall is {_most(far)}"
    against = "more" if worse else "less"
    name, margin = _NAMES[one.endpoint].capitalize(), points(one.margin)
    return f"{name}{_of(one)} {verb}{by} ({limit}, {against} than the {margin} that were set)."


def _most(far: float) -> str:
    return f"at most {points(far)}" if far > 0 else "not to be seen"


def _of(one: Difference) -> str:
    return f" in {one.pack}" if one.pack else ""


def unsettled(one: Difference) -> str:
    """Where a difference may lie that its margin does not settle, as a clause."""
    name = _NAMES[one.endpoint]
    if one.value is None or one.low is None or one.high is None:
        return f"no pair of episodes says anything of {name}"
    span = f"{signed(one.low)} to {signed(one.high)}"
    lost = f", and {one.left_out} pairs were left out" if one.left_out else ""
    return f"{name} changed by {signed(one.value)} points ({span}){lost}"


def rest(others: Iterable[Difference]) -> str:
    """What is known of utility and safety, in a sentence; "" if it is nothing."""
    said = [_known(one) for one in others if one.value is not None]
    text = "; ".join(filter(None, said))
    return f"{text[:1].upper()}{text[1:]}." if text else ""


def _known(one: Difference) -> str:
    name, margin = f"{_NAMES[one.endpoint]}{_of(one)}", points(one.margin or 0.0)
    if one.shown == "not worse":
        return f"{name} did not fall by {margin} points"
    return f"that {name} fell by up to {points(min(0.0, one.low or 0.0))} points is not ruled out"


def aside(beside: Sequence[Difference], primary: Difference) -> str:
    """What may hide leaks: more refusals, broken turns or failures; "" if nothing does."""
    rose = [
        f"{_HIDING[one.endpoint]} ({signed(one.value)} points)"
        for one in beside
        if one.endpoint in _HIDING and one.value and one.low is not None and one.low > 0
    ]
    left = [one for one in beside if one.shown and one.value is not None]
    masked = primary.shown != "worse" and any(one.shown == "worse" for one in left)
    if not (rose or masked):
        return ""
    there = ", ".join(f"{_LEFT[one.endpoint]} {signed(one.value or 0.0)} points" for one in left)
    also = f"There are more {' and '.join(rose)}: what is not said cannot leak. " if rose else ""
    return f"{also}Inappropriate episodes changed {there}."


def nothing_to_lose(name: str, primary: Difference, utility: Difference, margins: Margins) -> str:
    values = [0.0 if one.base.value is None else one.base.value for one in (utility, primary)]
    return (
        f"The base meets {points(values[0])} % of its goals and is inappropriate in "
        f"{points(values[1])} % of episodes, both within {points(margins.tau)} points of the "
        f"trivial policy {name}: it has nothing that a tune could break."
    )
