"""Archives from strangers: what a run folder is comes in, and nothing else, and never too much."""

from __future__ import annotations

import io
import stat
import struct
import time
import tracemalloc
import zipfile

import pytest

pytest.importorskip("starlette", reason="the extra `board` is not installed")

from privgym import folder
from privgym.errors import REFUSED, PrivgymError
from privgym.leaderboard.upload import MAX_UNPACKED, MEBI, TAKEN, unpack

RUN = {"run.json": b"{}", "traces.jsonl": b"{}\n"}


def packed(members, method=zipfile.ZIP_DEFLATED) -> io.BytesIO:
    """A zip file of (name or ZipInfo, content) pairs, whatever they are."""
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as made:
        for name, content in members.items() if isinstance(members, dict) else members:
            made.writestr(name, content)
    return file


@pytest.fixture
def into(tmp_path):
    folder = tmp_path / "into"
    folder.mkdir()
    return folder


def refused(archive, into) -> PrivgymError:
    """The refusal; nothing was written but plain files of known names, and nothing beside."""
    with pytest.raises(PrivgymError) as error:
        unpack(archive, into)
    assert error.value.code == REFUSED
    assert list(into.parent.iterdir()) == [into]
    assert all(p.name in TAKEN and p.is_file() and not p.is_symlink() for p in into.iterdir())
    return error.value


@pytest.mark.parametrize("within", ["", "20260102T030405Z-everyday-assistant-0a1b2c/"])
def test_a_zipped_run_folder_comes_in(within, into):
    names = [*TAKEN, "lock", "sensed-semantic-2.jsonl"]
    members = [(within + name, name.encode()) for name in names]
    unpack(packed([(within, b""), *members] if within else members), into)
    assert {p.name: p.read_bytes() for p in into.iterdir()} == {n: n.encode() for n in TAKEN}


TRICKS = [
    "../run.json", "../../run.json", "/run.json", "//run.json", "/etc/run.json", "./run.json",
    "a/../run.json", "a/b/run.json", "a//run.json", "..\\run.json", "a\\run.json", "C:run.json",
    "C:\\run.json", "\\\\host\\share\\run.json", "file:///run.json", "~/run.json", "$HOME/run.json",
    "a/./run.json", ".../run.json", ".hidden/run.json", ".git/config", "run.json/", "run.json/a",
    "RUN.JSON", "run.json ", " run.json", "run.json.", "run.json\n",
    "run.json\x00.py", "\x00run.json",
    "run.json\x1b[2J", "run\u202e.json", "\uff52un.json", "run.js\u043en", "%2e%2e/run.json",
    "..%2frun.json", "a/run.json;b", "entry.json", "board.json", "index.sqlite", "secret",
    "__init__.py", "a" * 300 + "/run.json", "con", "nul.json", "traces.jsonl:stream",
]  # fmt: skip


@pytest.mark.parametrize("name", TRICKS, ids=ascii)
def test_no_name_leads_anywhere(name, into):
    # `zipfile` ends a name at a NUL, and writes none.
    archive = packed([(name.replace("\0", "@"), b"{}"), *(("a/" + k, v) for k, v in RUN.items())])
    if "\0" in name:
        archive = _changed(archive, name.replace("\0", "@").encode(), name.encode())
    refused(archive, into)


@pytest.mark.parametrize(
    "kind", [stat.S_IFLNK, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFIFO, stat.S_IFSOCK], ids=oct
)
def test_only_plain_files_come_in(kind, into):
    member = zipfile.ZipInfo("run.json")
    member.external_attr = (kind | 0o777) << 16
    refused(packed([(member, b"/etc/passwd"), ("traces.jsonl", b"")]), into)


def test_a_name_comes_once(into):
    with pytest.warns(UserWarning, match="Duplicate"):
        twice = packed([*RUN.items(), ("run.json", b"other")])
    assert "twice" in str(refused(twice, into))


@pytest.mark.parametrize("missing", RUN)
def test_a_run_folder_has_a_plan_and_traces(missing, into):
    refused(packed({name: b"" for name in RUN if name != missing}), into)


def _changed(archive: io.BytesIO, old: bytes, new: bytes) -> io.BytesIO:
    assert old in archive.getvalue()
    return io.BytesIO(archive.getvalue().replace(old, new))


def _long_directory() -> io.BytesIO:
    """An end record, in zip64, that says of its directory that it is 2 GiB."""
    file, size = io.BytesIO(), 2**31
    file.seek(size)
    file_end = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, 1, 1, size, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, size, 1)
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, 0xFFFFFFFF, 0xFFFFFFFF, 0)
    return _Sparse(size, file_end + locator + end)


class _Sparse(io.BytesIO):
    """A file of so many zeros and some bytes, that would be as long as it says if it were read."""

    def __init__(self, size: int, end: bytes) -> None:
        super().__init__()
        self._size, self._end, self._at = size, end, 0

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size + len(self._end))[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def read(self, size: int | None = -1) -> bytes:
        whole = self._size + len(self._end)
        stop = whole if size is None or size < 0 else min(whole, self._at + size)
        zeros = max(0, min(stop, self._size) - self._at)
        found = bytes(zeros) + self._end[max(0, self._at - self._size) : max(0, stop - self._size)]
        self._at = stop
        return found


def _deep(times: int) -> bytes:
    content = b"0" * MEBI
    for _ in range(times):
        content = packed({"traces.jsonl": content}).getvalue()
    return content


BOMBS = {
    "zeros": lambda: packed({**RUN, "traces.jsonl": bytes(64 * MEBI)}),
    "says it is short": lambda: _changed(
        packed({**RUN, "traces.jsonl": bytes(8 * MEBI)}),
        struct.pack("<L", 8 * MEBI), struct.pack("<L", 1000)),
    "too much in all": lambda: packed(
        {name: bytes(MAX_UNPACKED // 4) for name in TAKEN}, zipfile.ZIP_STORED),
    "many files": lambda: packed({f"f{number}": b"" for number in range(5_000)}),
    "more files": lambda: packed({f"f{number}": b"" for number in range(25_000)}),
    "bzip2": lambda: packed({**RUN, "traces.jsonl": bytes(64 * MEBI)}, zipfile.ZIP_BZIP2),
    "lzma": lambda: packed({**RUN, "traces.jsonl": bytes(8 * MEBI)}, zipfile.ZIP_LZMA),
    "an archive in an archive": lambda: packed({**RUN, "inner.zip": _deep(8)}),
    "a long directory": _long_directory,
    "no archive": lambda: io.BytesIO(b"PK\5\6" * 100_000),
    "a torn one": lambda: io.BytesIO(packed(RUN).getvalue()[:-30]),
    "an empty one": lambda: io.BytesIO(b""),
    "encrypted": lambda: _changed(
        packed(RUN), b"PK\1\2\x14\3\x14\0\0", b"PK\1\2\x14\3\x14\0\1"),
    "corrupt": lambda: _changed(packed(RUN, zipfile.ZIP_STORED), b"{}\n", b"[]\n"),
}  # fmt: skip


@pytest.mark.parametrize("bomb", BOMBS)
def test_bombs_are_refused_at_once_and_in_little_memory(bomb, into):
    archive = BOMBS[bomb]()
    tracemalloc.start()
    try:
        began = time.process_time()
        refused(archive, into)
        assert time.process_time() - began < 2
        assert tracemalloc.get_traced_memory()[1] < 64 * MEBI
    finally:
        tracemalloc.stop()


def test_a_large_honest_run_comes_in(into):
    line = bytes(range(32, 127)) * 1000 + b"\n"
    unpack(packed({"run.json": b"{}", "traces.jsonl": line * 100}, zipfile.ZIP_STORED), into)
    assert (into / "traces.jsonl").stat().st_size == 100 * len(line)


def test_what_is_taken_is_what_a_run_folder_says_of_itself():
    assert all(f"\n{name} " in str(folder.__doc__) for name in TAKEN)
