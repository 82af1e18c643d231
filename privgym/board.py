"""A leaderboard is a folder: what was taken in, what was tried, and an index over it.

    board.json      what it is of
    secret          what its seeds are made of; only its owner can read it
    entries/ID/     a row: entry.json, and the run folder that was verified
    tombstones/     what is left of rows that were retracted
    attempts.jsonl  what was tried
    staging/        what is being prepared
    index.sqlite    the rows again, for pages; made of the folders and made anew by `rebuild`

A row is prepared whole, and then one rename makes it one: a process that is killed leaves all of
it, or nothing. What such a process left undone is done when the board is next opened.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from tempfile import mkdtemp

import msgspec

from privgym import nonce as nonces
from privgym import pack as packs
from privgym import trace
from privgym.entry import Belief, Entry, Group, Tombstone, groups
from privgym.errors import PrivgymError, did_you_mean
from privgym.folder import writing
from privgym.index import Index
from privgym.ledger import Attempt, Ledger, now
from privgym.lock import locked, turn
from privgym.pack import Split
from privgym.refusal import Refusal, Refused
from privgym.spec import Spec

BELIEFS: tuple[Belief, ...] = ("claimed", "recomputed", "re-run", "hidden seeds")
"""From what proves least to what proves most."""

SHOWN = 200
"""Characters of a spec that are written down where a run was refused."""


class Rules(msgspec.Struct, frozen=True):
    """What a board is of: the content of `board.json`.

    Args:
        name: what its page is called.
        pack, level, split: what is lived on seeds that the board gives, as `privgym run` has it.
        seeds: how many seeds it gives.
        round: number of the round of hidden seeds; a new one has new seeds.
    """

    name: str
    pack: str
    level: int | None = None
    split: Split | None = None
    seeds: int = 2
    round: int = 1


class Board:
    """A board, with what a killed process left of it put right.

    Args:
        path: its folder.

    Raises:
        PrivgymError: it is no board.
    """

    def __init__(self, path: Path) -> None:
        if not (path / "board.json").is_file():
            near = did_you_mean(path.name, (p.name for p in path.parent.glob("*/")))
            do = "privgym leaderboard open makes one"
            raise PrivgymError(f'"{path}" is no board', meant=near, do=do)
        self.path, self._secret = path, path / "secret"
        self.rules: Rules = trace.strict((path / "board.json").read_bytes(), Rules, "board.json")
        self._entries, self._tombstones = path / "entries", path / "tombstones"
        self._staging, self._ledger = path / "staging", Ledger(path / "attempts.jsonl")
        with writing(path):
            for folder in (self._entries, self._tombstones, self._staging):
                folder.mkdir(exist_ok=True)
            self._index = Index(path / "index.sqlite")
        self._heal()

    @classmethod
    def create(cls, path: Path, rules: Rules) -> Board:
        """Make a board.

        Raises:
            PrivgymError: there is one, or nothing of its pack is left by its choice.
        """
        if (path / "board.json").exists():
            do = "its rules stay; give another folder"
            raise PrivgymError(f'"{path}" is a board already', do=do)
        packs.load(rules.pack).names((), rules.level, range(rules.seeds), rules.split)
        with writing(path):
            path.mkdir(parents=True, exist_ok=True)
            if not (path / "secret").exists():
                nonces.keep_secret(path / "secret")
            _write(path / "board.json", msgspec.json.format(msgspec.json.encode(rules)))
        return cls(path)

    # -- what is there ------------------------------------------------------------------------

    def entries(self) -> tuple[Entry, ...]:
        """All rows, the oldest first, those of the trivial policies too."""
        return self._index.entries()

    def entry(self, id: str) -> Entry:
        """One row.

        Raises:
            PrivgymError: there is no such row.
        """
        if found := self._index.entry(id):
            return found
        near = did_you_mean(id, self._index.ids())
        raise PrivgymError(f'there is no row "{id}"', where=str(self.path), meant=near)

    def groups(self) -> tuple[Group, ...]:
        """The rows that may be compared, each group in its order."""
        return groups(self.entries())

    def tombstones(self) -> tuple[Tombstone, ...]:
        """What is left of rows that were retracted, the oldest first."""
        found: list[Tombstone] = [
            trace.strict(file.read_bytes(), Tombstone, str(file))
            for file in self._tombstones.glob("*.json")
        ]
        return tuple(sorted(found, key=lambda one: (one.utc, one.id)))

    def attempts(self) -> tuple[Attempt, ...]:
        """What was tried, the oldest first."""
        return tuple(self._ledger.read())

    def run(self, entry: Entry) -> Path:
        """The run folder of a row; a claimed one has no traces."""
        return self.path / entry.run

    def seeds(self, words: str) -> tuple[int, ...]:
        """The seeds that a nonce, or the name of a round, stands for here."""
        return nonces.seeds(self._secret, words, self.rules.seeds)

    def opened(self, nonce: str) -> Attempt | None:
        """How a nonce was handed out, if it was."""
        return self._ledger.opened(nonce) if nonce else None

    # -- what changes it ----------------------------------------------------------------------

    def attempt(self, spec: str) -> tuple[str, tuple[int, ...]]:
        """Hand out a nonce to an agent, which counts as a try of it: the nonce, and its seeds."""
        nonce = nonces.new_nonce()
        with turn(self.path):
            self._ledger.add("opened", str(Spec.read(spec)), nonce=nonce)
        return nonce, self.seeds(nonce)

    def retract(self, id: str, why: str) -> Tombstone:
        """Take a row out, and leave word of it.

        Raises:
            PrivgymError: there is no such row, or it is one of a trivial policy.
        """
        with turn(self.path):
            entry = self.entry(id)
            if entry.floor:
                do = "trivial policies stay: they say what a row is worth"
                raise PrivgymError(f"{id} is a floor, {entry.spec}", do=do)
            stone = Tombstone(id, entry.key, entry.spec, entry.nonce, now(), why)
            _write(self._tombstones / f"{id}.json", msgspec.json.encode(stone))
            self._index.drop(id)
            shutil.rmtree(self._entries / id, ignore_errors=True)
            self._ledger.add("retracted", entry.spec, nonce=entry.nonce, entry=id)
            return stone

    def next_round(self) -> Rules:
        """Begin a round of new hidden seeds, as when those of the last have been shown."""
        with turn(self.path):
            self.rules = msgspec.structs.replace(self.rules, round=self.rules.round + 1)
            content = msgspec.json.format(msgspec.json.encode(self.rules))
            _write(self.path / "board.json", content)
            return self.rules

    def rebuild(self) -> int:
        """Make the index anew out of the folders; the number of rows."""
        with turn(self.path):
            return self._refill()

    def place(self, entry: Entry, run: Path) -> Entry:
        """Make a run a row.

        Args:
            entry: the row; how often its agent was tried is counted here.
            run: its run folder, made in a `stage`. It becomes the row's folder.

        Returns:
            The row; the one that is there already, if it is believed as far.

        Raises:
            Refused: it was retracted, or another run is there under its nonce.
        """
        with turn(self.path):
            tries = self._ledger.tries(entry.spec)
            attempts = tries if entry.nonce else tries + 1
            return self._place(msgspec.structs.replace(entry, attempts=attempts), run)

    def _place(self, entry: Entry, run: Path) -> Entry:
        self._may_stand(entry)
        home = self._entries / entry.id
        if home.exists():
            old = _read(home)
            if BELIEFS.index(entry.belief) <= BELIEFS.index(old.belief):
                return old
            entry = msgspec.structs.replace(old, belief=entry.belief)
            self._index.drop(entry.id)  # were this killed now, the board would fill its index
            _write(home / "entry.json", msgspec.json.encode(entry))
        else:
            _write(run / "entry.json", msgspec.json.encode(entry))
            _settle(run)
            run.rename(home)
            _settle(self._entries)
        if not entry.floor:
            self._ledger.add("taken in", entry.spec, nonce=entry.nonce, entry=entry.id)
        self._index.put(entry)
        return entry

    def _may_stand(self, entry: Entry) -> None:
        """Refuse a run that was retracted, and a second run under a nonce."""
        stones = {stone.id: stone for stone in self.tombstones()}
        if stone := stones.get(entry.id):
            what = f"it was retracted on {stone.utc}: {stone.why}"
            raise Refused(Refusal.RETRACTED, what, spec=entry.spec)
        others: list[Entry | Tombstone] = [*self.entries(), *stones.values()]
        others = others if entry.nonce else []
        if used := [one.id for one in others if one.nonce == entry.nonce and one.id != entry.id]:
            what = f"row {used[0]} was taken in under it"
            raise Refused(Refusal.SECOND_ATTEMPT, what, spec=entry.spec)

    @contextmanager
    def stage(self) -> Iterator[Path]:
        """A folder to prepare a row in, which nobody clears away while it is in use."""
        with ExitStack() as stack:
            with turn(self.path), writing(self._staging):
                stage = Path(mkdtemp(dir=self._staging))
                stack.callback(shutil.rmtree, stage, ignore_errors=True)
                stack.enter_context(locked(stage))
            yield stage

    @contextmanager
    def noted(self, nonce: str = "") -> Iterator[None]:
        """Write down what was refused."""
        try:
            yield
        except Refused as refused:
            opened = self.opened(nonce)
            spec = refused.spec or (opened.spec if opened else "")
            with turn(self.path):
                self._ledger.add("refused", spec[:SHOWN], nonce=nonce[:SHOWN], code=refused.refusal)
            raise

    # -- what a killed process left -----------------------------------------------------------

    def _heal(self) -> None:
        with turn(self.path):
            for stone in self._tombstones.glob("*.json"):
                shutil.rmtree(self._entries / stone.stem, ignore_errors=True)
            for stage in self._staging.glob("*/"):
                with suppress(PrivgymError), locked(stage):  # somebody is at it
                    shutil.rmtree(stage, ignore_errors=True)
            if {home.name for home in self._homes()} != self._index.ids():
                self._refill()

    def _refill(self) -> int:
        entries = [_read(home) for home in self._homes()]
        self._index.fill(entries)
        return len(entries)

    def _homes(self) -> list[Path]:
        return sorted(file.parent for file in self._entries.glob("*/entry.json"))


# -- files ------------------------------------------------------------------------------------


def _read(home: Path) -> Entry:
    file = home / "entry.json"
    entry: Entry = trace.strict(file.read_bytes(), Entry, str(file))
    return entry


def _write(path: Path, content: bytes) -> None:
    """Replace a file at once, and see that the disk has it."""
    fresh = path.with_name(path.name + ".new")
    with writing(path):
        fresh.write_bytes(content + b"\n")
        _settle(fresh)
        fresh.replace(path)
        _settle(path.parent)


def _settle(path: Path) -> None:
    """See that the disk has a file, or a folder and the files in it."""
    for one in (*path.glob("*"), path) if path.is_dir() else (path,):
        handle = os.open(one, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
