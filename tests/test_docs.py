"""Every Python block of the README and of `docs/` runs; a file's blocks share one namespace."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plan import ROOT

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]


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
    names: dict[str, object] = {"__name__": "__docs__"}
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
