"""A page as a file of HTML or of JSON: how its links are written, on a server and on disk."""

from __future__ import annotations

from functools import partial

import msgspec

from privgym.table import FIGURES, MAIN

from .pages import render
from .rates import cells, rate
from .scatter import scatter
from .site import Page

COMPARED = (*MAIN, "undecided", "written", "retrieved", "sent", "refusal")
"""The figures of which a comparison shows both sides."""

ORDER = tuple(dict.fromkeys([*MAIN, *FIGURES]))
"""In which the figures of a row stand."""


class Frame(msgspec.Struct, frozen=True):
    """Where pages are.

    Args:
        served: a server answers, so that there can be forms; else the pages are files on disk.
        writes: the server takes runs and retractions.
    """

    served: bool
    writes: bool = False

    def link(self, here: str, path: str, kind: str = "html") -> str:
        """What leads from one page to another, or to its JSON twin."""
        if not self.served:
            return "../" * here.count("/") + file(path, kind)
        return f"/{path}" if kind == "html" else f"/{file(path, kind)}"

    def html(self, page: Page, here: str, *, twin: str | None = None) -> str:
        """A page as HTML.

        Args:
            page: what it says.
            here: its path.
            twin: what leads to its JSON; "" for a page that has none.
        """
        return render(
            page.template,
            alone=not self.served,
            root="/",
            **page.content,
            title=page.title,
            at=partial(self.link, here),
            twin=self.link(here, here, "json") if twin is None else twin,
            served=self.served,
            writes=self.writes,
            scatter=scatter,
            rate=rate,
            cells=cells,
            compared=COMPARED,
            order=ORDER,
        )


def json(page: Page) -> bytes:
    """A page as JSON."""
    return msgspec.json.encode({"title": page.title, **page.content})


def file(path: str, kind: str = "html") -> str:
    """The file that a page is on disk, from where the pages begin."""
    return f"{path or 'index'}.{kind}"
