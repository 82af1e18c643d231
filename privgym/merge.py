"""The shards of one plan -> one run folder, with the bytes that one run of the plan gives."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import msgspec

from privgym import trace
from privgym.errors import INCONCLUSIVE, REFUSED, PrivgymError
from privgym.folder import Record, RunFolder
from privgym.writer import Writer

_OWN = ("shard", "grader")
"""What may differ between the shards of a run."""


def merge(shards: Sequence[RunFolder], out: Path) -> RunFolder:
    """Put the shards of a run together.

    Args:
        shards: their folders, in any order; one at least.
        out: folder of run folders.

    Raises:
        PrivgymError: (code 4) they are not of one run, or two hold the same episode; (code 3)
            an episode of the plan is in none of them.
    """
    record = msgspec.structs.replace(shards[0].record, shard="")
    homes: dict[int, RunFolder] = {}
    for shard in shards:
        _same(record, shard)
        for number in shard.record.share[: shard.count()]:
            if number in homes:
                what = f"{record.plan[number]} is in two of the runs"
                where = f"{homes[number].path} and {shard.path}"
                raise PrivgymError(what, where=where, do="leave one out", code=REFUSED)
            homes[number] = shard
    _whole(record, homes)
    # Read as strictly as for a score, so that nothing unreadable is handed on.
    rows = {shard: zip(shard.read(), shard.took(), strict=False) for shard in shards}
    merged = RunFolder.create(out, record)
    with merged.held(), Writer(merged) as writer:
        for number in range(len(record.plan)):
            (one, _), timing = next(rows[homes[number]])
            writer.put(number, trace.encode(one), timing)
    return merged


def _same(record: Record, shard: RunFolder) -> None:
    """Refuse a run that is not of the same pack, plan, agent and versions, or lacks timings."""
    if sum(1 for _ in shard.took()) < shard.count():
        what = "the run has fewer timings than traces"
        raise PrivgymError(what, where=str(shard.timings), code=REFUSED)
    for key, value in msgspec.structs.asdict(record).items():
        if key not in _OWN and getattr(shard.record, key) != value:
            what = f"the runs are not of one plan: {key} differs"
            do = "merge what `privgym run --shard` gave for the same command on the same version"
            raise PrivgymError(what, where=str(shard.path), do=do, code=REFUSED)


def _whole(record: Record, homes: dict[int, RunFolder]) -> None:
    """Refuse a plan with gaps: a run goes on from its end, not in its middle."""
    missing = [name for number, name in enumerate(record.plan) if number not in homes]
    if missing:
        what = f"{len(missing):,} of {len(record.plan):,} episodes are in none of the runs"
        do = "run the shard that has them to its end, and merge again"
        raise PrivgymError(what, where=f"{missing[0]}, first", do=do, code=INCONCLUSIVE)
