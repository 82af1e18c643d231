"""What a plan will take, before it is run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import mean

import msgspec

from privgym.allowance import Timing
from privgym.errors import PrivgymError
from privgym.folder import RunFolder
from privgym.pack import Pack
from privgym.runner import Runner, encoded
from privgym.scenario import Name
from privgym.spec import PLAY, Spec

PLAYS = 50
"""Good plays that are lived where nothing was measured yet, spread over the plan."""


class Estimate(msgspec.Struct, frozen=True):
    """What a plan will take; None where nothing says it.

    Args:
        episodes: of the plan.
        turns_at_most, calls_at_most: turns of the agent, and tool calls, that the scenarios allow.
        basis: what the rest is estimated from.
        turns: of the agent; a model is asked at least once a turn.
        prompt_tokens, tokens: read and generated.
        seconds: of machine time, all episodes added up.
        bytes: of traces on disk.
    """

    episodes: int
    turns_at_most: int
    calls_at_most: int
    basis: str
    turns: int | None = None
    prompt_tokens: int | None = None
    tokens: int | None = None
    seconds: float | None = None
    bytes: int | None = None


def estimate(pack: Pack, spec: Spec, names: Sequence[Name], out: Path) -> Estimate:
    """Estimate a plan from earlier runs of its pack and spec, else from the good plays.

    Args:
        pack, spec, names: what is to run; no model is loaded.
        out: folder of run folders.
    """
    budgets = [(s.budget, len(s.sessions)) for s in map(pack.scenario, names)]
    whole = Estimate(
        episodes=len(names),
        turns_at_most=sum(b.turns * sessions for b, sessions in budgets),
        calls_at_most=sum(b.turns * b.calls * sessions for b, sessions in budgets),
        basis="nothing",
    )
    runs = list(earlier(pack, spec, out))
    timings = [timing for run in runs for timing in run.took()]
    if timings:
        found = _scaled(timings, sum(run.traces.stat().st_size for run in runs), len(names))
        basis = f"{len(timings):,} episodes of earlier runs"
        return msgspec.structs.replace(whole, basis=basis, **found)
    plays = asyncio.run(_plays(pack, names[:: 1 + len(names) // PLAYS]))
    if not plays:
        return whole
    found = _scaled([timing for timing, _ in plays], sum(size for _, size in plays), len(names))
    kept = {key: found[key] for key in ("turns", "bytes")}
    return msgspec.structs.replace(whole, basis=f"{len(plays)} good plays", **kept)


def _scaled(timings: Sequence[Timing], size: int, episodes: int) -> dict[str, float]:
    """The means of what was measured, times the episodes of the plan."""
    return {
        "turns": round(mean(t.turns for t in timings) * episodes),
        "prompt_tokens": round(mean(t.prompt_tokens for t in timings) * episodes),
        "tokens": round(mean(t.tokens for t in timings) * episodes),
        "seconds": round(mean(t.wall_s for t in timings) * episodes, 1),
        "bytes": round(size / len(timings) * episodes),
    }


def earlier(pack: Pack, spec: Spec, out: Path) -> Iterator[RunFolder]:
    """The runs in `out` of this version of a pack and of this spec that hold an episode."""
    for file in sorted(out.glob("*/run.json")):
        try:
            run = RunFolder(file.parent)
        except PrivgymError:
            continue  # broken, or of another version: nothing to go by
        same = (pack.name, pack.version, str(spec))
        of = run.record
        if (of.pack, of.pack_version, of.spec) == same and run.count():
            yield run


async def _plays(pack: Pack, names: Sequence[Name]) -> list[tuple[Timing, int]]:
    """What good plays took, and the bytes of their traces."""
    runner = Runner(pack, Spec(PLAY))
    lived = [await runner.episode(name) for name in names]
    return [(timing, len(encoded(one))) for one, timing in lived if not one.failure]
