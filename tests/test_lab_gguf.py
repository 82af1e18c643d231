"""Adapters for llama.cpp: names, shapes, the order of rows; and that it takes them."""

from __future__ import annotations

import json
from pathlib import Path

import gguf as format_
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError
from privgym.lab import gguf
from privgym.models import adapters, checkpoint, llamacpp
from privgym.models.llamacpp import LlamaCpp

safetensors = pytest.importorskip("safetensors.numpy")

HEADS, KV, WIDTH, RANK = 4, 2, 16, 3
KEY = "base_model.model.model.layers.{}.{}.lora_{}.weight"


@pytest.fixture
def base(tmp_path: Path):
    def write(architecture: str = "llama") -> Path:
        path = tmp_path / f"{architecture}.gguf"
        writer = format_.GGUFWriter(path, architecture)
        writer.add_head_count(HEADS)
        writer.add_head_count_kv(KV)
        writer.add_tensor("token_embd.weight", np.zeros((2, 2), np.float32))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        return path

    return write


@pytest.fixture
def adapter(tmp_path: Path):
    def write(layers: tuple[str, ...] = tuple(gguf.NAMES), **config) -> Path:
        folder, rng = tmp_path / "adapter", np.random.default_rng(0)
        folder.mkdir()
        about = {"peft_type": "LORA", "lora_alpha": 6, "r": RANK, **config}
        (folder / "adapter_config.json").write_text(json.dumps(about))
        tensors = {}
        for layer in layers:
            tensors[KEY.format(1, layer, "A")] = rng.normal(size=(RANK, WIDTH)).astype("f4")
            tensors[KEY.format(1, layer, "B")] = rng.normal(size=(WIDTH, RANK)).astype("f4")
        safetensors.save_file(tensors, folder / "adapter_model.safetensors")
        return folder

    return write


def read(path: Path) -> tuple[dict, dict[str, np.ndarray]]:
    reader = format_.GGUFReader(path)
    fields = {name: field.contents() for name, field in reader.fields.items()}
    return fields, {tensor.name: np.array(tensor.data) for tensor in reader.tensors}


def test_an_adapter_keeps_its_shapes_under_other_names(base, adapter, tmp_path):
    folder = adapter()
    fields, tensors = read(gguf.convert(folder, base(), tmp_path / "out" / "a.gguf"))
    assert fields["general.type"] == "adapter"
    assert fields["adapter.type"] == "lora"
    assert fields["adapter.lora.alpha"] == 6.0
    assert fields["general.architecture"] == "llama"
    own = safetensors.load_file(folder / "adapter_model.safetensors")
    assert len(tensors) == len(own)
    for layer, name in gguf.NAMES.items():
        for half in "AB":
            expected = own[KEY.format(1, layer, half)]
            if half == "B" and layer in gguf.PERMUTED:
                expected = gguf.permuted(expected, {"attn_q": HEADS, "attn_k": KV}[name])
            found = tensors[f"blk.1.{name}.weight.lora_{half.lower()}"]
            assert found.dtype == np.float16
            np.testing.assert_array_equal(found, expected.astype(np.float16))


def test_only_the_llama_architecture_has_another_order(base, adapter, tmp_path):
    folder = adapter(("self_attn.q_proj",))
    _, tensors = read(gguf.convert(folder, base("qwen2"), tmp_path / "a.gguf"))
    own = safetensors.load_file(folder / "adapter_model.safetensors")
    expected = own[KEY.format(1, "self_attn.q_proj", "B")].astype(np.float16)
    np.testing.assert_array_equal(tensors["blk.1.attn_q.weight.lora_b"], expected)


@given(st.integers(1, 6), st.integers(1, 5), st.integers(1, 3))
def test_rows_change_places_within_their_head(heads, half, columns):
    rows = np.arange(heads * 2 * half * columns).reshape(heads * 2 * half, columns)
    found = gguf.permuted(rows, heads)
    assert found.shape == rows.shape
    for head in range(heads):
        own = rows[head * 2 * half : (head + 1) * 2 * half]
        expected = [row for pair in zip(own[:half], own[half:], strict=True) for row in pair]
        np.testing.assert_array_equal(found[head * 2 * half : (head + 1) * 2 * half], expected)


@pytest.mark.parametrize(
    ("config", "says"),
    [({"use_dora": True}, "no plain LoRA"), ({"peft_type": "IA3"}, "no plain LoRA")],
)
def test_what_is_no_plain_lora_is_refused(base, adapter, tmp_path, config, says):
    with pytest.raises(PrivgymError, match=says) as refused:
        gguf.convert(adapter(**config), base(), tmp_path / "a.gguf")
    assert refused.value.code == REFUSED


def test_a_layer_that_has_no_place_is_an_error(base, adapter, tmp_path):
    with pytest.raises(PrivgymError, match="have no place for"):
        gguf.convert(adapter(("mlp.router",)), base(), tmp_path / "a.gguf")


def test_weights_that_cannot_be_read_are_refused(adapter, tmp_path):
    (tmp_path / "odd.gguf").write_bytes(b"not a gguf")
    with pytest.raises(PrivgymError, match="no readable weights"):
        gguf.convert(adapter(), tmp_path / "odd.gguf", tmp_path / "a.gguf")


def test_an_adapter_is_found_by_path_or_by_name(tmp_path, adapter):
    file = tmp_path / "a.gguf"
    file.write_bytes(b"")
    assert adapters.find(str(file)) == file
    for name in adapters.names():
        assert adapters.find(name).stat().st_size < 2_000_000
    with pytest.raises(PrivgymError, match='no adapter "nobody"'):
        adapters.find("nobody")
    with pytest.raises(PrivgymError, match="adapter for local"):
        adapters.find(str(adapter()))


def test_several_adapters_may_follow_their_weights(tmp_path):
    files = [tmp_path / "one.gguf", tmp_path / "two.gguf"]
    for file in files:
        file.write_bytes(b"")
    assert llamacpp.parts(f"smollm2+{files[0]}+{files[1]}") == ("smollm2", files)
    assert llamacpp.parts("smollm2") == ("smollm2", [])


@pytest.mark.model
def test_the_order_is_that_of_real_weights():
    """The base's own q and k, as llama.cpp holds them and as transformers does."""
    transformers = pytest.importorskip("transformers")
    try:
        base = checkpoint.find("smollm2")
    except PrivgymError as error:
        if error.code != ENVIRONMENT:
            raise
        pytest.skip(str(error).replace("\n", ";"))
    model = transformers.AutoModelForCausalLM.from_pretrained(**base.arguments)
    reader = format_.GGUFReader(base.path)
    tensors = {tensor.name: tensor for tensor in reader.tensors}
    for layer, key in gguf.PERMUTED.items():
        held = tensors[f"blk.0.{gguf.NAMES[layer]}.weight"]
        own = model.get_parameter(f"model.layers.0.{layer}.weight").detach().numpy()
        heads = gguf.shape_of(format_, base.path)[key]
        dequantized = format_.quants.dequantize(held.data, held.tensor_type)
        np.testing.assert_allclose(gguf.permuted(own, heads), dequantized, atol=1e-6)


@pytest.mark.model
def test_an_adapter_of_other_weights_is_an_error(base, adapter, tmp_path, capfd):
    file = gguf.convert(adapter(), base(), tmp_path / "a.gguf")
    try:
        checkpoint.find("smollm2")
    except PrivgymError as error:
        pytest.skip(str(error).replace("\n", ";"))
    with pytest.raises(PrivgymError, match="cannot load the adapter") as failed:
        LlamaCpp(f"smollm2+{file}", slots=1, context=512)
    assert failed.value.code == ENVIRONMENT
