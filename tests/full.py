"""A disk that is full at the k-th thing that is asked of it."""

from __future__ import annotations

import errno
import io
import os
from pathlib import Path

import pytest

_FULL = OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


class Full:
    """Counts what is written below `root`; the k-th time fails, and each after it if `stays`.

    As a real disk does, it takes half of what is written before it is full.

    Args:
        at: which write, opened file, new folder or rename is the first to fail; 0 for none.
        stays: whether it stays full.
    """

    def __init__(self, root: Path, at: int = 0, *, stays: bool = False) -> None:
        self.root, self.at, self.stays = root, at, stays
        self.asked = 0

    def step(self) -> bool:
        """One thing more is asked for; whether the disk is full."""
        self.asked += 1
        return bool(self.at) and (self.asked == self.at or (self.stays and self.asked > self.at))

    def patch(self, monkeypatch: pytest.MonkeyPatch) -> None:
        """Stand between Python and the disk."""
        real_open = io.open

        def opened(file, mode="r", *rest, **more):
            if "r" in mode or not Path(os.fspath(file)).is_relative_to(self.root):
                return real_open(file, mode, *rest, **more)
            self._refuse()
            return io.BufferedWriter(_File(self, file, mode))

        monkeypatch.setattr(io, "open", opened)
        for name in ("open", "write", "replace", "mkdir"):
            monkeypatch.setattr(os, name, self._checked(getattr(os, name)))

    def _checked(self, real):
        def call(*words, **more):
            self._refuse()
            return real(*words, **more)

        return call

    def _refuse(self) -> None:
        if self.step():
            raise _FULL


class _File(io.FileIO):
    """A file on such a disk."""

    def __init__(self, disk: Full, file: str, mode: str) -> None:
        super().__init__(file, mode.replace("b", ""))
        self.disk, self.half = disk, False

    def write(self, data, /):
        if self.half:
            self.half = self.disk.stays
            raise _FULL
        if not self.disk.step():
            return super().write(data)
        self.half = True
        return super().write(bytes(data)[: len(data) // 2])
