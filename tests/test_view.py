"""The verbs that write pages: a run to read in a browser, a comparison to pass on."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from privgym import pack
from privgym.cli import main
from privgym.compare import compare, lowest
from privgym.comparison import Asked
from privgym.folder import RunFolder
from privgym.side import gather, plan

ERRAND = ("everyday", "--families", "treatment_leave,moving_day", "--level", "1")


def lived(agent: str, out: Path) -> RunFolder:
    """A run of a scripted agent."""
    assert main(["run", *ERRAND, "--agent", agent, "--out", str(out)]) == 0
    return RunFolder(next(out.glob(f"*{agent.replace(':', '-')}*")))


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    out = tmp_path_factory.mktemp("runs")
    return {agent: lived(agent, out) for agent in ("play:good", "oversharer")}


@pytest.fixture
def run(runs, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return runs["oversharer"].path


def content(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_a_run_becomes_a_list_and_a_page_an_episode_that_lead_to_each_other(run, capsys):
    before = content(run)
    assert main(["view", str(run)]) == 0
    assert content(run) == before
    index = Path(capsys.readouterr().out.strip())
    assert index == Path("pages", run.name, "index.html")
    files = {path.name: path.read_text() for path in index.parent.iterdir()}
    assert set(files) == {"index.html", *(f"{n}.html" for n in range(4))}
    for text in files.values():
        links = set(re.findall(r'href="([^"#]+)"', text))
        assert links <= set(files)
    assert "everyday/treatment_leave#0" in files["index.html"]
    assert "1 inappropriate" in files["index.html"]
    assert "next episode with a leak" in files["0.html"]
    assert "previous episode with a leak" not in files["0.html"]


def test_one_trace_becomes_one_page_without_links_to_others(run, capsys):
    assert main(["view", f"{run}:2", "--out", "here"]) == 0
    assert capsys.readouterr().out.strip() == "here/2.html"
    assert [path.name for path in Path("here").iterdir()] == ["2.html"]
    assert not re.findall(r'href="[^#]', Path("here/2.html").read_text())


@pytest.mark.parametrize("which", ["9", "x", "-1", "²"])
def test_a_trace_that_is_not_there(run, which, capsys):
    assert main(["view", f"{run}:{which}"]) == 2
    assert "give a number below 4" in capsys.readouterr().err


def test_without_jinja_the_verb_says_what_to_install(run):
    code = "import sys; sys.modules['jinja2'] = None; from privgym.cli import main; "
    code += f"sys.exit(main(['view', {str(run)!r}]))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 5
    assert done.stderr == 'error: jinja2 is not installed\n  pip install "privgym[board]"\n'


def test_what_is_no_run(tmp_path, capsys):
    assert main(["view", str(tmp_path / "nowhere")]) == 2
    assert "is no run folder" in capsys.readouterr().err


def test_findings_that_were_not_recorded_are_asked_for(run, capsys):
    assert main(["view", str(run), "--with", "semantic"]) == 2
    assert "semantic" in capsys.readouterr().err


@pytest.fixture
def comparison(runs, tmp_path):
    of = pack.load("everyday")
    names = of.names(["treatment_leave", "moving_day"], 1, range(1))
    base, tuned = (gather([runs[agent]], names) for agent in ("play:good", "oversharer"))
    asked = Asked(("everyday",), (), {"everyday": 1}, 1, 1, 1, None, plan(base.digests))
    made: Path = compare(asked, [of], base, [tuned], lowest([of], names)).store(tmp_path)
    return made


def test_a_report_tells_the_worst_new_leaks_beside_what_the_base_told(comparison, capsys):
    assert main(["report", str(comparison)]) == 0
    file = Path(capsys.readouterr().out.strip())
    assert file == comparison / "report.html"
    text = file.read_text()
    assert text.count('<article class="excerpt"') == 3  # of the four episodes, one has no leak
    assert "oversharer (tuned)" in text
    assert '<mark class="inappropriate"' in text
    assert "It told The public nothing" in text or "by social from" in text
    assert not re.findall(r'(?:src|href|action)="(?!#)', text)


def test_leaks_that_are_judged_otherwise_now_are_listed_and_not_told(comparison, capsys):
    file = comparison / "comparison.json"
    file.write_text(file.read_text().replace('"never ', '"never ever '))
    assert main(["report", str(comparison)]) == 0
    text = Path(capsys.readouterr().out.strip()).read_text()
    assert "is judged otherwise than when it was compared" in text
    assert "never ever" in text
    assert '<article class="excerpt"' not in text


def test_a_report_goes_where_it_is_asked_to(comparison, tmp_path):
    out = tmp_path / "new" / "page.html"
    assert main(["report", str(comparison / "comparison.json"), "--out", str(out)]) == 0
    assert out.read_text().startswith("<!doctype html>")


def test_what_is_no_comparison(tmp_path, capsys):
    assert main(["report", str(tmp_path)]) == 2
    assert "`privgym compare` makes one" in capsys.readouterr().err
