"""A run folder: what it holds, how it is continued, how it is judged anew.

run.json        what was to run: spec, plan, digests, versions
traces.jsonl    what happened, one episode a line, in the order of the plan
timings.jsonl   machine time and tokens, beside the traces and never in them
findings.jsonl  what the sensors found and the norms said; recomputed from the traces
scores.json     what it came to; recomputed from the traces
sensed-*.jsonl  what a slow sensor found in the texts, where one has read them
lock            which process is at it, while one is
"""

from __future__ import annotations

import hashlib
import re
import secrets
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import msgspec

from privgym import pack, sensed, trace
from privgym.allowance import Timing
from privgym.episode import verify
from privgym.errors import ENVIRONMENT, REFUSED, Failure, PrivgymError, did_you_mean
from privgym.flow import Finding
from privgym.guard import Mode
from privgym.lock import locked
from privgym.scenario import Name, Scenario, digest
from privgym.score import GRADER, Fold, Score, grader
from privgym.sensed import Recorded, Sensed
from privgym.shard import Shard
from privgym.spec import Spec
from privgym.trace import Header, Trace
from privgym.verdict import Verdict

TRUST = "agents in-process: trusted"


class Record(msgspec.Struct, frozen=True):
    """What a run is of: the content of `run.json`.

    Args:
        pack, pack_version: what is run.
        spec: who runs; `about` what the agent and its model say of themselves.
        plan: names of the scenarios, in order; `digests` the SHA-256 of each.
        shard: the share of the plan that is lived here, "2/3"; "" for all of it.
        guard: what the guard at the wire does about inappropriate flows; "off" for none.
        sample: which repetition of the plan it is; another draws other seeds, from the same names.
        grader: version of the grader that scored it first.
        trust: how far the agent was kept from the answer key.
    """

    pack: str
    pack_version: int
    spec: str
    about: dict[str, str]
    plan: tuple[str, ...]
    digests: tuple[str, ...]
    shard: str = ""
    guard: Mode = "off"
    sample: int = 0
    grader: str = GRADER
    trust: str = TRUST

    @property
    def hash(self) -> str:
        """What must be the same for two runs to be the same run; the grader judges afterwards."""
        same = msgspec.structs.replace(self, grader="")
        return hashlib.sha256(msgspec.json.encode(same, order="sorted")).hexdigest()

    @property
    def share(self) -> tuple[int, ...]:
        """The numbers of the plan's scenarios that are lived here, in order."""
        return Shard.read(self.shard).of(self.plan)

    def header(self, name: Name) -> Header:
        """The header of a trace of this scenario of the plan."""
        return Header(
            scenario=str(name),
            digest=self.digests[self.plan.index(str(name))],
            pack_version=self.pack_version,
            agent=self.spec,
            about=self.about,
            guard=self.guard,
        )


class Judged(msgspec.Struct, frozen=True):
    """One episode, judged: all of it recomputed from its trace."""

    score: Score
    verdicts: tuple[Verdict, ...]
    findings: tuple[tuple[int, Finding], ...]
    failure: Failure | None = None

    @property
    def right(self) -> bool:
        """Whether it ran to its end, met all goals and broke nothing."""
        return self.failure is None and self.score.right


class RunFolder:
    """A run on disk.

    Args:
        path: the folder.

    Raises:
        PrivgymError: it is no run folder, or (code 4) its run.json is not readable.
    """

    def __init__(self, path: Path) -> None:
        file = path / "run.json"
        if not file.is_file():
            near = did_you_mean(path.name, (p.name for p in path.parent.glob("*/")))
            raise PrivgymError(f'"{path}" is no run folder', meant=near, do="it has no run.json")
        self.path = path
        self.traces = path / "traces.jsonl"
        self.timings = path / "timings.jsonl"
        self.record: Record = trace.strict(file.read_bytes(), Record, str(file))

    @classmethod
    def create(cls, out: Path, record: Record) -> RunFolder:
        """Make a new run folder `<utc>-<pack>-<agent>-<id>` in `out`."""
        utc = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        agent = re.sub(r"[^\w.-]+", "-", Spec.read(record.spec).agent)[:40]
        path = out / f"{utc}-{record.pack}-{agent}-{secrets.token_hex(3)}"
        with writing(path):
            path.mkdir(parents=True)
        _write(path / "run.json", msgspec.json.format(msgspec.json.encode(record)) + b"\n")
        return cls(path)

    @classmethod
    def unfinished(cls, out: Path, record: Record) -> RunFolder | None:
        """The newest run of the same hash in `out` that is not lived or not judged to its end."""
        return next((run for run, done in cls._alike(out, record) if not done), None)

    @classmethod
    def finished(cls, out: Path, record: Record) -> RunFolder | None:
        """The newest run of the same hash in `out` that is lived and judged to its end."""
        return next((run for run, done in cls._alike(out, record) if done), None)

    @classmethod
    def _alike(cls, out: Path, record: Record) -> Iterator[tuple[RunFolder, bool]]:
        """The runs of the same hash in `out`, newest first, and whether each is finished."""
        for file in sorted(out.glob("*/run.json"), reverse=True):
            try:
                run = cls(file.parent)
            except PrivgymError:
                continue  # of another version, or broken: whatever it is, it is not this run
            judged = (run.path / "scores.json").exists()
            if run.record.hash == record.hash:
                yield run, judged and not run.left()

    @contextmanager
    def held(self) -> Iterator[None]:
        """Be the only process at this run, with torn lines and what was said of them cut off.

        Raises:
            PrivgymError: (code 5) another process is at it, or the folder cannot be written to.
        """
        with ExitStack() as stack:
            with writing(self.path):
                stack.enter_context(locked(self.path))
                trace.mend(self.timings, trace.mend(self.traces))
                for name in ("findings.jsonl", "scores.json"):
                    (self.path / name).unlink(missing_ok=True)
            yield

    def left(self) -> int:
        """How many episodes of its share of the plan are not written yet."""
        return len(self.record.share) - self.count()

    def took(self) -> Iterator[Timing]:
        """What each episode took, in order."""
        if self.timings.exists():
            for line in trace.lines(self.timings):
                yield trace.strict(line, Timing, str(self.timings))

    def count(self) -> int:
        """How many episodes are written whole."""
        return sum(1 for _ in trace.lines(self.traces)) if self.traces.exists() else 0

    def read(self) -> Iterator[tuple[Trace, Scenario]]:
        """The traces in order, each with its scenario made anew.

        Raises:
            PrivgymError: (code 4) a trace is not the plan's, or its scenario is another now.
        """
        found = trace.read(self.traces) if self.traces.exists() else iter(())
        due = [self.record.plan[number] for number in self.record.share]
        for number, one in enumerate(found):
            where = f"{self.path}, trace {number}"
            if due[number : number + 1] != [one.header.scenario]:
                what = f"{one.header.scenario} does not stand here in the plan"
                raise PrivgymError(what, where=where, code=REFUSED)
            scenario = pack.scenario(one.header.scenario)
            if digest(scenario) != one.header.digest:
                what = f"{one.header.scenario} is not the scenario that this trace is of"
                do = f"it ran on version {one.header.pack_version} of its pack; get that version"
                raise PrivgymError(what, where=where, do=do, code=REFUSED)
            yield one, scenario


def judge(one: Trace, scenario: Scenario, found: Sequence[Sensed] = ()) -> Judged:
    """Judge a trace. A failed one met nothing, whatever it had done before it failed.

    Args:
        one: the trace.
        scenario: what it is of.
        found: what slow sensors found in its texts, to be taken in beside the exact findings.

    Raises:
        PrivgymError: what they found is not of this trace, or cannot carry a score.
    """
    fold = Fold(Recorded(grader(scenario), found) if found else grader(scenario))
    for event in one.events:
        fold.see(event)
    came_to = fold.score()
    if one.failure:
        duties = len(grader(scenario).book.duties)
        due = len(scenario.goals) + duties
        came_to = msgspec.structs.replace(came_to, due=due, met=0, musts=duties, missing=duties)
    return Judged(came_to, tuple(fold.verdicts), tuple(fold.findings), one.failure)


def rescore(
    run: RunFolder, *, replay: bool = False, sensors: Sequence[str] = ()
) -> tuple[Judged, ...]:
    """Judge a run from its traces alone, and write its findings.jsonl and scores.json anew.

    Args:
        run: the run.
        replay: also live every episode again and compare it event for event.
        sensors: names of slow sensors whose recorded findings are taken in too.

    Raises:
        PrivgymError: (code 4) a trace is refused; there are no such findings, or they are not of
            these traces or cannot carry a score (see `Recorded`).
    """
    judged = []
    recorded = sensed.beside(run.path, sensors, run.count())
    for (one, scenario), found in zip(run.read(), recorded, strict=True):
        if replay and not one.failure:
            verify(scenario, one.events, one.header.guard)
        judged.append(judge(one, scenario, found))
    _write(run.path / "findings.jsonl", b"".join(findings(one) + b"\n" for one in judged))
    _write(run.path / "scores.json", msgspec.json.format(scores(judged, sensors)) + b"\n")
    return tuple(judged)


def findings(one: Judged) -> bytes:
    """What findings.jsonl says of an episode, as a line without its end."""
    return msgspec.json.encode(
        {"scenario": one.score.scenario, "findings": one.findings, "verdicts": one.verdicts}
    )


def scores(judged: Sequence[Judged], sensors: Sequence[str] = ()) -> bytes:
    """What scores.json says of a run."""
    episodes = [{"failure": one.failure, **msgspec.structs.asdict(one.score)} for one in judged]
    beside = {"sensors": sensors} if sensors else {}
    return msgspec.json.encode({"grader": GRADER, **beside, "episodes": episodes})


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once, so that a reader never sees half of it."""
    fresh = path.with_name(path.name + ".new")
    with writing(path):
        fresh.write_bytes(content)
        fresh.replace(path)


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Where the system refuses to write, say so, and how to go on.

    Raises:
        PrivgymError: (code 5) it refused.
    """
    try:
        yield
    except OSError as error:
        raise PrivgymError(
            f"cannot write: {error.strerror or error}",
            where=str(path),
            do="make room, or get the right to write there; the same command goes on",
            code=ENVIRONMENT,
        ) from error
