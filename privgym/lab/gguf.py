"""A LoRA adapter as peft keeps it -> llama.cpp's file for it: then no torch is needed to run it.

Both halves keep their shape. In models of the llama architecture llama.cpp holds the rows of q
and k in another order (the two halves of each head's rotation interleaved), so the rows of
lora_B of these are permuted as its own converter permutes the weights. An adapter without that
looks much alike in rates, and is another model: compare texts.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError
from privgym.folder import writing

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
"""What transformers calls a layer, and what llama.cpp does."""

PERMUTED = {"self_attn.q_proj": "head_count", "self_attn.k_proj": "head_count_kv"}
"""Layers whose rows llama.cpp holds in another order, and the key of their number of heads."""

_KEY = re.compile(r"base_model\.model\.model\.layers\.(\d+)\.([\w.]+)\.lora_([AB])\.weight")


def convert(adapter: Path, base: Path, out: Path) -> Path:
    """Write an adapter for llama.cpp.

    Args:
        adapter: a folder that peft saved.
        base: the GGUF file of the weights that it is for, of which only the shape is read.
        out: the file to write; numbers are halves, which is finer than the base.

    Returns:
        `out`.

    Raises:
        PrivgymError: a library is missing (code 5); the adapter is not readable (code 4), or has
            parts that this cannot write.
    """
    gguf, load = _libraries()
    config, tensors = _read(adapter, load)
    shape = shape_of(gguf, base)
    fresh = out.with_name(f"{out.name}.new")
    with writing(out):
        out.parent.mkdir(parents=True, exist_ok=True)
        writer = gguf.GGUFWriter(fresh, shape["architecture"])
        writer.add_string("general.type", "adapter")
        writer.add_string("adapter.type", "lora")
        writer.add_float32("adapter.lora.alpha", float(config["lora_alpha"]))
        for name, tensor in sorted(tensors.items()):
            writer.add_tensor(*_tensor(name, tensor, shape))
        writer.write_header_to_file()
        writer.write_kv_data_to_file()
        writer.write_tensors_to_file()
        writer.close()
        fresh.replace(out)
    return out


def permuted(rows: NDArray[Any], heads: int) -> NDArray[Any]:
    """Rows of q or k in the order that llama.cpp holds them in.

    Args:
        rows: outputs x anything, as transformers has them: by head, its two halves in turn.
        heads: how many.
    """
    halves = rows.reshape(heads, 2, rows.shape[0] // heads // 2, *rows.shape[1:])
    found: NDArray[Any] = halves.swapaxes(1, 2).reshape(rows.shape)
    return found


def shape_of(gguf: Any, base: Path) -> dict[str, Any]:
    """The architecture of a GGUF file, and how many heads it has."""
    try:
        fields = gguf.GGUFReader(base).fields
        architecture = fields["general.architecture"].contents()
        counts = {
            key: int(fields[f"{architecture}.attention.{key}"].contents())
            for key in PERMUTED.values()
        }
    except (OSError, ValueError, KeyError, IndexError) as error:
        raise PrivgymError(f"no readable weights: {error}", where=str(base), code=REFUSED) from None
    return {"architecture": architecture, **counts}


def _tensor(name: str, tensor: NDArray[Any], shape: dict[str, Any]) -> tuple[str, NDArray[Any]]:
    """One half of a layer's adapter under llama.cpp's name."""
    found = _KEY.fullmatch(name)
    if not found or found[2] not in NAMES:
        what = f"llama.cpp's adapters have no place for {name}"
        raise PrivgymError(what, do=f"train no other layers than {', '.join(NAMES)}")
    number, layer, half = found.groups()
    if half == "B" and layer in PERMUTED and shape["architecture"] == "llama":
        tensor = permuted(tensor, shape[PERMUTED[layer]])
    kept = np.ascontiguousarray(tensor, dtype=np.float16)
    return f"blk.{number}.{NAMES[layer]}.weight.lora_{half.lower()}", kept


def _read(adapter: Path, load: Any) -> tuple[dict[str, Any], dict[str, NDArray[Any]]]:
    try:
        config = json.loads((adapter / "adapter_config.json").read_text(encoding="utf-8"))
        tensors = load(adapter / "adapter_model.safetensors")
        plain = not (config.get("use_rslora") or config.get("use_dora"))
        if config["peft_type"] != "LORA" or not plain:
            raise ValueError("it is no plain LoRA adapter")
    except Exception as error:  # safetensors has errors of its own
        what = f"no readable adapter: {error}"
        raise PrivgymError(what, where=str(adapter), code=REFUSED) from None
    return config, tensors


def _libraries() -> tuple[Any, Any]:
    try:
        import gguf
        from safetensors.numpy import load_file
    except ImportError:
        what = "gguf and safetensors are not installed"
        raise PrivgymError(what, do='pip install "privgym[local]"', code=ENVIRONMENT) from None
    return gguf, load_file
