"""What stands between a checkpoint's scores and the next token: drawing it, and how likely it was.

Both are logits processors of transformers: called at each step with the tokens so far and the
scores of the next, one row a prompt. Generating stays an argmax.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


class Drawn:
    """Makes the highest score a draw: argmax of s/T + G, with G standard Gumbel noise, is a sample
    of softmax(s/T) (Maddison, Tarlow and Minka, A* Sampling, NIPS 2014, section 2).

    A row has a generator of its own, so that what is drawn hangs on its seed and not on the
    other rows of its batch, nor on any global state.

    Args:
        torch: the library.
        seeds: one a row.
        temperature: T, above 0.
    """

    def __init__(self, torch: Any, seeds: Sequence[int], temperature: float) -> None:
        self._torch, self._temperature = torch, temperature
        self._generators = [torch.Generator().manual_seed(seed) for seed in seeds]

    def __call__(self, ids: Any, scores: Any) -> Any:
        """The scores, with noise."""
        # Minus the logarithm of exponential noise is Gumbel noise. Drawn on the CPU: the same
        # seed then gives the same noise on any device.
        noise = self._torch.empty(scores.shape, dtype=self._torch.float32)
        for row, generator in zip(noise, self._generators, strict=True):
            row.exponential_(generator=generator)
        return scores.float() / self._temperature - noise.log().to(scores.device)


class Heard:
    """Keeps the log-probability of each token that was chosen, before anything held or drew it.

    It has to be the first of the processors.
    """

    def __init__(self, torch: Any) -> None:
        self._torch = torch
        self._next: Any = None
        self._kept: list[Any] = []

    def __call__(self, ids: Any, scores: Any) -> Any:
        """The scores, as they came."""
        self._keep(ids)
        self._next = scores.float().log_softmax(-1)
        return scores

    def rows(self, ids: Any) -> list[list[float]]:
        """The log-probabilities of what was generated, one row a prompt.

        Args:
            ids: the tokens at the end.
        """
        self._keep(ids)
        rows: list[list[float]] = self._torch.cat(self._kept, dim=1).tolist()
        return rows

    def _keep(self, ids: Any) -> None:
        """Note the token that was chosen since the last call."""
        if self._next is not None:
            self._kept.append(self._next.gather(1, ids[:, -1:]))
