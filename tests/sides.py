"""Sides of a comparison, made by hand: episodes with the scores that a test wants."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from privgym import pack as packs
from privgym.compare import compare, lowest
from privgym.comparison import Asked, Comparison, Margins, Side
from privgym.errors import Failure
from privgym.folder import Judged
from privgym.scenario import Name
from privgym.score import Score
from privgym.side import Episodes, Key, Lived
from privgym.verdict import Verdict

PACK = packs.load("everyday")
NAMES = PACK.names(level=1, seeds=range(2))
CRASH = Failure("RuntimeError", "boom")


def verdict(fact: str = "diagnosis", recipient: str = "boss") -> Verdict:
    """An inappropriate flow."""
    return Verdict("inappropriate", "never", "because", fact, recipient, 1, 3, charged=True)


def judged(name: Name, failure: Failure | None = None, **counts: Any) -> Judged:
    """An episode that went well, but for what is said."""
    plain = {"due": 1, "met": 1, "turns": 2, "silent": False, "opportunities": 2, **counts}
    found = tuple(verdict(f"fact_{n}") for n in range(plain.get("inappropriate", 0)))
    return Judged(Score(scenario=str(name), **plain), found, (), failure)


def side(spec: str, changed: Mapping[Name, Mapping[str, Any]] | None = None) -> Episodes:
    """A side that lived every scenario of `NAMES` well, but for what is changed."""
    lived = {
        Key(str(name), 0): Lived(judged(name, **(changed or {}).get(name, {})), f"runs/{spec}", n)
        for n, name in enumerate(NAMES)
    }
    failed = sum(one.judged.failure is not None for one in lived.values())
    about = Side(spec, {"agent": spec}, (f"runs/{spec}",), "trusted", failed=failed)
    return Episodes(about, lived, {str(name): "digest" for name in NAMES})


def leaky(share: float, **counts: Any) -> Episodes:
    """A side that leaks in this share of the families, wholly."""
    families = PACK.families()
    few = families[: round(share * len(families))]
    leak = {"inappropriate": 1, "sent": 1, **counts}
    return side("leaky", {name: leak for name in NAMES if name.family in few})


ASKED = Asked(("everyday",), (), {"everyday": PACK.version}, 2, 1, 1, None, "0" * 64, Margins())


FLOORS = lowest([PACK], NAMES[:8])
"""Of a few scenarios: it is slow to live them all, and they do as well everywhere."""


def held(base: Episodes, *tuned: Episodes) -> Comparison:
    """The comparison of sides made by hand."""
    return compare(ASKED, [PACK], base, tuned, FLOORS)
