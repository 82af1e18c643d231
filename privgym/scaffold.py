"""A new pack, family, tool or agent out of the templates: small, whole, and sound as it stands.

Nothing is ever written over. What is written passes `privgym check` and is meant to be changed.
"""

from __future__ import annotations

import keyword
import re
from importlib.resources import files
from pathlib import Path
from string import Template

from privgym import check, kit
from privgym import pack as packs
from privgym.errors import PrivgymError


def agent(name: str, folder: Path) -> list[Path]:
    """A new agent in a kit; gives the files that were written."""
    return _write({_free("agents", name, folder) / f"{name}.py": _filled("agent", name)})


def tool(name: str, folder: Path) -> list[Path]:
    """A new tool in a kit, and its test."""
    path = _free("tools", name, folder) / f"{name}.py"
    test = folder / "tests" / f"test_{name}.py"
    return _write({path: _filled("tool", name), test: _filled("tool_test", name)})


def pack(name: str, folder: Path) -> list[Path]:
    """A new pack in a kit, with one family and its twin; nothing of it is locked yet."""
    made = _free("scenarios", name, folder) / name
    return _write(
        {
            made / "pack.toml": _filled("pack", name),
            made / "norms.txt": _filled("norms", name),
            made / "allergy_note.py": _filled("family", "allergy_note"),
        }
    )


def family(name: str, folder: Path) -> list[Path]:
    """A new family, PACK/NAME, in a pack of a kit; raises the pack's version if that is locked.

    Raises:
        PrivgymError: the pack is not in that kit, or has such a family.
    """
    pack, _, own = name.partition("/")
    where = folder / "scenarios" / pack
    if not own or not (where / "pack.toml").is_file():
        raise PrivgymError(
            f'"{name}" names no pack in {folder}',
            do="write PACK/FAMILY, and name the kit of the pack with --kit",
        )
    _named(own)
    kit.add(folder)
    found = packs.load(pack)
    written = _write({where / f"{own}.py": _filled("family", own)})
    norms = where / "norms.txt"
    shared = norms.read_text(encoding="utf-8") if norms.exists() else ""
    if missing := [line for line in _filled("norms", own).splitlines() if line not in shared]:
        text = "\n".join([shared.rstrip("\n"), *missing, ""]).lstrip("\n")
        norms.write_text(text, encoding="utf-8")
        written.append(norms)
    if check.locked(found)[0] == found.version:
        written.append(_raised(where / "pack.toml"))
    return written


def _raised(toml: Path) -> Path:
    """Raise the version in a pack.toml."""
    text = toml.read_text(encoding="utf-8")
    pattern = re.compile(r"^version = (\d+)", flags=re.MULTILINE)
    raised = pattern.sub(lambda version: f"version = {int(version[1]) + 1}", text)
    toml.write_text(raised, encoding="utf-8")
    packs.load.cache_clear()  # it was loaded with the version before
    return toml


MAKERS = {"pack": pack, "family": family, "tool": tool, "agent": agent}
"""What can be made, by the word that asks for it."""


_ONE: dict[kit.Kind, str] = {"tools": "a tool", "agents": "an agent", "scenarios": "a pack"}


def _free(kind: kit.Kind, name: str, folder: Path) -> Path:
    """The folder for a new thing of a kind, where no kit has one of that name."""
    _named(name)
    if name in kit.names(kind):
        where = str(kit.find(kind, name))
        what = f'there is {_ONE[kind]} called "{name}" already'
        raise PrivgymError(what, where=where, do="take another name")
    return folder / kind


def _named(name: str) -> None:
    if not re.fullmatch(r"[a-z][a-z0-9_]*", name) or keyword.iskeyword(name):
        raise PrivgymError(
            f'"{name}" cannot be the name of a file and of a function',
            do="write lower-case letters, digits and _, beginning with a letter",
        )


def _filled(template: str, name: str) -> str:
    text = (files("privgym") / "templates" / f"{template}.txt").read_text(encoding="utf-8")
    title = "".join(word.capitalize() for word in name.split("_"))
    return Template(text).substitute(name=name, Name=title)


def _write(texts: dict[Path, str]) -> list[Path]:
    for path in texts:
        if path.exists():
            raise PrivgymError(f"{path} is there already", do="nothing was written")
    for path, text in texts.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return list(texts)
