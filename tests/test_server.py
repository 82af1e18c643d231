"""The leaderboard's server: where it listens, and what it does with what strangers send."""

from __future__ import annotations

import http.client
import re
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra `board` is not installed")

from privgym.board import Board
from privgym.cli import main
from privgym.errors import ENVIRONMENT, USAGE, PrivgymError
from privgym.leaderboard.server import allow, listen, names, token
from tests.boards import lived, small
from tests.plan import ROOT
from tests.test_app import zipped


def test_a_board_listens_elsewhere_only_with_a_token_and_a_name():
    for host in ("127.0.0.1", "127.8.9.10", "::1", "localhost"):
        allow(host, "", ())
    for host in ("10.0.0.5", "0.0.0.0", "::", "fe80::1"):
        with pytest.raises(PrivgymError, match="no token"):
            allow(host, "", ["http://board.example.org"])
    allow("10.0.0.5", "t" * 20, ())
    allow("0.0.0.0", "t" * 20, ["https://board.example.org"])
    with pytest.raises(PrivgymError, match="by what name"):
        allow("0.0.0.0", "t" * 20, ())
    with pytest.raises(PrivgymError, match="no address"):
        allow("board.example.org", "t" * 20, ())


def test_it_goes_by_its_own_names_and_those_it_is_given():
    assert names("127.0.0.1", 8000, ()) == (
        "http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000",
    )  # fmt: skip
    assert names("10.0.0.5", 80, ()) == ("http://10.0.0.5",)
    assert names("0.0.0.0", 80, ("https://b.example",)) == ("https://b.example",)
    assert names("fe80::1", 81, ()) == ("http://[fe80::1]:81",)
    for wrong in ("b.example", "ftp://b.example", "https://b.example/", "https://a@b.example",
                  "https://B.example", "https://b.example/x", "*", "null", ""):  # fmt: skip
        with pytest.raises(PrivgymError, match="no origin"):
            names("127.0.0.1", 8000, (wrong,))


def test_a_token_is_made_once_and_nobody_else_reads_it(tmp_path):
    file = tmp_path / "token"
    made = token(file)
    assert len(made) > 40
    assert token(file) == made
    assert file.stat().st_mode & 0o777 == 0o600
    file.chmod(0o644)
    with pytest.raises(PrivgymError, match="others can read"):
        token(file)
    for wrong in ("short", "with a space in the midst", "\u00e9" * 20, ""):
        file.write_text(wrong)
        file.chmod(0o600)
        with pytest.raises(PrivgymError):
            token(file)
    with pytest.raises(PrivgymError) as gone:
        token(tmp_path / "no" / "such")
    assert gone.value.code == ENVIRONMENT


def test_a_port_that_is_taken_is_said():
    with listen("127.0.0.1", 0) as first, pytest.raises(PrivgymError) as error:
        listen("127.0.0.1", first.getsockname()[1])
    assert error.value.code == ENVIRONMENT


class Served:
    """`privgym leaderboard serve` in a process of its own."""

    def __init__(self, board: Path, file: Path) -> None:
        self.token = token(file)
        words = [sys.executable, "-m", "privgym", "leaderboard", "serve", str(board)]
        self.process = subprocess.Popen(
            [*words, "--port", "0", "--token-file", str(file)],
            stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True, cwd=ROOT,
            # A shell starts what it runs in the background with SIGINT ignored, and so are we then.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        assert self.process.stderr
        line = self.process.stderr.readline()
        found = re.search(r"http://127\.0\.0\.1:(\d+)/", line)
        assert found, line + self.process.stderr.read()
        self.port = int(found[1])

    def ask(self, method="GET", path="/", body=None, **headers) -> tuple[int, bytes]:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)) as made:
            bearer = {"Authorization": f"Bearer {self.token}"} if method == "POST" else {}
            named = {name.replace("_", "-"): value for name, value in headers.items()}
            made.request(method, path, body, {**bearer, **named})
            answer = made.getresponse()
            return answer.status, answer.read()

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        assert self.process.stderr
        self.process.stderr.close()


@pytest.fixture
def served(tmp_path):
    small(tmp_path / "board")
    made = Served(tmp_path / "board", tmp_path / "token")
    yield made
    made.close()


def test_it_answers_while_strangers_are_slow_and_loud(served):
    with closing(socket.create_connection(("127.0.0.1", served.port))) as slow:
        slow.sendall(
            b"POST /submit HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nContent-Length: 1000000\r\n"
            b"Authorization: Bearer %s\r\nContent-Type: application/zip\r\n\r\nPK"
            % (served.port, served.token.encode())
        )
        began = time.monotonic()
        assert served.ask()[0] == 200
        assert served.ask(X_Long="x" * 40_000)[0] in (400, 431)
        assert served.ask(path="/" + "x" * 40_000)[0] in (400, 404, 414, 431)
        assert served.ask(Host="evil.example")[0] == 421
        for raw in (b"\0" * 5000, b"GET / HTTP/9.9\r\n\r\n", b"GET http://evil/ HTTP/1.1\r\n\r\n",
                    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", b"\r\n" * 500):  # fmt: skip
            with closing(socket.create_connection(("127.0.0.1", served.port), timeout=10)) as one:
                one.sendall(raw)
                one.shutdown(socket.SHUT_WR)
                assert not one.recv(100).startswith(b"HTTP/1.1 200")
        assert served.ask(path="/proves")[0] == 200
        assert time.monotonic() - began < 20  # of a busy machine; the slow one is never waited for


@pytest.mark.parametrize("after", [0.02, 0.4, 1.2])
def test_killed_in_the_midst_of_a_submission_it_leaves_all_or_nothing(served, tmp_path, after):
    archive = zipped(lived(tmp_path / "runs", "constant"))
    before = Board(tmp_path / "board")._index.ids()
    with closing(http.client.HTTPConnection("127.0.0.1", served.port)) as one:
        headers = {"Authorization": f"Bearer {served.token}", "Content-Type": "application/zip"}
        one.request("POST", "/submit", archive, headers)
        time.sleep(after)
        served.process.send_signal(signal.SIGKILL)
        served.process.wait()
    board = Board(tmp_path / "board")
    with closing(sqlite3.connect(board._index.path)) as db:
        assert db.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    ids = board._index.ids()
    assert ids >= before
    assert {path.name for path in (board.path / "entries").iterdir()} == ids
    for entry in board.entries():
        assert (board.run(entry) / "traces.jsonl").read_bytes().count(b"\n") == entry.row.n


def test_ctrl_c_ends_it(served):
    served.process.send_signal(signal.SIGINT)
    assert served.process.wait(timeout=30) == 130


def test_what_it_needs_is_said(tmp_path, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "privgym.leaderboard.server", None)
    small(tmp_path / "board")
    assert main(["leaderboard", "serve", str(tmp_path / "board")]) == ENVIRONMENT
    assert 'pip install "privgym[board]"' in capsys.readouterr().err
    monkeypatch.undo()
    assert main(["leaderboard", "serve", str(tmp_path / "board"), "--host", "0.0.0.0"]) == USAGE
