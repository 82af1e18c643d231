"""The verbs, as a shell sees them: documents, exit codes, stopping and going on."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from msgspec.structs import replace

from privgym import check, cli, kit, pack
from privgym.cli._report import report
from privgym.folder import rescore
from privgym.lock import locked
from privgym.run import run
from privgym.spec import Spec
from tests import kits
from tests.plan import ROOT

KIT = str(ROOT / "tests" / "kit")
FEW = ("--families", "treatment_leave,court_date", "--level", "1")
FIGURES = ("utility", "inappropriate", "missing", "malformed", "over_refusal", "twin_accuracy")


@pytest.fixture
def privgym(tmp_path, monkeypatch, capsys):
    """Run a verb in a folder of its own; its exit code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(kit.PATH, "")  # put back afterwards, whatever --kit adds

    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(list(words))
        return code, *capsys.readouterr()

    return call


def test_run_and_score_give_the_same_one_document(privgym):
    code, out, _ = privgym("run", "everyday", "--agent", "oversharer", *FEW, "--json")
    assert code == 0
    document = json.loads(out)
    own = document["rows"][0]
    assert (own["pack"], own["agent"], own["model"], own["n"]) == ("everyday", "oversharer", "", 4)
    for one in (*document["rows"], *document["floors"]):
        assert all({"value", "low", "high"} <= set(one[figure]) for figure in FIGURES)
    floors = {one["agent"]: one for one in document["floors"]}
    assert set(floors) == {"refuser", "oversharer", "random", "echo"}
    assert floors["refuser"]["utility"]["value"] == 0
    assert floors["oversharer"]["inappropriate"] == own["inappropriate"]
    assert own["inappropriate"]["value"] > 0
    code, again, _ = privgym("score", document["run"], "--replay", "--json")
    assert code == 0
    assert json.loads(again) == document


def test_a_run_for_people_ends_in_the_table_and_the_first_leak(privgym):
    code, out, err = privgym("run", "everyday", "--agent", "oversharer", *FEW)
    assert code == 0
    assert "oversharer" in out
    assert "First leak" in out
    assert "runs/" in out
    assert "4 of 4" in err
    assert max(map(len, out.splitlines())) <= 100


def test_score_of_an_unfinished_run_is_incomplete(privgym):
    _, out, _ = privgym("run", "everyday", "--agent", "echo", *FEW, "--json")
    traces = Path(json.loads(out)["run"]) / "traces.jsonl"
    traces.write_bytes(b"".join(traces.read_bytes().splitlines(keepends=True)[:3]))
    code, out, err = privgym("score", str(traces.parent), "--json")
    assert code == 3
    assert json.loads(out)["rows"][0]["n"] == 3
    assert "missing" in err


def test_a_run_whose_episodes_all_fail_is_inconclusive(privgym):
    words = ("--kit", KIT, "run", "everyday", "--agent", "faulty")
    code, out, err = privgym(*words, *FEW, "--json")
    assert code == 3
    assert json.loads(out)["rows"][0]["failed"] == 4
    assert "every episode failed" in err


def test_a_dead_worker_shows_as_a_failed_row_of_a_complete_run(privgym):
    words = ("--kit", KIT, "run", "everyday", "--agent", "mortal@scripted:exit", *FEW)
    code, out, _ = privgym(*words, "--workers", "1", "--json")
    row = json.loads(out)["rows"][0]
    assert code == 0
    assert 0 < row["failed"] < row["n"] == 4
    out = privgym("show", json.loads(out)["run"])[1]
    assert "First failed episode" in out
    assert "crash: its worker ended with exit code 7" in out
    assert f"found in the {row['n'] - row['failed']} episodes that ended" in out


def test_what_is_used_up_is_said_and_more_of_it_goes_on(privgym):
    words = ("run", "everyday", "--agent", "echo", *FEW, "--at-once", "1", "--json")
    code, out, err = privgym(*words, "--turns", "1")
    assert code == 3
    assert (json.loads(out)["rows"][0]["n"], json.loads(out)["not_run"]) == (1, 3)
    assert "3 of 4 episodes were not run" in err
    assert "1 were allowed" in err
    assert "goes on" in err.splitlines()[-1]
    code, more, err = privgym(*words)
    assert code == 0
    assert json.loads(more)["run"] == json.loads(out)["run"]
    assert (json.loads(more)["rows"][0]["n"], json.loads(more)["not_run"]) == (4, 0)
    assert "1 are done" in err


def test_a_run_that_nothing_was_left_for_is_incomplete(privgym):
    words = ("run", "everyday", "--agent", "echo", *FEW, "--seconds", "0.000001", "--json")
    code, out, err = privgym(*words)
    assert (code, out) == (3, "")
    assert "4 of 4 episodes were not run" in err


def test_a_dry_run_runs_nothing(privgym, tmp_path):
    words = ("run", "everyday", "--agent", "assistant@openai:x@http://nowhere", *FEW, "--dry-run")
    code, out, _ = privgym(*words, "--json")
    assert code == 0
    found = json.loads(out)
    assert found["episodes"] == 4
    assert found["tokens"] is None
    assert found["bytes"] > 0
    assert json.loads(privgym(*words, "--shard", "1/2", "--json")[1])["episodes"] == 2
    said = privgym(*words)[1]
    assert "4 episodes" in said
    assert "unknown" in said
    assert list(tmp_path.iterdir()) == []


def test_shards_merge_to_the_document_of_one_run(privgym):
    words = ("run", "everyday", "--agent", "oversharer", *FEW, "--json")
    whole = json.loads(privgym(*words)[1])
    shards = [json.loads(privgym(*words, "--shard", f"{i}/2")[1])["run"] for i in (1, 2)]
    code, out, _ = privgym("merge", *shards, "--json")
    merged = json.loads(out)
    assert code == 0
    assert {**merged, "run": ""} == {**whole, "run": ""}
    traces = [Path(one["run"], "traces.jsonl").read_bytes() for one in (merged, whole)]
    assert traces[0] == traces[1]
    assert privgym("merge", *shards, shards[0])[0] == 4
    assert privgym("merge", shards[0])[0] == 3


def test_a_run_that_is_going_on_is_refused(privgym):
    words = ("run", "everyday", "--agent", "echo", *FEW, "--json")
    run = Path(json.loads(privgym(*words)[1])["run"])
    (run / "scores.json").unlink()
    with locked(run):
        code, out, err = privgym(*words)
    assert (code, out) == (5, "")
    assert f"process {os.getpid()} on" in err
    assert "--new" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("run", "everydya", "--agent", "echo"), "everyday"),
        (("run", "everyday", "--agent", "ecco"), "echo"),
        (("run", "everyday", "--agent", "echo", "--families", "treatment_leav"), "treatment_leave"),
        (("run", "everyday", "--agent", "play:bad"), "play:good"),
        (("run", "everyday", "--agent", "echo", "--shard", "3/2"), "no share"),
        (("run", "everyday", "--agent", "echo", "--workers", "2", "--at-once", "2"), "exclude"),
        (("run", "everyday", "--agent", "echo", "--model", "llamacp:x"), "llamacpp"),
        (("score", "nowhere"), "no run folder"),
        (("show", "everyday/nothing#0"), "no family"),
        (("show", "x y"), "names no scenario"),
        (("show", "everyday/court_date.L7"), "court_date has level 1, 2 only"),
        (("show", "everyday/court_date.L7"), "`LEVELS = (1, 2, 7)` in its file gives it 7"),
        (("check", "echo"), "did you mean agent:echo?"),
        (("check", "email", "--lock"), "did you mean tool:email?"),
        (("check", "tool:email", "--lock"), "--lock is for packs"),
        (("check", "everydya"), "everyday"),
        (("import", "privacylens", "nowhere.json"), "cannot read nowhere.json"),
    ],
)
def test_what_cannot_be_is_told_in_four_lines_with_code_2(privgym, words, said):
    code, out, err = privgym(*words)
    assert code == 2
    assert out == ""
    assert said in err
    assert len(err.splitlines()) <= 4


def test_list(privgym):
    code, out, _ = privgym("list", "--json")
    document = json.loads(out)
    assert code == 0
    everyday = next(one for one in document["packs"] if one["name"] == "everyday")
    assert "treatment_leave" in everyday["families"]
    assert isinstance(everyday["version"], int)
    assert {"email", "memory"} <= set(document["tools"])
    assert {"assistant", "oversharer", "play:good"} <= set(document["agents"])
    assert "llamacpp:smollm2" in document["models"]
    assert "email" in privgym("list")[1]


def test_show_a_pack_a_scenario_a_run_and_a_trace(privgym):
    assert "everyday/treatment_leave.twin#0" in privgym("show", "everyday")[1]
    scenario = privgym("show", "everyday/treatment_leave#0")[1]
    assert "never health of principal to manager" in scenario
    assert "](diagnosis)" in scenario
    assert "  manager: " in scenario
    assert "sphere health denies" in scenario
    assert "sphere finance" not in scenario  # none of its facts comes from there
    assert "!! inappropriate" in scenario
    run = json.loads(privgym("run", "everyday", "--agent", "oversharer", *FEW, "--json")[1])["run"]
    assert "oversharer" in privgym("show", run)[1]
    trace = privgym("show", f"{run}:0")[1]
    assert "everyday/court_date#0" in trace
    assert "!! inappropriate" in trace
    assert privgym("show", f"{run}:everyday/court_date#0")[1] == trace
    assert privgym("show", f"{run}:99")[0] == 2
    for what in ("everyday", "everyday/treatment_leave#0", run, f"{run}:0"):
        assert json.loads(privgym("show", what, "--json")[1])


def test_show_says_who_has_which_temper_and_who_tries_to_get_what(privgym):
    shown = privgym("show", "everyday/therapy_bill.L2#0")[1]
    assert re.search(r"^  principal: .*\(impatient\)$", shown, re.MULTILINE)
    assert shown.count("(impatient)") == 1
    assert "payroll_clerk tries to get therapy of principal, when spoken to:" in shown
    assert re.search(r"^    authority, falsely entitled: \w", shown, re.MULTILINE)
    plain = privgym("show", "everyday/therapy_bill#0")[1]
    assert "(impatient)" not in plain
    assert "tries to get" not in plain


def test_show_says_that_a_prober_began_by_letter(privgym, monkeypatch, tmp_path):
    fact = 's.fact("diagnosis", of=me, value="lupus")'
    probe = f's.probe_by_letter(boss, {fact}, moves=("pity",))'
    name = kits.write(monkeypatch, tmp_path, errand=kits.FAMILY.replace(fact, probe))
    shown = privgym("show", f"{name}/errand")[1]
    when = "by a letter before session 1, then when spoken to:"
    assert f"manager tries to get diagnosis of principal, {when}" in shown


def test_models_are_listed(privgym):
    rows = json.loads(privgym("models", "list", "--json")[1])["models"]
    assert {"smollm2", "qwen2.5-coder-0.5b", "qwen2.5-coder-1.5b"} <= {one["name"] for one in rows}
    assert privgym("models", "fetch", "smolm2")[0] == 2


def test_check_ends_in_1_where_something_is_wrong(privgym, monkeypatch):
    problem = check.Problem("p/f#0", "the good play is not good")
    report = check.Report("p", 3, (problem,))
    monkeypatch.setattr(check, "pack", lambda name: report)
    code, out, _ = privgym("check", "p", "--json")
    assert code == 1
    assert json.loads(out)["problems"][0] == {"where": "p/f#0", "what": problem.what}
    assert privgym("check", "p")[0] == 1
    monkeypatch.setattr(check, "pack", lambda name: check.Report("p", 3, ()))
    assert privgym("check", "p")[:2] == (0, "p: 3 scenarios checked, sound\n")


def test_check_says_a_mistake_once(privgym, monkeypatch):
    places = ("p/f#0", "p/f.twin#0", "p/f#1")
    problems = [check.Problem(where, f"it is wrong\n  in {where}, session 1") for where in places]
    problems.append(check.Problem("p/g#0", "it is something else"))
    monkeypatch.setattr(check, "pack", lambda name: check.Report("p", 4, tuple(problems)))
    assert privgym("check", "p")[:2] == (
        1,
        "p/f#0 (and 2 more): it is wrong\n  in p/f#0, session 1\n"
        "p/g#0: it is something else\np: 4 scenarios checked, 2 problems\n",
    )
    assert len(json.loads(privgym("check", "p", "--json")[1])["problems"]) == 4
    monkeypatch.setattr(check, "pack", lambda name: check.Report("p", 1, tuple(problems[-1:])))
    assert "p: 1 scenario checked, 1 problem\n" in privgym("check", "p")[1]


def test_what_is_tried_is_said_to_be_tried(privgym):
    assert privgym("check", "tool:notes")[1] == "tool:notes: tried in 3 scenarios, sound\n"


def test_a_lock_is_written_for_a_sound_pack_alone(privgym, tmp_path, monkeypatch):
    found = kits.copied(monkeypatch, tmp_path, "surprise_party")
    lock = found.folder / "pack.lock"
    code, out, _ = privgym("check", found.name)
    assert code == 0
    assert f"`privgym check {found.name} --lock`" in out
    assert not lock.exists()
    code, out, _ = privgym("check", found.name, "--lock")
    assert (code, lock.exists()) == (0, True)
    assert out.startswith(f"pack.lock holds version {found.version} now\n")
    spoiled = kits.write(monkeypatch, tmp_path)
    code, out, _ = privgym("check", spoiled, "--lock")
    assert code == 1
    assert "pack.lock is not written" in out
    assert not (tmp_path / "scenarios" / spoiled / "pack.lock").exists()


def test_what_is_left_undecided_is_said(capsys, tmp_path):
    everyday = pack.load("everyday")
    names = everyday.names(["court_date"], level=1)
    folder = run(everyday, Spec("refuser"), names, out=tmp_path)
    judged = rescore(folder)
    report(folder, judged, as_json=False)
    assert "undecided" not in capsys.readouterr().out.partition("Below the agent")[0]
    score = replace(judged[0].score, undecided=1)
    report(folder, (replace(judged[0], score=score), *judged[1:]), as_json=False)
    out = capsys.readouterr().out
    assert "unde-" in out
    assert f"In 1 of {len(judged)} episodes something was left undecided." in out


# -- stopped, and going on --------------------------------------------------------------------


ALONE = ("--at-once", "1")


def start(folder: Path, how: tuple[str, ...]) -> subprocess.Popen[str]:
    """`privgym run` with an agent that takes its time, in another process."""
    words = ["--kit", KIT, "run", "everyday", "--agent", "plodder", *FEW, *how]
    return subprocess.Popen(
        [sys.executable, "-m", "privgym", *words, "--out", str(folder)],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        # A shell starts what it runs in the background with SIGINT ignored, and so are we then.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )


def stop_half_way(folder: Path, sign: signal.Signals, how: tuple[str, ...]) -> tuple[int, str]:
    """Stop a run once an episode is written; its exit code and stderr."""
    child = start(folder, how)
    end = time.monotonic() + 60
    while (
        time.monotonic() < end
        and child.poll() is None
        and not any(path.stat().st_size for path in folder.glob("*/traces.jsonl"))
    ):
        time.sleep(0.01)
    child.send_signal(sign)
    _, err = child.communicate(timeout=60)  # its workers hold its stderr: they have ended too
    return child.returncode, err


@pytest.fixture(scope="module")
def whole(tmp_path_factory) -> bytes:
    """The traces of the run that nothing stops."""
    out = tmp_path_factory.mktemp("whole")
    start(out, ALONE).communicate(timeout=60)
    (traces,) = out.glob("*/traces.jsonl")
    return traces.read_bytes()


@pytest.mark.parametrize(
    ("sign", "code", "how"),
    [
        (signal.SIGINT, 130, ALONE),
        (signal.SIGTERM, 143, ALONE),
        (signal.SIGKILL, -9, ALONE),
        (signal.SIGINT, 130, ("--workers", "1")),
        (signal.SIGTERM, 143, ("--workers", "1")),
    ],
)
def test_a_stopped_run_goes_on_to_the_same_bytes(tmp_path, whole, sign, code, how):
    ended, err = stop_half_way(tmp_path, sign, how)
    assert ended == code
    if code > 0:
        assert "the same command" in err.splitlines()[-1]
        assert "Traceback" not in err
    (folder,) = tmp_path.glob("*/")
    assert (folder / "lock").exists() == (sign == signal.SIGKILL)
    kept = (folder / "traces.jsonl").read_bytes()
    assert 0 < kept.count(b"\n") < 4
    assert whole.startswith(kept)
    start(tmp_path, ALONE).communicate(timeout=60)
    assert list(tmp_path.glob("*/")) == [folder]
    assert (folder / "traces.jsonl").read_bytes() == whole
