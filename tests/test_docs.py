"""The pages: every Python block runs (a file's blocks share one namespace), every link leads
somewhere. `scripts/docs` builds them."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.plan import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)


def blocks(text: str) -> list[tuple[int, str]]:
    """Line number and code of each ```python block.

    A block that is not meant to run is `text`: a fence that says more than "python" is refused,
    so that nothing can be marked as exempt.
    """
    found = []
    for fence in re.finditer(r"^ *```(python\b.*)\n((?:.*\n)*?) *```$", text, flags=re.MULTILINE):
        line = text.count("\n", 0, fence.start()) + 1
        assert fence.group(1) == "python", f"line {line}: a python block runs, or it is text"
        found.append((line, fence.group(2)))
    return found


def run(path: Path) -> None:
    """Run a page's blocks in order; a traceback names the page and its line."""
    # A module of its own, since pydantic looks the names of a model up where it is defined.
    sys.modules["__docs__"] = page = ModuleType("__docs__")
    names = vars(page)
    for line, code in blocks(path.read_text(encoding="utf-8")):
        exec(compile("\n" * line + code, str(path), "exec"), names)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_page_runs(page, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    run(page)


def test_blocks_share_names_and_a_failure_names_its_line(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A\n```python\nx = 1\n```\nwords\n```python\nassert x == 2\n```\n")
    with pytest.raises(AssertionError) as failed:
        run(page)
    assert failed.traceback[-1].lineno + 1 == 7


def test_a_block_cannot_be_exempted():
    with pytest.raises(AssertionError, match="line 1"):
        blocks("```python no-run\nx\n```\n")


def lost(page: Path) -> list[str]:
    """The links of a page that lead to no file, or to no heading of it."""
    found = []
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        name, _, heading = target.partition("#")
        file = page.parent / name if name else page
        if "://" in target:
            continue
        if not file.exists() or (heading and heading not in headings(file)):
            found.append(target)
    return found


def headings(page: Path) -> list[str]:
    """What links call a page's headings: lower case, without punctuation, hyphens for spaces."""
    titles = HEADING.findall(page.read_text(encoding="utf-8"))
    return [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_leads_somewhere(page):
    assert lost(page) == []


def test_a_dead_link_is_found(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("# A title: `it`\n[a](#a-title-it) [b](#nothing) [c](gone.md) [d](http://x)\n")
    assert lost(page) == ["#nothing", "gone.md"]


def test_the_list_of_families_is_what_they_say():
    done = subprocess.run(
        [sys.executable, str(ROOT / "scripts" / "families.py"), "--check"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
