"""privgym doctor: what is there, what is missing, and how to get it."""

from __future__ import annotations

import os
import platform
import shutil
import time
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Literal

import click
import msgspec
from packaging.requirements import Requirement
from packaging.utils import NormalizedName, canonicalize_name
from rich.text import Text

from privgym import __version__, kit
from privgym import pack as packs
from privgym.cli._report import emit
from privgym.episode import enact
from privgym.errors import ENVIRONMENT, PrivgymError, failure
from privgym.message import visible
from privgym.models import catalogue
from privgym.score import score
from privgym.table import console

State = Literal["ok", "note", "missing", "wrong"]
"""What is wrong keeps something from working; what is missing is optional, and can be had."""

PACK = "everyday"
ROOM = 2e9
"""Bytes of free disk below which weights and runs may not fit."""

PROGRAMS = {
    "bwrap": ("to shut an agent's process in", "install bubblewrap: apt install bubblewrap"),
    "node": ("for agents in JavaScript", "install Node.js: https://nodejs.org"),
}

HOLDS: dict[str, kit.Kind] = {"tool": "tools", "agent": "agents", "pack": "scenarios"}
"""What a kit holds, and in which of its folders."""

_STYLES = {"ok": "green", "note": "cyan", "missing": "yellow", "wrong": "bold red"}


class Sign(msgspec.Struct, frozen=True):
    """One thing that was looked at.

    Args:
        what: the thing.
        state: how it is.
        found: what was seen of it.
        do: what to do about it, "" for nothing.
    """

    what: str
    state: State
    found: str
    do: str = ""


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(as_json: bool) -> int:
    """Look at what privgym needs here: versions, extras, kits, weights, disk, programs.

    Exit code 5 if something is wrong. What is missing is optional, and how to get it is said.
    """
    signs = [*_machine(), *_libraries(), *_kits(), *_weights(), *_programs(), _lives()]
    wrong = sum(sign.state == "wrong" for sign in signs)
    if as_json:
        emit({"privgym": __version__, "well": not wrong, "signs": signs})
        return ENVIRONMENT if wrong else 0
    wide = max(len(sign.what) for sign in signs)
    for sign in signs:
        found = f"\n{'':{wide + 11}}-> ".join(filter(None, [sign.found, sign.do]))
        state = Text(f"{sign.state:7}  ", _STYLES[sign.state])
        # Wrapped by the terminal if at all: a path stays whole, so that it can be copied.
        console().print(state + visible(f"{sign.what:{wide}}  {found}"), soft_wrap=True)
    amiss = "1 thing is wrong" if wrong == 1 else f"{wrong} things are wrong"
    told = amiss if wrong else "all that privgym needs is there"
    click.echo(f"\nprivgym {__version__}: {told}")
    return ENVIRONMENT if wrong else 0


# -- the machine ------------------------------------------------------------------------------


def _machine() -> Iterator[Sign]:
    yield Sign("python", "ok", f"{platform.python_version()} on {platform.platform()}")
    # A container or a batch system may leave a process fewer cores than the machine has.
    mine = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Sign("cores", "ok", f"{mine} of {os.cpu_count()} may be used")
    for what, folder in (("disk for weights", catalogue.folder()), ("disk for runs", Path.cwd())):
        free = shutil.disk_usage(_there(folder)).free
        do = "" if free >= ROOM else "make room, or put it elsewhere"
        yield Sign(what, "note" if do else "ok", f"{free / 1e9:,.1f} GB free at {folder}", do)


def _there(folder: Path) -> Path:
    """The folder, or the nearest one above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())


def _programs() -> Iterator[Sign]:
    for name, (purpose, do) in PROGRAMS.items():
        if path := shutil.which(name):
            yield Sign(name, "ok", path)
        else:
            yield Sign(name, "missing", f"not installed; optional, {purpose}", do)


# -- what is installed ------------------------------------------------------------------------


def _libraries() -> Iterator[Sign]:
    """The dependencies one by one, then each extra as a whole."""
    needs = [Requirement(text) for text in metadata.requires("privgym") or ()]
    tested = _tested()
    for need in needs:
        if need.marker is None or need.marker.evaluate({"extra": ""}):
            yield _library(need, tested.get(canonicalize_name(need.name), ""))
    for extra in metadata.metadata("privgym").get_all("Provides-Extra") or ():
        own = [need for need in needs if need.marker and need.marker.evaluate({"extra": extra})]
        amiss = [f"{need.name}{need.specifier}" for need in own if not _fits(need, _version(need))]
        found = f"lacks {', '.join(amiss)}" if amiss else ", ".join(need.name for need in own)
        do = f'pip install "privgym[{extra}]"' if amiss else ""
        yield Sign(f"extra {extra}", "missing" if amiss else "ok", found, do)


def _library(need: Requirement, tested: str) -> Sign:
    version = _version(need)
    if not _fits(need, version):
        what = f"{version}, but privgym needs {need.name}{need.specifier}"
        return Sign(need.name, "wrong", what, f'pip install "{need.name}{need.specifier}"')
    other = tested and version != tested
    found = f"{version} (tested with {tested})" if other else version
    return Sign(need.name, "note" if other else "ok", found)


def _version(need: Requirement) -> str:
    try:
        return metadata.version(need.name)
    except metadata.PackageNotFoundError:
        return "not installed"


def _fits(need: Requirement, version: str) -> bool:
    return version != "not installed" and need.specifier.contains(version, prereleases=True)


def _tested() -> dict[NormalizedName, str]:
    """The versions that privgym is tested with here; they lie in a checkout and in a wheel."""
    file = kit.own() / "constraints.txt"
    lines = file.read_text(encoding="utf-8").splitlines() if file.is_file() else []
    pins = [Requirement(line) for line in lines if line and not line.startswith("#")]
    return {
        canonicalize_name(pin.name): next(iter(pin.specifier)).version
        for pin in pins
        if pin.marker is None or pin.marker.evaluate()
    }


# -- what privgym finds -----------------------------------------------------------------------


def _kits() -> Iterator[Sign]:
    try:
        folders = kit.kits()
        for pack in kit.names("scenarios"):
            packs.load(pack)
    except PrivgymError as error:
        yield _wrong("kits", error)
        return
    for folder in folders:
        count = {one: len([*(folder / kind).glob("[a-z]*")]) for one, kind in HOLDS.items()}
        holds = ", ".join(f"{n} {one}{'' if n == 1 else 's'}" for one, n in count.items())
        yield Sign("kit", "ok", f"{folder}: {holds}")


def _weights() -> Iterator[Sign]:
    for row in catalogue.listing():
        source = catalogue.find(row.name)
        path = catalogue.place(source)
        size = f"{source.size / 1e6:,.0f} MB"
        if not path.is_file():
            do = f"privgym models fetch {row.name}"
            yield Sign(f"weights {row.name}", "missing", f"not fetched, {size}", do)
            continue
        same = catalogue.sha256(path) == source.sha256
        found = f"{size}, SHA-256 {'as stated' if same else 'is another'}: {path}"
        do = "" if same else f"delete it, then privgym models fetch {row.name}"
        yield Sign(f"weights {row.name}", "ok" if same else "wrong", found, do)


def _lives() -> Sign:
    """Whether a scenario can be made, lived and judged."""
    start = time.perf_counter()
    try:
        scenario = packs.load(PACK).scenario(packs.load(PACK).names()[0])
        right = score(scenario, enact(scenario, scenario.good().sessions).events).score().right
    except Exception as error:  # whatever it is, it is what was asked for
        return _wrong("a scenario", error)
    took = f"{scenario.name} lived and judged in {1000 * (time.perf_counter() - start):.0f} ms"
    return Sign(
        "a scenario", "ok" if right else "wrong", took, "" if right else "reinstall privgym"
    )


def _wrong(what: str, error: Exception) -> Sign:
    do = error.do if isinstance(error, PrivgymError) else "reinstall privgym"
    return Sign(what, "wrong", failure(error).what.splitlines()[0], do)
