"""Where content lies: list it, find it by name, load it.

A kit is a folder that holds `tools/`, `agents/` or `scenarios/` (any of them, without
`__init__.py`). Loading runs a kit's code, so kits are named on purpose: the installed package
or its checkout, the folders in `PRIVGYM_PATH`, plug-ins (entry points of the group
`privgym.kits`), and what `add` is given. The current folder is never a kit by itself.

The packages `privgym.tools`, `privgym.agents` and `privgym.scenarios` are doors: `shelf` opens
them to every kit, so that `tools/email.py` of any kit is `privgym.tools.email` in a checkout,
in a wheel, pickled and in a spawned process.
"""

from __future__ import annotations

import importlib
import os
import sys
import tomllib
import traceback
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType
from typing import Literal

from privgym.errors import ENVIRONMENT, PrivgymError, did_you_mean

Kind = Literal["tools", "agents", "scenarios"]
KINDS: tuple[Kind, ...] = ("tools", "agents", "scenarios")
PATH = "PRIVGYM_PATH"
GROUP = "privgym.kits"

_ONE = {"tools": "tool", "agents": "agent", "scenarios": "pack"}


def kits() -> tuple[Path, ...]:
    """The folders that content is taken from: our own first, then those that were named.

    Raises:
        PrivgymError: a folder in `PRIVGYM_PATH` or of a plug-in is not a kit.
    """
    named = (_checked(folder, PATH) for folder in _listed())
    return tuple(dict.fromkeys([own(), *named, *_plugins()]))


def shelf(kind: Kind, path: Iterable[str]) -> list[str]:
    """`path` and that folder of every kit: what a door's `__path__` has to be."""
    folders = (kit / kind for kit in kits())
    return list(dict.fromkeys([*path, *(str(f) for f in folders if f.is_dir())]))


def names(kind: Kind) -> tuple[str, ...]:
    """Names of everything of a kind, sorted; nothing is imported."""
    return tuple(sorted(_found(kind)))


def find(kind: Kind, name: str) -> Path:
    """The file of a tool or an agent, the folder of a pack.

    Raises:
        PrivgymError: no kit has it, or two have it (Python would merge or shadow them silently).
    """
    found = _found(kind)
    paths = found.get(name, [])
    if len(paths) == 1:
        return paths[0]
    if paths:
        raise PrivgymError(
            f'{_ONE[kind]} "{name}" is in two kits',
            where=" and ".join(str(path) for path in paths),
            do=f"rename one, or take its kit out of {PATH}",
        )
    raise PrivgymError(
        f'there is no {_ONE[kind]} "{name}"',
        where=", ".join(str(kit / kind) for kit in kits()),
        meant=did_you_mean(name, found),
        do=f"`privgym list` shows what there is; --kit PATH or {PATH} adds a folder",
    )


def files(pack: str) -> Path:
    """The folder of a pack."""
    return find("scenarios", pack)


def load(kind: Kind, name: str) -> ModuleType:
    """The module of a tool or an agent, the package of a pack.

    Raises:
        PrivgymError: it is not there, is there twice, or its own code fails when it is loaded.
    """
    path = find(kind, name)
    try:
        return importlib.import_module(f"privgym.{kind}.{name}")
    except PrivgymError:
        raise
    except Exception as error:
        what = f'{_ONE[kind]} "{name}" cannot be loaded: {type(error).__name__}: {error}'
        raise PrivgymError(what, where=_place(error, path)) from error


def add(path: str | os.PathLike[str]) -> Path:
    """Take a folder as a kit, in this process and in those that it starts.

    Raises:
        PrivgymError: the folder is not a kit.
    """
    folder = _checked(path, "")
    if folder not in kits():
        os.environ[PATH] = os.pathsep.join([*_listed(), str(folder)])
    for kind in KINDS:
        if door := sys.modules.get(f"privgym.{kind}"):
            door.__path__ = shelf(kind, door.__path__)
    importlib.invalidate_caches()
    return folder


def _found(kind: Kind) -> dict[str, list[Path]]:
    """Where each name of a kind stands; more than one place is an error once it is asked for."""
    found: dict[str, list[Path]] = {}
    for kit in kits():
        for path in sorted((kit / kind).glob("[a-z]*")):
            is_pack = kind == "scenarios" and (path / "pack.toml").is_file()
            is_module = kind != "scenarios" and path.suffix == ".py"
            if (is_pack or is_module) and path.stem.isidentifier():
                found.setdefault(path.stem, []).append(path)
    return found


def _listed() -> list[str]:
    return [folder for folder in os.environ.get(PATH, "").split(os.pathsep) if folder]


def _checked(path: str | os.PathLike[str], named_by: str) -> Path:
    folder = Path(path).expanduser().resolve()
    if any((folder / kind).is_dir() for kind in KINDS):
        return folder
    raise PrivgymError(
        f"not a kit: {folder}",
        where=named_by,
        do="a kit is a folder that holds tools/, agents/ or scenarios/",
    )


@cache
def own() -> Path:
    """The checkout if this is one, else the installed package.

    A checkout is known by its own pyproject.toml: other distributions install top-level
    packages named `agents` or `tools`, which must not be taken for ours.
    """
    package = Path(__file__).resolve().parent
    project = package.parent / "pyproject.toml"
    if project.is_file():
        stated = tomllib.loads(project.read_text(encoding="utf-8")).get("project", {})
        if stated.get("name") == "privgym":
            return package.parent
    return package


@cache
def _plugins() -> tuple[Path, ...]:
    return tuple(
        _checked(folder, f"plug-in {point.name}")
        for point in entry_points(group=GROUP)
        for folder in _folders(point)
    )


def _folders(point: EntryPoint) -> Iterator[str]:
    """Folders of the package that an entry point names, found without importing it."""
    try:
        spec = find_spec(point.module)
    except ModuleNotFoundError:
        spec = None
    if spec is None or spec.submodule_search_locations is None:
        raise PrivgymError(
            f'plug-in "{point.name}" names "{point.module}", which is not an installed package',
            where=f"entry points of the group {GROUP}",
            do="reinstall or remove the distribution that brings it",
            code=ENVIRONMENT,
        )
    yield from spec.submodule_search_locations


def _place(error: Exception, path: Path) -> str:
    """The line of a kit's file at which loading it failed."""
    if isinstance(error, SyntaxError):
        return f"{error.filename}, line {error.lineno}"
    lines = [f.lineno for f in traceback.extract_tb(error.__traceback__) if f.filename == str(path)]
    return f"{path}, line {lines[-1]}" if lines else str(path)
