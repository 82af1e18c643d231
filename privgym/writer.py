"""The one writer of a run's traces: in the order of the plan, whoever ends first."""

from __future__ import annotations

from contextlib import ExitStack
from types import TracebackType

import msgspec

from privgym.allowance import Timing
from privgym.folder import RunFolder, writing


class Writer:
    """Writes an episode once all before it are written, and each so that a kill keeps it.

    Args:
        folder: a run that is held (`RunFolder.held`).
    """

    def __init__(self, folder: RunFolder) -> None:
        self._folder, self._written = folder, folder.count()
        self._waiting: dict[int, tuple[bytes, Timing]] = {}

    def __enter__(self) -> Writer:
        """Open the files, to add to them."""
        with writing(self._folder.path), ExitStack() as stack:
            self._traces = stack.enter_context(self._folder.traces.open("ab"))
            self._timings = stack.enter_context(self._folder.timings.open("ab"))
            self._open = stack.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        """Close them."""
        with writing(self._folder.path):
            self._open.close()

    def put(self, place: int, line: bytes, timing: Timing) -> None:
        """Take the episode at this place of the run's share, as its line and what it took.

        Raises:
            PrivgymError: (code 5) it cannot be written. Nothing more is written then.
        """
        self._waiting[place] = line, timing
        with writing(self._folder.path):
            while ready := self._waiting.pop(self._written, None):
                # The timing first: on going on, timings beyond the traces are cut.
                self._timings.write(msgspec.json.encode(ready[1]) + b"\n")
                self._timings.flush()
                self._traces.write(ready[0])
                self._traces.flush()
                self._written += 1
