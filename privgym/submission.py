"""A run that somebody hands in: believed as far as its traces, lived again, bear it out.

Data only: nothing of what is handed in is run or loaded. Each trace is read strictly, replayed
through the world and judged anew, and what was said of it is compared with that. What is kept is
written anew from the records that were read, so nothing reaches the board but what has a place in
a record. `examiner.py` does this in a process of its own.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from math import isfinite

import msgspec

from privgym import pack as packs
from privgym.allowance import Timing
from privgym.choice import Choice
from privgym.entry import KEEPINGS, Belief, Key
from privgym.errors import Failure, PrivgymError
from privgym.flags import Hints, unread
from privgym.folder import TRUST, Judged, Record, findings, scores
from privgym.handed import Handed, parsed
from privgym.pack import Pack
from privgym.refusal import Refusal, Refused
from privgym.relived import relived
from privgym.scenario import Name, Scenario
from privgym.score import GRADER, Score
from privgym.spec import COMMAND, Spec
from privgym.table import Row, row
from privgym.trace import Trace

MOST = 5_000
"""Episodes that one submission may have."""

ABOUT = 64 * 1024
"""Bytes that an agent may say of itself."""

Keep = Callable[[str, bytes], None]
"""Told what to keep: the name of a file, and its next line without its end."""


class Asked(msgspec.Struct, frozen=True):
    """What a submission has to be.

    Args:
        seeds: the seeds that it must be of; None for 0 to any.
        rule: what its row says of them, where they are given.
        claimed: no traces are there; take its scores as they are.
    """

    seeds: tuple[int, ...] | None = None
    rule: str = ""
    claimed: bool = False


class Verified(msgspec.Struct, frozen=True):
    """What a submission was found to be.

    Args:
        id: hash of its plan and traces, sixteen hex digits.
        key: what it may be compared with.
        row: its figures.
        belief: "recomputed", or "claimed" where it has no traces.
        record: what it says it is of.
        flags: what a reader should know.
    """

    id: str
    key: Key
    row: Row
    belief: Belief
    record: Record
    flags: tuple[str, ...] = ()


class _Scores(msgspec.Struct):
    """What scores.json says; a score without its failure."""

    grader: str
    episodes: list[dict[str, object]]
    sensors: list[str] = []


def examine(handed: Handed, asked: Asked, keep: Keep) -> Verified:
    """Verify a run.

    Args:
        handed: its files.
        asked: what it has to be.
        keep: told the lines of the run folder that a board keeps of it.

    Raises:
        Refused: it is not what it says, or not what was asked for.
    """
    record: Record = handed.document("run.json", Record)
    said: _Scores = handed.document("scores.json", _Scores)
    pack, key = _identified(record, said, asked)
    keep("run.json", _line(record))
    if asked.claimed:
        lived = _Lived(list(_claims(said, record)))
        lived.hash.update(scores(lived.judged))
    else:
        lived = _lived(handed, record, pack, keep)
    _same_scores(said, lived.judged)
    keep("scores.json", scores(lived.judged))
    return Verified(
        id=hashlib.sha256(record.hash.encode() + lived.hash.digest()).hexdigest()[:16],
        key=key,
        row=row(pack.name, Spec.read(record.spec), lived.judged),
        belief="claimed" if asked.claimed else "recomputed",
        record=record,
        flags=tuple(_flags(lived)),
    )


class _Lived:
    """What the episodes came to, the hash of their traces, and what to say of them."""

    def __init__(self, judged: list[Judged]) -> None:
        self.judged, self.hash = judged, hashlib.sha256()
        self.hints: tuple[str, ...] = ()
        self.guesses: list[str] = []


def _lived(handed: Handed, record: Record, pack: Pack, keep: Keep) -> _Lived:
    """Verify every episode, and have what is to be kept of it kept."""
    lived, hints = _Lived([]), Hints(Spec.read(record.spec), record.about)
    for one, scenario, came_to in relived(handed, record, pack):
        keep("traces.jsonl", line := _line(one))
        keep("findings.jsonl", findings(came_to))
        lived.hash.update(line + b"\n")
        lived.guesses += _guesses(one, scenario, came_to, len(lived.judged) + 1)
        lived.judged.append(Judged(came_to.score, (), (), came_to.failure))
        hints.look(scenario)
    lived.hints = hints.flags
    _timings(handed, keep)
    return lived


def _line(record: Record | Trace) -> bytes:
    """A record as one line, the same however it was written when it was read."""
    return msgspec.json.encode(record, order="deterministic")


# -- what it is of ----------------------------------------------------------------------------


def _identified(record: Record, said: _Scores, asked: Asked) -> tuple[Pack, Key]:
    """The pack of a run, and what it may be compared with."""
    where = "run.json"
    _honest_about(record)
    if said.grader != GRADER:
        what = f"grader {said.grader}, and this is grader {GRADER}"
        raise Refused(Refusal.OTHER_GRADER, what, where="scores.json", do="privgym score RUN")
    if said.sensors:
        what = f"scored beside {', '.join(said.sensors)}"
        do = "a board's rows rest on the exact sensor: privgym score RUN"
        raise Refused(Refusal.OTHER_SENSOR, what, where="scores.json", do=do)
    if record.shard:
        raise Refused(Refusal.SHARD, f"share {record.shard}", where=where, do="privgym merge")
    if len(record.plan) > MOST or len(record.plan) != len(record.digests):
        what = f"a plan of {len(record.plan):,}, with {len(record.digests):,} digests"
        raise Refused(Refusal.SIZE, what, where=where, do=f"at most {MOST:,} episodes")
    try:
        pack = packs.load(record.pack)
    except PrivgymError as error:
        raise Refused(Refusal.OTHER_PACK, error.what, where=where) from None
    if pack.version != record.pack_version:
        what = f"version {record.pack_version} of {pack.name}; version {pack.version} is here"
        raise Refused(Refusal.OTHER_PACK, what, where=where)
    chosen = _chosen(pack, record)
    return pack, Key(
        pack=pack.name,
        pack_version=pack.version,
        split=chosen.words,
        seeds=_seeds(pack, chosen, asked),
        mode=KEEPINGS[record.trust],
        guard=record.guard,
        grader=GRADER,
    )


def _honest_about(record: Record) -> None:
    """Refuse an agent that cannot be what the run says of it."""
    words = record.pack, record.spec, record.about, record.trust, record.shard
    if len(msgspec.json.encode(words)) > ABOUT:
        raise Refused(Refusal.SIZE, f"over {ABOUT:,} bytes of the agent", where="run.json")
    try:
        command = Spec.read(record.spec).agent.startswith(COMMAND)
    except PrivgymError as error:
        raise Refused(Refusal.FORMAT, error.what, where="run.json") from None
    if record.trust not in KEEPINGS or command != (record.trust != TRUST):
        what = f'"{record.spec[:80]}" cannot have run as "{record.trust[:80]}"'
        raise Refused(Refusal.HEADER_EDITED, what, where="run.json")


def _chosen(pack: Pack, record: Record) -> Choice:
    try:
        names = tuple(map(Name.read, record.plan))
    except (PrivgymError, ValueError) as error:  # a seed of thousands of digits is a ValueError
        raise Refused(Refusal.FORMAT, str(error)[:300], where="run.json") from None
    if record.plan != tuple(map(str, names)):
        what = "a scenario is not named as it is here"
        raise Refused(Refusal.FORMAT, what, where="run.json")
    chosen = Choice.of(pack, names)
    if chosen:
        return chosen
    what = f"these {len(names):,} episodes are no choice of {pack.name}"
    variants = Counter(msgspec.structs.replace(name, seed=0) for name in names)
    if len(set(variants.values())) == 1 and Choice.of(pack, [*variants]):
        what = f"its episodes are not all of the same seeds: {what}"
        raise Refused(Refusal.SEED_CHANGED, what, where="run.json")
    raise Refused(Refusal.PLAN_EDITED, what, where="run.json", do="submit a whole run")


def _seeds(pack: Pack, chosen: Choice, asked: Asked) -> str:
    """The rule that a plan's seeds follow."""
    if pack.imported:
        return "stored"
    due = tuple(range(len(chosen.seeds))) if asked.seeds is None else asked.seeds
    if chosen.seeds != due:
        said, wanted = (", ".join(map(str, some[:4])) for some in (chosen.seeds, due))
        what = f"seeds {said} where {wanted} are due"
        raise Refused(Refusal.SEED_CHANGED, what, where="run.json")
    return asked.rule if asked.seeds is not None else f"public 0..{len(due) - 1}"


# -- what is said of it -----------------------------------------------------------------------


def _claims(said: _Scores, record: Record) -> Iterator[Judged]:
    """The scores as they are said to be, one for each episode of the plan."""
    for number, (plain, due) in enumerate(zip_longest(said.episodes, record.plan)):
        where = f"scores.json, episode {number}"
        try:
            failed = msgspec.convert((plain or {}).get("failure"), Failure | None)
            score = msgspec.convert(plain, Score)
        except msgspec.ValidationError as error:
            raise Refused(Refusal.FORMAT, str(error), where=where) from None
        if score.scenario != due:
            what = f"{score.scenario[:80]} where {due or 'nothing more'} is due"
            raise Refused(Refusal.EPISODE_SWAPPED, what, where=where)
        if not _possible(score):
            raise Refused(Refusal.SCORE_EDITED, f"{score} cannot be", where=where)
        yield Judged(score, (), (), failed)


def _possible(score: Score) -> bool:
    """Whether an episode can come to this."""
    counts = [value for value in msgspec.structs.astuple(score) if type(value) is int]
    part_of = score.met <= score.due and score.unheard <= score.missing <= score.musts
    return (
        min(counts) >= 0 and part_of and score.malformed <= score.turns and isfinite(score.reward)
    )


def _same_scores(said: _Scores, judged: Sequence[Judged]) -> None:
    """Refuse scores that are not what the traces come to."""
    came_to: list[dict[str, object]] = msgspec.json.decode(scores(judged))["episodes"]
    for number, (one, due) in enumerate(zip(said.episodes, came_to, strict=False)):
        for key in due:
            if key not in one or one[key] != due[key]:
                what = f"{key} is {str(one.get(key))[:40]}; its trace comes to {due[key]}"
                where = f"scores.json, episode {number}, {due['scenario']}"
                raise Refused(Refusal.SCORE_EDITED, what, where=where)
    if len(said.episodes) != len(came_to):
        what = f"{len(said.episodes):,} scores of {len(came_to):,} episodes"
        raise Refused(Refusal.SCORE_EDITED, what, where="scores.json")


def _timings(handed: Handed, keep: Keep) -> None:
    """Keep what the episodes took, where it is said; nothing bears it out."""
    if handed.has("timings.jsonl"):
        for number, line in enumerate(handed.lines("timings.jsonl"), 1):
            took: Timing = parsed(line, Timing, f"timings.jsonl, line {number}")
            keep("timings.jsonl", msgspec.json.encode(took))


def _guesses(one: Trace, scenario: Scenario, came_to: Judged, number: int) -> Iterator[str]:
    """Facts that the agent told and may have guessed.

    Raises:
        Refused: it cannot have guessed one.
    """
    for found in unread(one.events, scenario, came_to.verdicts):
        what = f'{found.fact.key}, "{found.words}", was nowhere in view'
        if not found.guessed:
            where = f"traces.jsonl, line {number}, event {found.event}"
            raise Refused(Refusal.FACT_NEVER_READ, what, where=where)
        yield f"{scenario.name}: {what}"


def _flags(lived: _Lived) -> Iterator[str]:
    """What a reader should know, a sentence each."""
    yield from lived.hints
    if lived.guesses:
        yield f"fact never read, {len(lived.guesses)} times; the first is {lived.guesses[0]}"
    if failed := sum(one.failure is not None for one in lived.judged):
        yield f"{failed} of {len(lived.judged)} episodes failed, by its own word"
