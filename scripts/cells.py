"""A figure as the cell of a table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

RESULTS = Path(__file__).resolve().parent.parent / "benchmarks" / "results"

Table = tuple[list[str], list[list[str]]]
"""Its head and its rows."""


def percent(figure: dict[str, Any] | None) -> str:
    """A share with its 95 % interval: "59 % (23 to 88)"; a dash where there is nothing to count."""
    if not figure or figure["value"] is None:
        return "-"
    value, low, high = (round(100 * figure[key], 1) for key in ("value", "low", "high"))
    digits = 0 if value >= 10 or value == 0 else 1
    return f"{value:.{digits}f} % ({low:.0f} to {high:.0f})"


def signed(figure: dict[str, Any]) -> str:
    """A correlation or kappa with its 95 % interval: "0.71 (0.57 to 0.83)"."""
    return f"{figure['value']:.2f} ({figure['low']:.2f} to {figure['high']:.2f})"
