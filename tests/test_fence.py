"""The fence of the leaderboard's server: who is let in, who is not, and what every answer says."""

from __future__ import annotations

import pytest

pytest.importorskip("starlette", reason="the extra `board` is not installed")

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from privgym.leaderboard.fence import HEADERS, MAX_HEAD, MAX_QUERY, Fence, admitted, unknown
from tests.web import HOST, OURS, SAME, TOKEN, ask

MOST = 1000


async def _write(request: Request) -> PlainTextResponse:
    field = (await request.body()).decode("latin-1")
    if not admitted(request, field):
        raise unknown("no")
    return PlainTextResponse("written")


def _refuse(_request, error):
    return PlainTextResponse(error.detail, error.status_code, error.headers)


def fenced(token: str = TOKEN, patience: float = 5.0) -> Fence:
    app = Starlette(
        routes=[
            Route("/", lambda request: PlainTextResponse("read")),
            Route("/write", _write, methods=["POST"]),
        ],
    )
    return Fence(app, [OURS, "http://localhost:8000"], _refuse, token=token,
                 bodies={"/write": MOST}, patience=patience)  # fmt: skip


def test_a_read_is_answered():
    status, headers, body = ask(fenced())
    assert (status, body) == (200, b"read")
    assert headers["content-security-policy"].startswith("default-src 'none'; ")
    assert "set-cookie" not in headers


STRANGE = [
    {}, {"host": ""}, {"host": "evil.example"}, {"host": "evil.example:8000"},
    {"host": "127.0.0.1"}, {"host": "127.0.0.1:80"}, {"host": "127.0.0.1:8000.evil.example"},
    {"host": "evil.example#127.0.0.1:8000"}, {"host": "127.0.0.1:8000@evil.example"},
    {"host": "127.0.0.1:8000, evil.example"}, {"host": "0.0.0.0:8000"}, {"host": "[::]:8000"},
    {"host": "2130706433:8000"}, {"host": " 127.0.0.1:8000"}, {"host": "localhost.:8000"},
    [("host", "127.0.0.1:8000"), ("host", "evil.example")],
    {"host": "evil.example", "x-forwarded-host": "127.0.0.1:8000"},
    {"host": "evil.example", "forwarded": "host=127.0.0.1:8000"},
]  # fmt: skip


@pytest.mark.parametrize("headers", STRANGE, ids=str)
def test_no_other_name_is_answered(headers):
    assert ask(fenced(), headers=headers)[0] == 421


def test_a_name_is_known_in_any_case():
    assert ask(fenced(), headers={"host": "LocalHost:8000"})[0] == 200


FORGED = [
    {}, {"sec-fetch-site": "cross-site"}, {"sec-fetch-site": "same-site"},
    {"sec-fetch-site": "none"}, {"sec-fetch-site": "Same-Origin"},
    {"sec-fetch-site": "same-origin, cross-site"}, {"origin": "null"}, {"origin": ""},
    {"origin": "http://evil.example"}, {"origin": "https://127.0.0.1:8000"},
    {"origin": "http://127.0.0.1"}, {"origin": "http://127.0.0.1:8001"},
    {"origin": "http://localhost:8000"},  # ours, but not the one that was asked
    {"origin": f"{OURS}.evil.example"}, {"origin": f"{OURS}/"}, {"origin": f"{OURS} http://evil"},
    {"sec-fetch-site": "same-origin", "origin": "null"},
    {"sec-fetch-site": "cross-site", "origin": OURS},
    {"sec-fetch-site": "cross-site", "authorization": f"Bearer {TOKEN}"},
    {"origin": "http://evil.example", "authorization": f"Bearer {TOKEN}"},
    [("origin", OURS), ("origin", "http://evil.example")],
    {"authorization": ""}, {"authorization": TOKEN}, {"authorization": "Bearer"},
    {"authorization": f"Basic {TOKEN}"}, {"authorization": f"Bearer {TOKEN}x"},
    {"authorization": f"Bearer {TOKEN[:-1]}"}, {"authorization": f"Bearer  {TOKEN}"},
    {"authorization": "Bearer \xff"},
    {**SAME, "authorization": "Bearer wrong"},
    [("authorization", f"Bearer {TOKEN}"), ("authorization", "Bearer wrong")],
]  # fmt: skip


@pytest.mark.parametrize("headers", FORGED, ids=str)
def test_a_forged_write_is_refused_whatever_it_knows(headers):
    pairs = list(HOST.items()) + list(headers.items() if isinstance(headers, dict) else headers)
    assert ask(fenced(), "POST", "/write", pairs, TOKEN.encode())[0] in (401, 403)


@pytest.mark.parametrize(
    "headers",
    [SAME, {"origin": OURS}, {"sec-fetch-site": "same-origin"}],
    ids=str,
)
def test_our_own_form_writes_with_the_token_and_not_without(headers):
    assert ask(fenced(), "POST", "/write", {**HOST, **headers}, TOKEN.encode())[0] == 200
    for wrong in (b"", b"wrong", TOKEN.encode() + b"x", b"\xff"):
        assert ask(fenced(), "POST", "/write", {**HOST, **headers}, wrong)[0] == 401


def test_a_program_writes_with_the_token_in_its_header():
    headers = {**HOST, "authorization": f"bearer {TOKEN}"}
    assert ask(fenced(), "POST", "/write", headers)[0] == 200


@pytest.mark.parametrize("given", ["", " ", TOKEN])
def test_without_a_token_nobody_writes(given):
    for headers in ({"authorization": f"Bearer {given}"}, SAME):
        assert ask(fenced(token=""), "POST", "/write", {**HOST, **headers}, given.encode())[0] in (
            401,
            403,
        )


@pytest.mark.parametrize(
    "method", ["PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "GETT"]
)
def test_other_methods_are_refused(method):
    status, headers, _ = ask(fenced(), method)
    assert (status, headers["allow"]) == (405, "GET, HEAD, POST")


@pytest.mark.parametrize("length", ["1001", "-1", "1e3", "9" * 5000, "", "1,1", "+5", "\u00b2"])
def test_a_body_that_says_it_is_too_long_is_not_read(length):
    headers = {**HOST, **SAME, "content-length": length}
    assert ask(fenced(), "POST", "/write", headers, stall=True)[0] == 413


@pytest.mark.parametrize("headers", [{}, {"content-length": "5"}, {"transfer-encoding": "chunked"}])
def test_a_body_that_is_longer_than_it_says_is_cut(headers):
    status, *_ = ask(fenced(), "POST", "/write", {**HOST, **SAME, **headers}, b"x" * (MOST + 1))
    assert status == 413


def test_a_read_has_no_body_and_a_short_head():
    assert ask(fenced(), headers={**HOST, "content-length": "1"})[0] == 413
    assert ask(fenced(), query=b"x" * (MAX_QUERY + 1))[0] == 414
    assert ask(fenced(), headers={**HOST, "cookie": "x" * MAX_HEAD})[0] == 431


def test_a_body_that_never_comes_is_given_up():
    status, *_ = ask(fenced(patience=0.05), "POST", "/write", {**HOST, **SAME}, stall=True)
    assert status == 408


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/", HOST),
        ("GET", "/nowhere", HOST),
        ("GET", "/", {"host": "evil.example"}),
        ("POST", "/write", HOST),
        ("PUT", "/", HOST),
    ],
)
def test_every_answer_says_what_a_browser_may_do(method, path, headers):
    found = ask(fenced(), method, path, headers)[1]
    assert {name: found.get(name.lower()) for name in HEADERS} == HEADERS
