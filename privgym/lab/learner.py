"""A model that is being trained: its weights, its chat template, and what of it may change.

torch, transformers and peft are needed, and are imported when a learner is made.
"""

from __future__ import annotations

import contextlib
import io
from pathlib import Path
from typing import Any, NamedTuple

from privgym.errors import PrivgymError
from privgym.lab.method import Method
from privgym.lab.row import Row
from privgym.lab.unpacked import libraries, plain
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
        self.torch, self._transformers, self._peft = libraries()
        self.torch.set_num_threads(threads)
        self.torch.manual_seed(seed)
        self.device = "cuda" if self.torch.cuda.is_available() else "cpu"
        self._base, self._method = base, method
        with contextlib.redirect_stderr(io.StringIO()):
            self.tokenizer = self._transformers.AutoTokenizer.from_pretrained(**base.arguments)
            self.model = plain(base)
        if self.device == "cpu":  # its fused attention is slower on texts as short as rows
            self.model.set_attn_implementation("eager")
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
        said = self.torch.tensor([lesson.tokens[n] for n in lesson.places], device=self.device)
        return self.torch.nn.functional.cross_entropy(self._logits(lesson), said)

    def likelihood(self, row: Row) -> float:
        """The log-probability of all that is said in a row, in nats."""
        lesson = self.lesson(row)
        with self.torch.no_grad():
            return -float(self.loss(lesson)) * len(lesson.places)

    def odds(self, one: Row, other: Row) -> float:
        """Log-odds of the one row against the other at the token at which they part, in nats.

        Args:
            one, other: rows with the same prompt, whose answers differ.
        """
        both = [self.lesson(row) for row in (one, other)]
        pairs = enumerate(zip(*(lesson.tokens for lesson in both), strict=False))
        place = next(n for n, (a, b) in pairs if a != b)
        with self.torch.no_grad():
            (logits,) = self._logits(Lesson(both[0].tokens[: place + 1], [place]))
        return float(logits[both[0].tokens[place]] - logits[both[1].tokens[place]])

    def adopt(self, weights: Path) -> None:
        """Take the weights that were saved in a folder, and be done with training."""
        if self._method.kind == "lora":
            loaded = self._peft.load_peft_weights(str(weights), device=self.device)
            self._peft.set_peft_model_state_dict(self.model, loaded)
        else:
            auto = self._transformers.AutoModelForCausalLM
            self.model.load_state_dict(auto.from_pretrained(weights).state_dict())
        self.model.eval()

    def save(self, out: Path) -> None:
        """Write the adapter, or the whole checkpoint with its tokenizer."""
        if self._method.kind == "lora":
            self.model.peft_config["default"].base_model_name_or_path = self._base.name
            self.model.save_pretrained(out, save_embedding_layers=False)
        else:
            self.model.save_pretrained(out)
            self.tokenizer.save_pretrained(out)

    def _logits(self, lesson: Lesson) -> Any:
        """What the model expects at the places of a lesson: places x vocabulary."""
        torch = self.torch
        tokens = torch.tensor(lesson.tokens, device=self.device)
        places = torch.tensor(lesson.places, device=self.device)
        # bfloat16 where it does no harm: half the time, and the same losses.
        with torch.autocast(self.device, torch.bfloat16):
            return self.model(tokens[None], logits_to_keep=places - 1).logits[0].float()

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
            target_modules=list(self._method.targets) or self._linear(),
            layers_to_transform=self._upper(),
            task_type="CAUSAL_LM",
        )

    def _linear(self) -> list[str]:
        """The names of all linear layers within the blocks."""
        linear = self.torch.nn.Linear
        named = [name for name, one in self.model.named_modules() if isinstance(one, linear)]
        return sorted({name.rpartition(".")[2] for name in named if ".layers." in name})

    def _upper(self) -> list[int] | None:
        """The layers that get an adapter; None for all."""
        count = int(self.model.config.get_text_config().num_hidden_layers)
        return list(range(count))[-self._method.layers :] if self._method.layers else None

    def _halve(self) -> None:
        """Keep frozen layers in the precision that they are multiplied in: autocast would else
        round them anew in every pass. The sums are the same."""
        torch = self.torch
        for layer in self.model.modules():
            if isinstance(layer, torch.nn.Linear) and not layer.weight.requires_grad:
                # A copy: the last layer may be tied to the embeddings, which stay as they are.
                halved = layer.weight.detach().to(torch.bfloat16)
                layer.weight = torch.nn.Parameter(halved, requires_grad=False)
