"""The routes of the leaderboard: what a request is for, and nothing more.

Reads are computed in threads and writes go through one door at a time, so that the server goes on
answering while a submission is verified (in a process of its own, `privgym.submission`).
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from pathlib import Path
from tempfile import SpooledTemporaryFile, TemporaryDirectory
from typing import BinaryIO, NamedTuple, cast

import msgspec
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from privgym.board import Board
from privgym.entry import Entry
from privgym.errors import ENVIRONMENT, INCONCLUSIVE, REFUSED, USAGE, PrivgymError
from privgym.intake import submit

from .fence import Fence, admitted, unknown
from .frame import Frame, json
from .pages import STATIC
from .site import Page, Site
from .upload import MAX_ARCHIVE, MEBI, TAKEN, unpack

ROOM = 64 * 1024
"""What a form around an archive may take, in bytes."""

STATUS = {USAGE: 400, INCONCLUSIVE: 409, REFUSED: 422, ENVIRONMENT: 503}
"""The answer to an error, by the exit code that it has on the command line."""

ZIP = "application/zip"
_ROW = re.compile(r"[0-9a-f]{16}")


class Handing(NamedTuple):
    """What a submission says beside its archive."""

    nonce: str
    note: str


class Desk:
    """What answers: the pages, and who may write one at a time.

    Args:
        board: the board.
        writes: whether runs are taken in at all.
        origin: where the server is reached, for the page that says how to submit.
    """

    def __init__(self, board: Board, *, writes: bool, origin: str) -> None:
        self._board, self._site, self._origin = board, Site(board), origin
        self._frame = Frame(served=True, writes=writes)
        self._busy = asyncio.Lock()

    # -- reads --------------------------------------------------------------------------------

    def read(self, request: Request) -> Response:
        """A page, or with `.json` behind its path what it says as JSON."""
        path = request.path_params["path"]
        plain = path.endswith(".json")
        here = path.removesuffix(".json") if plain else path
        here = "" if plain and here == "index" else here
        try:
            page = self._site.page(here, request.query_params)
        except LookupError as error:
            raise HTTPException(404, str(error.args[0])) from None
        if plain:
            return Response(json(page), media_type="application/json")
        query = f"?{request.url.query}" if request.url.query else ""
        twin = self._frame.link(here, here, "json") + query
        return HTMLResponse(self._frame.html(page, here, twin=twin))

    async def pick(self, request: Request) -> Response:
        """From the two rows that a form names to the page that compares them."""
        one, other = (request.query_params.get(name, "") for name in ("one", "other"))
        if not _ROW.fullmatch(one) or not _ROW.fullmatch(other) or one == other:
            raise HTTPException(400, "choose two different rows to compare")
        return RedirectResponse(f"/compare/{one}/{other}", 303)

    async def form(self, request: Request) -> Response:
        """The page to submit by."""
        if not self._frame.writes:
            raise HTTPException(403, "this board is only read: it was started without a token")
        most = {"most": MAX_ARCHIVE // MEBI, "taken": TAKEN, "origin": self._origin}
        page = Page("submit.html", "Submit a run", most)
        return HTMLResponse(self._frame.html(page, "submit", twin=""))

    # -- writes -------------------------------------------------------------------------------

    async def submit(self, request: Request) -> Response:
        """Take a run in: an archive as the body, or in a form."""
        if request.headers.get("content-type", "") == ZIP:
            _known(request)
            with SpooledTemporaryFile(MEBI) as body:
                async for chunk in request.stream():
                    body.write(chunk)
                query = request.query_params
                said = Handing(query.get("nonce", ""), query.get("note", ""))
                row = await self._take(request, cast(BinaryIO, body), said)
            taken = msgspec.json.encode({"id": row.id, "row": f"/rows/{row.id}"})
            return Response(taken, 201, media_type="application/json")
        async with request.form(max_files=1, max_fields=8, max_part_size=8192) as form:
            archive = form.get("run")
            if not isinstance(archive, UploadFile):
                raise HTTPException(400, "the form has no file `run`")
            said = Handing(_word(form.get("nonce")), _word(form.get("note")))
            row = await self._take(request, archive.file, said, _word(form.get("token")))
        return RedirectResponse(f"/rows/{row.id}", 303)

    async def retract(self, request: Request) -> Response:
        """Take a row away, for a reason."""
        async with request.form(max_files=0, max_fields=4, max_part_size=8192) as form:
            _known(request, _word(form.get("token")))
            why = _word(form.get("why")).strip()
        await run_in_threadpool(self._board.retract, request.path_params["id"], why)
        return RedirectResponse("/attempts", 303)

    async def _take(
        self, request: Request, archive: BinaryIO, said: Handing, token: str = ""
    ) -> Entry:
        _known(request, token)
        if self._busy.locked():
            busy = {"Retry-After": "10"}
            raise HTTPException(503, "another submission is being verified; try again", busy)
        async with self._busy:
            return await run_in_threadpool(self._verify, archive, said)

    def _verify(self, archive: BinaryIO, said: Handing) -> Entry:
        archive.seek(0)
        with TemporaryDirectory(prefix="upload-") as folder:
            unpack(archive, Path(folder))
            return submit(self._board, Path(folder), nonce=said.nonce, note=said.note)

    # -- refusals -----------------------------------------------------------------------------

    def refuse(self, request: Request, error: Exception) -> Response:
        """The page that says what went wrong, where, and what to do."""
        status, headers = 500, {}
        said = {"what": "This is a bug of the server.", "where": "", "do": ""}
        if isinstance(error, HTTPException):
            status, headers = error.status_code, dict(error.headers or {})
            said["what"] = error.detail
        elif isinstance(error, PrivgymError):
            status = STATUS.get(error.code, 500)
            do = error.do or (f"did you mean {error.meant}?" if error.meant else "")
            # Else it is a place on this machine, which is nobody's business.
            where = error.where if error.code == REFUSED else ""
            said = {"what": error.what, "where": where, "do": do}
        page = Page(
            "error.html", f"Refused ({status})", {"heading": f"Not done ({status})", **said}
        )
        if request.url.path.endswith(".json") or request.headers.get("content-type") == ZIP:
            return Response(json(page), status, headers, "application/json")
        return HTMLResponse(self._frame.html(page, "", twin=""), status, headers)


def app(board: Board, origins: Iterable[str], token: str = "") -> Fence:
    """The leaderboard as an ASGI app, behind its fence.

    Args:
        board: the board.
        origins: under which it is reached; the first is the one that pages name.
        token: what a write must know; "" for a board that is only read.
    """
    origins = tuple(origins)
    desk = Desk(board, writes=bool(token), origin=origins[0])
    routes = [
        Mount("/static", StaticFiles(directory=STATIC)),
        Route("/compare", desk.pick),
        Route("/submit", desk.form),
        Route("/submit", desk.submit, methods=["POST"]),
        Route("/rows/{id}/retract", desk.retract, methods=["POST"]),
        Route("/{path:path}", desk.read),
    ]
    errors = {HTTPException: desk.refuse, PrivgymError: desk.refuse, Exception: desk.refuse}
    behind = Starlette(routes=routes, exception_handlers=errors)
    return Fence(behind, origins, desk.refuse, token=token, bodies={"/submit": MAX_ARCHIVE + ROOM})


def _known(request: Request, token: str = "") -> None:
    """Refuse who does not know the token."""
    if not admitted(request, token):
        raise unknown("this is not the token")


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""
