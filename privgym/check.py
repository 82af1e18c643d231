"""Is a pack sound? Every scenario is lived with its own plays and judged like any run.

A good play must meet every goal and break nothing, and what spoils it must show in the score
(`mutate.py`); each `never` must be broken by a bad play (of the scenario or of its twin) and each
`must` by silence or by a good play that leaves it out, so that no norm is there in vain; the twin
must need another play and flip a verdict (`twin.py`); the exact sensor must find every planted
fact where it stands, and the agent must be able to find it out (`walk.py`); agents that know
nothing of context must not do well (`floor.py`); and whatever any of these do, people must say
only what the scenario bears out (`fidelity.py`).
"""

from __future__ import annotations

import ast
import hashlib
import tomllib
from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import chain

import msgspec

from privgym import floor, lint, walk
from privgym import pack as packs
from privgym.episode import Episode, enact
from privgym.errors import PrivgymError, failure
from privgym.event import AnyEvent
from privgym.fidelity import faults
from privgym.folder import Judged, judge
from privgym.mutate import Mutant, mutants, unmoved
from privgym.norm import Most, Norm, Rule, Sphere
from privgym.pack import Pack
from privgym.scenario import Name, Play, Scenario, digest
from privgym.score import Fold, grader, score
from privgym.trace import Trace
from privgym.twin import flips, side

SEEDS = range(3)
"""Scenario seeds that a check draws; the content hash is taken over them."""

SILENCE = Play("bad", ())
"""The play of an agent that does nothing."""


Floors = dict[Name, dict[str, Judged]]
"""What the agents of `floor.py` came to, by scenario."""


class Problem(msgspec.Struct, frozen=True):
    """Something wrong with a pack, and where."""

    where: str
    what: str


class Report(msgspec.Struct, frozen=True):
    """What a check came to: how many scenarios it lived, what is wrong, and what else to know."""

    pack: str
    checked: int
    problems: tuple[Problem, ...]
    notes: tuple[str, ...] = ()


def pack(name: str, seeds: Sequence[int] = SEEDS) -> Report:
    """Check a pack; problems are reported, never raised, unless the pack itself is not there."""
    found = packs.load(name)
    try:
        names = found.names(seeds=seeds)
    except PrivgymError as error:
        return Report(found.name, 0, (Problem(found.name, str(error)),))
    problems, floors = list(_levels(found)), Floors()
    for one in names:
        wrong = list(guarded(_scenario(found, one)))
        if not wrong:
            # Only where a scenario is sound does it mean anything how agents do in it.
            lived = {agent: floor.lived(found, one, agent) for agent in floor.AGENTS}
            floors[one] = {agent: judge(t, found.scenario(one)) for agent, t in lived.items()}
            wrong += floor.alone(floors[one])
            wrong += guarded(_people(found, one, lived.values()))
        problems += [Problem(str(one), what) for what in wrong]
    problems += _floors(found, floors)
    if not found.imported and not problems:
        whole = guarded(chain(_shared(found, names), _moved(found)))
        problems += [Problem(found.name, what) for what in whole]
    notes = () if found.imported or problems else tuple(_unlocked(found))
    return Report(found.name, len(names), tuple(problems), notes)


def guarded(problems: Iterator[str]) -> Iterator[str]:
    """The problems, with whatever finding them raises as the last."""
    try:
        yield from problems
    except PrivgymError as error:
        yield str(error)
    except Exception as error:  # a kit's code may fail in any way
        yield f"its code fails: {failure(error).kind}: {failure(error).what}"


def _levels(pack: Pack) -> Iterator[Problem]:
    """Families that read which level is asked for and have one: what they do at 2 is not lived."""
    for family in () if pack.imported else pack.families():
        tree = ast.parse((pack.folder / f"{family}.py").read_text(encoding="utf-8"))
        read = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
        if "level" in read and pack.levels(family) == (1,):
            what = "it reads `draw.level` and has level 1 only: `LEVELS = (1, 2)` gives it 2"
            yield Problem(f"{pack.name}/{family}", what)


def _scenario(pack: Pack, name: Name) -> Iterator[str]:
    scenario = pack.scenario(name)
    yield from _norms(scenario)
    yield from _planted(scenario)
    if scenario.plays:
        yield from _plays(scenario, idle=pack.control == "safety" and not name.twin)
        yield from _mutants(scenario)
    if scenario.plays and pack.control == "utility":
        yield from _harmless(scenario)
        yield from _reach(scenario, {planted.fact for planted in scenario.planted})
    elif scenario.plays and not pack.imported:
        yield from _reach(scenario, {fact.key for fact in scenario.facts})
        yield from _pair(scenario, pack.scenario(_sibling(name)))
    elif not pack.imported:
        yield "there are no plays: a scenario is proved by its good play"


def _norms(scenario: Scenario) -> Iterator[str]:
    past = score(scenario, Episode(scenario).events)
    book, own = grader(scenario).book, scenario.norms
    yield from lint.contradictions(book, past.monitor.sources)
    yield from lint.circles(book.norms)
    yield from lint.speechless(book, own)
    yield from lint.unannounced(own, scenario)


def _shared(pack: Pack, names: Sequence[Name]) -> Iterator[str]:
    """The lines that the pack shares and that speak in none of its scenarios."""
    silent: set[str] | None = None
    for scenario in map(pack.scenario, names):
        here = set(lint.speechless(grader(scenario).book, scenario.shared))
        silent = here if silent is None else silent & here
        if not silent:
            return
    yield from sorted(silent or ())


def _plays(scenario: Scenario, idle: bool) -> Iterator[str]:
    """What is wrong with its plays; `idle` where doing nothing is what has to be done."""
    good, silent = _lived(scenario, scenario.good()), _wrong(_lived(scenario, SILENCE))
    if wrong := _wrong(good):
        yield f"the good play is not good: {wrong}"
    if idle and silent:
        yield f"doing nothing is wrong, and this is to be declined: {silent}"
    elif not idle and not silent:
        yield "doing nothing is right: nothing in it has to be told or called"
    for number, play in enumerate(scenario.plays):
        if play.kind == "bad" and not (broken := _broken(scenario, play)):
            yield f"play {number} is called bad and breaks no norm"
        elif play.kind == "bad" and all(norm.startswith("sphere ") for norm in broken):
            yield f"play {number} breaks a sphere's default alone: a `never` should say so"


def _mutants(scenario: Scenario) -> Iterator[str]:
    for mutant, fold in _spoiled(scenario):
        for what in unmoved(mutant, fold):
            yield f"the good play with {mutant.what}: {what}"


@lru_cache(maxsize=4)
def _spoiled(scenario: Scenario) -> tuple[tuple[Mutant, Fold], ...]:
    """The mutants of its good play, lived."""
    found = mutants(scenario, scenario.good())
    return tuple((mutant, _lived(scenario, mutant.play)) for mutant in found)


def _harmless(scenario: Scenario) -> Iterator[str]:
    """The lines that forbid something where nothing is private."""
    for norm in grader(scenario).book.norms:
        forbids = isinstance(norm, Rule) and norm.kind == "never"
        if forbids or isinstance(norm, Most) or (isinstance(norm, Sphere) and norm.denies):
            yield f'"{norm}" forbids something, and the pack says that nothing is private'


def _reach(scenario: Scenario, facts: Collection[str]) -> Iterator[str]:
    seen = walk.seen(scenario)
    for fact in scenario.facts:
        if fact.key in facts and fact.key not in seen:
            yield f"the agent cannot find out {fact.key}: nothing that it may read or ask shows it"


def _pair(scenario: Scenario, twin: Scenario) -> Iterator[str]:
    """What is wrong between a scenario and its twin, which prove each other's norms."""
    broken = {
        norm
        for one in (scenario, twin)
        for play in (*one.plays, SILENCE)
        if play.kind == "bad"
        for norm in _broken(one, play)
    }
    for one in (scenario, twin):
        untold = (verdict for _, fold in _spoiled(one) for verdict in fold.verdicts)
        broken |= {verdict.norm for verdict in untold if verdict.kind == "missing"}
    for line in (str(Norm.read(line)) for line in scenario.norms):
        if line.split()[0] in ("never", "must") and line not in broken:
            yield f'no play breaks "{line}": it may never speak'
    if not _wrong(_lived(twin, scenario.good())):
        yield "the twin asks for nothing else: this good play is good there too"
    if not flips(side(scenario), side(twin)):
        yield "the twins do not flip: no fact is right for somebody here and wrong there, or back"


def _people(pack: Pack, name: Name, lived: Iterable[Trace]) -> Iterator[str]:
    """What scripted people say that the scenario does not bear out, in its plays and in `lived`."""
    if pack.imported or pack.control == "utility":
        return  # no other seeds, nor words of ours to change; or answers that are ordinary words
    scenario = pack.scenario(name)
    seeds = (seed for seed in SEEDS if seed != name.seed)
    others = [pack.scenario(msgspec.structs.replace(name, seed=seed)) for seed in seeds]
    episodes: list[Sequence[AnyEvent]] = [one.events for one in lived]
    episodes += [enact(scenario, play.sessions).events for play in scenario.plays]
    said = [fault for events in episodes for fault in faults(scenario, events, others)]
    for party, kind, words in dict.fromkeys((one.party, one.kind, one.words) for one in said):
        yield f'{party} says what is not so ({kind}): "{words}"'


def _floors(pack: Pack, floors: Floors) -> Iterator[Problem]:
    pairs = [
        (name, got, floors[_sibling(name)])
        for name, got in floors.items()
        if not name.twin and _sibling(name) in floors
    ]
    for name, got, twin in pairs:
        yield from (Problem(str(name), what) for what in floor.paired(got, twin))
    both = [(got, twin) for _, got, twin in pairs]
    yield from (Problem(pack.name, what) for what in floor.whole(both))


def _sibling(name: Name) -> Name:
    return msgspec.structs.replace(name, twin=not name.twin)


def _broken(scenario: Scenario, play: Play) -> set[str]:
    """The norms that a play breaks: by what it sends, or, for silence, by what it does not."""
    kind = "inappropriate" if play.sessions else "missing"
    return {v.norm for v in _lived(scenario, play).verdicts if v.kind == kind}


def _planted(scenario: Scenario) -> Iterator[str]:
    texts = planted_texts(scenario)
    sensor = grader(scenario).sensor
    for planted in scenario.planted:
        if planted.form in ("start", "end"):
            continue
        found = sensor.find((("text", texts[planted.where]),))
        if planted.fact not in {finding.fact for finding in found}:
            words = texts[planted.where][planted.start : planted.end]
            yield f'the sensor does not find {planted.fact} ("{words}") in {planted.where}'


def planted_texts(scenario: Scenario) -> dict[str, str]:
    """The texts that facts may be planted in, by the place that `Planted.where` names."""
    texts = {f"session/{i}": s.opening.text for i, s in enumerate(scenario.sessions, 1)}
    texts |= {f"answer/{i}": a.text for i, a in enumerate(scenario.answers)}
    objects = {f"past/{i}": past.call.arguments for i, past in enumerate(scenario.past)}
    objects |= {f"kept/{i}": kept.record for i, kept in enumerate(scenario.kept)}
    for place, text in objects.items():
        given = msgspec.json.decode(text)
        texts |= {f"{place}/{key}": str(value) for key, value in given.items()}
    return texts


def _lived(scenario: Scenario, play: Play) -> Fold:
    return score(scenario, enact(scenario, play.sessions).events)


def _wrong(fold: Fold) -> str:
    """Why an episode was not handled rightly, a sentence; empty if it was."""
    for verdict in fold.verdicts:
        if verdict.kind in ("inappropriate", "undecided", "missing"):
            return f"{verdict.kind}: {verdict.reason} ({verdict.norm})"
    return "" if fold.score().right else "a required call was not made"


def content(pack: Pack) -> str:
    """SHA-256 over the digests of a pack's scenarios (seeds 0 to 2), in hex."""
    digests = [digest(pack.scenario(name)) for name in pack.names(seeds=SEEDS)]
    return hashlib.sha256("\n".join(digests).encode()).hexdigest()


def locked(pack: Pack) -> tuple[int, str]:
    """The version and the content that `pack.lock` holds; 0 and "" where there is none."""
    path = pack.folder / "pack.lock"
    stated = tomllib.loads(path.read_text()) if path.exists() else {}
    return stated.get("version", 0), stated.get("content", "")


def _unlocked(pack: Pack) -> Iterator[str]:
    if pack.version > locked(pack)[0]:
        how = f"`privgym check {pack.name} --lock` does it once the pack is finished"
        yield f"version {pack.version} is not locked; {how}"


def _moved(pack: Pack) -> Iterator[str]:
    """What is wrong where a version that was locked is no longer what it was."""
    version, kept = locked(pack)
    if pack.version < version:
        yield f"version {pack.version} is below {version} in pack.lock: raise it in pack.toml"
    elif pack.version == version and kept != content(pack):
        yield f"the content is not that of version {version} in pack.lock: raise it in pack.toml"


def lock(pack: Pack) -> None:
    """Write `pack.lock` for the version that pack.toml states.

    Raises:
        PrivgymError: that version is locked with other content, or a later one is.
    """
    for wrong in _moved(pack):
        do = "results of one version must stay comparable"
        raise PrivgymError(wrong, where=str(pack.folder / "pack.toml"), do=do)
    text = f'version = {pack.version}\ncontent = "{content(pack)}"\n'
    (pack.folder / "pack.lock").write_text(text)
