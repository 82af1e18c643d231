"""GGUF weights as a checkpoint folder, which is what servers like vLLM load.

pip install "privgym[local]" && python examples/make_checkpoint.py smollm2 OUT
"""

import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from privgym.models import checkpoint


def plain(base):
    """The weights of a checkpoint, as a model that does not know that they were a GGUF file.

    One that knows is neither saved nor taken by trainers.
    """
    weights = AutoModelForCausalLM.from_pretrained(**base.arguments, dtype=torch.float32)
    config = AutoConfig.from_pretrained(**base.arguments)
    for key in ("quantization_config", "_name_or_path"):
        vars(config).pop(key, None)
    model = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
    model.load_state_dict(weights.state_dict())
    return model


if __name__ == "__main__":
    base, out = checkpoint.find(sys.argv[1]), sys.argv[2]
    plain(base).save_pretrained(out)
    AutoTokenizer.from_pretrained(**base.arguments).save_pretrained(out)
    print(f"{base.name} is in {out}")
