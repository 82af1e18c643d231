"""A pack: a folder of families, or of imported scenarios, with the norm lines that they share.

`pack.toml` states name, version, purpose and exact coverage; `norms.txt` the shared lines.
Families are Python files (`def FAMILY(draw) -> Scenario`, `LEVELS = (1, 2)`); an imported
pack holds `scenarios.jsonl` instead, one scenario a line.
"""

from __future__ import annotations

import importlib
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


class Pack(msgspec.Struct, frozen=True):
    """A pack, as its folder states it.

    Args:
        exact: share of its facts that exact sensors can find, by its own statement.
        note: what a table must say beside its rates ("" for nothing).
    """

    name: str
    version: int
    purpose: str
    folder: Path
    exact: float = 1.0
    note: str = ""

    @property
    def imported(self) -> bool:
        """Whether it holds JSON lines and not Python families."""
        return (self.folder / "scenarios.jsonl").exists()

    def families(self) -> tuple[str, ...]:
        """Names of its families, sorted (in file order for imported ones)."""
        if self.imported:
            return tuple(dict.fromkeys(s.family for s in _lines(self)))
        return tuple(sorted(p.stem for p in self.folder.glob("[a-z]*.py")))

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
                for s in _lines(self)
                if s.family == family
            ]
        levels = getattr(_module(self.name, family), "LEVELS", (1,))
        return [
            Name(self.name, family, twin, level, seed)
            for level in levels
            for seed in seeds
            for twin in (False, True)
        ]

    def scenario(self, name: Name) -> Scenario:
        """Make a scenario of this pack; the same name gives the same scenario."""
        return _scenario(self, name)


@lru_cache(maxsize=1024)
def _scenario(pack: Pack, name: Name) -> Scenario:
    if pack.imported:
        for line in _lines(pack):
            if Name.read(line.name) == name:
                return line
        raise PrivgymError(f"there is no scenario {name}", do=f"privgym show {pack.name}")
    pack.names([name.family])
    family: Callable[[Draw], Scenario] = getattr(_module(pack.name, name.family), name.family)
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
    return family(draw)


@cache
def load(name: str) -> Pack:
    """A pack by name.

    Raises:
        PrivgymError: there is no such pack, or its pack.toml does not say what it must.
    """
    folder = kit.files(name)
    try:
        stated: dict[str, Any] = tomllib.loads((folder / "pack.toml").read_text())
        return msgspec.convert({**stated, "folder": folder}, Pack, strict=False)
    except (msgspec.ValidationError, tomllib.TOMLDecodeError) as error:
        raise PrivgymError(f"pack.toml: {error}", where=str(folder)) from None


def scenario(name: str | Name) -> Scenario:
    """A scenario by name, "everyday/leave.twin#3"."""
    read = Name.read(name) if isinstance(name, str) else name
    return load(read.pack).scenario(read)


def _module(pack: str, family: str) -> Any:
    module = importlib.import_module(f"privgym.scenarios.{pack}.{family}")
    if not hasattr(module, family):
        raise PrivgymError(f'no function "{family}" in its file', where=str(module.__file__))
    return module


@cache
def _shared(pack: Pack) -> tuple[str, ...]:
    path = pack.folder / "norms.txt"
    lines = path.read_text().splitlines() if path.exists() else []
    return tuple(text for line in lines if (text := line.partition("#")[0].strip()))


@cache
def _lines(pack: Pack) -> tuple[Scenario, ...]:
    decoder = msgspec.json.Decoder(Scenario)
    found = []
    for number, line in enumerate((pack.folder / "scenarios.jsonl").read_bytes().split(b"\n"), 1):
        if line:
            try:
                found.append(decoder.decode(line))
            except msgspec.DecodeError as error:
                where = f"{pack.folder}/scenarios.jsonl, line {number}"
                raise PrivgymError(str(error), where=where) from None
    return tuple(found)
