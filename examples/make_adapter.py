"""A LoRA adapter out of the good plays of public families, in minutes on two cores.

With `--plays bad` it is made of plays that do the task and tell too much: a planted oversharer, to
see whether an instrument finds it.

pip install "privgym[local]"
python examples/make_adapter.py OUT
privgym run everyday --agent assistant@local:smollm2+OUT
"""

import argparse
import asyncio
import random
from pathlib import Path

import msgspec
import peft
import torch
import transformers

from privgym import dialect, kit, pack
from privgym.episode import Episode, cast, enact, settle
from privgym.lab.lived import possible
from privgym.lab.unpacked import plain
from privgym.message import Action
from privgym.models import checkpoint, notation
from privgym.scenario import digest
from privgym.score import score
from privgym.spec import Player

SEEDS = range(1000, 1004)  # tables are made of seeds 0 and 1: never train on these
BATCH, RATE, WARM = 2, 8e-4, 0.05
LORA = {"r": 16, "lora_alpha": 32, "target_modules": "all-linear", "task_type": "CAUSAL_LM"}
README = """# A LoRA adapter made by examples/make_adapter.py

Base: {} (SHA-256 {}).
Trained once on {} sessions of {}, {} a step, at rate {}; mean loss of the last 5 steps
{:.3f}. Scenarios and their digests:

{}
"""


def sessions(case, teacher):
    """What a mind does in a scenario, by session: at each turn what is shown, what to print."""
    assistant, episode, people = kit.load("agents", "assistant"), Episode(case), cast(case)
    found = {}
    while turn := settle(episode, people):
        action = asyncio.run(teacher.act(turn.observation))
        if action == Action():  # a play falls silent when it is done; an assistant says so
            action = Action(text="Done.")
        shown, tools = "\n".join(m.text for m in turn.observation.messages), turn.observation.tools
        calls = tuple(possible(call, shown, tools, case) for call in action.calls)
        action = msgspec.structs.replace(action, calls=calls)
        row = assistant.turns(turn.observation), dialect.render(action)
        found.setdefault(episode.session, []).append(row)
        episode.take(action)
    return list(found.values())


def leaky(case):
    """The play that meets most goals of those that leak; the good one where nothing can leak."""

    def worth(play):
        came_to = score(case, enact(case, play.sessions).events).score()
        return came_to.inappropriate > 0, came_to.met, came_to.inappropriate

    bad = [play for play in case.plays if play.kind == "bad" and worth(play)[0]]
    return max(bad, key=worth, default=case.good())


def tokens(session, tokenizer):
    """A session as tokens, and the places of those to print. Each prompt begins with the last."""
    ids, places = [], []
    for shown, said in session:
        messages = [notation.as_message(turn) for turn in shown]
        ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=False)
        answer = [*tokenizer(said, add_special_tokens=False).input_ids, tokenizer.eos_token_id]
        places += range(len(ids), len(ids) + len(answer))
        ids = ids + answer
    return torch.tensor(ids), torch.tensor(places)


def load(base, adapter=None):
    """The tokenizer of a checkpoint, and its weights with a LoRA adapter to train on them: the one
    of a folder, or a fresh one."""
    tokenizer, model = transformers.AutoTokenizer.from_pretrained(**base.arguments), plain(base)
    if adapter:
        return tokenizer, peft.PeftModel.from_pretrained(model, adapter, is_trainable=True)
    return tokenizer, peft.get_peft_model(model, peft.LoraConfig(**LORA))


def save(model, base, out, readme):
    """The adapter's folder, and what it was made of."""
    model.peft_config["default"].base_model_name_or_path = base.name  # no path of this machine
    model.save_pretrained(out, save_embedding_layers=False)
    (out / "README.md").write_text(readme)


def train(model, data):
    """One pass over the data; the mean loss of every step."""
    free, losses, steps = [p for p in model.parameters() if p.requires_grad], [], len(data) // BATCH
    optimizer = torch.optim.AdamW(free, lr=RATE)
    schedule = transformers.get_cosine_schedule_with_warmup(optimizer, int(WARM * steps), steps)
    for step in range(steps):
        losses.append(0.0)
        for ids, places in data[step * BATCH : (step + 1) * BATCH]:  # nothing is padded
            with torch.autocast("cpu", torch.bfloat16):  # half the time, and the same losses
                logits = model(ids[None], logits_to_keep=places - 1).logits[0]
            loss = torch.nn.functional.cross_entropy(logits.float(), ids[places]) / BATCH
            loss.backward()
            losses[-1] += loss.item()
        torch.nn.utils.clip_grad_norm_(free, 1.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad()
        print(f"step {step + 1}/{steps}: loss {losses[-1]:.3f}", flush=True)
    return losses


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default="smollm2", help="path, hub id or name in the catalogue")
    parser.add_argument("--sessions", type=int, default=192)
    parser.add_argument("--plays", default="good", choices=("good", "bad"), help="what it learns")
    parser.add_argument("--threads", type=int, default=2)
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    torch.manual_seed(0)
    everyday, base, found = pack.load("everyday"), checkpoint.find(given.base), []
    for name in everyday.names(split_="public", seeds=SEEDS):
        case = everyday.scenario(name)
        play = case.good() if given.plays == "good" else leaky(case)
        found += [(f"- {name} {digest(case)}", one) for one in sessions(case, Player(play))]
    random.Random(0).shuffle(found)
    found = found[: given.sessions]
    tokenizer, model = load(base)
    losses = train(model, [tokens(one, tokenizer) for _, one in found])
    used = "\n".join(sorted({line for line, _ in found}))
    made = (
        base.name,
        base.sha256,
        len(found),
        f"{given.plays} plays",
        BATCH,
        RATE,
        sum(losses[-5:]) / 5,
        used,
    )
    save(model, base, given.out, README.format(*made))


if __name__ == "__main__":
    main()
