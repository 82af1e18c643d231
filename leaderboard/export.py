"""A board -> a folder of pages that opens from disk: the same pages, without a server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from privgym.board import Board
from privgym.errors import PrivgymError
from privgym.folder import writing

from .frame import Frame, file, json
from .site import Site


def export(board: Board, out: Path) -> int:
    """Write every page of a board, and its JSON twin beside it.

    Args:
        board: the board.
        out: the folder; it is made, or is empty.

    Returns:
        How many pages there are.

    Raises:
        PrivgymError: there is something in the folder, or (code 5) it cannot be written to.
    """
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        if any(out.iterdir()):
            raise PrivgymError(f'"{out}" is not empty', do="name a new folder")
        count = 0
        for path, kinds in _pages(board):
            count += 1
            for kind, content in kinds.items():
                place = out / file(path, kind)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
        return count


def _pages(board: Board) -> Iterator[tuple[str, dict[str, bytes]]]:
    site, frame = Site(board), Frame(served=False)
    for path in site.paths():
        page = site.page(path)
        yield path, {"html": frame.html(page, path).encode(), "json": json(page)}
