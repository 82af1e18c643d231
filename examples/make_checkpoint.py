"""GGUF weights as a checkpoint folder, which is what servers like vLLM load.

pip install "privgym[local]" && python examples/make_checkpoint.py smollm2 OUT
"""

import sys

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from privgym.models import checkpoint

base, out = checkpoint.find(sys.argv[1]), sys.argv[2]
weights = AutoModelForCausalLM.from_pretrained(**base.arguments, dtype=torch.float32)
# A model that came out of a GGUF file is not saved; one that knows nothing of that is.
config = AutoConfig.from_pretrained(**base.arguments)
for key in ("quantization_config", "_name_or_path"):
    vars(config).pop(key, None)
plain = AutoModelForCausalLM.from_config(config, dtype=torch.float32)
plain.load_state_dict(weights.state_dict())
plain.save_pretrained(out)
AutoTokenizer.from_pretrained(**base.arguments).save_pretrained(out)
print(f"{base.name} is in {out}")
