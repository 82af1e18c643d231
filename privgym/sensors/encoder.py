"""Sentences -> vectors, by a small encoder in ONNX: what the semantic sensor compares.

Reimers and Gurevych 2019 (Sentence-BERT): the mean over a sentence's tokens, of length one, so
that the product of two vectors is their cosine. The weights named `minilm` are MiniLM (Wang et
al. 2020) in int8; a product of int8 matrices rounds alike on every machine of one kind, and
nearly so across kinds.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.models import catalogue
from privgym.models.checkpoint import HUB

Vectors = NDArray[np.float32]
"""One row a sentence, each of length one."""

MINILM = "minilm"
MOST_TOKENS = 128
"""What MiniLM was trained on; a longer sentence is cut there."""

BATCH = 32
MOST_KEPT = 50_000
"""Sentences whose vectors are kept: people repeat themselves, and facts come back in each text."""

_MODELS = ("model.onnx", "onnx/model.onnx")


class Encoder:
    """An encoder of sentences.

    Args:
        weights: a name in the catalogue's `ENCODERS`; or a folder, or an id on the hub, with
            `model.onnx` (or `onnx/model.onnx`) and `tokenizer.json`.
        threads: CPU threads.
        progress: told (bytes so far, bytes in all) while weights are fetched.

    Raises:
        PrivgymError: the extra is missing; there are no such weights, or they cannot be had or
            read.
    """

    def __init__(
        self,
        weights: str = MINILM,
        threads: int = 1,
        progress: catalogue.Progress | None = None,
    ) -> None:
        runtime, tokenizers = _libraries()
        model, tokenizer = _files(weights, progress)
        self.about = {"model": weights, "sha256": catalogue.sha256(model)}
        options = runtime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = threads
        try:
            self._session = runtime.InferenceSession(
                str(model), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = tokenizers.Tokenizer.from_file(str(tokenizer))
        except Exception as error:  # both raise classes of their own that derive from nothing else
            raise PrivgymError(
                f"the encoder cannot be loaded: {error}"[:300], where=weights, code=ENVIRONMENT
            ) from error
        self._tokenizer.enable_truncation(MOST_TOKENS)
        self._tokenizer.enable_padding()
        self._inputs = {given.name for given in self._session.get_inputs()}
        self._kept: dict[str, Vectors] = {}

    def encode(self, sentences: Sequence[str]) -> Vectors:
        """The vectors of some sentences, in their order."""
        fresh = sorted({s for s in sentences if s not in self._kept}, key=len)
        if len(self._kept) + len(fresh) > MOST_KEPT:
            self._kept.clear()
            fresh = sorted(set(sentences), key=len)
        for start in range(0, len(fresh), BATCH):
            some = fresh[start : start + BATCH]
            self._kept |= zip(some, self._encode(some), strict=True)
        return np.stack([self._kept[sentence] for sentence in sentences])

    def _encode(self, sentences: list[str]) -> Vectors:
        encoded = self._tokenizer.encode_batch(sentences)
        given = {
            "input_ids": np.array([one.ids for one in encoded]),
            "attention_mask": np.array([one.attention_mask for one in encoded]),
            "token_type_ids": np.array([one.type_ids for one in encoded]),
        }
        (tokens, *_) = self._session.run(
            None, {name: given[name] for name in given if name in self._inputs}
        )
        mask = given["attention_mask"][:, :, None]
        means = (tokens * mask).sum(axis=1) / mask.sum(axis=1)
        length = np.linalg.norm(means, axis=1, keepdims=True)
        return np.asarray(means / np.maximum(length, 1e-9), dtype=np.float32)


def _files(weights: str, progress: catalogue.Progress | None) -> tuple[Path, Path]:
    """The model and the tokenizer."""
    folder = Path(weights).expanduser()
    if folder.is_dir():
        model = next((folder / name for name in _MODELS if (folder / name).is_file()), None)
        if model and (folder / "tokenizer.json").is_file():
            return model, folder / "tokenizer.json"
        do = "Wanted is a folder with model.onnx (or onnx/model.onnx) and tokenizer.json."
        raise PrivgymError("the folder has no encoder", where=str(folder), do=do)
    if HUB.fullmatch(weights):
        return _download(weights, _MODELS[1]), _download(weights, "tokenizer.json")
    model = catalogue.fetch(weights, progress, catalogue.ENCODERS)
    _, tokenizer = catalogue.ENCODERS[weights].files
    return model, catalogue.place(tokenizer)


def _download(repository: str, file: str) -> Path:
    from huggingface_hub import hf_hub_download  # comes with tokenizers
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return Path(hf_hub_download(repository, file))
    except (OSError, ValueError, HfHubHTTPError) as error:
        raise PrivgymError(
            f'"{repository}" is no folder here and could not be fetched: {error}',
            do="Give the path of a folder, or try again with a network.",
            code=ENVIRONMENT,
        ) from error


def _libraries() -> tuple[Any, Any]:
    try:
        import onnxruntime
        import tokenizers
    except ImportError:
        raise PrivgymError(
            "onnxruntime and tokenizers are not installed",
            do='pip install "privgym[semantic]"',
            code=ENVIRONMENT,
        ) from None
    return onnxruntime, tokenizers
