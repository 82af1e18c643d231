"""The monitor and the oracle on one case, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from privgym.monitor import Monitor
from privgym.verdict import Verdict
from tests.gen import Case
from tests.oracle import Opinion


def watch(monitor: Any, case: Case) -> list[Verdict]:
    """All verdicts of a monitor (or of a mutant of it) on a case's trace."""
    return [v for event, findings in case.trace for v in monitor.see(event, findings)]


def verdicts(case: Case) -> list[Verdict]:
    """What the monitor says of a case."""
    return watch(Monitor(case.book()), case)


def opinions(verdicts: Sequence[Verdict]) -> list[Opinion]:
    """What is compared of verdicts, in the oracle's order."""
    return sorted(
        Opinion(v.event, v.kind, v.norm, v.fact, v.recipient, v.charged, is_derived(v))
        for v in verdicts
    )


def is_derived(verdict: Verdict) -> bool:
    """Whether a verdict is on something that can be told from other facts."""
    return verdict.flow is not None and bool(verdict.flow.premises)


def agree(case: Case) -> bool:
    """Whether the monitor says of a case what the oracle says."""
    return opinions(verdicts(case)) == case.oracle().opinions()
