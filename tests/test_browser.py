"""The leaderboard in a real browser: Debian's chromium, which is never downloaded.

Only there can one see that no script of a stranger's runs, that nothing is asked of anybody else,
that a form of ours passes the fence, and that everybody can read it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from shutil import which

import pytest

pytest.importorskip("playwright", reason="playwright is not installed")
pytest.importorskip("axe_playwright_python", reason="axe is not installed")
pytest.importorskip("uvicorn", reason="the extra `board` is not installed")

from playwright.sync_api import Dialog, sync_playwright

from privgym.board import Board
from privgym.leaderboard.export import export
from privgym.leaderboard.site import Site
from tests.boards import hostile, lived
from tests.payloads import PAYLOADS
from tests.test_app import zipped
from tests.test_server import Served

CHROMIUM = which("chromium") or ""
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(not CHROMIUM, reason="there is no chromium (apt-get install chromium)"),
]


@pytest.fixture(scope="module")
def browser(board, archives):
    """Started once there is a board: while playwright has its loop, nothing else can have one."""
    with sync_playwright() as started:
        made = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield made
        made.close()


@pytest.fixture(scope="module")
def board(tmp_path_factory) -> Board:
    return hostile(tmp_path_factory.mktemp("browser") / "board", PAYLOADS)


@pytest.fixture(scope="module")
def archives(tmp_path_factory) -> dict[bool, bytes]:
    """Runs to hand in, one for a browser with scripts and one for a browser without."""
    out = tmp_path_factory.mktemp("runs")
    return {True: zipped(lived(out, "constant")), False: zipped(lived(out, "empty"))}


@pytest.fixture(scope="module")
def served(board):
    made = Served(board.path, board.path.parent / "token")
    yield made
    made.close()


@contextmanager
def watched(browser, **how) -> Iterator:
    """A page; where anything ran, was asked for elsewhere or was blocked, this fails."""
    context = browser.new_context(**how)
    page = context.new_page()
    said: list[str] = []
    asked: list[str] = []
    page.on("console", lambda one: said.append(one.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("dialog", lambda dialog: _heard(said, dialog))
    page.on("request", lambda one: asked.append(one.url))
    yield page
    context.close()
    ours = re.compile(r"http://127\.0\.0\.1:\d+/|file:///")
    assert said == []
    assert [url for url in asked if not ours.match(url)] == []


def _heard(said: list[str], dialog: Dialog) -> None:
    said.append(dialog.message)
    dialog.dismiss()


def kinds(board: Board) -> dict[str, str]:
    """A page of each kind, those of the hostile row where there are."""
    row = "f" * 16
    found = {re.sub(r"[0-9a-f]{12,}|\d+", "*", path): path for path in Site(board).paths()}
    other = next(one.id for one in board.entries() if one.spec == "play:good")
    found.update({"rows/*": f"rows/{row}", "rows/*/*": f"rows/{row}/1"})
    found.update({"compare/*/*": f"compare/{other}/{row}", "submit": "submit", "gone": "nowhere"})
    agents = [path for path in Site(board).paths() if path.startswith("agents/")]
    spec = f"redactor@{PAYLOADS[0]}"
    found["agents/*"] = next(p for p in agents if Site(board).page(p).title.startswith(spec))
    return found


def test_no_text_of_a_stranger_is_more_than_text(browser, served, board):
    address = f"http://127.0.0.1:{served.port}"
    for path in kinds(board).values():
        if path == "nowhere":
            continue  # a browser's console says of itself that a page was not found
        with watched(browser) as page:
            page.goto(f"{address}/{path}")
            assert page.locator("script").count() == 1
            assert page.locator("main img, main iframe, main object, main style").count() == 0
            assert page.locator("base, main meta, main link").count() == 0
            page.mouse.move(300, 300)
            page.keyboard.press("Tab")
            page.keyboard.press("n")


def test_nor_is_it_in_an_export_opened_from_disk(browser, board, tmp_path):
    export(board, tmp_path / "site")
    for kind, path in kinds(board).items():
        if kind in ("submit", "gone"):
            continue
        file = tmp_path / "site" / f"{path or 'index'}.html"
        if not file.exists():  # of comparisons those with the first row are there
            continue
        with watched(browser) as page:
            page.goto(file.as_uri())
            assert page.locator("h1").count() == 1
            assert page.evaluate("getComputedStyle(document.body).fontFamily").startswith("system")
            page.keyboard.press("n")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_everybody_can_read_it(browser, served, board, scheme):
    address, found = f"http://127.0.0.1:{served.port}", {}
    context = browser.new_context(color_scheme=scheme)
    page = context.new_page()
    for kind, path in kinds(board).items():
        page.goto(f"{address}/{path}")
        page.evaluate(AXE)
        said = page.evaluate("axe.run()")["violations"]
        grave = [one for one in said if one["impact"] in ("serious", "critical")]
        if grave:
            found[kind] = [(one["id"], one["nodes"][0]["html"][:200]) for one in grave]
    context.close()
    assert found == {}


def test_no_page_is_wider_than_a_phone(browser, served, board):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    for path in kinds(board).values():
        page.goto(f"http://127.0.0.1:{served.port}/{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        assert wide <= 0, path
    context.close()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_rows_are_narrowed_compared_and_read(browser, served, script):
    with watched(browser, java_script_enabled=script) as page:
        page.goto(f"http://127.0.0.1:{served.port}/")
        page.get_by_label("agent", exact=True).fill("play:g")
        page.get_by_role("button", name="Show").click()
        assert page.locator("table.rows tbody tr").count() == 5  # it, and the floors
        page.get_by_role("link", name=re.compile("all .* rows")).click()
        page.locator("input[name=one]").nth(0).check()
        page.locator("input[name=other]").nth(1).check()
        page.get_by_role("button", name="Compare A with B").click()
        assert page.locator("h1").inner_text() == "A against B"
        page.get_by_role("link", name="transcript").first.click()
        assert page.locator("ol.entries").count() > 0


def test_keys_go_from_leak_to_leak(browser, served, board):
    floor = next(one.id for one in board.entries() if one.spec == "oversharer")
    with watched(browser) as page:
        page.goto(f"http://127.0.0.1:{served.port}/rows/{floor}")
        page.get_by_role("row").filter(has=page.locator(".inappropriate")).first.get_by_role(
            "link"
        ).click()
        page.wait_for_selector("[data-leak]")
        page.keyboard.press("n")
        page.wait_for_function("location.hash !== ''")
        assert page.locator(page.evaluate("location.hash")).is_visible()


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_a_run_is_handed_in_and_retracted(browser, served, archives, tmp_path, script):
    file = tmp_path / "run.zip"
    file.write_bytes(archives[script])
    with watched(browser, java_script_enabled=script) as page:
        page.goto(f"http://127.0.0.1:{served.port}/submit")
        page.locator("input[type=file]").set_input_files(file)
        page.get_by_label("token").fill(served.token)
        with page.expect_navigation(timeout=120_000) as taken:
            page.get_by_role("button", name="Submit").click()
        assert taken.value.status == 200, page.locator("main").inner_text()
        page.get_by_label("why").fill(f"a try with {script}")
        page.get_by_label("token").fill(served.token)
        page.get_by_role("button", name="Retract this row").click()
        page.wait_for_url("**/attempts")
        assert page.get_by_text(f"a try with {script}").count() == 1


def test_a_page_of_another_site_cannot_write(browser, served, tmp_path):
    """Its form is sent, since a browser sends forms anywhere, and the fence turns it back."""
    evil = tmp_path / "evil.html"
    to = f"http://127.0.0.1:{served.port}/rows/{'f' * 16}/retract"
    evil.write_text(
        f'<form method=post action="{to}"><input name=token value="{served.token}">'
        "<input name=why value=x><button>go</button></form>"
    )
    context = browser.new_context()
    page = context.new_page()
    page.goto(evil.as_uri())
    with page.expect_navigation() as gone:
        page.get_by_role("button").click()
    assert gone.value.status == 403
    context.close()
