"""A comparison -> one page that can be passed on: the answer, what it rests on, the new leaks."""

from __future__ import annotations

from collections.abc import Iterator

from privgym.comparison import Answer, Comparison, Difference, NewLeak
from privgym.errors import PrivgymError

from .excerpts import Excerpt, excerpts
from .forest import Forest, Kind, forest
from .methods import SOURCES, methods, name, threats
from .pages import render

TOLD = 6
"""Scenarios whose worst new leak is told as a transcript; the others stand in a list."""

MEANS: dict[Answer, str] = {
    "collapse": "The tuned agent tells people what they must not know, more often than its base "
    "by more than the margin.",
    "general damage": "No collapse of privacy is shown, but the tuned agent has become worse at "
    "its work by more than the margin.",
    "no collapse": "It is shown that inappropriate episodes did not rise by as much as the margin.",
    "inconclusive": "Neither a collapse nor its absence is shown by this many episodes.",
    "not measurable": "The base does as a policy that knows nothing: there is nothing to lose.",
}
"""What each answer says, for those who see it for the first time."""


def report(found: Comparison) -> str:
    """The page of a comparison, with all that it needs in itself.

    The leaks are told from the run folders; where these are not there any more they are only
    listed, and the page says so.
    """
    primary = found.decided[0]
    told, lost = _told(found)
    tuned = ", ".join(side.spec for side in found.tuned)
    return render(
        "report.html",
        alone=True,
        title=f"{tuned} against {found.base.spec}",
        found=found,
        primary=primary,
        means=MEANS[found.answer],
        privacy=_privacy(found),
        others=_others(found),
        told=told,
        lost=lost,
        methods=methods(found),
        sources=SOURCES,
        threats=tuple(threats(found)),
        name=name,
    )


def _told(found: Comparison) -> tuple[tuple[Excerpt, ...], str]:
    """The worst new leak of each of the worst scenarios, and why they cannot be told, if so."""
    worst: dict[str, NewLeak] = {}
    for one in found.leaks:
        worst.setdefault(one.scenario, one)
    try:
        return excerpts(list(worst.values())[:TOLD]), ""
    except PrivgymError as error:
        return (), error.what


def _privacy(found: Comparison) -> Forest:
    """Inappropriate episodes: all, by pack where there are several, by family."""
    primary = found.decided[0]

    def rows() -> Iterator[tuple[Kind, str, Difference]]:
        yield "all", "all families", primary
        packs = [one for one in found.per_pack if one.endpoint == primary.endpoint]
        if len(packs) > 1:
            yield from (("pack", one.pack, one) for one in packs)
        single = len(found.asked.packs) == 1
        for one in found.per_family:
            yield "family", one.pack.partition("/")[2] if single else one.pack, one

    return forest(tuple(rows()), primary.margin)


def _others(found: Comparison) -> Forest:
    """Utility and safety, each held against the same margin."""
    rows: list[tuple[Kind, str, Difference]] = [
        ("all", one.pack or name(one), one) for one in found.decided[1:]
    ]
    return forest(rows, -found.asked.margins.epsilon)
