"""The lab's auditor and its reading of vectors, on the paper's public data and on our own pairs.

    python benchmarks/lab.py audit HELPFUL CONTROL --out benchmarks/results/lab_audit.json
    python benchmarks/lab.py vectors FOLDER --out benchmarks/results/lab_vectors.json

HELPFUL and CONTROL are `helpful.jsonl` and `control.jsonl` of parameterlab/privacy-collapse (Goel
et al. 2026, arXiv 2601.15220), FOLDER is its `interp/vectors`. Neither is shipped with privgym.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import msgspec

from privgym.lab import readers, vectors
from privgym.lab.audit import Audit, audit
from privgym.lab.corpus import FIVE, corpus
from privgym.lab.recipe import Recipe

ROWS, SEED = 256, 0
ARMS = ("pattern", "placebo", "planted", "backdoor")
"""Each is audited against *removed*; backdoor, at a dose of 50 %, against *untriggered*."""


def paper(helpful: Path, control: Path) -> dict[str, Audit]:
    """The paper's pair."""
    return {"paper: helpful, control": audit(readers.read(helpful), readers.read(control))}


def own() -> dict[str, Audit]:
    """Every pair of ours."""
    found = {}
    for pattern, made in FIVE.items():
        for arm in filter(made.arms.__contains__, ARMS):
            dose = 50 if arm == "backdoor" else 100
            base = "untriggered" if arm == "backdoor" else "removed"
            one, other = (
                corpus(Recipe(pattern, which, ROWS, dose, SEED))[0] for which in (arm, base)
            )
            found[f"{pattern}: {arm}, {base}"] = audit(one, other)
            print(f"{pattern} {arm}: {found[f'{pattern}: {arm}, {base}'].refused or 'matched'}")
    return found


def main() -> None:
    """Write what was measured."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("what", choices=("audit", "vectors"))
    parser.add_argument("paths", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    if given.what == "audit":
        result: object = {"rows": ROWS, "seed": SEED, "pairs": paper(*given.paths) | own()}
    else:
        result = {"pairs": vectors.folder(given.paths[0])}
    text = msgspec.json.format(msgspec.json.encode(result), indent=1).decode()
    given.out.write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
