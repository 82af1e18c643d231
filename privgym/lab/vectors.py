"""Control vectors across the steps of a fine-tune: what turned, and what only changed its sign.

A control vector is the first principal component of differences between activations (Vogel 2024,
`repeng`; Zou et al. 2023). Where the differences all have one label order (one-sided PCA), that
component's sign is arbitrary: v and -v explain the same variance. A cosine of -0.7 between two
checkpoints is then no turn of a direction, unless something fixes the signs.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import numpy as np

from privgym.errors import ENVIRONMENT, PrivgymError

Vectors = dict[int, np.ndarray]
"""A direction a layer."""

_STEP = re.compile(r"(base|final|step(\d+))[^_]*_(\w+)\.gguf")


class Layer(msgspec.Struct, frozen=True):
    """One layer of two checkpoints: their directions' cosine, and which layer it is."""

    layer: int
    cosine: float


class Between(msgspec.Struct, frozen=True):
    """Two checkpoints.

    Args:
        one, other: the files' names.
        layers: the cosine at each layer.
        mean: mean of the cosines as they stand in the files.
        corrected: mean of their absolute values: with signs set so that directions agree.
        flipped: layers at which the sign differs.
        last: the cosine at the last layer.
        smoothness: mean change of |cosine| from a layer to the next.
        signed: mean change of the cosine itself from a layer to the next.
    """

    one: str
    other: str
    layers: tuple[Layer, ...]
    mean: float
    corrected: float
    flipped: tuple[int, ...]
    last: float
    smoothness: float
    signed: float


def load(path: Path) -> Vectors:
    """The directions in a control vector file.

    Raises:
        PrivgymError: it cannot be read, or holds no directions.
    """
    reader = _reader()
    try:
        tensors = reader(path).tensors
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise PrivgymError(f"no GGUF: {error}", where=str(path), code=ENVIRONMENT) from None
    found = {
        int(tensor.name.partition(".")[2]): np.array(tensor.data, float)
        for tensor in tensors
        if tensor.name.startswith("direction.")
    }
    if not found:
        raise PrivgymError("there are no directions in it", where=str(path))
    return found


def _reader() -> Any:
    try:
        import gguf
    except ModuleNotFoundError:
        what = "control vectors are GGUF files, and gguf is not installed"
        raise PrivgymError(what, do='pip install "privgym[lab]"', code=ENVIRONMENT) from None
    return gguf.GGUFReader


def between(names: tuple[str, str], one: Vectors, other: Vectors) -> Between:
    """Two checkpoints, layer by layer."""
    layers = sorted(one.keys() & other.keys())
    cosines = np.array([_cosine(one[layer], other[layer]) for layer in layers])
    size = np.abs(cosines)
    return Between(
        one=names[0],
        other=names[1],
        layers=tuple(Layer(n, round(float(c), 4)) for n, c in zip(layers, cosines, strict=True)),
        mean=_round(cosines.mean()),
        corrected=_round(size.mean()),
        flipped=tuple(n for n, c in zip(layers, cosines, strict=True) if c < 0),
        last=_round(cosines[-1]),
        smoothness=_round(np.abs(np.diff(size)).mean()) if len(size) > 1 else 0.0,
        signed=_round(np.abs(np.diff(cosines)).mean()) if len(size) > 1 else 0.0,
    )


def folder(path: Path) -> list[Between]:
    """Every set of checkpoints in a folder: each later one against the base and the one before.

    Args:
        path: holds files like base_NAME.gguf, step40_NAME.gguf, final-chkpt_NAME.gguf.

    Raises:
        PrivgymError: there are no two checkpoints of one name in it.
    """
    if not path.is_dir():
        raise PrivgymError(f"{path} is no folder", do="name the folder with the .gguf files")
    sets: dict[str, list[tuple[float, Path]]] = {}
    for file in sorted(path.glob("*.gguf")):
        if match := _STEP.fullmatch(file.name):
            when = {"base": -1.0, "final": float("inf")}.get(match[1], float(match[2] or 0))
            sets.setdefault(match[3], []).append((when, file))
    found = []
    for files in (sorted(files) for _, files in sorted(sets.items())):
        read = [(file.stem, load(file)) for _, file in files]
        pairs = [(0, later) for later in range(1, len(read))]
        pairs += [(later - 1, later) for later in range(2, len(read))]
        found += [between((read[a][0], read[b][0]), read[a][1], read[b][1]) for a, b in pairs]
    if not found:
        do = "it is to have base_NAME.gguf and step40_NAME.gguf or final_NAME.gguf"
        raise PrivgymError("there are no two checkpoints of one name", where=str(path), do=do)
    return found


def _cosine(one: np.ndarray, other: np.ndarray) -> float:
    return float(one @ other / (np.linalg.norm(one) * np.linalg.norm(other)))


def _round(value: Any) -> float:
    return round(float(value), 4)
