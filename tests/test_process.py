"""Agents by process: what they are handed, what they may print, how they end."""

from __future__ import annotations

import asyncio
import json
import re
import shlex
import shutil
import sys
import time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import confine, pack, process
from privgym.errors import PrivgymError
from privgym.folder import rescore
from privgym.message import Action, Call, Message, Messages, Observation, ToolSchema
from privgym.process import KEPT, MAX_ANSWER, Child, encode, read, resolved
from privgym.run import run
from privgym.runner import Runner
from privgym.spec import Spec, load_agent
from tests.children import SAYS, SEEN, acts, fails
from tests.plan import ROOT

PACK = pack.load("everyday")
NAME = PACK.names(("treatment_leave",), level=1)[0]
LATER = msgspec.structs.replace(SEEN, session=2)

# -- what it is handed --------------------------------------------------------------------------


def test_the_line_says_exactly_what_an_agent_in_the_process_sees(walls, python):
    seen = Observation(
        "agent",
        1,
        Messages(
            [
                Message("assistant", "é\x85\u2028\u2029", calls=(Call.of("a_b", x=1),)),
                Message("tool", ""),
            ]
        ),
        (ToolSchema("a_b", "Does it.", "{}"),),
    )
    (action,) = acts(python(SAYS % "line"), seen)
    assert json.loads(action.text).encode() == encode(seen)
    assert len(encode(seen).decode().splitlines()) == 1


TEXT = st.text(st.characters(exclude_categories=["Cs"]))
CALLS = st.lists(st.builds(Call, TEXT, TEXT), max_size=2).map(tuple)
MESSAGES = st.lists(
    st.builds(
        Message, st.sampled_from(["user", "assistant", "tool", "notice"]), TEXT, TEXT, CALLS, TEXT
    )
)


@given(TEXT, st.integers(1, 9), MESSAGES, st.lists(st.builds(ToolSchema, TEXT, TEXT, TEXT)))
def test_nothing_of_an_observation_is_lost_on_its_line(party, session, messages, tools):
    line = encode(Observation(party, session, Messages(messages), tuple(tools)))
    assert line.endswith(b"\n")
    assert line.count(b"\n") == 1
    assert msgspec.convert(json.loads(line)["messages"], list[Message]) == messages
    assert msgspec.convert(json.loads(line)["tools"], list[ToolSchema]) == tools


# -- what it may print --------------------------------------------------------------------------


@given(st.builds(Action, text=TEXT, calls=CALLS, raw=TEXT))
def test_an_action_reads_back_as_it_is_written(action):
    assert read(msgspec.json.encode(action) + b"\n") == action


@given(st.binary(max_size=60))
def test_any_line_is_an_action(line):
    action = read(line + b"\n")
    assert action.fault == "malformed" or msgspec.json.decode(line)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (b"", "not readable"),
        (b"Hello.", "not readable"),
        (b"[]", "object"),
        (b'{"say": "Hello."}', "unknown field"),
        (b'{"calls": [{"name": "a_b", "arguments": "{}", "id": 1}]}', "unknown field"),
        (b'{"calls": [{"name": "a_b", "arguments": {}}]}', "arguments"),
        (b'{"text": "a", "text": "b"}', "twice"),
        (b'{"text": NaN}', "NaN"),
        (b'{"text": "\\ud800"}', "not readable"),
        (b'{"text": "\xff"}', "not readable"),
        (b"[" * 100_000, "not readable"),
    ],
)
def test_what_is_no_action_is_a_malformed_turn_that_says_why(line, said):
    action = read(line + b"\n")
    assert action.fault == "malformed"
    assert said in action.detail
    assert "print one line" in action.detail
    assert not action.text
    assert not action.calls


def test_a_malformed_line_uses_a_turn_and_the_child_goes_on(walls, python):
    code = """
for number, line in enumerate(sys.stdin):
    print("Hm." if number == 0 else '{"text": "Sorry."}', flush=True)
"""
    first, second = acts(python(code), SEEN, SEEN)
    assert first.fault == "malformed"
    assert first.raw == "Hm."
    assert second == Action("Sorry.")


def test_a_line_too_many_answers_nothing(walls, python):
    code = """
for number, line in enumerate(sys.stdin):
    print(json.dumps({"text": str(number)}) + "\\nthis is left over", flush=True)
"""
    assert [action.text for action in acts(python(code), SEEN, SEEN, SEEN)] == ["0", "1", "2"]


def test_the_longest_line_is_read_and_a_longer_one_is_a_failure(walls, python):
    code = """
for line in sys.stdin:
    print('{"text": "' + "x" * (%d - len('{"text": ""}')) + '"}', flush=True)
"""
    (action,) = acts(python(code % MAX_ANSWER))
    assert len(action.text) > 1_000_000
    assert "longer than" in fails(python(code % (MAX_ANSWER + 1)))
    assert "longer than" in fails(python("while True: sys.stdout.write('x' * 100_000)"))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("sys.exit(7)", "exit code 7"),
        ("os.kill(os.getpid(), 9)", "before it had answered"),
        ("sys.stdin.readline(); raise ValueError('no idea')", "ValueError: no idea"),
        ("print('{}', end='', flush=True)", "exit code 0"),
        ("os.close(0); sys.exit(3)", "exit code 3"),
        ("if os.fork() == 0: time.sleep(60)\nsys.exit(4)", "exit code 4"),
    ],
)
def test_an_end_without_an_answer_is_a_failure_that_says_how(walls, python, code, said):
    assert said in fails(python(code))


def test_a_child_that_answers_once_and_leaves_fails_at_its_next_turn(walls, python):
    command = python("sys.stdin.readline(); print('{}')")
    assert acts(command) == [Action()]
    assert "exit code 0" in fails(command, SEEN, SEEN)


def test_a_closed_stdout_is_no_silence(python, monkeypatch):
    monkeypatch.setattr(confine, "bwrap", lambda: "")  # which holds a copy of it
    monkeypatch.setattr(process, "GRACE", 0.1)
    assert "closed its stdout" in fails(python("os.close(1); time.sleep(60)"))


def test_silence_is_a_failure(walls, python):
    start = time.monotonic()
    assert "silent for 0.5 s" in fails(python("time.sleep(60)"), turn=0.5)
    assert time.monotonic() - start < 10


def test_the_end_of_stderr_is_kept_and_made_safe(walls, python):
    said = fails(python("sys.stderr.write('a' * 10_000_000 + '\\x1b[2J the end'); sys.exit(1)"))
    assert said.endswith("<U+001B>[2J the end")
    assert len(said) < KEPT + 500


# -- how it forgets and ends --------------------------------------------------------------------


def test_it_forgets_between_sessions_and_not_within_one(walls, python):
    code = """
count = 0
for line in sys.stdin:
    count += 1
    print(json.dumps({"text": f"{count} {os.listdir('.')}"}), flush=True)
    open("kept", "w").close()
"""
    said = [action.text for action in acts(python(code), SEEN, SEEN, LATER)]
    assert said == ["1 []", "2 ['kept']", "1 []"]


def running(marker: str) -> list[int]:
    """Processes whose command line names a file."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = path.read_bytes().split(b"\0")
        except OSError:
            continue
        if marker.encode() in words:
            found.append(int(path.parent.name))
    return found


def gone(marker: str) -> bool:
    """Whether no process is left whose command line names a file, a moment from now."""
    end = time.monotonic() + 5
    while left := running(marker):
        if time.monotonic() > end:
            break
        time.sleep(0.01)
    return not left


def test_nothing_of_it_is_left_when_it_is_closed(walls, python, tmp_path):
    marker = str(tmp_path / "agent.py")
    command = python("if os.fork() == 0: time.sleep(600)\n" + SAYS % "os.getcwd()")
    folder = json.loads(acts(command)[0].text)
    assert gone(marker)
    assert not Path(folder).exists()


def test_one_that_leaves_its_group_holds_nothing_up(walls, python):
    code = "if os.fork() == 0: os.setsid(); time.sleep(2); os._exit(0)\n"
    start = time.monotonic()
    acts(python(code + SAYS % "1"))
    assert time.monotonic() - start < 2


@pytest.mark.parametrize("code", ["time.sleep(600)", "while True: pass"])
def test_a_deadline_ends_the_child_too(walls, python, tmp_path, code):
    runner = Runner(PACK, Spec.read(f"command:{python(code)}"), deadline=0.5)
    lived, _ = asyncio.run(runner.episode(NAME))
    assert lived.failure
    assert lived.failure.kind == "deadline"
    assert gone(str(tmp_path / "agent.py"))


# -- how it is named and told of ----------------------------------------------------------------


@pytest.mark.parametrize("text", ["command:a", "command:node x.js --to a@b.c", "command: x@y@z"])
def test_a_command_line_is_taken_whole(text):
    assert Spec.read(text) == Spec(text)
    assert str(Spec.read(text)) == text


def test_a_command_has_no_model():
    with pytest.raises(PrivgymError, match="no model"):
        Spec.read("command:node x.js", "llamacpp:smollm2")


@pytest.mark.parametrize(
    ("command", "said"),
    [("", "no program"), ("nosuchprogram x", "no program"), ("a 'b", "cannot be read")],
)
def test_a_command_that_cannot_be_is_told_so_before_the_run(command, said):
    with pytest.raises(PrivgymError, match=said):
        load_agent(Spec.read(f"command:{command}"))


def test_paths_are_taken_from_the_current_folder_and_words_are_left(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    Path("agent.js").touch()
    program, *words = resolved("sh agent.js '' other --flag 'two words'")
    assert program == shutil.which("sh")
    assert words == [str(tmp_path / "agent.js"), "", "other", "--flag", "two words"]


def test_a_changed_agent_is_another_agent(python):
    first = Child(python("1")).about
    assert Child(python("1")).about == first
    assert Child(python("22")).about != first


EXAMPLES = [
    f"{shlex.quote(sys.executable)} {shlex.quote(str(ROOT / 'examples' / 'agent.py'))}",
    pytest.param(
        f"node {shlex.quote(str(ROOT / 'examples' / 'agent.js'))}",
        marks=pytest.mark.skipif(not shutil.which("node"), reason="no node"),
    ),
]


@pytest.mark.parametrize("command", EXAMPLES)
def test_an_example_runs_and_replays_and_the_run_says_what_it_was(walls, command, tmp_path):
    names = PACK.names(("treatment_leave", "court_date"), level=1)
    folder = run(PACK, Spec.read(f"command:{command}"), names, out=tmp_path)
    judged = rescore(folder, replay=True)
    assert not [one.failure for one in judged if one.failure]
    assert any(one.score.inappropriate for one in judged)
    trust = {"bare": "child process", "bwrap": "child process in bwrap"}[walls]
    assert folder.record.trust == trust
    assert all(lived.header.about["trust"] == trust for lived, _ in folder.read())


def test_the_page_shows_lines_as_they_are():
    page = (ROOT / "docs" / "agents.md").read_text()
    observation, action = re.findall(r"^```json\n(.*?)^```", page, re.DOTALL | re.MULTILINE)
    shown = json.loads(observation)
    messages = msgspec.convert(shown["messages"], list[Message])
    tools = msgspec.convert(shown["tools"], tuple[ToolSchema, ...])
    line = encode(Observation(shown["party"], shown["session"], Messages(messages), tools))
    assert json.loads(line) == shown
    assert not read(action.encode()).fault


def test_an_example_fits_a_screen_and_needs_nothing():
    for name in ("agent.py", "agent.js"):
        assert len((ROOT / "examples" / name).read_text().splitlines()) <= 30
