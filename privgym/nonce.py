"""Seeds that nobody can know before a board gives them: made of its secret.

A nonce stands for the seeds of one attempt, a round for the hidden seeds that the board itself runs
agents on. Both are HMAC-SHA-256 (RFC 2104) of the secret, so a board need not keep them.
"""

from __future__ import annotations

import hmac
import os
import secrets
from pathlib import Path

BYTES = 6
"""Bytes of a seed: too many values for anybody to try the scenarios of all of them."""


def keep_secret(path: Path) -> None:
    """Make a secret, which only its owner can read; one that is there stays."""
    with open(path, "x", opener=_private) as file:
        file.write(secrets.token_hex(32))


def new_nonce() -> str:
    """A nonce: sixteen hex digits."""
    return secrets.token_hex(8)


def seeds(secret: Path, words: str, count: int) -> tuple[int, ...]:
    """The seeds that these words stand for on the board of this secret.

    Args:
        secret: the file of the secret.
        words: a nonce, or the name of a round.
        count: how many.
    """
    key = bytes.fromhex(secret.read_text())
    return tuple(
        int.from_bytes(hmac.digest(key, f"{words}/{number}".encode(), "sha256")[:BYTES])
        for number in range(count)
    )


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
