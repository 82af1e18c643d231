"""Requests to an ASGI app, without a server between."""

from __future__ import annotations

import asyncio
from typing import Any, NamedTuple

OURS, TOKEN = "http://127.0.0.1:8000", "t" * 32
HOST, SAME = {"host": "127.0.0.1:8000"}, {"sec-fetch-site": "same-origin", "origin": OURS}
BEARER = {**HOST, "authorization": f"Bearer {TOKEN}"}


class Answer(NamedTuple):
    """What was answered."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode()


def ask(
    app: Any,
    method: str = "GET",
    path: str = "/",
    headers: Any = None,
    body: bytes = b"",
    query: bytes = b"",
    stall: bool = False,
) -> Answer:
    """Ask once; `headers` may be pairs, to say a name twice, and with `stall` no body comes."""
    return asyncio.run(asked(app, method, path, headers, body, query, stall))


async def asked(
    app: Any,
    method: str = "GET",
    path: str = "/",
    headers: Any = None,
    body: bytes = b"",
    query: bytes = b"",
    stall: bool = False,
) -> Answer:
    """`ask`, in a loop that runs already."""
    pairs = HOST if headers is None else headers
    pairs = pairs.items() if isinstance(pairs, dict) else pairs
    raw = [(name.lower().encode(), value.encode("latin-1")) for name, value in pairs]
    scope = {"type": "http", "method": method, "path": path, "raw_path": path.encode(),
             "query_string": query, "headers": raw, "scheme": "http", "http_version": "1.1",
             "server": ("127.0.0.1", 8000), "client": ("127.0.0.1", 1)}  # fmt: skip
    chunks = [body[at : at + 65536] for at in range(0, len(body), 65536)] or [b""]
    said: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        if not chunks or stall:
            await asyncio.sleep(60)
        part = chunks.pop(0)
        return {"type": "http.request", "body": part, "more_body": bool(chunks)}

    async def send(message: dict[str, Any]) -> None:
        said.append(message)

    await app(scope, receive, send)
    found = {name.decode(): value.decode() for name, value in said[0]["headers"]}
    return Answer(said[0]["status"], found, b"".join(m.get("body", b"") for m in said[1:]))
