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
    """A new pack in a kit, with one family and its twin, locked."""
    made = _free("scenarios", name, folder) / name
    written = _write(
        {
            made / "pack.toml": _filled("pack", name),
            made / "norms.txt": _filled("norms", name),
            made / "allergy_note.py": _filled("family", "allergy_note"),
        }
    )
    kit.add(folder)
    check.lock(packs.load(name))
    return [*written, made / "pack.lock"]


def family(name: str, folder: Path) -> list[Path]:
    """A new family, PACK/NAME, in a pack of a kit; raises the pack's version and locks it.

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
    stated = (where / "pack.toml").read_text(encoding="utf-8")
    raised = re.sub(
        r"^version = (\d+)", lambda v: f"version = {int(v[1]) + 1}", stated, flags=re.MULTILINE
    )
    norms = where / "norms.txt"
    shared = norms.read_text(encoding="utf-8") if norms.exists() else ""
    written = _write({where / f"{own}.py": _filled("family", own)})
    (where / "pack.toml").write_text(raised, encoding="utf-8")
    missing = [line for line in _filled("norms", own).splitlines() if line not in shared]
    norms.write_text("\n".join([shared.rstrip("\n"), *missing, ""]).lstrip("\n"), encoding="utf-8")
    kit.add(folder)
    packs.load.cache_clear()  # it may have been loaded with the version before
    check.lock(packs.load(pack))
    return [*written, where / "pack.toml", norms, where / "pack.lock"]


MAKERS = {"pack": pack, "family": family, "tool": tool, "agent": agent}
"""What can be made, by the word that asks for it."""


def _free(kind: kit.Kind, name: str, folder: Path) -> Path:
    """The folder for a new thing of a kind, where no kit has one of that name."""
    _named(name)
    if name in kit.names(kind):
        where = str(kit.find(kind, name))
        raise PrivgymError(f'there is a "{name}" already', where=where, do="take another name")
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
