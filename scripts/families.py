#!/usr/bin/env python3
"""Write the list of families in docs/families.md from the families themselves.

    scripts/families.py            write it
    scripts/families.py --check    exit 1 if it is not what the families say

A list stands between `<!-- families: PACK -->` and `<!-- end -->`.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

from privgym import pack
from privgym.scenario import split

PAGE = Path(__file__).resolve().parent.parent / "docs" / "families.md"
BLOCK = re.compile(r"(<!-- families: (\w+) -->\n).*?(<!-- end -->)", re.DOTALL)


def listed(name: str) -> Iterator[str]:
    """The families of a pack: what each tests, and of what it is made."""
    found = pack.load(name)
    for family in found.families():
        made = [found.scenario(one) for one in found.names([family])]
        spheres = dict.fromkeys(session.sphere for one in made for session in one.sessions)
        tools = sorted({tool for one in made for tool in one.tools})
        sessions = sorted({len(one.sessions) for one in made})
        yield f"- **`{family}`** ({split(family)}). {made[0].purpose}\n"
        yield f"  *Spheres:* {', '.join(spheres)}. "
        yield f"*Sessions:* {' or '.join(map(str, sessions))}. *Tools:* {', '.join(tools)}.\n"


def main() -> int:
    """Write the lists, or say that they are stale."""
    old = PAGE.read_text(encoding="utf-8")
    new = BLOCK.sub(lambda block: f"{block[1]}{''.join(listed(block[2]))}{block[3]}", old)
    if new == old:
        return 0
    if "--check" in sys.argv:
        print(f"{PAGE.name} is not what the families say; run scripts/families.py")
        return 1
    PAGE.write_text(new, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
