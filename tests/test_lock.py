"""One process a run folder."""

from __future__ import annotations

import os
import platform
import signal
import subprocess
import sys

import pytest

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.lock import FILE, locked
from tests.plan import ROOT

HOLD = """
import sys, time
from pathlib import Path
from privgym.lock import locked
with locked(Path(sys.argv[1])):
    print("held", flush=True)
    time.sleep(60)
"""


@pytest.fixture
def holder(tmp_path):
    """Another process that holds the folder."""
    child = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
    )
    assert child.stdout
    assert child.stdout.readline() == b"held\n"
    yield child
    child.kill()
    child.wait()
    child.stdout.close()


def test_the_second_process_is_told_who_is_first(holder, tmp_path):
    with pytest.raises(PrivgymError) as refused, locked(tmp_path):
        pass
    assert refused.value.code == ENVIRONMENT
    assert f"process {holder.pid} on {platform.node()}" in str(refused.value)
    assert str(tmp_path) in str(refused.value)
    assert "--new" in str(refused.value)
    assert holder.poll() is None


def test_the_lock_of_a_dead_process_is_taken_over(holder, tmp_path):
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    assert str(holder.pid) in (tmp_path / FILE).read_text()
    with locked(tmp_path):
        assert (tmp_path / FILE).read_text() == f"process {os.getpid()} on {platform.node()}"


def test_a_lock_ends_with_its_block_and_leaves_nothing(tmp_path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), locked(tmp_path):
            raise ZeroDivisionError
        assert list(tmp_path.iterdir()) == []


def test_even_one_process_holds_it_once(tmp_path):
    with locked(tmp_path):
        with pytest.raises(PrivgymError), locked(tmp_path):
            pass
        assert (tmp_path / FILE).exists()
