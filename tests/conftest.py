"""What all tests share."""

from __future__ import annotations

import os
import shlex
import sys

import pytest
from hypothesis import settings

from privgym import confine, kit
from tests.children import bwrapped

# Two busy cores make a deadline a coin toss; a fixed seed makes a failure there repeatable here.
settings.register_profile("here", deadline=None)
settings.register_profile("ci", deadline=None, derandomize=True)
settings.load_profile("ci" if os.environ.get("CI") else "here")


@pytest.fixture(autouse=True)
def known_kits():
    """A kit that a test adds is known to that test alone, and to the processes it starts."""
    before = os.environ.get(kit.PATH)
    yield
    os.environ.pop(kit.PATH, None)
    if before is not None:
        os.environ[kit.PATH] = before


@pytest.fixture(params=["bare", pytest.param("bwrap", marks=bwrapped)])
def walls(request, monkeypatch):
    """What takes this runs with child processes in bwrap and without."""
    if request.param == "bare":
        monkeypatch.setattr(confine, "bwrap", lambda: "")
    return request.param


@pytest.fixture
def python(tmp_path):
    """Write an agent by process in Python; its command line."""

    def write(code: str) -> str:
        file = tmp_path / "agent.py"
        file.write_text(f"import json, os, sys, time\n{code}")
        return shlex.join([sys.executable, str(file)])

    return write
