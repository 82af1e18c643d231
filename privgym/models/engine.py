"""A base on transformers, its adapters beside it: several prompts in, their replies out.

Prompts of one batch are padded on the left and decoded greedily, or drawn with a seed of their
own each. A prompt alone gives the same text in every process; in a batch the last digits of the
sums differ, and with them, rarely, a word.
"""

from __future__ import annotations

import contextlib
import hashlib
import io
import warnings
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.model import Prompt, Reply
from privgym.models import checkpoint, notation
from privgym.models.checkpoint import Checkpoint
from privgym.models.drawing import Drawn, Heard

SAME_DAY = "{%- macro strftime_now(format) -%}26 July 2024{%- endmacro -%}"
"""Goes before templates that print the day: the same prompt is the same text tomorrow."""


class Draft(NamedTuple):
    """A prompt as tokens, and the grammar that its answer is held to."""

    prompt: Prompt
    tokens: list[int]
    grammar: Any


class Engine:
    """Weights, tokenizer and chat template; used by one thread at a time.

    Args:
        base: the weights.
        threads: threads that torch computes with. One by default: a run may have several
            processes, and the sums then do not depend on the machine.

    Raises:
        PrivgymError: the libraries are missing, or the weights are not a whole chat model.
    """

    def __init__(self, base: Checkpoint, threads: int = 1) -> None:
        self._torch, self._transformers, self._peft, self._xgrammar = _libraries()
        self._torch.set_num_threads(threads)
        self._name = base.name
        self._tuned: Any = None
        self._adapters: set[str] = set()
        with self._failing("cannot load the weights"), _quiet():
            self._load(base)
        self.about = {
            "engine": f"transformers/{self._transformers.__version__}",
            "torch": str(self._torch.__version__),
            "dtype": str(self._model.dtype).removeprefix("torch."),
            "device": str(self._model.device.type),
            "threads": str(threads),
            "context": str(self._context),
            "template": hashlib.sha256(self._template.encode()).hexdigest(),
            "notation": self.notation.name if self.notation else "unknown",
        }

    def adapt(self, adapter: Checkpoint) -> str:
        """Load an adapter beside the base, unless it is there; the name to ask for it by.

        Raises:
            PrivgymError: it is no adapter of this base.
        """
        name = adapter.sha256
        if name not in self._adapters:
            with self._failing(f"the adapter {adapter.name} does not fit"), _quiet():
                self._load_adapter(adapter, name)
        return name

    def answer(
        self, prompts: Sequence[Prompt], adapter: str = "", temperature: float = 0.0
    ) -> list[Reply | PrivgymError]:
        """Answer prompts together.

        Args:
            prompts: all with a schema, or all without.
            adapter: what `adapt` called it; "" for the base.
            temperature: of sampling, from the whole distribution; 0 is greedy.

        Returns:
            For each prompt its reply, or why the template or the grammar refuses it.

        Raises:
            PrivgymError: generating failed.
        """
        drafts = [self._draft(prompt) for prompt in prompts]
        ready = [draft for draft in drafts if isinstance(draft, Draft)]
        replies = iter(self._generate(ready, adapter, temperature) if ready else ())
        return [next(replies) if isinstance(draft, Draft) else draft for draft in drafts]

    # -- loading ----------------------------------------------------------------------------

    def _load(self, base: Checkpoint) -> None:
        transformers, cuda = self._transformers, self._torch.cuda.is_available()
        self._tokenizer = transformers.AutoTokenizer.from_pretrained(**base.arguments)
        # Most CPUs only emulate the halves that checkpoints are stored in; what is unpacked from
        # a GGUF file would be single precision on a card too.
        halves = self._torch.bfloat16 if "gguf_file" in base.arguments else "auto"
        dtype = halves if cuda else self._torch.float32
        self._model, info = transformers.AutoModelForCausalLM.from_pretrained(
            **base.arguments, dtype=dtype, output_loading_info=True
        )
        _whole(info["missing_keys"])
        self._model.eval().to("cuda" if cuda else "cpu")
        template = self._tokenizer.get_chat_template()
        self.notation = notation.of(template)
        self._template = f"{SAME_DAY}{template}" if "strftime_now" in template else template
        self._stops = self._ends()
        # How a checkpoint would like to be sampled is left aside with its other defaults.
        self._model.generation_config = transformers.GenerationConfig(
            do_sample=False, eos_token_id=self._stops, pad_token_id=self._stops[0]
        )
        shape = self._model.config.get_text_config()
        longest = int(shape.max_position_embeddings)
        self._context = min(longest, base.source.context) if base.source else longest
        vocabulary = self._xgrammar.TokenizerInfo.from_huggingface(
            self._tokenizer, vocab_size=shape.vocab_size, stop_token_ids=self._stops
        )
        self._grammars = self._xgrammar.GrammarCompiler(vocabulary)

    def _ends(self) -> list[int]:
        """Tokens that end an answer: the tokenizer's own, and what the checkpoint adds."""
        stated = self._model.generation_config.eos_token_id
        more = stated if isinstance(stated, list) else [stated]
        ends = dict.fromkeys([self._tokenizer.eos_token_id, *more])
        return [end for end in ends if end is not None]

    def _load_adapter(self, adapter: Checkpoint, name: str) -> None:
        """Put an adapter's layers into the base; each batch says which of them are to work."""
        peft, path = self._peft, str(adapter.path)
        config = peft.PeftConfig.from_pretrained(path)
        if config.peft_type != peft.PeftType.LORA:
            raise ValueError(f"it is no LoRA but {config.peft_type.value}")
        if self._tuned is None:
            self._tuned = peft.PeftModel(self._model, config, adapter_name=name)
        found = self._tuned.load_adapter(path, adapter_name=name)
        _whole([*found.missing_keys, *found.unexpected_keys])
        # Only now: layers of an adapter that did not fit stay where they are, and never work.
        self._adapters.add(name)

    # -- prompts in ---------------------------------------------------------------------------

    def _draft(self, prompt: Prompt) -> Draft | Reply | PrivgymError:
        """The prompt as tokens; an overflow where these and the answer exceed the context."""
        try:
            with self._failing("the prompt is refused"):
                tokens = self._encode(prompt)
                grammar = self._grammar(prompt.schema) if prompt.schema else None
        except PrivgymError as error:
            return error
        if len(tokens) + prompt.max_tokens <= self._context:
            return Draft(prompt, tokens, grammar)
        text = (
            f"the prompt has {len(tokens)} tokens, its answer up to {prompt.max_tokens}, "
            f"the context {self._context}"
        )
        return Reply(text, stopped="overflow", prompt_tokens=len(tokens))

    def _encode(self, prompt: Prompt) -> list[int]:
        turns, tools = prompt.turns, None
        if prompt.tools and not self.notation:
            raise ValueError("its chat template writes calls in a notation that is not known")
        if prompt.tools and self.notation and self.notation.in_template:
            tools = [notation.describe(tool) for tool in prompt.tools]
        elif prompt.tools:
            turns = notation.spell_out(turns, prompt.tools)
        tokens: list[int] = self._tokenizer.apply_chat_template(
            [notation.as_message(turn) for turn in turns],
            tools=tools,
            chat_template=self._template,
            add_generation_prompt=True,
            return_dict=False,
        )
        return tokens

    def _grammar(self, schema: str) -> Any:
        # One line, spaced as Python does: what the dialect writes, and fewer tokens.
        spaced = {"any_whitespace": False, "separators": (", ", ": ")}
        return self._grammars.compile_json_schema(schema, **spaced)

    # -- replies out --------------------------------------------------------------------------

    def _generate(self, drafts: Sequence[Draft], adapter: str, temperature: float) -> list[Reply]:
        heard = Heard(self._torch) if any(draft.prompt.logprobs for draft in drafts) else None
        widest = max(len(draft.tokens) for draft in drafts)
        pads = [widest - len(draft.tokens) for draft in drafts]
        rows = [[self._stops[0]] * n + d.tokens for n, d in zip(pads, drafts, strict=True)]
        mask = [[0] * n + [1] * (widest - n) for n in pads]
        tensor, device = self._torch.tensor, self._model.device
        with self._failing("generating failed"), self._torch.inference_mode(), self._as(adapter):
            written = self._model.generate(
                input_ids=tensor(rows, device=device),
                attention_mask=tensor(mask, device=device),
                max_new_tokens=max(draft.prompt.max_tokens for draft in drafts),
                logits_processor=self._between(drafts, heard, temperature),
            )
            fresh = written[:, widest:].tolist()
            likely = heard.rows(written) if heard else [[]] * len(fresh)
        return [self._reply(*row) for row in zip(drafts, fresh, likely, strict=True)]

    def _between(
        self, drafts: Sequence[Draft], heard: Heard | None, temperature: float
    ) -> list[Any]:
        """What stands between the scores and the next token: listening, holding, drawing."""
        between: list[Any] = [heard] if heard else []
        if drafts[0].grammar:
            grammars = [draft.grammar for draft in drafts]
            between.append(self._xgrammar.contrib.hf.LogitsProcessor(grammars))
        if temperature:
            seeds = [draft.prompt.seed for draft in drafts]
            between.append(Drawn(self._torch, seeds, temperature))
        return between

    def _as(self, adapter: str) -> contextlib.AbstractContextManager[Any]:
        """With this adapter at work and no other."""
        if self._tuned is None:
            return contextlib.nullcontext()
        if adapter:
            self._tuned.set_adapter(adapter)
            return contextlib.nullcontext()
        without: contextlib.AbstractContextManager[Any] = self._tuned.disable_adapter()
        return without

    def _reply(self, draft: Draft, row: list[int], likely: list[float]) -> Reply:
        """What a row says up to its own end; others of its batch may have gone on longer."""
        row = row[: draft.prompt.max_tokens]
        end = next((at for at, token in enumerate(row) if token in self._stops), len(row))
        # Special tokens stay in: in some families they are what marks a call.
        text: str = self._tokenizer.decode(row[:end], skip_special_tokens=False)
        tokens, told = min(end + 1, len(row)), draft.prompt.logprobs
        reply = Reply(
            text=text,
            stopped="stop" if end < len(row) else "length",
            prompt_tokens=len(draft.tokens),
            tokens=tokens,
            logprobs=tuple(likely[:tokens]) if told else None,
            token_ids=tuple(row[:tokens]) if told else None,
        )
        return self.notation.taken(reply) if draft.prompt.tools and self.notation else reply

    @contextlib.contextmanager
    def _failing(self, what: str) -> Iterator[None]:
        """Templates, grammars and kernels fail in many ways; all of them name the model."""
        try:
            yield
        except Exception as error:
            why = " ".join(str(error).split())[:400]
            raise PrivgymError(f"{what}: {why}", where=self._name, code=ENVIRONMENT) from error


def _whole(lacking: Sequence[str]) -> None:
    # transformers only warns, and goes on with random numbers in their place.
    if lacking:
        raise ValueError(f"{len(lacking)} tensors do not match, {min(lacking)} among them")


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Without progress bars, and without what peft says of adapters that are not alone."""
    with contextlib.redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        yield


def _libraries() -> tuple[Any, Any, Any, Any]:
    try:
        import peft
        import torch
        import transformers
        import xgrammar.contrib.hf
    except ImportError:
        raise checkpoint.missing() from None
    return torch, transformers, peft, xgrammar
