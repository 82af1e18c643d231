"""The plan in the README holds: every file has a line and imports only what stands above it."""

from __future__ import annotations

from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from tests.plan import ROOT, house, imports, rank, read_plan


def faults(root: Path, plan: tuple[str, ...]) -> list[str]:
    """What is wrong between a plan and the files below `root`, one line each."""
    files = house(root)
    ranks = {file: number for file in files if (number := rank(file, plan)) is not None}
    found = [f"{file} has no line in the plan" for file in files if file not in ranks]
    found += [
        f"{entry} is in the plan and has no file"
        for number, entry in enumerate(plan)
        if number not in ranks.values()
    ]
    graph = imports(root)
    found += [
        f"{file} imports {other}, which stands below it"
        for file, others in graph.items()
        for other in sorted(others)
        if file in ranks and other in ranks and ranks[other] > ranks[file]
    ]
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        found.append(f"a circle: {' imports '.join(reversed(error.args[1]))}")
    return found


def test_the_house_keeps_to_its_plan():
    plan = read_plan((ROOT / "README.md").read_text(encoding="utf-8"))
    assert faults(ROOT, plan) == []


PLAN = """
```plan
privgym/
  low.py     what all need
  parts/     two files
  high.py    a word/with a slash
tools/  agents/   the things
privgym/cli/    one verb a file
```
"""

GOOD = {
    "privgym/low.py": "import json\n",
    "privgym/parts/one.py": "from privgym import low\n",
    "privgym/parts/two.py": "from privgym.parts.one import x\n",
    "privgym/high.py": "from .parts import two\nimport privgym.low\n",
    "tools/email.py": "from privgym.high import Tool\n",
    "agents/echo.py": "from privgym.tools.email import Email\n",
    "privgym/cli/run.py": "from privgym import high\n",
}


@pytest.fixture
def build(tmp_path):
    def write(**changed: str) -> list[str]:
        for name, text in {**GOOD, **changed}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        return faults(tmp_path, read_plan(PLAN))

    return write


def test_a_plan_is_read_in_order():
    assert read_plan(PLAN) == (
        "privgym/low.py",
        "privgym/parts/",
        "privgym/high.py",
        "tools/",
        "agents/",
        "privgym/cli/",
    )


def test_a_good_house_has_no_faults(build):
    assert build() == []


UPWARD = "privgym/low.py imports privgym/high.py, which stands below it"


@pytest.mark.parametrize(
    "text",
    [
        "from privgym.high import x\n",
        "from privgym import high\n",
        "import privgym.high as h\n",
        "from . import high\n",
        "from .high import x\n",
        "def f():\n    from privgym.high import x\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from privgym.high import x\n",
    ],
)
def test_an_upward_import_is_found_however_it_is_written(build, text):
    assert UPWARD in build(**{"privgym/low.py": text})


def test_content_imported_from_above_is_found(build):
    found = build(**{"privgym/low.py": "from privgym.tools import email\n"})
    assert "privgym/low.py imports tools/email.py, which stands below it" in found


def test_a_circle_within_a_folder_is_found(build):
    (fault,) = build(**{"privgym/parts/one.py": "from privgym.parts import two\n"})
    assert fault.startswith("a circle: privgym/parts/")


def test_a_file_without_a_line_is_found(build):
    assert build(**{"privgym/extra.py": ""}) == ["privgym/extra.py has no line in the plan"]


def test_a_line_without_a_file_is_found(build, tmp_path):
    build()
    (tmp_path / "tools" / "email.py").unlink()
    found = faults(tmp_path, read_plan(PLAN))
    assert found == ["tools/ is in the plan and has no file"]
