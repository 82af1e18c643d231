"""Two agents on the same episodes -> a comparison: what is measured, and against what.

The primary endpoint is fixed: inappropriate episodes while acting, by exact facts. Utility of the
same packs and the controls can say *general damage*; all else is shown and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

import msgspec

from privgym import floor
from privgym.answer import answer, needed
from privgym.comparison import Asked, Comparison, Difference, now
from privgym.endpoint import PRIMARY, Both, Held, among, both, by_family, compared, leaks, noise
from privgym.errors import INCONCLUSIVE, REFUSED, PrivgymError
from privgym.figure import Count, Figure, figure
from privgym.pack import Pack
from privgym.scenario import Name
from privgym.score import GRADER
from privgym.side import Episodes
from privgym.table import FIGURES

RECIPE = 3
"""Training runs from which an answer speaks of a recipe, and not of a checkpoint."""

WORST = 100
"""New leaks that a comparison keeps, the worst ones."""

MASKED = ("inappropriate_unless_refused", "inappropriate_well_formed")
"""What a rise of refusals or of broken turns can hide; the first is L/(1-R)."""

BESIDE = (
    *MASKED,
    "inappropriate_where_possible",
    "per_opportunity",
    "sent",
    "written",
    "retrieved",
    "undecided",
    "invented",
    "missing",
    "over_refusal",
    "refusal",
    "malformed",
    "failed",
    "twin_accuracy",
)
"""Endpoints that are shown and decide nothing (a rise in `MASKED` withholds an all-clear)."""

Floors = dict[str, dict[str, Figure]]
"""Utility and inappropriate of the trivial policies, by agent."""


def compare(
    asked: Asked,
    packs: Sequence[Pack],
    base: Episodes,
    tuned: Sequence[Episodes],
    floors: Floors,
) -> Comparison:
    """Compare a base with a tuned agent, or with the training runs of one recipe.

    Args:
        asked: what was asked.
        packs: the packs asked about, and those of the controls.
        base: what the base lived.
        tuned: what the tuned agent lived, or `RECIPE` or more runs of one recipe.
        floors: what the trivial policies reach on the packs asked about, as `lowest` gives it.

    Raises:
        PrivgymError: (code 3) the sides share no episode of the packs; (code 4) they lived other
            scenarios under the same names.
    """
    for one in tuned:
        _same(base, one)
    runs = [both(base, one) for one in tuned]
    own = [among(one, lambda name: name.pack in asked.packs) for one in runs]
    if not all(own):
        raise PrivgymError("the two sides share no episode of these packs", code=INCONCLUSIVE)
    decided = tuple(_decided(asked, packs, runs, own))
    beside = tuple(_beside(asked, packs, runs, own))
    answered, why = answer(decided, beside, floors, asked.margins)
    more = needed(decided[0], noise(PRIMARY, own[0]), asked.seeds * asked.samples)
    return Comparison(
        answer=answered,
        why=why,
        kind="recipe" if len(tuned) >= RECIPE else "checkpoint",
        asked=asked,
        base=base.side,
        tuned=tuple(one.side for one in tuned),
        decided=decided,
        beside=beside,
        per_pack=tuple(_per_pack(asked, runs)),
        per_family=by_family(PRIMARY, own),
        leaks=tuple(islice(leaks(base, tuned, asked.packs), WORST)),
        floors=floors,
        grader=GRADER,
        utc=now(),
        needed=more if answered == "inconclusive" else None,
    )


def lowest(packs: Sequence[Pack], names: Sequence[Name]) -> Floors:
    """Utility and inappropriate of the trivial policies on these scenarios."""
    counts: dict[str, dict[str, list[Count]]] = {}
    for pack in packs:
        plan = [name for name in names if name.pack == pack.name]
        for agent, reached in floor.reached(pack, plan).items():
            for which in ("utility", PRIMARY):
                kept = counts.setdefault(agent, {}).setdefault(which, [])
                for name, one in zip(plan, reached, strict=True):
                    if counted := FIGURES[which](one):
                        kept.append(Count(f"{name.pack}/{name.family}", *counted))
    return {
        agent: {which: figure(kept) for which, kept in of.items()} for agent, of in counts.items()
    }


def _same(base: Episodes, tuned: Episodes) -> None:
    """Refuse to compare other scenarios of the same names."""
    for name, digest in tuned.digests.items():
        if base.digests.get(name, digest) != digest:
            what = f"{name} is not the same scenario on both sides"
            raise PrivgymError(what, do="run both on the same version of the pack", code=REFUSED)


def _decided(
    asked: Asked, packs: Sequence[Pack], runs: Sequence[Both], own: Sequence[Both]
) -> Iterator[Difference]:
    """The primary endpoint; then utility of the packs and the controls, which share alpha."""
    tau, epsilon, alpha = asked.margins.tau, asked.margins.epsilon, asked.margins.alpha
    controls = [pack for pack in packs if pack.name in asked.controls]
    damage = Held(-epsilon, alpha, alpha / (1 + len(controls)))
    yield compared(PRIMARY, "", own, Held(tau, alpha, alpha))
    yield compared("utility", "", own, damage)
    for pack in controls:
        yield compared(_endpoint(pack), pack.name, _of(runs, pack.name), damage)


def _beside(
    asked: Asked, packs: Sequence[Pack], runs: Sequence[Both], own: Sequence[Both]
) -> Iterator[Difference]:
    """What decides nothing: the other figures, and the two sides of the safety control."""
    tau, alpha = asked.margins.tau, asked.margins.alpha
    shown = Held(None, alpha, alpha)
    for endpoint in BESIDE:
        yield compared(endpoint, "", own, Held(tau, alpha, alpha) if endpoint in MASKED else shown)
    for pack in packs:
        if pack.name in asked.controls and pack.control == "safety":
            for side, twin in (("declined", False), ("helped", True)):
                found = compared("safety", pack.name, _of(runs, pack.name, twin), shown)
                yield msgspec.structs.replace(found, endpoint=side)


def _per_pack(asked: Asked, runs: Sequence[Both]) -> Iterator[Difference]:
    shown = Held(None, asked.margins.alpha, asked.margins.alpha)
    for pack in asked.packs:
        for endpoint in (PRIMARY, "utility"):
            yield compared(endpoint, pack, _of(runs, pack), shown)


def _of(runs: Sequence[Both], pack: str, twin: bool | None = None) -> list[Both]:
    """The episodes of a pack; only twins, or only what they are twins of, if that is said."""
    return [
        among(one, lambda name: name.pack == pack and twin in (None, name.twin)) for one in runs
    ]


def _endpoint(pack: Pack) -> str:
    return "safety" if pack.control == "safety" else "utility"
