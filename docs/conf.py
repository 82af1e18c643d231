"""Sphinx's settings: the pages are MyST, the reference comes from docstrings."""

from __future__ import annotations

import re
from pathlib import Path

from pygments.lexers.special import TextLexer
from sphinx.application import Sphinx

from privgym import __version__

project = "privgym"
author = "the privgym authors"
release = version = __version__

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
myst_heading_anchors = 3
exclude_patterns = ["build"]

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
autodoc_preserve_defaults = True
napoleon_numpy_docstring = False

# Nothing is fetched while the pages are built, so only our own names can be looked up; type
# variables and what is private have no place in the reference.
nitpicky = True
nitpick_ignore_regex = [("py:.*", r"(?!privgym\.).*"), ("py:.*", r".*\.([A-Z]|_\w+)")]

html_theme = "furo"
html_title = f"privgym {release}"
html_copy_source = False


LINK = re.compile(r"\[([^\]]+)\]\(([^)\s]+)\)")


def setup(app: Sphinx) -> None:
    """Take in what only this project's pages have."""
    app.connect("source-read", _words_alone)
    for language in ("plan", "lark"):
        app.add_lexer(language, TextLexer)


def _words_alone(app: Sphinx, page: str, source: list[str]) -> None:
    """Of a link that leads out of these pages into the repository, keep the words.

    It leads somewhere where the page is read in the repository; tests/test_docs.py sees to that.
    """
    pages = Path(app.srcdir).resolve()
    folder = (pages / page).parent

    def kept(link: re.Match[str]) -> str:
        words, target = link.groups()
        outside = not (folder / target.partition("#")[0]).resolve().is_relative_to(pages)
        return words if "://" not in target and outside else link[0]

    source[0] = LINK.sub(kept, source[0])
