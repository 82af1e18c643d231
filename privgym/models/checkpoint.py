"""Weights as transformers reads them: a folder or a GGUF file, found by name, known by hash."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from typing import Any

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError, did_you_mean
from privgym.models import catalogue

BASE, ADAPTER = "config.json", "adapter_config.json"
"""The file that says what a folder is. Its weights are safetensors: pickles are programs."""

HUB = re.compile(r"[\w-][\w.-]*/[\w.-]+")
"""What an id on the hub looks like."""

WANTED = ["*.safetensors", "*.json", "*.jinja", "*.model", "*.txt"]
SPARE = ["original/*", "consolidated*"]
"""Second copies of the same weights, in formats of their authors."""


class Checkpoint(msgspec.Struct, frozen=True):
    """Weights on this machine.

    Args:
        name: what they are called in a header: an id or the last part of a path.
        path: a folder, or a GGUF file.
        sha256: of the one file of weights; where there are several, and for an adapter (with
            its config), the hash of what `sha256sum` prints for them.
        source: the catalogue's line, where they came by it.
    """

    name: str
    path: Path
    sha256: str
    source: catalogue.Source | None = None

    @property
    def arguments(self) -> dict[str, Any]:
        """What every `from_pretrained` is told of where the files lie."""
        if self.path.is_file():
            return {
                "pretrained_model_name_or_path": str(self.path.parent),
                "gguf_file": self.path.name,
            }
        return {"pretrained_model_name_or_path": str(self.path)}


def find(name: str, progress: catalogue.Progress | None = None) -> Checkpoint:
    """The checkpoint of a path, a name in the catalogue or an id on the hub.

    Args:
        name: what was asked for; a path that exists comes first.
        progress: told (bytes so far, bytes in all) while the catalogue fetches.

    Raises:
        PrivgymError: there is no such thing, it cannot be had, or it is no checkpoint.
    """
    path = Path(name).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return Checkpoint(path.name, path, digest([path]))
    if not path.exists() and name in catalogue.SOURCES:
        source = catalogue.SOURCES[name]
        return Checkpoint(name, catalogue.fetch(name, progress), source.sha256, source)
    return _folder(name, BASE)


def find_adapter(name: str) -> Checkpoint:
    """The LoRA adapter of a folder or an id on the hub.

    Raises:
        PrivgymError: there is no such thing, it cannot be had, or it is no adapter.
    """
    return _folder(name, ADAPTER)


def digest(files: list[Path]) -> str:
    """SHA-256 of one file; of several, that of the listing `sha256sum` makes of them by name."""
    listed = {
        path.name: catalogue.sha256(path) for path in sorted(files, key=lambda path: path.name)
    }
    if len(listed) == 1:
        return next(iter(listed.values()))
    lines = "".join(f"{sha256}  {name}\n" for name, sha256 in listed.items())
    return hashlib.sha256(lines.encode()).hexdigest()


def _folder(name: str, mark: str) -> Checkpoint:
    """The folder of a path or a hub id; `mark` is the file that says what it is."""
    path = Path(name).expanduser()
    called = path.resolve().name
    if not path.is_dir():
        if not HUB.fullmatch(name):
            raise PrivgymError(
                f'there are no weights "{name}"',
                meant=did_you_mean(name, catalogue.SOURCES),
                do="Give a folder, a GGUF file, a name of the catalogue or an id on the hub.",
            )
        path, called = Path(_download(name)), name
    weights = [file for file in path.iterdir() if file.suffix == ".safetensors"]
    if not (path / mark).is_file() or not weights:
        raise PrivgymError(
            f"{called} has no weights" if (path / mark).is_file() else f"{called} has no {mark}",
            where=str(path),
            meant=f"BASE+{name}" if mark == BASE and (path / ADAPTER).is_file() else "",
            do=f"Wanted is a folder with {mark} and weights as safetensors.",
        )
    # How strongly an adapter works stands beside its weights.
    return Checkpoint(called, path, digest(weights if mark == BASE else [*weights, path / mark]))


def _download(name: str) -> str:
    try:
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import HfHubHTTPError
    except ImportError:
        raise missing() from None
    try:
        return str(snapshot_download(name, allow_patterns=WANTED, ignore_patterns=SPARE))
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise PrivgymError(
            f'"{name}" is no folder here and could not be fetched: {error}',
            do="Give the path of a folder, or try again with a network.",
            code=ENVIRONMENT,
        ) from error


def missing() -> PrivgymError:
    """What to say where the libraries are not installed."""
    return PrivgymError(
        "torch and transformers are not installed",
        do='pip install "privgym[local]"',
        code=ENVIRONMENT,
    )
