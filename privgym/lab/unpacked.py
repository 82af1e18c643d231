"""Weights as a folder that loads at once: out of a GGUF file, or with an adapter merged in.

Reading them out of a GGUF file takes some 15 seconds, even for a small model; from a folder one.
"""

from __future__ import annotations

import contextlib
import copy
import io
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from privgym.folder import writing
from privgym.models import checkpoint
from privgym.models.checkpoint import Checkpoint


def plain(base: Checkpoint) -> Any:
    """Weights in 32 bits, as a model of transformers that does not know that they were a GGUF
    file: one that knows is neither saved nor taken by peft.

    Raises:
        PrivgymError: the libraries are missing.
    """
    torch, transformers, _ = libraries()
    auto = transformers.AutoModelForCausalLM
    weights = auto.from_pretrained(**base.arguments, dtype=torch.float32)
    if "gguf_file" not in base.arguments:
        return weights
    config = copy.deepcopy(weights.config)
    for key in ("quantization_config", "_name_or_path"):
        vars(config).pop(key, None)
    model = auto.from_config(config, dtype=torch.float32)
    model.load_state_dict(weights.state_dict())
    return model


def unpacked(base: Checkpoint, folder: Path) -> Checkpoint:
    """The same checkpoint, its weights in a folder, which is made if it is not there.

    Its name and hash stay those of the file. Several processes may make it at once: one folder is
    kept.
    """
    if "gguf_file" in base.arguments:
        _kept(folder, lambda own: save(base, own))
        return replace(base, path=folder)
    return base


def merged(base: Checkpoint, adapter: Path, folder: Path) -> Checkpoint:
    """A checkpoint with an adapter merged into its weights, in a folder, which is made if it is not
    there."""

    def make(own: Path) -> None:
        _, _, peft = libraries()
        model = peft.PeftModel.from_pretrained(plain(base), adapter)
        model.merge_and_unload().save_pretrained(own)
        _tokenizer(base).save_pretrained(own)

    _kept(folder, make)
    return replace(checkpoint.find(str(folder)), name=f"{base.name}+{adapter.name}")


def save(base: Checkpoint, folder: Path) -> None:
    """Write weights and tokenizer as a checkpoint folder."""
    plain(base).save_pretrained(folder)
    _tokenizer(base).save_pretrained(folder)


def _kept(folder: Path, make: Callable[[Path], None]) -> None:
    """Have a folder made under a name of its own, and keep it if no other process was first."""
    if folder.is_dir():
        return
    own = folder.with_name(f"{folder.name}.{os.getpid()}")
    with writing(folder), contextlib.redirect_stderr(io.StringIO()):
        make(own)
        try:
            own.rename(folder)
        except OSError:
            shutil.rmtree(own)


def _tokenizer(base: Checkpoint) -> Any:
    _, transformers, _ = libraries()
    return transformers.AutoTokenizer.from_pretrained(**base.arguments)


def libraries() -> tuple[Any, Any, Any]:
    """torch, transformers and peft, imported when they are first needed.

    Raises:
        PrivgymError: they are not installed.
    """
    try:
        import peft
        import torch
        import transformers
    except ImportError:
        raise checkpoint.missing() from None
    return torch, transformers, peft
