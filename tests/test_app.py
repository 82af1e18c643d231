"""The leaderboard's pages, asked without a server: they answer, agree, and change nothing."""

from __future__ import annotations

import asyncio
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

import pytest

pytest.importorskip("uvicorn", reason="the extra `board` is not installed")
pytest.importorskip("jinja2", reason="the extra `board` is not installed")

from privgym.board import Board
from privgym.leaderboard import app as routes
from privgym.leaderboard.app import app
from privgym.leaderboard.frame import Frame
from privgym.leaderboard.site import Site
from tests.boards import FAMILIES, HOSTILE, hidden, lived, small
from tests.payloads import PAYLOADS
from tests.shapes import KINDS, kinds, shape
from tests.spoil import HARMLESS
from tests.web import BEARER, HOST, OURS, SAME, TOKEN, ask, asked

pytestmark = pytest.mark.usefixtures("known_kits")


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    """For tests that only read."""
    return small(tmp_path_factory.mktemp("read") / "board")


@pytest.fixture
def own(tmp_path):
    """For tests that write."""
    return small(tmp_path / "board")


@pytest.fixture(scope="module")
def site(board):
    return app(board, [OURS], TOKEN)


class _Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.links, self.ids = [], set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        found = dict(attrs)
        self.links += [found[name] for name in ("href", "src") if found.get(name)]
        if "id" in found:
            assert found["id"] not in self.ids
            self.ids.add(found["id"])


def test_every_page_is_there_with_its_twin_and_every_link_leads_somewhere(site):
    seen: dict[str, Any] = {}
    waiting = ["/", "/submit"]
    while waiting:
        path = waiting.pop()
        answer = ask(site, path=path)
        assert answer.status == 200, (path, answer.text)
        if answer.headers["content-type"].startswith("text/html"):
            seen[path] = _Links(answer.text)
            for link in seen[path].links:
                there = urlsplit(urljoin(path, link)).path
                assert urlsplit(link).netloc == ""
                if there not in seen and there not in waiting:
                    waiting.append(there)
        else:
            seen[path] = None
    for path, page in seen.items():
        for link in page.links if page else ():
            there = urlsplit(urljoin(path, link))
            assert not there.fragment or there.fragment in seen[there.path].ids | {"main"}, link
    kinds = {re.sub(r"[0-9a-f]{12,}|\d+", "*", path) for path in seen}
    assert kinds >= {"/", "/rows/*", "/rows/*/*", "/agents/*", "/proves", "/attempts", "/submit",
                     "/index.json", "/rows/*.json", "/rows/*/*.json",
                     "/static/style.css"}  # fmt: skip


def test_a_page_and_its_twin_say_the_same(site, board):
    for path in Site(board).paths():
        page, twin = ask(site, path=f"/{path}"), ask(site, path=f"/{path or 'index'}.json")
        assert (page.status, twin.status) == (200, 200)
        said = json.loads(twin.body)
        assert visible_in(said["title"], page.text)
        assert twin.headers["content-type"] == "application/json"


def visible_in(words: str, page: str) -> bool:
    return words.replace("&", "&amp;").replace("'", "&#39;") in page


def test_the_board_says_which_rows_are_floors_ties_and_on_the_front(site, board):
    page, (shelf,) = ask(site).text, json.loads(ask(site, path="/index.json").body)["shelves"]
    places = {place["standing"]["entry"]["spec"]: place for place in shelf["places"]}
    assert {name for name, one in places.items() if one["standing"]["entry"]["floor"]} == {
        "refuser", "oversharer", "random", "echo",
    }  # fmt: skip
    assert places["play:good"]["standing"]["rank"] == 1
    assert page.count('<tr class="floor') == 4
    assert page.count("=2</abbr>") == sum(one["standing"]["rank"] == 2 for one in places.values())
    assert page.count("<circle") == 2
    assert page.count('class="dot floor') == 4


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ({}, 2), ({"agent": "PLAY"}, 1), ({"agent": "nobody"}, 0), ({"pack": "everyday"}, 2),
        ({"pack": "other"}, 0), ({"belief": "recomputed", "agent": "red"}, 1),
        ({"belief": "hidden seeds"}, 0), ({"guard": "off"}, 2), ({"nothing": "x"}, 2),
        ({"agent": HOSTILE}, 0),
    ],
)  # fmt: skip
def test_a_query_narrows_the_rows_and_not_the_floors(site, query, rows):
    words = urlencode(query).encode()
    said = json.loads(ask(site, path="/index.json", query=words).body)
    assert said["rows"] == rows
    assert ask(site, query=words).status == 200
    assert rows == 0 or sum(len(shelf["places"]) for shelf in said["shelves"]) == rows + 4


def test_two_rows_are_compared_where_they_differ(site, board):
    ids = {one.spec: one.id for one in board.entries()}
    form = urlencode({"one": ids["redactor"], "other": ids["oversharer"]}).encode()
    to = ask(site, path="/compare", query=form)
    assert (to.status, to.headers["location"]) == (
        303,
        f"/compare/{ids['redactor']}/{ids['oversharer']}",
    )
    said = json.loads(ask(site, path=to.headers["location"] + ".json").body)["differences"]
    back = json.loads(ask(site, path=f"/compare/{ids['oversharer']}/{ids['redactor']}.json").body)
    assert said["episodes"] == 2 * len(FAMILIES)
    assert said["only_other"]["inappropriate"] > 0 < said["only"]["missing"]
    assert back["differences"]["only"] == said["only_other"]
    same = json.loads(ask(site, path=f"/compare/{ids['echo']}/{ids['echo']}.json").body)
    assert same["differences"]["found"] == []


STRANGE = [
    "' OR 1=1 --", "\"; DROP TABLE entries; --", "1' UNION SELECT document FROM entries --", "%27",
    "'||(SELECT 1)||'", "\\'; VACUUM INTO '/tmp/x'; --", "..", "../secret", "../../etc/passwd",
    "..%2f..%2fsecret", "%2e%2e/secret", "....//secret", "/etc/passwd", "//evil.example/x",
    "\\\\evil\\x", "C:\\x", "secret", "board.json", "index.sqlite", "attempts.jsonl", "entries",
    "{{7*7}}", "{% include 'layout.html' %}", "${7*7}", "#{7*7}", "<%= 7*7 %>", "%s%s%n", "{0}",
    "\x00", "a\x00.html", "\r\nSet-Cookie: a=b", "%0d%0aSet-Cookie:%20a=b", "\n\nHTTP/1.1 200 OK",
    "\u202e", "\u2028", "\ud7ff", "\U0010ffff", "\xe9" * 40, "a" * 5000, "-1", "0x0", "1e9", "NaN",
    "9" * 400, "\u0661", "1.0", " 1", "1 ", "+1", "true", "null", "[]", "__proto__", "constructor",
    "0" * 16, "f" * 16, "F" * 16, "0" * 15 + "g", "0" * 17, "*", "?", ".",
    ";ls", "$(id)", "`id`", "|id",
]  # fmt: skip


@pytest.mark.parametrize("words", STRANGE, ids=ascii)
def test_strange_addresses_are_no_pages_and_change_nothing(site, board, words):
    before = board._index.dump()
    row = board.entries()[0].id
    paths = (f"/{words}", f"/rows/{words}", f"/rows/{words}.json", f"/rows/{row}/{words}",
             f"/agents/{words}", f"/compare/{words}/{row}", f"/compare/{row}/{words}.json",
             f"/static/{words}", f"/static/../{words}")  # fmt: skip
    for path in paths:
        answer = ask(site, path=path)
        assert answer.status in (404, 405), path
        assert "49" not in answer.text or "49" in words
        assert "set-cookie" not in answer.headers
    form = urlencode({"one": words, "other": row, "agent": words[:200]}).encode()
    to = ask(site, path="/compare", query=form)
    assert to.status in (400, 414) or to.headers["location"] == f"/compare/{words}/{row}"
    assert ask(site, path="/", query=form).status in (200, 414)
    assert board._index.dump() == before


@pytest.mark.parametrize("path", ["/rows/x/retract", "/submit", "/", "/compare", "/attempts"])
def test_nothing_is_written_without_the_token(site, board, path):
    before = board._index.dump(), board.attempts()
    for headers in (HOST, {**HOST, **SAME}, {**HOST, "authorization": "Bearer no"}):
        assert ask(site, "POST", path, headers, b"token=wrong").status in (400, 401, 405)
    assert (board._index.dump(), board.attempts()) == before


def zipped(folder, **changed) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        for path in folder.iterdir():
            made.writestr(path.name, changed.get(path.stem, path.read_bytes()))
    return file.getvalue()


def form(archive, **fields) -> tuple[dict[str, str], bytes]:
    """Headers and body of our own page's form."""
    mark, parts = "xXx", []
    for name, value in fields.items():
        parts.append(
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        )
    head = "".join(parts) + f'--{mark}\r\nContent-Disposition: form-data; name="run"; '
    body = (
        f'{head}filename="../../x.zip"\r\n\r\n'.encode() + archive + f"\r\n--{mark}--\r\n".encode()
    )
    return {**HOST, **SAME, "content-type": f"multipart/form-data; boundary={mark}"}, body


def test_a_run_comes_in_by_the_form_and_once(own, tmp_path):
    site, archive = app(own, [OURS], TOKEN), zipped(lived(tmp_path / "runs", "constant"))
    assert ask(site, "POST", "/submit", *form(archive, token="wrong")).status == 401
    assert ask(site, "POST", "/submit", *form(b"no zip", token=TOKEN)).status == 422
    before = len(own.entries())
    first = ask(site, "POST", "/submit", *form(archive, token=TOKEN, note="by form"))
    assert first.status == 303, first.text
    row = first.headers["location"]
    assert "by form" in ask(site, path=row).text
    raw = ask(site, "POST", "/submit", {**BEARER, "content-type": "application/zip"}, archive)
    assert (raw.status, json.loads(raw.body)["row"]) == (201, row)
    assert sum(not one.floor for one in own.entries()) == 1 + sum(
        not one.floor for one in own.entries()[:before]
    )


def test_a_run_that_was_edited_is_refused_with_its_code_and_leaves_nothing(own, tmp_path):
    site, run = app(own, [OURS], TOKEN), lived(tmp_path / "runs", "oversharer")
    scores = (run / "scores.json").read_text().replace('"inappropriate": 1', '"inappropriate": 0')
    archive, before = zipped(run, scores=scores.encode()), own._index.dump()
    page = ask(site, "POST", "/submit", *form(archive, token=TOKEN))
    assert page.status == 422
    assert "score-edited" in page.text
    raw = ask(site, "POST", "/submit", {**BEARER, "content-type": "application/zip"}, archive)
    assert raw.status == 422
    assert json.loads(raw.body)["what"].startswith("score-edited")
    assert own._index.dump() == before
    assert {path.name for path in (own.path / "entries").iterdir()} == own._index.ids()
    assert [one.code for one in own.attempts()][-2:] == ["score-edited"] * 2


def test_a_row_is_retracted_with_a_reason(own):
    site, row = app(own, [OURS], TOKEN), next(e.id for e in own.entries() if not e.floor)
    headers = {**HOST, **SAME, "content-type": "application/x-www-form-urlencoded"}
    wrong = ask(site, "POST", f"/rows/{row}/retract", headers, b"token=no&why=x")
    assert wrong.status == 401
    said = urlencode({"token": TOKEN, "why": HOSTILE}).encode()
    assert ask(site, "POST", f"/rows/{row}/retract", headers, said).status == 303
    gone = ask(site, path=f"/rows/{row}")
    assert gone.status == 404
    assert "retracted" in gone.text
    assert row in ask(site, path="/attempts").text


def test_reads_are_answered_while_a_run_is_verified_and_other_runs_wait(own, tmp_path, monkeypatch):
    site, archive = app(own, [OURS], TOKEN), zipped(lived(tmp_path, "empty"))
    entry = own.entries()[0]

    async def both():
        loop, let, begun = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()

        def slow(*args, **more):
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(let.wait(), loop).result(timeout=30)
            return entry

        monkeypatch.setattr(routes, "submit", slow)
        headers, body = form(archive, token=TOKEN)
        first = asyncio.create_task(asked(site, "POST", "/submit", headers, body))
        await asyncio.wait_for(begun.wait(), 30)
        read = await asked(site)
        second = await asked(site, "POST", "/submit", headers, body)
        let.set()
        return read.status, second, (await first).status

    read, second, first = asyncio.run(both())
    assert (read, second.status, first) == (200, 503, 303)
    assert "retry-after" in second.headers


def test_transcripts_of_hidden_seeds_are_shut_until_the_next_round(own):
    row = hidden(own)
    site, before = app(own, [OURS]), Site(own)
    secret = {str(seed) for seed in own.seeds("hidden 1")}
    for path in before.paths():
        for kind in ("html", "json"):
            text = ask(site, path=f"/{path}" if kind == "html" else f"/{path or 'index'}.json").text
            assert not [seed for seed in secret if seed in text], path
    assert ask(site, path=f"/rows/{row}/0").status == 404
    Board(own.path).next_round()  # as another process does
    assert ask(site, path=f"/rows/{row}/0").status == 200


def test_a_board_without_a_token_offers_no_form(board):
    site = app(board, [OURS])
    assert "/submit" not in ask(site).text
    assert ask(site, path="/submit").status == 403


def test_an_error_of_ours_is_no_page_of_theirs(board, monkeypatch):
    site = app(board, [OURS])
    monkeypatch.setattr(Site, "page", lambda *_: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        ask(site)


# -- hostile text -----------------------------------------------------------------------------


@pytest.mark.parametrize("served", [True, False], ids=["served", "exported"])
@pytest.mark.parametrize("kind", KINDS)
def test_hostile_text_stays_text(board, kind, served):
    path, page = kinds(board)[kind]
    frame = Frame(served=served, writes=served)
    expected = shape(frame, path, page, HARMLESS)
    # One after the other in one text: where one of them is no text, all that follow show it.
    for payload in ("".join(PAYLOADS), "".join(reversed(PAYLOADS)), *PAYLOADS[::40]):
        assert shape(frame, path, page, payload) == expected
