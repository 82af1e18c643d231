"""A server asked over HTTP: one pooled session, bounded patience, bounded answers.

The session lives in an event loop of its own on a thread of its own. So one pool serves any
number of `asyncio.run`s (a loop of `env.step` starts one a turn), a notebook whose loop runs
already, and a `close` that is no coroutine.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Coroutine
from random import Random
from typing import TYPE_CHECKING, Any, TypeVar

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError

if TYPE_CHECKING:
    import aiohttp

T = TypeVar("T")

WAITS = (0.5, 2.0, 8.0)
"""Seconds before a second, third and fourth try."""

PATIENCE, CONNECTING, LONGEST_WAIT = 600.0, 10.0, 60.0
"""Seconds for one answer, for a connection, and at most for what a server asks one to wait."""

MOST_BYTES = 4 << 20
"""An answer of more than this is not read to its end."""


class Answer(msgspec.Struct, frozen=True):
    """What the server answered: an HTTP status and a body."""

    status: int
    body: bytes


class Server:
    """A server under one address.

    Args:
        url: what the paths are added to.
        key: sent as the bearer's token; taken out of whatever is said about a failure.
        at_once: connections to keep.
        waits: seconds before each further try.
        patience: seconds for one answer.

    Raises:
        PrivgymError: aiohttp is missing.
    """

    def __init__(
        self,
        url: str,
        key: str = "",
        at_once: int = 4,
        waits: tuple[float, ...] = WAITS,
        patience: float = PATIENCE,
    ) -> None:
        self._aiohttp = _client()
        self.url, self.waits, self.patience = url, waits, patience
        self._key, self._at_once = key, at_once
        self._jitter = Random(0)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="server", daemon=True)
        self._thread.start()
        self._session = self.wait(self._open())

    async def get(self, path: str) -> Answer:
        """Ask for a path.

        Raises:
            PrivgymError: it cannot be reached, or its answer cannot be read.
        """
        return await self._across(self._patiently("GET", path, b""))

    async def post(self, path: str, body: object) -> Answer:
        """Send a body as JSON.

        Raises:
            PrivgymError: it cannot be reached, or its answer cannot be read.
        """
        return await self._across(self._patiently("POST", path, msgspec.json.encode(body)))

    def wait(self, coroutine: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine in the server's loop, and wait for it where there is no loop."""
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result()

    def close(self) -> None:
        """Close the connections; what is still being asked is given up."""
        if not self._loop.is_closed():
            self.wait(self._shut())
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join()
            self._loop.close()

    def failed(self, what: str, do: str = "") -> PrivgymError:
        """A failure of this server; its key is in no message."""
        what = what.replace(self._key, "[key]") if self._key else what
        return PrivgymError(what, where=self.url, do=do, code=ENVIRONMENT)

    async def _across(self, asking: Coroutine[Any, Any, Answer]) -> Answer:
        """Await in the caller's loop what runs in the server's; a stop reaches it."""
        if self._loop.is_closed():
            asking.close()
            raise self.failed("the connection is closed")
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asking, self._loop))

    async def _open(self) -> aiohttp.ClientSession:
        timeout = self._aiohttp.ClientTimeout(total=self.patience, sock_connect=CONNECTING)
        headers = {"Content-Type": "application/json"}
        if self._key:
            headers["Authorization"] = f"Bearer {self._key}"
        pool = self._aiohttp.TCPConnector(limit=self._at_once)
        session: aiohttp.ClientSession = self._aiohttp.ClientSession(
            connector=pool, headers=headers, timeout=timeout
        )
        return session

    async def _shut(self) -> None:
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        await self._session.close()

    async def _patiently(self, method: str, path: str, body: bytes) -> Answer:
        """Try again where the server is busy, broken or silent; the last try counts."""
        for wait in self.waits:
            try:
                answer, asked = await self._try(method, path, body)
                if answer.status != 429 and answer.status < 500:
                    return answer
            except (self._aiohttp.ClientError, TimeoutError):
                asked = 0.0
            # Those that were turned away together must not come back together.
            await asyncio.sleep(max(asked, wait * self._jitter.uniform(0.5, 1.5)))
        try:
            return (await self._try(method, path, body))[0]
        except (self._aiohttp.ClientError, TimeoutError) as error:
            why = str(error) or f"it was silent for {self.patience:g} s"
            do = "Is it running, and is this its address?"
            raise self.failed(f"the server does not answer: {why}", do) from None

    async def _try(self, method: str, path: str, body: bytes) -> tuple[Answer, float]:
        """One try: the answer, and the seconds that the server asks one to wait."""
        # Not followed elsewhere: what is sent is meant for this server, and so is the key.
        asking = self._session.request(
            method, self.url + path, data=io.BytesIO(body), allow_redirects=False
        )
        async with asking as response:
            read = bytearray()
            async for chunk in response.content.iter_any():
                read += chunk
                if len(read) > MOST_BYTES:
                    raise self.failed(f"the answer is longer than {MOST_BYTES >> 20} MiB")
            asked = response.headers.get("Retry-After", "")
            seconds = min(float(asked), LONGEST_WAIT) if asked.isdecimal() else 0.0
            return Answer(response.status, bytes(read)), seconds


def _client() -> Any:
    try:
        import aiohttp
    except ImportError:
        raise PrivgymError(
            "aiohttp is not installed", do='pip install "privgym[openai]"', code=ENVIRONMENT
        ) from None
    return aiohttp
