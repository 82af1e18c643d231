"""GGUF weights as a checkpoint folder, which is what servers like vLLM load.

pip install "privgym[local]" && python examples/make_checkpoint.py smollm2 OUT
"""

import sys
from pathlib import Path

from privgym.lab import unpacked
from privgym.models import checkpoint

base, out = checkpoint.find(sys.argv[1]), Path(sys.argv[2])
unpacked.save(base, out)
print(f"{base.name} is in {out}")
