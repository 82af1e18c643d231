"""What never happens in the house, whatever is added to it."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.plan import ROOT, closure, imports

GRAPH = imports(ROOT)
SEES = {
    "agents": {
        "privgym/agent.py",
        "privgym/model.py",
        "privgym/message.py",
        "privgym/dialect.py",
    },
    "tools": {
        "privgym/tool.py",
        "privgym/shared.py",
        "privgym/store.py",
        "privgym/wire.py",
        "privgym/message.py",
    },
}
HEAVY = {"torch", "transformers", "langgraph", "openai", "scipy"}


@pytest.mark.parametrize("folder", SEES)
def test_content_sees_only_its_part_of_the_house(folder):
    content = [file for file in GRAPH if file.startswith(f"{folder}/")]
    assert content
    # An agent may be a variant of another.
    allowed = SEES[folder] | (set(content) if folder == "agents" else set())
    seen = {file: GRAPH[file] - allowed for file in content}
    assert {file: others for file, others in seen.items() if others} == {}


@pytest.mark.parametrize("name", ["sensor", "norm", "book", "monitor", "score"])
def test_verdicts_never_meet_a_model(name):
    reached = closure(f"privgym/{name}.py", GRAPH)
    models = {"privgym/model.py", "privgym/agent.py"}
    assert not reached & models
    assert not [file for file in reached if file.startswith(("privgym/models/", "agents/"))]


def loaded_by(code: str) -> set[str]:
    """Top-level names of what a fresh interpreter has imported once it has run `code`."""
    tell = "import json, sys; print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{code}\n{tell}"],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return {name.partition(".")[0] for name in json.loads(done.stderr.splitlines()[-1])}


def test_importing_privgym_loads_nothing_heavy():
    assert not loaded_by("import privgym") & HEAVY


def test_help_loads_nothing_heavy_and_no_content():
    loaded = loaded_by("from privgym.cli import main; assert main(['--help']) == 0")
    light = HEAVY | {"xllamacpp", "faker", "lark", "gymnasium", "numpy", "pydantic"}
    assert "click" in loaded
    assert not loaded & light
