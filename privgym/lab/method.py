"""How a model is tuned: the base, what is trained of it, and how. A hash names it."""

from __future__ import annotations

import hashlib
from math import cos, pi
from typing import Literal

import msgspec

from privgym.errors import PrivgymError


class Method(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How rows are learned.

    Args:
        base: a folder, a GGUF file, a name in the catalogue or an id on the hub.
        kind: "lora" trains an adapter beside frozen weights, "full" all weights.
        rank, alpha: of LoRA (Hu et al. 2021): what is added to a layer is alpha / rank x B A.
        targets: ends of the names of the layers that get an adapter; none: all linear ones.
        layers: how many of the last layers get one (0: all). Below them nothing is computed
            backwards, which with half of the layers saves a third of a step.
        rate: the highest learning rate of AdamW; it falls to 0 as half a cosine.
        warm: share of the steps in which it rises.
        decay: weight decay.
        batch: rows a step.
        epochs: times that each row is seen.
        clip: the most that the norm of a step's gradient may be.
        keep: steps after which the weights are kept beside the last ones.
        save: steps between two states from which training can go on.
    """

    base: str = "smollm2"
    kind: Literal["lora", "full"] = "lora"
    rank: int = 16
    alpha: float = 32.0
    targets: tuple[str, ...] = ()
    layers: int = 0
    rate: float = 8e-4
    warm: float = 0.05
    decay: float = 0.01
    batch: int = 4
    epochs: int = 1
    clip: float = 1.0
    keep: tuple[int, ...] = ()
    save: int = 16

    def __post_init__(self) -> None:
        least = {"rank": 1, "batch": 1, "epochs": 1, "save": 1}
        for name, low in least.items():
            if getattr(self, name) < low:
                what = f"{name} is {getattr(self, name)}, and is at least {low}"
                raise PrivgymError(what, where="[method]")
        if self.rate <= 0 or self.alpha <= 0 or self.clip <= 0 or not 0 <= self.warm < 1:
            what = "rate, alpha and clip are above 0, warm from 0 to below 1"
            raise PrivgymError(what, where="[method]")

    @property
    def hash(self) -> str:
        """SHA-256 of all that it says, in hex."""
        return hashlib.sha256(msgspec.json.encode(self, order="sorted")).hexdigest()

    def steps(self, rows: int) -> int:
        """Steps that so many rows take; the last one may have fewer rows than the others."""
        return self.epochs * -(-rows // self.batch)

    def rate_at(self, step: int, steps: int) -> float:
        """The learning rate of a step, counted from 1."""
        warm = max(1, round(self.warm * steps))
        if step <= warm:
            return self.rate * step / warm
        return self.rate * (1 + cos(pi * (step - warm) / max(1, steps - warm))) / 2
