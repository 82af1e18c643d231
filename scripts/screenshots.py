"""The three pictures of the leaderboard in the README: `python scripts/screenshots.py`.

A board of scripted agents is made, served on this machine, and photographed by Debian's chromium:
the board, two rows compared, a transcript with a leak. They are written to docs/images/.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from privgym import pack  # noqa: E402
from privgym.board import Board, Rules  # noqa: E402
from privgym.intake import submit  # noqa: E402
from tests.boards import lived  # noqa: E402
from tests.test_server import Served  # noqa: E402

IMAGES = ROOT / "docs" / "images"
AGENTS = (
    *("play:good", "redactor", "mix:play:good,oversharer,0.2", "mix:play:good,refuser,0.4"),
    "mix:redactor,play:good,0.5",
)
CHROMIUM = shutil.which("chromium") or ""
SIZE = {"width": 1180, "height": 760}


def board(path: Path) -> Board:
    """A board of scripted agents on all families, with their floors."""
    made = Board.create(path / "board", Rules("scripted agents", "everyday", 1, None, 1))
    names = pack.load("everyday").names((), 1, range(1))
    families = tuple(dict.fromkeys(name.family for name in names))
    for spec in AGENTS:
        submit(made, lived(path / "runs", spec, families))
    return made


def shoot(page: Page, address: str, made: Board) -> None:
    """Take the pictures."""
    ids = {one.spec: one.id for one in made.entries()}
    page.goto(f"{address}/")
    _take(page, "board", "h2", 20)
    page.goto(f"{address}/compare/{ids['play:good']}/{ids['redactor']}")
    _take(page, "compare", "#differences", 20)
    page.goto(f"{address}/rows/{ids['redactor']}")
    page.get_by_role("row").filter(has_text="baby_news#").get_by_role("link").first.click()
    _take(page, "transcript", "ol.entries > li:has([data-leak])", 10, high=1130)


def _take(page: Page, name: str, what: str, above: float, high: int = SIZE["height"]) -> None:
    """Photograph a page from so far above an element, so high and as wide as `SIZE`."""
    found = page.locator(what).first.bounding_box()
    assert found, f"{name} has no {what}"
    clip = {"x": 0, "y": max(0, found["y"] - above), "width": SIZE["width"], "height": high}
    page.screenshot(path=IMAGES / f"{name}.png", full_page=True, clip=clip)


def main() -> None:
    """Make the board, serve it, and take the pictures."""
    if not CHROMIUM:
        sys.exit("there is no chromium: apt-get install chromium")
    with tempfile.TemporaryDirectory() as scratch:
        made = board(Path(scratch))
        served = Served(made.path, Path(scratch) / "token")
        try:
            with sync_playwright() as started:
                browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                shoot(browser.new_page(viewport=SIZE), f"http://127.0.0.1:{served.port}", made)
                browser.close()
        finally:
            served.close()


if __name__ == "__main__":
    main()
