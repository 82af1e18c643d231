"""A pack: a folder of families, or of imported scenarios, with the norm lines that they share.

`pack.toml` states name, version, purpose and exact coverage; `norms.txt` the shared lines.
Families are Python files (`def FAMILY(draw) -> Scenario`, `LEVELS = (1, 2)`); an imported
pack holds `scenarios.jsonl` instead, one scenario a line.
"""

from __future__ import annotations

import fnmatch
import importlib
import os
import tomllib
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import Any, Literal

import msgspec

from privgym import kit
from privgym.draw import Draw
from privgym.errors import PrivgymError, did_you_mean
from privgym.scenario import Name, Scenario, split

Split = Literal["public", "held-out"]
Control = Literal["", "utility", "safety"]


class Pack(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A pack, as its folder states it.

    Args:
        exact: share of its facts that exact sensors can find, by its own statement.
        note: what a table must say beside its rates ("" for nothing).
        control: what it controls for, where it is no pack of contextual privacy. In "utility"
            nothing is private, so there are no twins, and what has to be told may have to be
            worked out; in "safety" one side of each pair has to be declined, and to do nothing
            is right there.
    """

    name: str
    version: int
    purpose: str
    folder: Path
    exact: float = 1.0
    note: str = ""
    control: Control = ""

    @property
    def imported(self) -> bool:
        """Whether it holds JSON lines and not Python families."""
        return (self.folder / "scenarios.jsonl").exists()

    def families(self) -> tuple[str, ...]:
        """Names of its families, sorted (in file order for imported ones)."""
        if self.imported:
            return tuple(dict.fromkeys(s.family for s in _lines(self).values()))
        files = fnmatch.filter(os.listdir(self.folder), "[a-z]*.py")
        return tuple(sorted(file.removesuffix(".py") for file in files))

    def names(
        self,
        families: Sequence[str] = (),
        level: int | None = None,
        seeds: Sequence[int] = (0,),
        split_: Split | None = None,
    ) -> tuple[Name, ...]:
        """The plan: every family, twin and level there is, narrowed by what is given.

        Raises:
            PrivgymError: a family is unknown, or nothing is left.
        """
        known = self.families()
        for family in families:
            if family not in known:
                raise PrivgymError(
                    f'pack "{self.name}" has no family "{family}"',
                    meant=did_you_mean(family, known),
                    do=f"privgym show {self.name} lists them",
                )
        chosen = [f for f in known if f in (families or known)]
        chosen = [f for f in chosen if split_ in (None, split(f))]
        found = [name for f in chosen for name in self._variants(f, seeds)]
        plan = tuple(name for name in found if level in (None, name.level))
        if not plan:
            raise PrivgymError(f'nothing of pack "{self.name}" is left', do="widen the choice")
        return plan

    def _variants(self, family: str, seeds: Sequence[int]) -> list[Name]:
        if self.imported:
            return [
                Name(self.name, s.family, s.twin, s.level, s.seed)
                for s in _lines(self).values()
                if s.family == family
            ]
        return [
            Name(self.name, family, twin, level, seed)
            for level in self.levels(family)
            for seed in seeds
            for twin in ((False,) if self.control == "utility" else (False, True))
        ]

    def levels(self, family: str) -> tuple[int, ...]:
        """The levels that a family has: its file's `LEVELS`, or 1 alone.

        Raises:
            PrivgymError: the family cannot be loaded.
        """
        if self.imported:
            return tuple(sorted({s.level for s in _lines(self).values() if s.family == family}))
        return tuple(getattr(_module(self, family), "LEVELS", (1,)))

    def scenario(self, name: Name) -> Scenario:
        """Make a scenario of this pack; the same name gives the same scenario.

        Raises:
            PrivgymError: there is none of that name, or its family cannot make it.
        """
        return _scenario(self, name)


@lru_cache(maxsize=1024)
def _scenario(pack: Pack, name: Name) -> Scenario:
    if pack.imported and (found := _lines(pack).get(str(name))):
        return found
    if name not in pack.names([name.family], seeds=[name.seed]):
        raise _none(pack, name)
    family: Callable[[Draw], object] = getattr(_module(pack, name.family), name.family)
    draw = Draw(
        pack.name,
        name.family,
        name.seed,
        twin=name.twin,
        level=name.level,
        shared=_shared(pack),
        purpose=" ".join((family.__doc__ or "").split()),
        exact=pack.exact,
    )
    made = family(draw)
    if not isinstance(made, Scenario):
        raise PrivgymError(
            f"{name.family} gave {made}",
            where=str(pack.folder / f"{name.family}.py"),
            do="end it with `return s.freeze()`",
        )
    return made


def _none(pack: Pack, name: Name) -> PrivgymError:
    levels = pack.levels(name.family)
    do = f"see privgym show {pack.name}"
    if not pack.imported and name.level not in levels:
        has = f"{name.family} has level {', '.join(map(str, levels))} only"
        wanted = ", ".join(map(str, sorted({*levels, name.level})))
        do = f"{has}; `LEVELS = ({wanted})` in its file gives it {name.level}"
    return PrivgymError(f"there is no scenario {name}", do=do)


@cache
def load(name: str) -> Pack:
    """A pack by name.

    Raises:
        PrivgymError: there is no such pack, or its pack.toml does not say what it must.
    """
    folder = kit.files(name)
    try:
        stated = tomllib.loads((folder / "pack.toml").read_text(encoding="utf-8"))
        pack = msgspec.convert({**stated, "folder": folder}, Pack)
    except (msgspec.ValidationError, ValueError) as error:
        raise PrivgymError(f"pack.toml: {error}", where=str(folder)) from None
    if pack.name != name:
        what = f'pack.toml calls the pack "{pack.name}", its folder "{name}"'
        raise PrivgymError(what, where=str(folder), do="give both the same name")
    return pack


def scenario(name: str | Name) -> Scenario:
    """A scenario by name, "everyday/leave.twin#3"."""
    read = Name.read(name) if isinstance(name, str) else name
    return load(read.pack).scenario(read)


def _module(pack: Pack, family: str) -> Any:
    where = str(pack.folder / f"{family}.py")
    try:
        module = importlib.import_module(f"privgym.scenarios.{pack.name}.{family}")
    except PrivgymError:
        raise
    except Exception as error:  # a pack's code may fail in any way
        what = f'family "{family}" cannot be loaded: {type(error).__name__}: {error}'
        raise PrivgymError(what, where=where) from error
    if not hasattr(module, family):
        raise PrivgymError(f'no function "{family}" in its file', where=where)
    return module


@cache
def _shared(pack: Pack) -> tuple[str, ...]:
    path = pack.folder / "norms.txt"
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return tuple(text for line in lines if (text := line.partition("#")[0].strip()))


@cache
def _lines(pack: Pack) -> dict[str, Scenario]:
    """The scenarios of an imported pack, by name."""
    decoder = msgspec.json.Decoder(Scenario)
    found: dict[str, Scenario] = {}
    for number, line in enumerate((pack.folder / "scenarios.jsonl").read_bytes().split(b"\n"), 1):
        if line:
            try:
                made = decoder.decode(line)
                found.setdefault(made.name, made)
            except msgspec.DecodeError as error:
                where = f"{pack.folder}/scenarios.jsonl, line {number}"
                raise PrivgymError(str(error), where=where) from None
    return found
