#!/usr/bin/env python3
"""Make the two small adapters of `privgym demo` by the recipe `demo`, and say how they were made.

    make adapters

Needs the extras local and llamacpp, and about eight minutes on two cores.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import msgspec

from privgym.lab import experiment
from privgym.lab.conduct import conduct
from privgym.lab.job import TRAINED
from privgym.models import adapters, catalogue


def main() -> None:
    """Train, act, convert; then copy the files that acted."""
    of = experiment.read("demo")
    folder, report = conduct(of, Path("build/experiments"), 2, lambda s: print(s, file=sys.stderr))
    adapters.FOLDER.mkdir(parents=True, exist_ok=True)
    files = {}
    for one in report.trained:
        file = adapters.FOLDER / f"{one.arm}.gguf"
        shutil.copyfile(folder / TRAINED / f"{one.arm}-{one.seed}.gguf", file)
        files[one.arm] = {"sha256": catalogue.sha256(file), "tuned": one.tuned}
    (outcome,) = report.outcomes
    said = {"answer": outcome.answer, "why": outcome.why}
    made = {"recipe": of.name, "sha256": of.hash, "adapters": files, **said}
    content = msgspec.json.format(msgspec.json.encode(made), indent=1)
    (adapters.FOLDER / "recipe.json").write_bytes(content + b"\n")
    print(f"{outcome.answer}: {outcome.why}")


if __name__ == "__main__":
    main()
