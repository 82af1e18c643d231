"""TRL's GRPO with privgym as the environment: whole episodes, several turns each, one reward.

pip install "privgym[local,train]"
python examples/grpo.py OUT --adapter ADAPTER --minutes 30

OUT/grpo.json has the reward of every group as it comes, and whether it moved; OUT/adapter is the
policy at the end. Untuned, SmolLM2 earns nothing in any episode, so there is nothing to learn
from: start from an adapter that does some tasks (examples/make_adapter.py makes one).
"""

import argparse
import json
import os
import random
import time
from pathlib import Path

import datasets
import msgspec
import numpy as np
import torch
import transformers

os.environ["TRL_EXPERIMENTAL_SILENCE"] = "1"  # rollout_func is said to be experimental
import trl
from make_adapter import load, save

import privgym
from privgym import pack
from privgym.agents import assistant
from privgym.figure import Count, figure
from privgym.model import Prompt, Reply
from privgym.models import checkpoint, notation
from privgym.scenario import Name
from privgym.score import GRADER

SEEDS = range(2000, 2100)  # tables are made of seeds 0 and 1, adapters of 1000 to 1003
TURNS, TOKENS = 4, 128
"""Most turns of an episode and most tokens of a turn: one that rambles costs the others time."""
README = (
    "# A LoRA adapter made by examples/grpo.py\n\nBase: {} (SHA-256 {}); see grpo.json beside.\n"
)


def world():
    """An environment that is asked and answered as the assistant's model is."""

    def asked(observation):
        return Prompt(assistant.turns(observation), max_tokens=TOKENS)

    env = privgym.make("everyday", level=1)
    return privgym.RawText(env, prompt=asked, read=assistant.read)


class Life:
    """One episode as GRPO's tokens: the prompt, and what was said after it, by whom.

    What the policy printed stays the very tokens that it drew; what the gym answers is put after
    them as the chat template would, and masked. (In a run the agent is shown its turns as the
    dialect writes them; where it prints them so itself, the two are the same.)
    """

    def __init__(self, env, name, tokenizer):
        self.env, self.tokenizer, self.name = env, tokenizer, Name.read(name)
        self.turns = env.reset(options={"scenario": name})[0].turns
        messages = [notation.as_message(turn) for turn in self.turns]
        self.prompt = tokenizer.apply_chat_template(
            messages, add_generation_prompt=True, return_dict=False
        )
        self.said, self.mine, self.taken = [], [], 0
        self.reward, self.leaks, self.over = 0.0, 0, False

    def take(self, tokens):
        """Step with what the policy printed."""
        end = self.tokenizer.eos_token_id
        text = self.tokenizer.decode([token for token in tokens if token != end])
        stopped = "stop" if tokens[-1] == end else "length"
        reply = Reply(text, stopped=stopped, tokens=len(tokens))
        prompt, reward, terminated, truncated, info = self.env.step(reply)
        self.reward, self.taken = self.reward + reward, self.taken + 1
        self.leaks += sum(v.kind == "inappropriate" and v.charged for v in info["verdicts"])
        self.said, self.mine = self.said + tokens, self.mine + [1] * len(tokens)
        self.over = terminated or truncated or self.taken == TURNS
        if not self.over:
            fresh = [] if stopped == "stop" else [end]
            fresh += self.tokenizer(self._answer(prompt), add_special_tokens=False).input_ids
            self.said, self.mine = self.said + fresh, self.mine + [0] * len(fresh)

    def _answer(self, prompt):
        """What the template puts between two answers of the policy, with what it is told."""
        before, self.turns = self.turns, prompt.turns
        told = self.turns[-1].text
        if len(self.turns) == len(before):  # a malformed turn leaves no trace; its fault is told
            told = told.removeprefix(before[-1].text).strip()
        talk = [{"role": role, "content": "-"} for role in ("system", "user", "assistant")]
        whole = [*talk, {"role": "user", "content": told}]
        template = self.tokenizer.apply_chat_template
        head = template(talk, tokenize=False)
        text = template(whole, tokenize=False, add_generation_prompt=True)
        return head.rpartition(self.tokenizer.eos_token)[2] + text.removeprefix(head)


class Rollout:
    """Lives the episodes of a batch side by side, and keeps the curve.

    Args:
        group: episodes of each scenario.
    """

    def __init__(self, group):
        self.group, self.envs, self.curve, self.start = group, [], [], time.perf_counter()

    def __call__(self, names, trainer):
        """What TRL asks for: tokens of prompts and completions, and which of these are its own."""
        while len(self.envs) < len(names):
            self.envs.append(world())
        pairs = zip(self.envs, names, strict=False)
        lives = [Life(env, name, trainer.processing_class) for env, name in pairs]
        while going := [life for life in lives if not life.over]:
            drawn = draw(trainer, [life.prompt + life.said for life in going])
            for life, tokens in zip(going, drawn, strict=True):
                life.take(tokens)
        self.keep(lives, trainer.state.global_step)
        return {
            "prompt_ids": [life.prompt for life in lives],
            "completion_ids": [life.said for life in lives],
            "env_mask": [life.mine for life in lives],
            "logprobs": None,  # the trainer takes them itself: generating and training is one model
            "reward": [life.reward for life in lives],
        }

    def keep(self, lives, step):
        """A point of the curve for each group."""
        seconds = round(time.perf_counter() - self.start, 1)
        for at in range(0, len(lives), self.group):
            group = lives[at : at + self.group]
            rewards = [round(life.reward, 4) for life in group]
            point = {"step": step, "seconds": seconds, "family": group[0].name.family}
            point |= {"rewards": rewards, "leaks": [one.leaks for one in group]}
            self.curve.append({**point, "turns": [one.taken for one in group]})
            print(f"step {step}, {seconds:.0f} s: {group[0].name} earned {rewards}", flush=True)


def draw(trainer, rows):
    """What the policy prints after each row of tokens: up to the end of its turn."""
    tokenizer, widest = trainer.processing_class, max(map(len, rows))
    pads = [widest - len(row) for row in rows]
    ids = [[tokenizer.pad_token_id] * n + row for n, row in zip(pads, rows, strict=True)]
    mask = [[0] * n + [1] * (widest - n) for n in pads]
    model, device = trainer.model.eval(), trainer.model.device
    model.merge_adapter()  # a token takes half the time so
    with torch.no_grad():
        written = model.generate(
            input_ids=torch.tensor(ids, device=device),
            attention_mask=torch.tensor(mask, device=device),
            generation_config=transformers.GenerationConfig(
                do_sample=True,
                temperature=trainer.args.temperature,
                top_k=0,
                max_new_tokens=TOKENS,
                eos_token_id=tokenizer.eos_token_id,
                pad_token_id=tokenizer.pad_token_id,
            ),
        )
    model.unmerge_adapter()
    model.train()
    return [upto(row, tokenizer.eos_token_id) for row in written[:, widest:].tolist()]


def upto(row, end):
    """A row up to its end token, with it; what stands after it is padding."""
    return row[: row.index(end) + 1] if end in row else row


class Watch(transformers.TrainerCallback):
    """Writes the result after every step, and stops when the time is over."""

    def __init__(self, rollout, minutes, write):
        self.rollout, self.minutes, self.write = rollout, minutes, write

    def on_step_end(self, args, state, control, **_):
        """Called by the trainer."""
        self.write()
        spent = time.perf_counter() - self.rollout.start
        if spent >= 60 * self.minutes:
            control.should_training_stop = True
        return control


def summary(curve):
    """How the reward went: both halves of the curve, its slope, and whether that is chance."""
    means = [sum(point["rewards"]) / len(point["rewards"]) for point in curve]
    half, lowest = len(curve) // 2, min([0.0, *(r for p in curve for r in p["rewards"])])
    halves = {"first_half": curve[:half], "second_half": curve[half:]}
    found = {
        key: figure((Count(p["family"], r, 1) for p in part for r in p["rewards"]), (lowest, 1.0))
        for key, part in halves.items()
    }
    slope, p = trend([point["step"] for point in curve], means)
    idle = sum(len(set(point["rewards"])) == 1 for point in curve) / len(curve)
    return {**found, "slope_a_step": slope, "p": p, "idle_groups": idle}


def trend(steps, means, shuffles=9999):
    """Least-squares slope, and how often shuffled rewards give as steep a one (two-sided)."""
    x, y = np.array(steps, float), np.array(means, float)
    x = x - x.mean()
    if not x.any() or np.ptp(y) == 0:
        return 0.0, 1.0
    rng = np.random.default_rng(0)
    slopes = rng.permuted(np.tile(y, (shuffles, 1)), axis=1) @ x
    steeper = int((np.abs(slopes) >= abs(y @ x) - 1e-12).sum())
    return round(float(y @ x / (x @ x)), 5), round((steeper + 1) / (shuffles + 1), 4)


def verdict(result):
    """The result in one sentence."""
    first, second = (result[key] for key in ("first_half", "second_half"))
    if result["p"] >= 0.05:
        said = "did not move beyond chance"
    else:
        said = "rose" if result["slope_a_step"] > 0 else "fell"
    return (
        f"The reward {said}: {first.value} in the first half, {second.value} in the second "
        f"({result['slope_a_step']:+} a step, p = {result['p']}; in {result['idle_groups']:.0%} of "
        "the groups all episodes earned the same, and taught nothing)."
    )


def settings(given):
    """What TRL is told: one update a step, on the policy that drew the episodes."""
    return trl.GRPOConfig(
        output_dir=str(given.out / "trl"),
        per_device_train_batch_size=given.group,
        gradient_accumulation_steps=given.groups,
        num_generations=given.group,
        max_completion_length=TURNS * TOKENS,
        max_steps=given.steps,
        learning_rate=given.rate,
        lr_scheduler_type="constant",  # it is the clock that ends it
        gradient_checkpointing=False,
        use_cpu=not torch.cuda.is_available(),
        seed=given.seed,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
    )


def reward_of(reward, **_):
    """The environment has given it already."""
    return reward


def about(given, base, everyday):
    """What must be the same for the curve to be another sample of the same."""
    keys = ("adapter", "groups", "group", "rate", "seed", "threads")
    told = {key: getattr(given, key) for key in keys}
    if given.adapter:
        told["adapter"] = checkpoint.find_adapter(given.adapter).sha256
    return {
        "loop": "grpo",
        "base": base.name,
        "sha256": base.sha256,
        **told,
        "turns": TURNS,
        "tokens": TOKENS,
        "trl": trl.__version__,
        "torch": str(torch.__version__),
        "pack_version": everyday.version,
        "grader": GRADER,
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default="smollm2", help="path, hub id or name in the catalogue")
    parser.add_argument("--adapter", help="LoRA folder to start from")
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--steps", type=int, default=10_000)
    parser.add_argument("--groups", type=int, default=2, help="scenarios a step")
    parser.add_argument("--group", type=int, default=4, help="episodes of a scenario")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    transformers.set_seed(given.seed)
    base = checkpoint.find(given.base)
    tokenizer, model = load(base, given.adapter)
    everyday = pack.load("everyday")
    names = [str(name) for name in everyday.names(level=1, seeds=SEEDS, split_="public")]
    random.Random(given.seed).shuffle(names)
    rollout = Rollout(given.group)
    given.out.mkdir(parents=True, exist_ok=True)

    told = about(given, base, everyday)

    def result():
        n = sum(len(point["rewards"]) for point in rollout.curve)
        return {**told, "n": n, **summary(rollout.curve), "curve": rollout.curve}

    def write():
        text = json.dumps(msgspec.to_builtins(result()), indent=1)
        (given.out / "grpo.json").write_text(text + "\n")

    trainer = trl.GRPOTrainer(
        model=model,
        reward_funcs=reward_of,
        args=settings(given),
        train_dataset=datasets.Dataset.from_dict({"prompt": names}),
        processing_class=tokenizer,
        callbacks=[Watch(rollout, given.minutes, write)],
        rollout_func=rollout,
    )
    trainer.train()
    save(model, base, given.out / "adapter", README.format(base.name, base.sha256))
    print(verdict(result()))


if __name__ == "__main__":
    main()
