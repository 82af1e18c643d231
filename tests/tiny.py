"""A chat model of two layers and random weights, made on the spot: for tests without downloads."""

from __future__ import annotations

from pathlib import Path

import pytest

torch = pytest.importorskip("torch")
transformers = pytest.importorskip("transformers")
peft = pytest.importorskip("peft")
safetensors = pytest.importorskip("safetensors.torch")
pytest.importorskip("xgrammar")

from tokenizers import Tokenizer, decoders, models, pre_tokenizers  # noqa: E402

END = "<|im_end|>"
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
CONTEXT = 512


def checkpoint(
    folder: Path, template: str = TEMPLATE, width: int = 32, context: int = CONTEXT
) -> Path:
    """A checkpoint folder: bytes as tokens, weights out of a fixed seed."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = ["<|im_start|>", END, *alphabet]
    tokenizer = Tokenizer(models.BPE(vocab={w: n for n, w in enumerate(words)}, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    fast = transformers.PreTrainedTokenizerFast(
        tokenizer_object=tokenizer,
        eos_token=END,
        additional_special_tokens=["<|im_start|>"],
        chat_template=template,
    )
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = transformers.LlamaConfig(
        vocab_size=len(words),
        hidden_size=width,
        intermediate_size=2 * width,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        initializer_range=0.4,  # wide enough that no two tokens are nearly as likely
        bos_token_id=None,
        eos_token_id=words.index(END),
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder


def adapter(folder: Path, base: Path, seed: int) -> Path:
    """A LoRA folder over a checkpoint, with random weights in both halves."""
    torch.manual_seed(seed)
    model = transformers.AutoModelForCausalLM.from_pretrained(base)
    lora = peft.LoraConfig(
        r=4, target_modules="all-linear", init_lora_weights=False, task_type="CAUSAL_LM"
    )
    peft.get_peft_model(model, lora).save_pretrained(folder)
    return folder
