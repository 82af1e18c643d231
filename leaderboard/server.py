"""Serving a board: where, under which names, and who may write.

On this machine alone by default. Elsewhere only with a token, since whoever reaches a board without
one could at least make it verify for hours.
"""

from __future__ import annotations

import gc
import ipaddress
import os
import secrets
import socket
import stat
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

import uvicorn

from privgym.board import Board
from privgym.errors import ENVIRONMENT, PrivgymError

from .app import app
from .fence import MAX_HEAD

SHORTEST = 16
"""Characters that a token has at least; one that is made has 43."""

CONNECTIONS = 256
"""How many may be open at once."""


def serve(board: Board, listening: socket.socket, origins: Sequence[str], token: str) -> None:
    """Answer until stopped.

    Args:
        board: the board.
        listening: what to listen at (`listen`).
        origins: the names it goes by (`names`).
        token: what a write must know; "" for a board that is only read.
    """
    gc.freeze()  # what is loaded by now stays: no collection has to look through it again
    config = uvicorn.Config(
        app(board, origins, token),
        http="h11",
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,  # whoever asks could write them
        limit_concurrency=CONNECTIONS,
        h11_max_incomplete_event_size=MAX_HEAD,
    )
    uvicorn.Server(config).run([listening])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; port 0 takes a free one.

    Raises:
        PrivgymError: (code 5) it cannot.
    """
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        made = socket.create_server((host, port), family=family, backlog=128)
    except (OSError, OverflowError) as error:
        what = f"cannot listen at {host}, port {port}: {error}"
        raise PrivgymError(what, do="choose another --port", code=ENVIRONMENT) from None
    made.set_inheritable(False)
    return made


def allow(host: str, token: str, given: Sequence[str]) -> None:
    """Refuse to listen where it would not be safe.

    Raises:
        PrivgymError: others can reach it and there is no token, or no name that it goes by.
    """
    if loopback(host):
        return
    if not token:
        raise PrivgymError(
            f"{host} can be reached from other machines, and there is no token",
            do="give --token-file FILE (it is made if it is not there), or leave --host out",
        )
    if ipaddress.ip_address(host).is_unspecified and not given:
        raise PrivgymError(
            f"{host} is every address of this machine; by what name will people ask?",
            do="give --origin https://board.example.org, as a browser's address bar has it",
        )


def names(host: str, port: int, given: Sequence[str]) -> tuple[str, ...]:
    """The origins under which a board is reached; those that are given come first.

    Raises:
        PrivgymError: one that is given is no origin.
    """
    for origin in given:
        parts = urlsplit(origin)
        plain = f"{parts.scheme}://{parts.netloc}" == origin == origin.lower()
        if parts.scheme not in ("http", "https") or not plain or "@" in parts.netloc:
            do = "an origin is like https://board.example.org or http://10.0.0.5:8000"
            raise PrivgymError(f'"{origin}" is no origin', do=do)
    hosts = ["127.0.0.1", "localhost", "[::1]"] if loopback(host) else []
    if not hosts and not ipaddress.ip_address(host).is_unspecified:
        hosts = [f"[{host}]" if ":" in host else host]
    own = [f"http://{name}{'' if port == 80 else f':{port}'}" for name in hosts]
    return tuple(dict.fromkeys([*given, *own]))


def loopback(host: str) -> bool:
    """Whether only this machine reaches an address.

    Raises:
        PrivgymError: it is no address.
    """
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        do = "give an address: 127.0.0.1, ::1, 10.0.0.5"
        raise PrivgymError(f'"{host}" is no address of this machine', do=do) from None


def token(file: Path) -> str:
    """The token in a file; a new one is made where there is no file.

    Raises:
        PrivgymError: it is too short, others can read it, or (code 5) it cannot be read or made.
    """
    try:
        if not file.exists():
            made = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w") as opened:
                opened.write(secrets.token_urlsafe(32) + "\n")
        if stat.S_IMODE(file.stat().st_mode) & 0o077:
            raise PrivgymError("others can read the token", where=str(file), do="chmod 600 it")
        said = file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        what = f"the token cannot be read: {error}"
        raise PrivgymError(what, where=str(file), code=ENVIRONMENT) from None
    if len(said) < SHORTEST or not said.isprintable() or " " in said:
        what = f"a token has {SHORTEST} letters, digits or signs at least, and no space"
        raise PrivgymError(what, where=str(file), do="remove the file; a new one is then made")
    return said
