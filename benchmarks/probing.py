"""Models asked about flows: `python benchmarks/probing.py FILE SPEC [SPEC ...] --out FILE`.

FILE is PrivacyLens's `main_data.json`. A SPEC names a model, or is a file that `privgym probe
--out` wrote (on a machine with a GPU, say). Rows replace those of the same answerer in the result,
so that a slow model can be added later; the floors are written with them, or alone where no SPEC
is given. The table of docs/probing.md is made of it by `scripts/figures.py`.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import sys
import time
from pathlib import Path
from typing import get_args

import msgspec

from privgym import models, probing
from privgym.importers.questions import Level, questions
from privgym.probing import Answer, Probed, Question

NOTE = (
    "the wording of the questions is the gym's own; the right answer is always no, that of the "
    "controls always yes, by rule"
)


def main() -> None:
    """Ask each model and write its rows."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path, help="PrivacyLens's main_data.json")
    parser.add_argument("specs", nargs="*", metavar="SPEC")
    parser.add_argument("--cases", type=int, help="only the first N")
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    data = given.file.read_bytes()
    asked = questions(data, get_args(Level), str(given.file), given.cases)
    source = hashlib.sha256(data).hexdigest()
    blank = [Answer(q.case, q.level, q.control, order) for q in asked for order in probing.ORDERS]
    for name, answers in probing.floors(blank).items():
        write(given.out, Probed(name, {}, source, answers))
    for spec in given.specs:
        write(given.out, _probed(spec, source, asked, given.at_once))


def _probed(spec: str, source: str, asked: tuple[Question, ...], at_once: int) -> Probed:
    """The answers of a model, or those that a file holds."""
    if Path(spec).is_file():
        found = Probed.read(Path(spec).read_bytes(), spec)
        if found.source != source:
            sys.exit(f"{spec} answers another file's questions")
        return found
    model = models.load(spec, at_once)
    answers = asyncio.run(probing.ask(asked, model, at_once, lambda n, of: print(n, of, end="\r")))
    return Probed(spec, model.about, source, answers)


def write(path: Path, probed: Probed) -> None:
    """Put an answerer's rows into the file, in the place of its old ones."""
    # By name: a path to weights would tell of one machine, and change with it.
    kind, name = probed.model.partition(":")[0], probed.about.get("model")
    answerer = f"{kind}:{name}" if name else probed.model
    rows = json.loads(path.read_text())["rows"] if path.exists() else []
    about = {"about": probed.about, "date": time.strftime("%Y-%m-%d")}
    new = [{**msgspec.to_builtins(r), **about} for r in probing.rows(answerer, probed.answers)]
    kept = [row for row in rows if row["answerer"] != answerer]
    path.parent.mkdir(parents=True, exist_ok=True)
    content = {"note": NOTE, "source": probed.source, "rows": [*kept, *new]}
    path.write_text(json.dumps(content, indent=2) + "\n")


if __name__ == "__main__":
    main()
