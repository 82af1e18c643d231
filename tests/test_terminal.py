"""What strangers wrote, printed by every verb that reads it: a terminal is told nothing by it."""

from __future__ import annotations

import json
import shutil
import unicodedata

import pytest

from privgym.cli import main
from privgym.message import visible
from tests.boards import hostile, lived, small

ESC, CSI, BEL = "\x1b", "\x9b", "\x07"
TERMINAL = (
    f"{ESC}[2J", f"{ESC}[H", f"{ESC}[31mred{ESC}[0m", f"{ESC}[8mhidden{ESC}[28m",
    f"{ESC}[1A{ESC}[2K", f"{ESC}[?1049h", f"{ESC}[?25l", f"{ESC}[6n", f"{ESC}[c", f"{ESC}[>c",
    f"{ESC}[21t", f"{ESC}[18t", f"{ESC}]0;title{BEL}", f"{ESC}]2;title{ESC}\\",
    f"{ESC}]8;;http://far.example{ESC}\\link{ESC}]8;;{ESC}\\", f"{ESC}]52;c;cm0gLXJm{BEL}",
    f"{ESC}]4;1;rgb:ff/00/00{BEL}", f"{ESC}]10;?{BEL}", f"{ESC}]50;#1{BEL}",
    f"{ESC}P+q544e{ESC}\\", f"{ESC}P$q\"p{ESC}\\", f"{ESC}_G a=T{ESC}\\", f"{ESC}^pm{ESC}\\",
    f"{ESC}Xsos{ESC}\\", f"{ESC}c", f"{ESC}(0lqqk", f"{ESC}#8", f"{ESC}7{ESC}8", f"{ESC}=",
    f"{ESC}%G", f"{ESC}[!p", f"{CSI}2J", f"{CSI}31m", "\x9d0;title\x9c", "\x90q\x9c", "\x85",
    "\x84", "\x08" * 20, "\rerror: none", "\x0e\x0f", "\x05", "\x00", "\x7f" * 5, "\x0b\x0c", BEL,
    "\u202eevil", "\u2066x\u2069", "\u200b\u200d\ufeff", "\u2028new\u2029", "\U000e0041",
    "\u061c",
)  # fmt: skip
"""Colours, clearing, moving, titles, clipboards, questions to answer, C1 forms, bidi, invisible."""


def unsafe(text: str) -> list[str]:
    """Characters that a terminal would act upon, or not show."""
    return sorted({c for c in text if c not in "\n\t" and unicodedata.category(c) in
                   ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")})  # fmt: skip


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return hostile(tmp_path_factory.mktemp("terminal") / "board", TERMINAL)


@pytest.fixture(scope="module")
def run(board):
    """The hostile row's run folder: its traces are what a model printed."""
    return board.run(board.entry("f" * 16))


def test_there_are_forty_and_each_is_one():
    assert len(set(TERMINAL)) >= 40
    assert all(unsafe(text) for text in TERMINAL)
    assert not any(unsafe(visible(text)) for text in TERMINAL)


READ = ("leaderboard list BOARD", "leaderboard list BOARD --attempts", "leaderboard verify RUN",
        "leaderboard submit BOARD RUN", "show RUN", "score RUN", "regrade RUN")  # fmt: skip


@pytest.mark.parametrize(
    "words", [*READ, *(f"{verb} --json" for verb in READ), "show RUN:0", "show RUN:1"]
)
def test_no_verb_hands_it_to_the_terminal(board, run, tmp_path, capfd, words):
    if "score" in words:  # it writes
        run = shutil.copytree(run, tmp_path / "run")
    said = words.replace("BOARD", str(board.path)).replace("RUN", str(run)).split()
    main(said)
    out, err = capfd.readouterr()
    assert out or err
    assert "Traceback" not in err
    assert unsafe(out) == unsafe(err) == []
    if words.endswith("--json") and out:
        json.loads(out)


def test_nor_in_what_is_retracted_and_refused(tmp_path, capfd):
    board, text = small(tmp_path / "board"), "".join(TERMINAL)
    row = next(one.id for one in board.entries() if not one.floor)
    assert (
        main(["leaderboard", "retract", str(board.path), row, "--why", text.replace("\0", "")]) == 0
    )
    record = (ran := lived(tmp_path / "runs", "echo")) / "run.json"
    said = json.loads(record.read_text())
    record.write_text(json.dumps({**said, "spec": text, "about": {text: text}}))
    home = str(board.path)
    for words in (["submit", home, str(ran)], ["verify", str(ran)], ["list", home, "--attempts"],
                  ["retract", home, text, "--why", "x"]):  # fmt: skip
        main(["leaderboard", *words])
    out, err = capfd.readouterr()
    assert out
    assert err
    assert unsafe(out) == unsafe(err) == []
