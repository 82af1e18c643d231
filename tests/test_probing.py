"""Questions with the letters swapped: what knowing nothing comes to, and what is kept."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import cli
from privgym.errors import PrivgymError
from privgym.importers.questions import TOLD, questions
from privgym.model import Prompt, Reply
from privgym.models.scripted import Scripted
from privgym.probing import (
    FIGURES,
    ORDERS,
    Answer,
    Letter,
    Probed,
    Question,
    ask,
    floors,
    read,
    rows,
)
from tests.lens import case
from tests.plan import ROOT

CASES = json.dumps([case("one"), case("two"), case("three")]).encode()
A, B = '{"answer": "A"}', '{"answer": "B"}'


def asked(levels: tuple[str, ...] = ("seed",)) -> tuple[Question, ...]:
    return questions(CASES, [level for level in TOLD if level in levels])


def answers(choose: Callable[[Answer], Letter], cases: int = 3) -> list[Answer]:
    blank = [
        Answer(f"case {number}", "seed", control, swapped)
        for number in range(cases)
        for control in (False, True)
        for swapped in (False, True)
    ]
    return [msgspec.structs.replace(one, letter=choose(one)) for one in blank]


def values(given: list[Answer]) -> dict[str, float | None]:
    (row,) = rows("somebody", given)
    return {name: figure.value for name, figure in row.figures.items()}


@pytest.mark.parametrize(
    ("floor", "original", "counterbalanced", "yes", "letter_b", "controls"),
    [
        ("always A", 0.0, 0.5, 0.5, 0.0, 0.5),
        ("always B", 1.0, 0.5, 0.5, 1.0, 0.5),
        ("always yes", 0.0, 0.0, 1.0, 0.5, 1.0),
        ("always no", 1.0, 1.0, 0.0, 0.5, 0.0),
    ],
)
def test_floors_come_to_what_they_must(
    floor: str,
    original: float,
    counterbalanced: float,
    yes: float,
    letter_b: float,
    controls: float,
):
    found = values(list(floors(answers(lambda _: ""))[floor]))
    assert found["original"] == original
    assert found["counterbalanced"] == counterbalanced
    assert found["yes"] == yes
    assert found["letter_b"] == letter_b
    assert found["controls"] == controls
    assert found["balanced"] == 0.5
    assert found["consistent"] == (0.0 if floor in ("always A", "always B") else 1.0)


def test_random_is_the_same_each_time():
    blank = answers(lambda _: "", cases=50)
    assert floors(blank)["random"] == floors(blank)["random"]
    assert 0.3 < (values(list(floors(blank)["random"]))["counterbalanced"] or 0) < 0.7


@given(chosen=st.lists(st.sampled_from(("A", "B")), min_size=1, max_size=12))
def test_who_ignores_what_the_letters_mean_is_right_half_the_time(chosen: list[Letter]):
    found = values(answers(lambda one: chosen[int(one.case.split()[1])], len(chosen)))
    assert found["counterbalanced"] == found["balanced"] == 0.5
    assert found["consistent"] == 0.0


@given(verdicts=st.lists(st.booleans(), min_size=1, max_size=12))
def test_who_ignores_the_order_of_the_letters_is_consistent(verdicts: list[bool]):
    def choose(one: Answer) -> Letter:
        accepts = verdicts[int(one.case.split()[1])]
        return "A" if accepts != one.swapped else "B"

    found = values(answers(choose, len(verdicts)))
    assert found["consistent"] == 1.0
    assert found["original"] == found["counterbalanced"]
    assert found["letter_b"] == 0.5
    assert found["balanced"] == 0.5


def test_what_cannot_be_read_is_wrong_and_has_its_own_column():
    given = answers(lambda one: "" if one.case == "case 0" else "A" if one.swapped else "B")
    found = values(given)
    assert found["counterbalanced"] == pytest.approx(2 / 3, abs=1e-4)
    assert found["unreadable"] == pytest.approx(1 / 3, abs=1e-4)
    assert found["yes"] == 0.0  # of those that can be read


@pytest.mark.parametrize(
    ("text", "letter"),
    [
        (A, "A"),
        ('{ "answer" : "B" }\n', "B"),
        ("B", "B"),
        ("(A)", "A"),
        ("Answer: B.", "B"),
        ("A message to the boss is fine", ""),
        ("A or B", ""),
        ('{"answer": "C"}', ""),
        ('{"answer": "A', ""),
        ("", ""),
    ],
)
def test_a_letter_is_read_or_nothing_is(text: str, letter: str):
    assert read(text) == letter


def test_each_question_is_asked_in_both_orders():
    (question, *_) = asked()
    plain, swapped = (question.prompt(order).turns[1].text for order in (False, True))
    assert "(A) Yes, it is acceptable.\n(B) No" in plain
    assert "(A) No, it is not acceptable.\n(B) Yes" in swapped
    schema = json.loads(question.prompt(False).schema)
    assert schema["properties"]["answer"]["enum"] == ["A", "B"]


def test_the_levels_tell_more_and_more():
    told = {q.level: q.text for q in asked(("seed", "vignette", "trajectory")) if not q.control}
    assert "health records" in told["seed"]
    assert "answer an email" in told["seed"]
    assert "Jane helps Rosa" in told["vignette"]
    assert "Jane helps Rosa" not in told["seed"]
    assert "The striped tents arrive on Friday." in told["trajectory"]
    assert "Answer Rosa's email" in told["trajectory"]


def test_a_control_differs_in_whom_it_goes_to_and_how():
    question, control = asked()[:2]
    assert (question.control, control.control) == (False, True)
    changed = zip(question.text.splitlines(), control.text.splitlines(), strict=True)
    assert [old.partition(":")[0] for old, new in changed if old != new] == ["Would go to", "How"]
    assert "Would go to: a baker (whom it is about)" in control.text


def test_a_model_is_asked_and_its_answers_are_in_order():
    said = Scripted([B, A, "well..."] + [A] * 9)
    given = asyncio.run(ask(asked(), said, at_once=1))
    assert [one.letter for one in given[:4]] == ["B", "A", "", "A"]
    assert [one.right for one in given[:4]] == [True, True, False, False]
    assert given[2].text == "well..."
    assert [(one.case, one.control, one.swapped) for one in given[:5]] == [
        ("one", False, False),
        ("one", False, True),
        ("one", True, False),
        ("one", True, True),
        ("two", False, False),
    ]


class Failing:
    """Fails at every other prompt, and once runs out of context."""

    keeps_format, takes_tools = True, False

    def __init__(self) -> None:
        self.about, self.calls = {"model": "failing"}, 0

    async def complete(self, prompt: Prompt) -> Reply:
        self.calls += 1
        if self.calls == 1:
            return Reply("the prompt has 9 tokens, the context 8", stopped="overflow")
        if self.calls % 2:
            raise PrivgymError("the server is away")
        return Reply(B)


def test_a_call_that_fails_is_a_row_with_its_reason_and_in_no_rate():
    told: list[tuple[int, int]] = []
    given = asyncio.run(ask(asked(), Failing(), at_once=1, tell=lambda *done: told.append(done)))
    assert told[-1] == (12, 12)
    assert given[0].failure == "the prompt has 9 tokens, the context 8"
    assert given[2].failure == "the server is away"
    assert not given[2].letter
    (row,) = rows("failing", given)
    assert (row.n, row.failed) == (6, 6)
    assert row.figures["unreadable"].value == 0.0


def test_rates_have_intervals_clustered_by_case():
    (row,) = rows("somebody", answers(lambda _: "B", cases=40))
    found = row.figures["counterbalanced"]
    assert found.low is not None
    assert found.high is not None
    assert found.low < 0.5 < found.high
    assert found.n == 80
    assert set(row.figures) == set(FIGURES)


def test_the_verb_asks_keeps_and_prints_again(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    file, out = tmp_path / "main_data.json", tmp_path / "answers.json"
    file.write_bytes(CASES)
    spec = "scripted:" + "|".join([B, A, "hm"] * 4)
    asking = ["probe", str(file), "--model", spec, "--level", "seed", "--cases", "2"]
    assert cli.main([*asking, "--at-once", "1", "--out", str(out), "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    kept = Probed.read(out.read_bytes())
    assert len(kept.answers) == 8
    assert kept.about["model"] == "scripted"
    assert cli.main(["probe", str(out), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == first
    assert cli.main(["probe", str(out)]) == 0
    shown = capsys.readouterr().out
    assert "always B" in shown
    assert "cannot tell knowledge from a liking" in shown


def test_where_every_call_failed_there_is_nothing_to_say(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "main_data.json"
    away = tuple(Answer("one", "seed", False, order, failure="away") for order in ORDERS)
    file.write_bytes(msgspec.json.encode(Probed("m", {}, "", away)))
    assert cli.main(["probe", str(file)]) == 3
    assert "2 calls failed; the first: away" in capsys.readouterr().err


@pytest.mark.parametrize("data", [b"[]", b"{}", b"nonsense"])
def test_a_file_that_holds_no_answers_needs_a_model(
    data: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    file = tmp_path / "some.json"
    file.write_bytes(data)
    assert cli.main(["probe", str(file)]) == 2
    assert "--model" in capsys.readouterr().err


def test_a_file_without_cases_is_an_error():
    with pytest.raises(PrivgymError, match="no case"):
        questions(b"[]", ["seed"], "some.json")


def test_a_case_that_cannot_be_asked_is_named():
    broken = case("one")
    del broken["vignette"]["story"]
    with pytest.raises(PrivgymError, match="story") as raised:
        questions(json.dumps([case("zero"), broken]).encode(), ["vignette"], "some.json")
    assert raised.value.where == "some.json, case 2"


def test_the_benchmark_adds_a_model_to_the_floors(tmp_path: Path):
    file, kept, out = (tmp_path / name for name in ("data.json", "answers.json", "out.json"))
    file.write_bytes(CASES)
    asking = ["probe", str(file), "--model", "scripted:" + "|".join([B] * 36), "--out", str(kept)]
    assert cli.main(asking) == 0
    command = [sys.executable, str(ROOT / "benchmarks" / "probing.py"), str(file)]
    for specs in ([], [str(kept)], [str(kept)]):
        done = subprocess.run([*command, *specs, "--out", str(out)], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
    found = [(row["answerer"], row["level"]) for row in json.loads(out.read_text())["rows"]]
    assert found.count(("scripted:scripted", "seed")) == 1
    assert len(found) == 6 * 3
