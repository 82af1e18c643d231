"""Checkpoints and adapters in this process, on a chat model of random weights."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import subprocess
import sys
import weakref
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import pytest

from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.message import ToolSchema
from privgym.model import Prompt, Reply, Turn
from privgym.models import checkpoint
from privgym.models.engine import Engine
from privgym.models.llamacpp import LlamaCpp
from privgym.models.local import Local, split
from tests import tiny

QUESTIONS = ("Hi", "Name three colours.", "What is it?", "Please count to ten.", "Why?")
SCHEMA = json.dumps(
    {
        "type": "object",
        "properties": {
            "tool": {"enum": ["email_read", "email_send"]},
            "ids": {"type": "array", "items": {"enum": [1, 22]}, "minItems": 2, "maxItems": 2},
        },
        "required": ["tool", "ids"],
        "additionalProperties": False,
    }
)
TOOL = ToolSchema("email_read", "Open a letter.", '{"type":"object","properties":{}}')


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny") / "base")


@pytest.fixture(scope="module")
def loras(base: Path) -> tuple[Path, Path]:
    one, two = (tiny.adapter(base.parent / f"lora{n}", base, n) for n in (1, 2))
    return one, two


@pytest.fixture(scope="module")
def model(base: Path) -> Iterator[Local]:
    made = Local(str(base))
    yield made
    made.close()


@pytest.fixture
def batches(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """Sizes of the batches that are generated."""
    sizes: list[int] = []
    generate = Engine.answer

    def answer(
        self: Engine, prompts: Sequence[Prompt], adapter: str = "", temperature: float = 0.0
    ) -> list[Reply | PrivgymError]:
        sizes.append(len(prompts))
        return generate(self, prompts, adapter, temperature)

    monkeypatch.setattr(Engine, "answer", answer)
    return sizes


def prompt(text: str, max_tokens: int = 12, schema: str = "", system: str = "") -> Prompt:
    turns = [Turn("user", text)]
    if system:
        turns.insert(0, Turn("system", system))
    return Prompt(tuple(turns), schema=schema, max_tokens=max_tokens)


def ask(model: Local, *prompts: Prompt) -> list[Reply]:
    async def together() -> list[Reply]:
        return list(await asyncio.gather(*map(model.complete, prompts)))

    return asyncio.run(together())


def alone(model: Local, one: Prompt) -> Reply:
    return ask(model, one)[0]


def test_a_header_says_what_the_model_is(base: Path, model: Local) -> None:
    weights = (base / "model.safetensors").read_bytes()
    assert model.about["model"] == "base"
    assert model.about["sha256"] == hashlib.sha256(weights).hexdigest()
    assert model.about["template"] == hashlib.sha256(tiny.TEMPLATE.encode()).hexdigest()
    assert model.about["sampler"] == "greedy"
    assert model.about["context"] == str(tiny.CONTEXT)
    assert model.about["threads"] == "1" == str(tiny.torch.get_num_threads())
    assert not any(str(base.parent) in text for text in model.about.values())


def test_calls_that_wait_are_generated_together_as_they_would_be_alone(
    model: Local, batches: list[int]
) -> None:
    prompts = [prompt(q, max_tokens=4 + 3 * n) for n, q in enumerate(QUESTIONS)]
    apart = [alone(model, one) for one in prompts]
    assert len({reply.text for reply in apart}) == len(apart)
    assert all(r.tokens <= p.max_tokens for r, p in zip(apart, prompts, strict=True))
    batches.clear()
    assert ask(model, *prompts) == apart
    assert sorted(batches) == [1, 4]


def test_the_loop_goes_on_while_a_model_generates(model: Local) -> None:
    async def count() -> int:
        asked, beats = asyncio.ensure_future(model.complete(prompt("Hi", 60))), 0
        while not asked.done():
            await asyncio.sleep(0)
            beats += 1
        return beats

    assert asyncio.run(count()) > 10


ELSEWHERE = """
import asyncio, sys
from privgym import models
from privgym.model import Prompt, Turn
reply = models.load(sys.argv[1]).complete(Prompt((Turn("user", "Hi"),), max_tokens=12))
sys.stdout.buffer.write(asyncio.run(reply).text.encode())
"""


def test_another_process_gives_the_same_text(base: Path, model: Local) -> None:
    command = [sys.executable, "-c", ELSEWHERE, f"local:{base}"]
    done = subprocess.run(command, capture_output=True, check=True)
    assert done.stdout.decode() == alone(model, prompt("Hi")).text
    assert done.stderr == b""


def test_a_schema_holds_the_answer(model: Local) -> None:
    replies = ask(model, *(prompt(q, 80, SCHEMA) for q in QUESTIONS))
    for reply in replies:
        read = json.loads(reply.text)
        assert read["tool"] in ("email_read", "email_send")
        assert set(read["ids"]) <= {1, 22}
        assert reply.text == json.dumps(read)
        assert reply.stopped == "stop"


def test_constrained_and_free_calls_do_not_mix(model: Local) -> None:
    free, held = prompt("Hi"), prompt("Hi", 80, SCHEMA)
    apart = [alone(model, free), alone(model, held)]
    assert ask(model, free, held, free) == [*apart, apart[0]]


def test_a_refused_prompt_leaves_the_others_alone(model: Local) -> None:
    async def both() -> list[Reply | BaseException]:
        bogus, held = prompt("Hi", 80, '{"type": "bogus"}'), prompt("Hi", 80, SCHEMA)
        asked = map(model.complete, [bogus, held])
        return list(await asyncio.gather(*asked, return_exceptions=True))

    refused, answered = asyncio.run(both())
    assert isinstance(refused, PrivgymError)
    assert "bogus" in refused.what
    assert isinstance(answered, Reply)


def test_a_template_may_refuse(tmp_path: Path) -> None:
    picky = "{{ raise_exception('No system turn here.') }}"
    made = Local(str(tiny.checkpoint(tmp_path / "picky", picky)))
    with pytest.raises(PrivgymError, match="No system turn here"):
        alone(made, prompt("Hi"))


def test_a_prompt_that_does_not_fit_overflows(model: Local) -> None:
    fits = alone(model, prompt("x", 1)).prompt_tokens
    last = alone(model, prompt("x" * (tiny.CONTEXT - fits - 1), 2))
    assert (last.stopped, last.prompt_tokens) == ("length", tiny.CONTEXT - 2)
    over = alone(model, prompt("x" * (tiny.CONTEXT - fits), 2))
    assert (over.stopped, over.prompt_tokens, over.tokens) == ("overflow", tiny.CONTEXT - 1, 0)
    assert str(tiny.CONTEXT) in over.text


def test_adapters_share_their_base_and_leave_it_as_it_was(
    base: Path, loras: tuple[Path, Path], model: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = alone(model, prompt("Hi"))
    monkeypatch.setattr(Engine, "_load", None)  # nothing may be loaded a second time
    tuned = [Local(f"{base}+{lora}") for lora in loras]
    first, second = (alone(one, prompt("Hi")) for one in tuned)
    assert len({plain.text, first.text, second.text}) == 3
    assert alone(model, prompt("Hi")) == plain

    async def mixed() -> list[Reply]:
        minds = [tuned[0], model, tuned[1], tuned[0], model]
        return list(await asyncio.gather(*(mind.complete(prompt("Hi")) for mind in minds)))

    assert asyncio.run(mixed()) == [first, plain, second, first, plain]
    assert tuned[0].about["model"] == "base+lora1"
    assert tuned[0].about["sha256"] == model.about["sha256"]
    assert tuned[0].about["adapter"] != tuned[1].about["adapter"]


def test_an_adapter_gives_what_peft_gives(base: Path, loras: tuple[Path, Path]) -> None:
    tuned = Local(f"{base}+{loras[0]}")
    whole = tiny.peft.PeftModel.from_pretrained(
        tiny.transformers.AutoModelForCausalLM.from_pretrained(base), loras[0]
    )
    merged = base.parent / "merged"
    whole.merge_and_unload().save_pretrained(merged)
    tiny.transformers.AutoTokenizer.from_pretrained(base).save_pretrained(merged)
    assert alone(tuned, prompt("Hi")) == alone(Local(str(merged)), prompt("Hi"))


def test_an_adapter_of_another_base_is_refused_each_time(
    base: Path, tmp_path: Path, model: Local
) -> None:
    wide = tiny.checkpoint(tmp_path / "wide", width=64)
    stranger = tiny.adapter(tmp_path / "stranger", wide, 3)
    before = alone(model, prompt("Hi"))
    for _ in range(2):
        with pytest.raises(PrivgymError, match="the adapter stranger does not fit") as caught:
            Local(f"{base}+{stranger}")
        assert caught.value.code == ENVIRONMENT
    assert alone(model, prompt("Hi")) == before


def test_weights_that_are_not_whole_are_refused(base: Path, tmp_path: Path) -> None:
    half = tiny.checkpoint(tmp_path / "half")
    weights = half / "model.safetensors"
    tensors = tiny.safetensors.load_file(weights)
    del tensors["model.layers.1.mlp.up_proj.weight"]
    tiny.safetensors.save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(PrivgymError, match=r"1 tensors do not match, model\.layers\.1\.mlp\.up"):
        Local(str(half))


def test_tools_are_handed_to_a_template_that_takes_them(tmp_path: Path, model: Local) -> None:
    asked = Prompt((Turn("user", "Hi"),), tools=(TOOL,), max_tokens=4)
    assert model.takes_tools
    assert alone(model, asked).prompt_tokens > alone(model, prompt("Hi")).prompt_tokens
    told = "{% for t in tools or [] %}<tool_call>{{ t.function.name }}{% endfor %}"
    takes = Local(str(tiny.checkpoint(tmp_path / "hermes", tiny.TEMPLATE + told)))
    assert takes.about["notation"] == "hermes"
    more = alone(takes, asked).prompt_tokens - alone(takes, prompt("Hi")).prompt_tokens
    assert more == len("<tool_call>email_read")
    odd = Local(str(tiny.checkpoint(tmp_path / "odd", tiny.TEMPLATE + "{{ tools }}")))
    assert not odd.takes_tools
    with pytest.raises(PrivgymError, match="notation"):
        alone(odd, asked)


def test_calls_are_taken_out_of_the_text(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    printed = 'Look: <tool_call>{"name": "email_read", "arguments": {"id": 3}}</tool_call>'
    engine = Engine(checkpoint.find(str(base)))
    monkeypatch.setattr(engine._tokenizer, "decode", lambda tokens, **given: printed)
    asked = Prompt((Turn("user", "Hi"),), tools=(TOOL,), max_tokens=4)
    (reply,) = engine.answer([asked])
    assert isinstance(reply, Reply)
    assert reply.text == "Look:"
    assert [(call.name, call.arguments) for call in reply.calls] == [("email_read", '{"id": 3}')]


def test_a_prompt_is_the_same_on_another_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    dated = "{{ strftime_now('%d %B %Y') }}" + tiny.TEMPLATE
    made = Local(str(tiny.checkpoint(tmp_path / "dated", dated)))
    today = alone(made, prompt("Hi"))
    # Without a clock, a template that asks for the day is refused.
    monkeypatch.setattr("transformers.utils.chat_template_utils.datetime", None)
    assert alone(made, prompt("Hi")) == today


def test_a_call_that_was_given_up_is_not_generated(model: Local, batches: list[int]) -> None:
    async def give_up() -> Reply:
        asked = [asyncio.ensure_future(model.complete(prompt(q))) for q in QUESTIONS[:3]]
        await asyncio.sleep(0)
        asked[1].cancel()
        await asked[0]
        return await asked[2]

    assert asyncio.run(give_up()) == alone(model, prompt(QUESTIONS[2]))
    assert batches[0] == 2


def test_a_failure_of_the_machine_reaches_all_who_wait(
    model: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Engine, *given: object) -> list[Reply]:
        raise MemoryError("no room")

    monkeypatch.setattr(Engine, "answer", fail)

    async def both() -> list[Reply | BaseException]:
        asked = map(model.complete, [prompt("Hi"), prompt("Why?")])
        return list(await asyncio.gather(*asked, return_exceptions=True))

    assert [type(answer) for answer in asyncio.run(both())] == [MemoryError, MemoryError]


def test_the_weights_go_with_the_last_model_over_them(base: Path, tmp_path: Path) -> None:
    path = tiny.checkpoint(tmp_path / "own")
    one, two = Local(str(path)), Local(str(path))
    one.close()
    with pytest.raises(PrivgymError, match="closed"):
        alone(one, prompt("Hi"))
    alone(two, prompt("Hi"))
    engine = weakref.ref(two._queue.engine) if two._queue else None
    assert engine
    assert engine()
    two.close()
    gc.collect()
    assert not engine()


# -- sampling and log-probabilities -----------------------------------------------------------


def seeded(text: str, seed: int, max_tokens: int = 12, schema: str = "") -> Prompt:
    one = prompt(text, max_tokens, schema)
    return msgspec.structs.replace(one, seed=seed, logprobs=True)


@pytest.fixture(scope="module")
def warm(base: Path) -> Iterator[Local]:
    """The same base, sampling."""
    made = Local(str(base), temperature=0.7)
    yield made
    made.close()


def test_a_seed_says_what_is_drawn_in_any_batch(warm: Local, batches: list[int]) -> None:
    prompts = [seeded("Hi", seed) for seed in range(4)]
    apart = [alone(warm, one) for one in prompts]
    assert len({reply.text for reply in apart}) > 2
    assert [alone(warm, one) for one in prompts] == apart
    batches.clear()
    together = ask(warm, *prompts)
    assert batches == [4]
    assert [reply.text for reply in together] == [reply.text for reply in apart]
    assert warm.about["sampler"] == "temperature 0.7"


def test_what_is_drawn_is_drawn_at_its_temperature(warm: Local) -> None:
    """Chi-squared of first tokens against softmax(logits / T), from log-probabilities at T = 1."""
    draws = [
        r for n in range(25) for r in ask(warm, *(seeded("Hi", 40 * n + k, 1) for k in range(40)))
    ]
    first = {r.token_ids[0]: r.logprobs[0] for r in draws if r.token_ids and r.logprobs}
    found = Counter(r.token_ids[0] for r in draws if r.token_ids)
    engine = warm._queue.engine if warm._queue else None
    assert engine
    ids = tiny.torch.tensor([engine._encode(prompt("Hi"))])
    with tiny.torch.inference_mode(), engine._as(""):
        logits = engine._model(ids).logits[0, -1]
    told = logits.log_softmax(-1)
    assert all(abs(told[token].item() - logprob) < 1e-4 for token, logprob in first.items())
    due = (logits / 0.7).softmax(-1) * len(draws)
    often = [token for token in range(len(due)) if due[token] >= 5]
    rest = len(draws) - sum(found[token] for token in often)
    left = len(draws) - sum(due[token].item() for token in often)
    gaps = [(found[t] - due[t].item()) ** 2 / due[t].item() for t in often] + [
        (rest - left) ** 2 / left
    ]
    assert len(often) > 3
    assert sum(gaps) < len(gaps) + 4 * (2 * len(gaps)) ** 0.5


def test_log_probabilities_are_the_models_own(base: Path, model: Local) -> None:
    """Of greedy, held and drawn answers: what a forward pass over prompt and answer gives."""
    warm = Local(str(base), temperature=0.7)
    engine = warm._queue.engine if warm._queue else None
    assert engine
    for mind, one in [
        (model, seeded("Why?", 0)),
        (model, seeded("Why?", 0, 80, SCHEMA)),
        (warm, seeded("Why?", 3)),
        (warm, seeded("Why?", 3, 80, SCHEMA)),
    ]:
        reply = alone(mind, one)
        assert reply.logprobs
        assert reply.token_ids
        assert len(reply.logprobs) == len(reply.token_ids) == reply.tokens
        asked = engine._encode(one)
        ids = tiny.torch.tensor([[*asked, *reply.token_ids]])
        with tiny.torch.inference_mode(), engine._as(""):
            told = engine._model(ids).logits[0].log_softmax(-1)
        due = [told[len(asked) + n - 1, token].item() for n, token in enumerate(reply.token_ids)]
        assert reply.logprobs == pytest.approx(due, abs=1e-3)
        assert not one.schema or json.loads(reply.text)


def test_asking_for_them_changes_nothing_and_not_asking_gives_none(model: Local) -> None:
    plain, told = alone(model, prompt("Hi")), alone(model, seeded("Hi", 9))
    assert (plain.logprobs, plain.token_ids) == (None, None)
    assert msgspec.structs.replace(told, logprobs=None, token_ids=None) == plain
    mixed = ask(model, prompt("Hi"), seeded("Name three colours.", 9, 4))
    assert mixed[0] == plain
    assert mixed[1].logprobs
    assert len(mixed[1].logprobs) == 4


def test_greedy_and_sampling_models_share_a_base_and_do_not_mix(model: Local, warm: Local) -> None:
    greedy, drawn = alone(model, seeded("Hi", 1)), alone(warm, seeded("Hi", 1))
    assert greedy.text != drawn.text

    async def both() -> list[Reply]:
        minds = [model, warm, model]
        return list(await asyncio.gather(*(mind.complete(seeded("Hi", 1)) for mind in minds)))

    texts = [reply.text for reply in asyncio.run(both())]
    assert texts == [greedy.text, drawn.text, greedy.text]


def test_a_path_with_a_plus_in_it_is_a_path(tmp_path: Path) -> None:
    path = tmp_path / "c++"
    path.mkdir()
    assert split(str(path)) == (str(path), "")
    assert split(f"{path}+lora") == (str(path), "lora")
    assert split("smollm2") == ("smollm2", "")


@pytest.mark.model
def test_the_same_weights_say_the_same_as_on_llama_cpp() -> None:
    try:
        here, there = Local("smollm2"), LlamaCpp("smollm2", slots=1)
    except PrivgymError as error:
        if error.code != ENVIRONMENT:
            raise
        pytest.skip(str(error).replace("\n", ";"))
    rules = "You work with tools, 12:30 to 14:05 on 2026-11-30; e-mail ana@clinic.example."
    asked = prompt("Name three colours.", 16, system=rules)
    reply, other = (asyncio.run(model.complete(asked)) for model in (here, there))
    assert reply == other
    held = prompt("Which tool?", 60, SCHEMA)
    assert json.loads(asyncio.run(here.complete(held)).text)["tool"].startswith("email_")
    there.close()
