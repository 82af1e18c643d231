"""A zipped run folder from a stranger -> a run folder: known files only, and never too much.

No name in an archive becomes a path: it must be that of a file that a run folder has, and the file
is then written under our own spelling of it. What is in the files is for `privgym.submission` to
judge. Only zip, since a reader of tar files takes headers of any length before it can be stopped.
"""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from privgym.errors import REFUSED, PrivgymError
from privgym.handed import FILES

MEBI = 1024 * 1024
MAX_ARCHIVE = 32 * MEBI
"""Longest archive, in bytes."""

MAX_UNPACKED = 128 * MEBI
"""Most that all files of an archive may come to, in bytes."""

MAX_RATIO = 200
"""How far a file may have been compressed; traces come to about a tenth."""

MAX_MEMBERS = 32
TAKEN = tuple(FILES)
"""What is taken of a run folder."""

LEFT = re.compile(r"lock|sensed-[\w.-]{1,80}\.jsonl", re.ASCII)
"""What a run folder has beside, and is not taken."""

FOLDER = re.compile(r"(?!\.)[\w.@+-]{1,200}", re.ASCII)
"""The one folder that the files may lie in."""

_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_CHUNK = 64 * 1024


def unpack(archive: BinaryIO, into: Path) -> None:
    """Write the files of a zipped run folder into a folder.

    Args:
        archive: the zip file; it can be sought in.
        into: an empty folder.

    Raises:
        PrivgymError: (code 4) it is no zip of a run folder and nothing else, or is too large.
    """
    try:
        with zipfile.ZipFile(_Wary(archive)) as opened:
            for name, member in _members(opened):
                _copy(opened, member, into / name)
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError) as error:
        raise _refused(f"not a readable zip file: {error}"[:200]) from None
    if not {"run.json", "traces.jsonl"} <= {path.name for path in into.iterdir()}:
        raise _refused("there is no run.json with a traces.jsonl beside it")


def _members(opened: zipfile.ZipFile) -> Iterator[tuple[str, zipfile.ZipInfo]]:
    """The files that are taken, by their names in a run folder."""
    members = opened.infolist()
    if len(members) > MAX_MEMBERS:
        raise _refused(f"{len(members):,} files; a run folder has {len(TAKEN)}")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        raise _refused(f"more than {MAX_UNPACKED // MEBI} MiB once unpacked")
    folders, seen = set(), set()
    for member in members:
        # `filename` ends at a NUL; what was written is what has to be plain.
        folder, _, name = member.orig_filename.rpartition("/")
        folders.add(folder)
        if (folder and not FOLDER.fullmatch(folder)) or len(folders) > 1:
            raise _refused("files in other folders than one", member.orig_filename)
        if name in seen:
            raise _refused("a name twice", member.orig_filename)
        seen.add(name)
        _check(member)
        if name in TAKEN:
            yield name, member
        elif name and not LEFT.fullmatch(name):
            raise _refused("a file that no run folder has", member.orig_filename)


def _check(member: zipfile.ZipInfo) -> None:
    """Whether a member is a plain file, packed in a way that can be stopped."""
    kind = stat.S_IFMT(member.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise _refused("not a plain file", member.orig_filename)
    if member.flag_bits & 0x1 or member.compress_type not in _METHODS:
        raise _refused("encrypted, or compressed by another method", member.orig_filename)
    if member.file_size > MEBI and member.file_size > MAX_RATIO * member.compress_size:
        raise _refused("compressed further than any trace is", member.orig_filename)


def _copy(opened: zipfile.ZipFile, member: zipfile.ZipInfo, path: Path) -> None:
    left = member.file_size
    with opened.open(member) as packed, path.open("xb") as file:
        while chunk := packed.read(_CHUNK):
            left -= len(chunk)
            if left < 0:
                raise _refused("longer than it says", member.orig_filename)
            file.write(chunk)


class _Wary(io.BufferedIOBase):
    """A file of which no more than a mebibyte is read at once.

    A zip file says how long its own directory is, and `zipfile` would read all of it.
    """

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, size: int | None = -1) -> bytes:
        """Read some bytes.

        Raises:
            PrivgymError: (code 4) more than a mebibyte was to be read.
        """
        asked = MEBI + 1 if size is None or size < 0 else size
        if asked > MEBI + 1 or len(found := self._file.read(asked)) > MEBI:
            raise _refused("its directory is too long")
        return found

    def seek(self, offset: int, whence: int = 0) -> int:
        """Go to a place; gives where that is."""
        return self._file.seek(offset, whence)

    def tell(self) -> int:
        """Where it stands."""
        return self._file.tell()

    def seekable(self) -> bool:
        """It is."""
        return True


def _refused(what: str, where: str = "") -> PrivgymError:
    do = f"zip a run folder: {', '.join(TAKEN)}"
    return PrivgymError(f"this upload is refused: {what}", where=where[:200], do=do, code=REFUSED)
