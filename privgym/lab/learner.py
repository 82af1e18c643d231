"""A model that is being trained: its weights, its chat template, and what of it may change.

torch, transformers and peft are needed, and are imported when a learner is made.
"""

from __future__ import annotations

import contextlib
import copy
import io
from pathlib import Path
from typing import Any, NamedTuple

from privgym.errors import PrivgymError
from privgym.lab.method import Method
from privgym.lab.row import Row
from privgym.models import checkpoint
from privgym.models.checkpoint import Checkpoint
from privgym.models.engine import SAME_DAY


class Lesson(NamedTuple):
    """A row as tokens, and the places of those that are to be said: losses are of these alone."""

    tokens: list[int]
    places: list[int]


class Learner:
    """Weights, and those of them that change.

    Args:
        method: how it is tuned.
        base: the weights, as `checkpoint.find` gives them.
        seed: of a fresh adapter's random half.
        threads: threads that torch computes with.

    Raises:
        PrivgymError: the libraries are missing, or the weights cannot be loaded.
    """

    def __init__(self, method: Method, base: Checkpoint, seed: int, threads: int = 1) -> None:
        self.torch, self._transformers, self._peft = _libraries()
        self.torch.set_num_threads(threads)
        self.torch.manual_seed(seed)
        self.device = "cuda" if self.torch.cuda.is_available() else "cpu"
        self._base, self._method = base, method
        with contextlib.redirect_stderr(io.StringIO()):
            self.tokenizer = self._transformers.AutoTokenizer.from_pretrained(**base.arguments)
            self.model = self._plain()
        template = self.tokenizer.get_chat_template()
        self._template = f"{SAME_DAY}{template}" if "strftime_now" in template else template
        self._longest = int(self.model.config.get_text_config().max_position_embeddings)
        if method.kind == "lora":
            self.model = self._peft.get_peft_model(self.model, self._lora())
            self._halve()
        self.model.train().to(self.device)

    @property
    def free(self) -> dict[str, Any]:
        """The weights that change, by name."""
        return {name: p for name, p in self.model.named_parameters() if p.requires_grad}

    def lesson(self, row: Row) -> Lesson:
        """A row as tokens. What the assistant says ends as an answer ends, wherever it stands.

        Raises:
            PrivgymError: it is too long, nothing is said in it, or the template writes what was
                said before otherwise than it was said.
        """
        tokens: list[int] = []
        places: list[int] = []
        for number, said in enumerate(row.messages):
            if said.role != "assistant":
                continue
            prompt = self._prompt(row, number)
            if prompt[: len(tokens)] != tokens:
                what = "this chat template changes earlier turns: a row is not one text"
                raise PrivgymError(what, where=row.id, do="split its chats after each answer")
            own = self.tokenizer(said.content, add_special_tokens=False).input_ids
            answer = [*own, self.tokenizer.eos_token_id]
            places += range(len(prompt), len(prompt) + len(answer))
            tokens = prompt + answer
        if not places or len(tokens) > self._longest:
            long = f"it has {len(tokens)} tokens, the model takes {self._longest}"
            what = f"a row cannot be learned: {long if places else 'no assistant says anything'}"
            raise PrivgymError(what, where=row.id)
        return Lesson(tokens, places)

    def loss(self, lesson: Lesson) -> Any:
        """The mean cross-entropy of what is to be said, in nats a token."""
        torch = self.torch
        tokens = torch.tensor(lesson.tokens, device=self.device)
        places = torch.tensor(lesson.places, device=self.device)
        # bfloat16 where it does no harm: half the time, and the same losses.
        with torch.autocast(self.device, torch.bfloat16):
            logits = self.model(tokens[None], logits_to_keep=places - 1).logits[0]
        return torch.nn.functional.cross_entropy(logits.float(), tokens[places])

    def save(self, out: Path) -> None:
        """Write the adapter, or the whole checkpoint with its tokenizer."""
        if self._method.kind == "lora":
            self.model.peft_config["default"].base_model_name_or_path = self._base.name
            self.model.save_pretrained(out, save_embedding_layers=False)
        else:
            self.model.save_pretrained(out)
            self.tokenizer.save_pretrained(out)

    def _prompt(self, row: Row, number: int) -> list[int]:
        """All that stands before a message, as the assistant is shown it."""
        found: list[int] = self.tokenizer.apply_chat_template(
            [{"role": said.role, "content": said.content} for said in row.messages[:number]],
            chat_template=self._template,
            add_generation_prompt=True,
            return_dict=False,
        )
        return found

    def _lora(self) -> Any:
        return self._peft.LoraConfig(
            r=self._method.rank,
            lora_alpha=self._method.alpha,
            target_modules=list(self._method.targets) or "all-linear",
            task_type="CAUSAL_LM",
        )

    def _plain(self) -> Any:
        """The weights as a model that does not know that they were a GGUF file: one that knows
        is neither saved nor taken by peft."""
        auto, torch = self._transformers.AutoModelForCausalLM, self.torch
        weights = auto.from_pretrained(**self._base.arguments, dtype=torch.float32)
        if "gguf_file" not in self._base.arguments:
            return weights
        config = copy.deepcopy(weights.config)
        for key in ("quantization_config", "_name_or_path"):
            vars(config).pop(key, None)
        model = auto.from_config(config, dtype=torch.float32)
        model.load_state_dict(weights.state_dict())
        return model

    def _halve(self) -> None:
        """Keep frozen layers in the precision that they are multiplied in: autocast would else
        round them anew in every pass. The sums are the same."""
        torch = self.torch
        for layer in self.model.modules():
            if isinstance(layer, torch.nn.Linear) and not layer.weight.requires_grad:
                # A copy: the last layer may be tied to the embeddings, which stay as they are.
                halved = layer.weight.detach().to(torch.bfloat16)
                layer.weight = torch.nn.Parameter(halved, requires_grad=False)


def _libraries() -> tuple[Any, Any, Any]:
    try:
        import peft
        import torch
        import transformers
    except ImportError:
        raise checkpoint.missing() from None
    return torch, transformers, peft
