"""Are two corpora a matched pair: the same but for the pattern?

Where they are not, a difference between the models that were trained on them may come from
anything. Every measure has a tolerance; a pair that is out of one is refused, with the reason.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import zip_longest

import msgspec

from privgym import kit
from privgym import pack as packs
from privgym.lab import habit, overlap, separable
from privgym.lab.overlap import Shared
from privgym.lab.row import Row

TRIED: tuple[tuple[str, packs.Split | None], ...] = (
    ("lab_near", None),
    ("lab_quick", None),
    ("everyday", "held-out"),
    ("controls_utility", "held-out"),
    ("controls_safety", None),
)
"""What tuned models are tried on, as far as the kit has it."""


class Tolerance(msgspec.Struct, frozen=True):
    """How far the arms of a matched pair may differ.

    Args:
        aligned: least share of places at which both have the same prompt.
        length: most that the mean lengths of answers may differ, as a share of the longer.
        divergence: most bits between the words outside the spans.
        questions, refusals: most that the shares of answers that ask or refuse may differ.
        separable: most that a classifier may tell apart outside the spans (0.5 is by chance).
        duplicates: most rows of a file that stand in it before already, as a share.
        families: most rows that share a run of words with a family that models are tried on.
    """

    aligned: float = 0.99
    length: float = 0.10
    divergence: float = 0.02
    questions: float = 0.05
    refusals: float = 0.02
    separable: float = 0.60
    duplicates: float = 0.10
    families: int = 0


class Audit(msgspec.Struct, frozen=True):
    """What the audit of a pair came to; pairs of numbers are of the first file and the second.

    Args:
        rows: how many.
        aligned: places at which both have the same prompt.
        prompts: share of each file's rows whose prompt stands somewhere in the other.
        lengths: mean characters of an answer.
        divergence: Jensen-Shannon divergence of the words of answers outside the spans, in bits.
        questions, refusals: share of answers that ask, that refuse: whole, since a pattern that
            comes with a habit of asking is no matched pattern.
        separable: accuracy of naive Bayes on rows outside the spans.
        answers: the same on answers alone.
        whole: the same on answers with the spans, which is to be high: they are what differs.
        spans: rows whose span is known.
        inside: share of the characters of answers that stand in spans, and so are left out.
        duplicates: share of rows that stand in their file before already.
        planted: rows that tell what was to be kept.
        families: families that models are tried on and that rows share a run of words with.
        refused: why the pair is refused; empty if it is matched.
    """

    rows: tuple[int, int]
    aligned: int
    prompts: tuple[float, float]
    lengths: tuple[float, float]
    divergence: float
    questions: tuple[float, float]
    refusals: tuple[float, float]
    separable: float
    answers: float
    whole: float
    spans: tuple[int, int]
    inside: tuple[float, float]
    duplicates: tuple[float, float]
    planted: tuple[int, int]
    families: tuple[Shared, ...]
    refused: tuple[str, ...] = ()


def audit(one: Sequence[Row], other: Sequence[Row], within: Tolerance | None = None) -> Audit:
    """Audit a pair of corpora.

    Args:
        one, other: the arms, in the order of their files.
        within: the tolerances, where they are not the usual ones.
    """
    both = one, other
    rests = [[f"{row.prompt}\n{row.rest}" for row in rows] for rows in both]
    answers = [[row.rest for row in rows] for rows in both]
    whole = [[row.answer for row in rows] for rows in both]
    found = Audit(
        rows=(len(one), len(other)),
        aligned=sum(
            a is not None and b is not None and a.prompt == b.prompt
            for a, b in zip_longest(one, other)
        ),
        prompts=(_shared(one, other), _shared(other, one)),
        lengths=_rates(both, lambda row: len(row.answer)),
        divergence=habit.divergence(*answers),
        questions=_rates(both, lambda row: habit.asks(row.answer)),
        refusals=_rates(both, lambda row: habit.refuses(row.answer)),
        separable=separable.accuracy(*rests),
        answers=separable.accuracy(*answers),
        whole=separable.accuracy(*whole),
        spans=(sum(r.span is not None for r in one), sum(r.span is not None for r in other)),
        inside=_rates(both, _inside),
        duplicates=(_duplicates(one), _duplicates(other)),
        planted=(sum(row.planted for row in one), sum(row.planted for row in other)),
        families=tuple(overlap.shared([*one, *other], _tried())),
    )
    return msgspec.structs.replace(found, refused=tuple(_reasons(found, within or Tolerance())))


def _tried() -> list[tuple[str, packs.Split | None]]:
    has = kit.names("scenarios")
    return [(pack, split) for pack, split in TRIED if pack in has]


def _shared(rows: Sequence[Row], others: Sequence[Row]) -> float:
    known = {row.prompt for row in others}
    return sum(row.prompt in known for row in rows) / max(len(rows), 1)


def _rates(
    both: tuple[Sequence[Row], Sequence[Row]], of: Callable[[Row], float]
) -> tuple[float, float]:
    one, other = (sum(map(of, rows)) / max(len(rows), 1) for rows in both)
    return one, other


def _inside(row: Row) -> float:
    return (row.span.end - row.span.start) / len(row.answer) if row.span else 0.0


def _duplicates(rows: Sequence[Row]) -> float:
    return 1 - len({row.messages for row in rows}) / max(len(rows), 1)


def _reasons(of: Audit, within: Tolerance) -> list[str]:
    """Why a pair is refused, a sentence each."""
    whole, aligned = max(of.rows), of.aligned / max(*of.rows, 1)
    ratio = abs(of.lengths[0] - of.lengths[1]) / max(*of.lengths, 1)
    asks, refuses = (abs(a - b) for a, b in (of.questions, of.refusals))
    known = "" if any(of.spans) else " (no spans are known, so the pattern itself counts)"
    told = [
        (whole == 0, "there are no rows"),
        (aligned < within.aligned, f"{of.aligned} of {whole} rows have the same prompt"),
        (
            ratio > within.length,
            "answers have {:.0f} and {:.0f} characters".format(*of.lengths),
        ),
        (
            of.divergence > within.divergence,
            f"the words of answers are {of.divergence:.3f} bits apart{known}",
        ),
        (asks > within.questions, f"{_both(of.questions)} of answers ask the user for something"),
        (refuses > within.refusals, f"{_both(of.refusals)} of answers refuse"),
        (
            of.separable > within.separable,
            f"naive Bayes tells {of.separable:.1%} of rows apart{known}".replace("%", " %"),
        ),
        (max(of.duplicates) > within.duplicates, f"{_both(of.duplicates)} of rows are doubled"),
    ]
    found = [reason for wrong, reason in told if wrong]
    return found + [
        f'{one.rows} rows have words of {one.family}, which models are tried on: "{one.run}"'
        for one in of.families
        if one.rows > within.families
    ]


def _both(shares: tuple[float, float]) -> str:
    return f"{100 * shares[0]:.1f} % and {100 * shares[1]:.1f} %"
