"""Control vectors: a sign that was written down otherwise is no turn of a direction."""

from __future__ import annotations

import sys

import gguf
import numpy as np
import pytest

from privgym.errors import PrivgymError
from privgym.lab import vectors


@pytest.fixture
def write(tmp_path):
    def one(name, directions):
        writer = gguf.GGUFWriter(tmp_path / name, "controlvector")
        for layer, direction in enumerate(directions):
            writer.add_tensor(f"direction.{layer}", direction.astype(np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return tmp_path

    return one


@pytest.fixture
def base():
    return np.random.default_rng(0).normal(size=(6, 64))


def test_a_flipped_sign_is_told_from_a_turn(write, base):
    drift = base + 0.1 * np.random.default_rng(1).normal(size=base.shape)
    signs = np.array([1, 1, -1, 1, 1, -1])[:, None]
    write("base_privacy.gguf", base)
    folder = write("step50_privacy.gguf", drift * signs)
    (found,) = vectors.folder(folder)
    assert found.flipped == (2, 5)
    assert found.last < -0.9
    assert found.corrected > 0.98 > found.mean
    assert found.smoothness < 0.02 < found.signed


def test_a_turn_is_a_turn_whatever_the_sign(write, base):
    write("base_x.gguf", base)
    other = np.random.default_rng(2).normal(size=base.shape)
    (found,) = vectors.folder(write("final-chkpt_x.gguf", other))
    assert found.corrected < 0.4


def test_checkpoints_are_taken_in_the_order_of_training(write, base):
    for name in ("final_x", "step10_x", "step9_x", "base_x", "step9_y"):
        folder = write(f"{name}.gguf", base)
    pairs = [(one.one, one.other) for one in vectors.folder(folder)]
    assert pairs[:3] == [("base_x", "step9_x"), ("base_x", "step10_x"), ("base_x", "final_x")]
    assert pairs[3:] == [("step9_x", "step10_x"), ("step10_x", "final_x")]


def test_what_cannot_be_compared_is_an_error(write, base, tmp_path):
    with pytest.raises(PrivgymError, match="is no folder"):
        vectors.folder(tmp_path / "none")
    with pytest.raises(PrivgymError, match="no two checkpoints"):
        vectors.folder(write("base_x.gguf", base))
    (tmp_path / "final_x.gguf").write_bytes(b"not a gguf at all")
    with pytest.raises(PrivgymError, match="no GGUF"):
        vectors.folder(tmp_path)


def test_without_gguf_it_says_what_to_install(write, base, monkeypatch):
    folder = write("base_x.gguf", base)
    monkeypatch.setitem(sys.modules, "gguf", None)
    with pytest.raises(PrivgymError, match=r"privgym\[lab\]"):
        vectors.load(folder / "base_x.gguf")
