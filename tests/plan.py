"""The README's plan, read; and which file of the house imports which."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("privgym", "tools", "agents", "scenarios", "leaderboard")
CONTENT = ("tools", "agents", "scenarios", "leaderboard")


def read_plan(text: str) -> tuple[str, ...]:
    """Entries of the first ```plan block, in order; folders end in "/".

    A line is one or more names and what they are; a name under an indented line belongs to the
    folder that stands alone above it.
    """
    block = re.search(r"^```plan\n(.*?)^```", text, flags=re.DOTALL | re.MULTILINE)
    assert block, "there is no ```plan block"
    entries, parent = [], ""
    for line in block.group(1).splitlines():
        head = re.match(r"\s*((?:[\w/]+(?:\.py|/)(?:\s+|$))+)", line)
        assert head, f"no file or folder at the start of this line of the plan: {line!r}"
        names = head.group(1).split()
        indented = line.startswith(" ")
        if not indented:
            parent = line.strip() if names == [line.strip()] else ""
        if indented or not parent:
            entries += [parent + name if indented else name for name in names]
    return tuple(entries)


def rank(file: str, plan: Iterable[str]) -> int | None:
    """Number of the line that covers a file: its own, or that of the nearest folder."""
    covering = [
        (len(entry), number)
        for number, entry in enumerate(plan)
        if file == entry or (entry.endswith("/") and file.startswith(entry))
    ]
    return max(covering)[1] if covering else None


def house(root: Path) -> tuple[str, ...]:
    """Every Python file that must have a line, relative to `root`."""
    found = (path for folder in FOLDERS for path in (root / folder).rglob("*.py"))
    return tuple(sorted(path.relative_to(root).as_posix() for path in found))


def imports(root: Path) -> dict[str, set[str]]:
    """For every file the files of the house that it imports, wherever in it the import stands."""
    files = set(house(root))
    return {
        file: {found for name in _imported(root, file) if (found := _file(name, files))} - {file}
        for file in sorted(files)
    }


def closure(start: str, graph: dict[str, set[str]]) -> set[str]:
    """Everything that a file imports, and what that imports, and so on."""
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        for file in graph[waiting.pop()] - seen:
            seen.add(file)
            waiting.append(file)
    return seen


def _imported(root: Path, file: str) -> Iterator[str]:
    """Dotted names that a file imports; `from a import b` gives a.b, which may be a module."""
    package = file.removesuffix(".py").split("/")[:-1]
    for node in ast.walk(ast.parse((root / file).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            up = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*up, *([node.module] if node.module else [])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def _file(name: str, files: set[str]) -> str | None:
    """The file that a dotted name leads to: its own, its package's, or that of what holds it."""
    parts = name.split(".")
    if parts[0] not in FOLDERS:
        return None
    if parts[:1] == ["privgym"] and parts[1:2] and parts[1] in CONTENT and len(parts) > 2:
        parts = parts[1:]
    for end in range(len(parts), 0, -1):
        path = "/".join(parts[:end])
        for found in (f"{path}.py", f"{path}/__init__.py"):
            if found in files:
                return found
    return None
