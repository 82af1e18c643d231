"""Agents on a pack, one row each: `python benchmarks/agents.py PACK SPEC [SPEC ...] --out FILE`.

Every trace is lived again from its recorded turns before it is scored. Rows are written as they
come and replace those of the same agent in FILE, so that a slow model can be added later. A SPEC
may also be a run folder, made elsewhere by `privgym run` on these scenarios or more; `--with
SENSOR` takes in what `privgym sense` recorded of it. The tables of README and docs are made from
these files by `scripts/figures.py`.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec

from privgym import pack as packs
from privgym.folder import Judged, Record, RunFolder, rescore
from privgym.run import run
from privgym.scenario import Name
from privgym.score import GRADER
from privgym.spec import Spec
from privgym.table import row


def main() -> None:
    """Run each spec and write its row."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pack")
    parser.add_argument("specs", nargs="+", metavar="SPEC")
    parser.add_argument("--seeds", type=int, default=3, help="scenario seeds 0 to N-1")
    parser.add_argument("--first", type=int, help="only the first N families")
    parser.add_argument("--level", type=int, help="only this level")
    parser.add_argument("--at-once", type=int, default=4)
    parser.add_argument("--runs", type=Path, help="keep run folders here and go on with old ones")
    parser.add_argument("--with", dest="sensors", action="append", default=[], metavar="SENSOR")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    pack = packs.load(given.pack)
    names = pack.names(pack.families()[: given.first], given.level, seeds=range(given.seeds))
    with tempfile.TemporaryDirectory() as scratch:
        for text in given.specs:
            if Path(text).is_dir():
                record, judged = made(Path(text), names, given.sensors)
            else:
                out, spec = given.runs or Path(scratch), Spec.read(text)
                folder = run(pack, spec, names, at_once=given.at_once, out=out, progress=print)
                record, judged = folder.record, rescore(folder, replay=True)
            plain = row(pack.name, Spec.read(record.spec), judged).plain()
            plain |= {"about": record.about, "date": time.strftime("%Y-%m-%d"), "grader": GRADER}
            plain |= {"sensors": given.sensors} if given.sensors else {}
            about = {"pack_version": pack.version, "note": pack.note}
            write(given.out, plain, about)


def made(
    path: Path, names: Sequence[Name], sensors: Sequence[str]
) -> tuple[Record, tuple[Judged, ...]]:
    """What came of these scenarios in a run that was made elsewhere."""
    folder = RunFolder(path)
    judged = dict(zip(folder.record.plan, rescore(folder, sensors=sensors), strict=False))
    if lacking := [str(name) for name in names if str(name) not in judged]:
        raise SystemExit(f"{path} lacks {len(lacking)} of {len(names)}, {lacking[0]} among them")
    return folder.record, tuple(judged[str(name)] for name in names)


def write(path: Path, plain: dict[str, Any], about: dict[str, Any]) -> None:
    """Put a row into the file, in the place of the same agent's."""
    old = json.loads(path.read_text()) if path.exists() else {"rows": []}
    # Files of grader 1 named it once, for all of their rows.
    rows = [{"grader": old.get("grader"), **r} for r in old["rows"] if _key(r) != _key(plain)]
    path.parent.mkdir(parents=True, exist_ok=True)
    content = msgspec.json.format(msgspec.json.encode({**about, "rows": [*rows, plain]}))
    path.write_bytes(content + b"\n")


def _key(plain: dict[str, Any]) -> tuple[str, ...]:
    return plain["agent"], plain["model"], *plain.get("sensors", ())


if __name__ == "__main__":
    main()
