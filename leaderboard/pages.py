"""Templates -> pages: everything that is put into one is made safe to show, without being asked.

Whatever a template prints passes two boundaries: hidden characters become tokens (`visible`), then
HTML's own characters are escaped. Nothing is Markdown, and no content is marked as safe. A page
works without a script, and asks for nothing from elsewhere: in a site it links its style and its
script, alone it carries them in itself, allowed by their hashes, and opens from disk.
"""

from __future__ import annotations

import base64
import hashlib
from functools import cache
from pathlib import Path

from privgym.comparison import Difference
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.figure import Figure
from privgym.message import visible
from privgym.why import signed

try:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined
    from markupsafe import Markup
except ModuleNotFoundError as error:
    do = 'pip install "privgym[board]"'
    raise PrivgymError(f"{error.name} is not installed", do=do, code=ENVIRONMENT) from None

HERE = Path(__file__).parent
STATIC = HERE / "static"
"""The folder of the files that pages of a site link to: `style.css` and `keys.js`."""

STYLES = ("style.css", "board.css")
"""The sheets of a page; one that stands alone carries both."""

POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'"


def render(template: str, *, alone: bool = False, root: str = "", **context: object) -> str:
    """A page.

    Args:
        template: its name, such as "transcript.html".
        alone: the page carries style and script in itself and opens from disk.
        root: what leads from this page to where the site begins, "" or "../" or "/"; the links to
            the style and the script begin with it.
        context: what the template asks for; it is an error to leave a name out.
    """
    made = _environment().get_template(template)
    return made.render(alone=alone, root=root, **context)


def shown(value: object) -> Markup | str:
    """What stands in a page for a value: hidden characters as tokens; escaped when put in."""
    return value if isinstance(value, Markup) else visible(str(value))


def percent(share: float | None) -> str:
    """A share as one reads it: "5 %", "0.4 %"; "-" where there is none."""
    return "-" if share is None else f"{_points(share)} %"


def points(share: float | None) -> str:
    """A difference of shares in points, with its sign: "+5", "+60.4"; "-" where there is none."""
    if share is None:
        return "-"
    return signed(share).replace("-", "\N{MINUS SIGN}")


def chance(p: float | None) -> str:
    """A p-value: "0.012", "< 0.001"; "-" where there is none."""
    return "-" if p is None else "< 0.001" if p < 0.001 else f"{p:.3f}"


def limits(found: Difference) -> str:
    """The limits of a difference in points: "+46.2 to +65.4"; "" where there are none."""
    if found.low is None or found.high is None:
        return ""
    return f"{points(found.low)} to {points(found.high)}"


def interval(found: Figure) -> str:
    """The interval of a rate: "2 to 17 %"; "" where there is none."""
    if found.low is None or found.high is None:
        return ""
    return f"{_points(found.low)} to {_points(found.high)} %"


def _points(share: float) -> str:
    value = 100 * share
    return f"{value:.0f}" if value >= 9.95 else f"{value:.1f}".removesuffix(".0")


@cache
def _environment() -> Environment:
    made = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.filters.update(
        shown=shown, percent=percent, points=points, interval=interval, limits=limits, chance=chance
    )
    style, keys = "".join(map(_static, STYLES)), _static("keys.js")
    policy = f"{POLICY}; style-src '{_hash(style)}'; script-src '{_hash(keys)}'"
    # Our own files and no content: these alone go into a page as they are.
    made.globals.update(style=Markup(style), keys=Markup(keys), policy=policy)
    return made


def _static(name: str) -> str:
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
