"""Traces in order, and a disk that is full at every k-th write."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import pack, trace
from privgym.allowance import Timing
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.folder import RunFolder, rescore
from privgym.run import run
from privgym.runner import Runner
from privgym.spec import Spec
from privgym.writer import Writer
from tests.full import Full

PACK = pack.load("everyday")
NAMES = PACK.names(level=1)[:10]
RECORD = Runner(PACK, Spec("echo")).record(NAMES)


@given(st.permutations(range(10)))
def test_whoever_ends_first_the_plans_order_is_written(order):
    with TemporaryDirectory() as scratch:
        folder = RunFolder.create(Path(scratch), RECORD)
        with Writer(folder) as writer:
            for number in order:
                writer.put(number, b"%d\n" % number, Timing(str(number), 0.0))
                whole = folder.traces.read_bytes()
                assert whole == b"".join(b"%d\n" % n for n in range(whole.count(b"\n")))
        assert whole.count(b"\n") == 10
        assert [timing.scenario for timing in folder.took()] == [str(n) for n in range(10)]


def live(out: Path) -> RunFolder:
    """What `privgym run` does: live, then judge."""
    folder = run(PACK, Spec("echo"), NAMES, at_once=2, out=out)
    rescore(folder)
    return folder


def content(folder: RunFolder) -> dict[str, bytes]:
    names = ("run.json", "traces.jsonl", "findings.jsonl", "scores.json")
    return {name: (folder.path / name).read_bytes() for name in names}


@pytest.mark.parametrize("stays", [False, True])
def test_a_disk_that_is_full_at_any_write_loses_nothing(tmp_path, monkeypatch, stays):
    whole = content(live(tmp_path / "whole"))
    for k in count(1):
        out = tmp_path / f"{stays}-{k}"
        disk = Full(out, k, stays=stays)
        refused = ""
        with monkeypatch.context() as patch:
            disk.patch(patch)
            try:
                live(out)
            except PrivgymError as error:
                refused = str(error) if error.code == ENVIRONMENT else "another code"
        if not refused:
            break
        assert "No space left" in refused
        assert "the same command goes on" in refused
        kept = [line for file in out.glob("*/traces.jsonl") for line in trace.lines(file)]
        assert whole["traces.jsonl"].splitlines()[: len(kept)] == kept
        folder = live(out)
        assert content(folder) == whole
        assert len(list(out.glob("*/run.json"))) == 1
        assert len(list(folder.took())) == len(NAMES)
        assert not list(folder.path.glob("lock"))
    assert disk.asked < k  # it ended since nothing was left that could fail
    assert k > 2 * len(NAMES)
