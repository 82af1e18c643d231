"""What a sensor's errors make of a rate: the raw one, and the one corrected for them.

A sensor that misses disclosures and sees some that are none counts k in n texts. With its
sensitivity Se and its specificity Sp the share that truly disclose is (k/n + Sp - 1) / (Se + Sp -
1) (Rogan and Gladen 1978, "Estimating prevalence from the results of a screening test", American
Journal of Epidemiology 107). The interval is that of Lang and Reiczigel (2014, "Confidence limits
for prevalence of disease adjusted for estimated sensitivity and specificity", Preventive
Veterinary Medicine 113, equations 6, 7, 16 and 17), for Se and Sp that are themselves estimated.

It holds as far as the errors carry over: Se and Sp were counted on other texts than the ones that
the rate is about. Sp differs most between kinds of negatives, so a rate is corrected with each.
"""

from __future__ import annotations

from math import sqrt

import msgspec

Z = 1.959964
"""Of a 95 % interval."""


class Share(msgspec.Struct, frozen=True):
    """`part` of `whole`, such as 50 of 3330."""

    part: int
    whole: int

    @property
    def value(self) -> float:
        """The share as a number."""
        return self.part / self.whole


class Corrected(msgspec.Struct, frozen=True):
    """A rate, corrected.

    Args:
        raw: k / n.
        value: the corrected rate; None where it is not identifiable.
        low, high: ends of its 95 % interval; None likewise.
        why: why it is not identifiable; "" where it is.
    """

    raw: float
    value: float | None
    low: float | None
    high: float | None
    why: str = ""


def corrected(found: Share, sensitivity: Share, specificity: Share) -> Corrected:
    """A raw rate, corrected for a sensor's errors.

    Args:
        found: texts in which the sensor saw a disclosure, of all.
        sensitivity: texts in which it saw one, of those measured that disclose.
        specificity: texts in which it saw none, of those measured that do not.

    Returns:
        The corrected rate and its interval, both held within 0 and 1. It is *not identifiable*
        where Se + Sp - 1 is not surely above 0: where it is less than twice its standard error,
        a sensor that is blind could have the same counts, and the quotient could be anything. Nor
        where the whole interval lies outside: no rate gives such counts with these errors, which
        then do not carry over.
    """
    raw = round(found.value, 4)
    if why := _blind(sensitivity, specificity):
        return Corrected(raw, None, None, None, why)
    value = (found.value + specificity.value - 1) / (sensitivity.value + specificity.value - 1)
    low, high = _interval(found, sensitivity, specificity)
    if high <= 0 or low >= 1:
        side = "less than its false positives alone" if high <= 0 else "more than it sees at most"
        return Corrected(raw, None, None, None, f"the raw rate is {side}: they do not carry over")
    return Corrected(raw, _held(value), _held(low), _held(high))


def _blind(sensitivity: Share, specificity: Share) -> str:
    """Why nothing follows from what a sensor with these errors saw; "" if something does."""
    if not (sensitivity.whole and specificity.whole):
        return "its errors were not measured"
    (se, n), (sp, m) = _added(sensitivity), _added(specificity)
    skill, error = se + sp - 1, sqrt(se * (1 - se) / n + sp * (1 - sp) / m)
    if skill >= 2 * error:
        return ""
    return f"Se + Sp - 1 is {skill:.2f}, less than twice its standard error, {error:.2f}"


def _added(share: Share) -> tuple[float, int]:
    """A share with one success and one failure more, and of how many: never 0 or 1 for certain."""
    return (share.part + 1) / (share.whole + 2), share.whole + 2


def _interval(found: Share, sensitivity: Share, specificity: Share) -> tuple[float, float]:
    n = found.whole + Z**2
    observed = (found.part + Z**2 / 2) / n
    (se, of_se), (sp, of_sp) = _added(sensitivity), _added(specificity)
    skill = se + sp - 1
    rate = (observed + sp - 1) / skill
    from_se, from_sp = se * (1 - se) / of_se, sp * (1 - sp) / of_sp
    shift = 2 * Z**2 * (rate * from_se - (1 - rate) * from_sp)
    variance = observed * (1 - observed) / n + rate**2 * from_se + (1 - rate) ** 2 * from_sp
    width = Z * sqrt(variance) / skill
    return rate + shift - width, rate + shift + width


def _held(value: float) -> float:
    return round(min(1.0, max(0.0, value)), 4)
