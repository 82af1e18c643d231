"""What stands before every page: who may ask, how much, and what a browser may do with an answer.

A browser that runs somebody else's page can send requests to a server on this machine. It cannot
choose `Host`, `Origin` or `Sec-Fetch-Site`, so these say who asks:

- a name that is not ours in `Host` is DNS rebinding;
- a write that did not come from our own page is a forged one (CSRF), unless it carries the token
  in `Authorization`, which a foreign page cannot add.

A route asks `admitted`, since a form carries the token as a field.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MAX_FORM = 16 * 1024
"""Longest body of a write that uploads nothing, in bytes."""

MAX_QUERY = 2048
"""Longest query of an address, in bytes."""

MAX_HEAD = 16 * 1024
"""Longest head of a request, in bytes."""

PATIENCE = 60.0
"""Seconds in which a body must have arrived."""

READS, WRITES = frozenset({"GET", "HEAD"}), frozenset({"POST"})

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not "no-referrer": under it a browser calls the origin of our own forms "null".
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cache-Control": "no-cache",
}
"""What every answer says, whatever it is an answer to."""


Refuse = Callable[[Request, HTTPException], Response]


class Fence:
    """An ASGI app with a fence around it.

    Args:
        app: what stands behind it.
        origins: the origins that it is reached under, "http://127.0.0.1:8000"; no other `Host`
            is answered.
        refuse: the page that says why a request was not let in.
        token: what a write must know; "" lets nobody write.
        bodies: the longest body of a write by path, in bytes, where it is not `MAX_FORM`.
        patience: seconds in which a body must have arrived.
    """

    def __init__(
        self,
        app: ASGIApp,
        origins: Iterable[str],
        refuse: Refuse,
        *,
        token: str = "",
        bodies: Mapping[str, int] | None = None,
        patience: float = PATIENCE,
    ) -> None:
        self._app, self._refuse, self._token = app, refuse, token
        self._origins = frozenset(origins)
        self._hosts = frozenset(urlsplit(origin).netloc for origin in self._origins)
        self._bodies, self._patience = dict(bodies or {}), patience

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        scope, fenced = {**scope, "fence": self}, _with_headers(send)
        if refused := self.refused(scope):
            await self._refuse(Request(scope), refused)(scope, receive, fenced)
            return
        await self._app(scope, _bounded(receive, self._most(scope), self._patience), fenced)

    def _most(self, scope: Scope) -> int:
        """The longest body of a request, in bytes."""
        return 0 if scope["method"] in READS else self._bodies.get(scope["path"], MAX_FORM)

    def refused(self, scope: Scope) -> HTTPException | None:
        """Why a request is not let in; None if it is."""
        headers = Headers(scope=scope)
        hosts = headers.getlist("host")
        if len(hosts) != 1 or hosts[0].lower() not in self._hosts:
            return HTTPException(421, "this server does not go by that name")
        if scope["method"] not in READS | WRITES:
            return HTTPException(405, "only GET, HEAD and POST", {"Allow": "GET, HEAD, POST"})
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEAD:
            return HTTPException(431, "the head of this request is too long")
        if len(scope["query_string"]) > MAX_QUERY:
            return HTTPException(414, "the query of this address is too long")
        most = self._most(scope)
        length = headers.get("content-length", "0")
        if not length.isdecimal() or len(length) > 12 or int(length) > most:
            return HTTPException(413, f"a body of more than {most:,} bytes")
        return self._forged(headers) if scope["method"] in WRITES else None

    def _forged(self, headers: Headers) -> HTTPException | None:
        """Why a write is not taken for one of our own pages'."""
        if not self._token:
            return HTTPException(403, "this board is only read: it was started without a token")
        site, origins = headers.get("sec-fetch-site"), headers.getlist("origin")
        if site not in (None, "same-origin", "none"):
            return HTTPException(403, "a page of another site sent this")
        if origins and (len(origins) != 1 or not self._ours(origins[0], headers["host"])):
            return HTTPException(403, "a page of another origin sent this")
        said = headers.getlist("authorization")
        if not said and not origins and site != "same-origin":
            return unknown("nothing says who sends this: no token")
        if said and (len(said) != 1 or not self.admits(_bearer(said[0]))):
            return unknown("this is not the token")
        return None

    def _ours(self, origin: str, host: str) -> bool:
        return origin in self._origins and urlsplit(origin).netloc == host.lower()

    def admits(self, token: str) -> bool:
        """Whether this is the token; takes as long whatever was guessed."""
        return bool(self._token) and secrets.compare_digest(token.encode(), self._token.encode())


def admitted(request: Request, field: str = "") -> bool:
    """Whether a write that was let in knows the token: in `Authorization`, or in its form."""
    fence: Fence = request.scope["fence"]
    # What stands in `Authorization` was looked at before it was let in.
    return "authorization" in request.headers or fence.admits(field)


def unknown(why: str) -> HTTPException:
    """The answer to who does not know the token."""
    return HTTPException(401, why, {"WWW-Authenticate": "Bearer"})


def _bearer(said: str) -> str:
    scheme, _, token = said.partition(" ")
    return token if scheme.lower() == "bearer" else ""


def _bounded(receive: Receive, most: int, patience: float) -> Receive:
    """`receive`, for a body of so many bytes that arrives within so many seconds."""
    until = asyncio.get_running_loop().time() + patience
    left, whole = most, False

    async def bounded() -> Message:
        nonlocal left, whole
        if whole:  # what comes now is that the client has left
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise HTTPException(408, "the rest of this request did not come") from None
        left -= len(message.get("body", b""))
        if left < 0:
            raise HTTPException(413, f"a body of more than {most:,} bytes")
        whole = not message.get("more_body", False)
        return message

    return bounded


def _with_headers(send: Send) -> Send:
    async def sender(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers[name] = value
        await send(message)

    return sender
