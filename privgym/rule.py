"""A rule of one's own for a comparison: `--fail-if "change inappropriate > 0.02"`.

    [base | tuned | change] ENDPOINT [of PACK] (> | >= | < | <=) SHARE

`tuned` is meant where no side is named, all packs asked about where no pack is. SHARE is a number
such as 0.02 or -0.05, or one in percent, "2 %"; a change is tuned minus base. A rule is held
against the value itself and not against its limits.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable
from typing import Literal

import msgspec

from privgym.compare import BESIDE
from privgym.comparison import Comparison, Difference
from privgym.endpoint import PRIMARY
from privgym.errors import PrivgymError, did_you_mean

ENDPOINTS = (PRIMARY, "utility", "safety", *BESIDE, "declined", "helped")
"""What a rule can be about."""

SIDES = ("base", "tuned", "change")

_ORDER: dict[str, Callable[[float, float], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
_RULE = re.compile(
    r"(?:(?P<side>[a-z]+)\s+)?(?P<endpoint>[a-z_]+)(?:\s+of\s+(?P<pack>[\w-]+))?"
    r"\s*(?P<order>[<>]=?)\s*(?P<share>[+-]?\d+(?:\.\d+)?)\s*(?P<percent>%?)"
)
_DO = 'write [base|tuned|change] ENDPOINT [of PACK] > SHARE, as in "change inappropriate > 0.02"'


class Rule(msgspec.Struct, frozen=True):
    """When a comparison fails.

    Args:
        text: as it was written.
        side: whose figure, or its change.
        endpoint: which figure.
        pack: of which pack; "" for all that were asked about.
        order: how it compares with the share.
        share: between -1 and 1.
    """

    text: str
    side: Literal["base", "tuned", "change"]
    endpoint: str
    pack: str
    order: str
    share: float

    @classmethod
    def read(cls, text: str, packs: Iterable[str] = ()) -> Rule:
        """Read a rule.

        Args:
            text: the rule.
            packs: packs that it may name.

        Raises:
            PrivgymError: it is none, or names what there is not.
        """
        found = _RULE.fullmatch(text.strip())
        if not found:
            raise PrivgymError(f'"{text}" is no rule', do=_DO)
        side, pack = found["side"] or "tuned", found["pack"] or ""
        for word, known in ((side, SIDES), (found["endpoint"], ENDPOINTS), (pack, ("", *packs))):
            if word not in known:
                near = did_you_mean(word, known)
                known_words = ", ".join(filter(None, known))
                do = f"it may say {known_words}"
                raise PrivgymError(f'"{word}" is unknown', where=f'"{text}"', meant=near, do=do)
        if pack and found["endpoint"] in BESIDE:
            what = f"{found['endpoint']} is measured over all packs together"
            raise PrivgymError(what, where=f'"{text}"', do=f'leave "of {pack}" out')
        share = float(found["share"]) / (100 if found["percent"] else 1)
        if not -1 <= share <= 1:
            do = "a share lies between -1 and 1; 2 % is 0.02"
            raise PrivgymError(f"{found['share']} is no share", where=f'"{text}"', do=do)
        return msgspec.convert(
            {"text": text.strip(), "side": side, "endpoint": found["endpoint"], "pack": pack}
            | {"order": found["order"], "share": share},
            cls,
        )

    def holds(self, comparison: Comparison) -> bool | None:
        """Whether a comparison fails by this rule; None if what it is about was not measured."""
        value = self._value(comparison)
        return None if value is None else _ORDER[self.order](value, self.share)

    def _value(self, comparison: Comparison) -> float | None:
        for one in (*comparison.decided, *comparison.beside, *comparison.per_pack):
            if one.endpoint == self.endpoint and self._speaks(one, comparison):
                sides = {"base": one.base.value, "tuned": one.tuned.value, "change": one.value}
                return sides[self.side]
        return None

    def _speaks(self, one: Difference, comparison: Comparison) -> bool:
        """Whether a difference is of the rule's pack; safety is of its control, named or not."""
        return one.pack == self.pack or (not self.pack and one.pack in comparison.asked.controls)
