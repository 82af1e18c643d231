"""Rejection sampling: a model is tuned on those of its own episodes that earned everything.

pip install "privgym[local]"
python examples/rejection_sampling.py OUT [--warm ADAPTER]

1. Warm start: a LoRA adapter from the good plays of public families, since an untuned SmolLM2
   does next to no task and would have nothing to keep (`--warm` takes one that is there).
2. Sample: it lives public families at a temperature, several times each.
3. Keep: episodes handled rightly (all goals met, nothing inappropriate, nothing malformed), each
   wording once, and good plays beside them up to `--sessions`.
4. Tune the adapter on these, and evaluate before, warm and after on *held-out* families, which
   nothing above has seen.

OUT/rejection_sampling.json has the figures, OUT/adapter the result. What is there is not made
again: a run that was stopped goes on with the same command.
"""

import argparse
import json
import random
from pathlib import Path

import msgspec
import torch
from make_adapter import load, save, sessions, tokens, train

from privgym import pack
from privgym.event import Acted
from privgym.flow import AGENT
from privgym.folder import rescore
from privgym.models import checkpoint
from privgym.run import run
from privgym.score import GRADER
from privgym.spec import Player, Spec
from privgym.table import row

SEEDS = range(1000, 1004)  # tables are made of seeds 0 and 1: never train on these
LEVEL = 1
FIGURES = ("utility", "inappropriate", "missing", "malformed", "twin_accuracy")
README = """# A LoRA adapter made by examples/rejection_sampling.py

Base: {} (SHA-256 {}). Step "{}", on {} sessions; see rejection_sampling.json.
"""


class Recorded:
    """A mind that does again what was recorded."""

    def __init__(self, trace):
        acted = (event for event in trace.events if isinstance(event, Acted))
        self.actions = iter([event.action for event in acted if event.party == AGENT])

    async def act(self, observation):
        return next(self.actions)


class Loop:
    """What all steps share: where things lie, and what is trained.

    Args:
        given: the options.
    """

    def __init__(self, given):
        self.given, self.out = given, given.out
        self.base = checkpoint.find(given.base)
        self.everyday = pack.load("everyday")
        self.public = self.everyday.names(level=LEVEL, seeds=SEEDS, split_="public")
        self.held_out = self.everyday.names(
            level=LEVEL, seeds=range(given.seeds), split_="held-out"
        )

    def model(self, adapter="", temperature=0.0):
        """The spec of the assistant with this adapter."""
        heat = f"?temperature={temperature:g}" if temperature else ""
        return Spec("assistant", f"local:{self.given.base}{f'+{adapter}' if adapter else ''}{heat}")

    def lived(self, spec, names, sample=0):
        """The run of these episodes and its judgement, made now if they are not there."""

        def tell(done, of):
            print(f"{spec}: {done}/{of}", flush=True)

        place = {"out": self.out / "runs", "reuse": True, "progress": tell}
        folder = run(self.everyday, spec, names, sample=sample, **place)
        return folder, rescore(folder, replay=True)

    def plays(self):
        """The sessions of the good plays of the public scenarios."""
        for name in self.public:
            case = self.everyday.scenario(name)
            yield from sessions(case, Player(case.good()))

    def sampled(self, adapter):
        """What the model did rightly, by session, each wording once; and of how many episodes."""
        found, count = {}, 0
        spec = self.model(adapter, self.given.temperature)
        names = random.Random(self.given.seed).sample(self.public, len(self.public))
        names = names[: max(1, self.given.episodes // self.given.samples)]
        for sample in range(self.given.samples):
            folder, judged = self.lived(spec, names, sample)
            count += len(judged)
            for (trace, case), one in zip(folder.read(), judged, strict=True):
                if one.right and not one.score.malformed:
                    for session in sessions(case, Recorded(trace)):
                        found[case.name, *(said for _, said in session)] = session
        return list(found.values()), count

    def tune(self, out, data, adapter=None):
        """Train an adapter on these sessions, unless it is there."""
        if not (out / "adapter_config.json").exists():
            tokenizer, model = load(self.base, adapter)
            train(model, [tokens(session, tokenizer) for session in data])
            readme = README.format(self.base.name, self.base.sha256, out.name, len(data))
            save(model, self.base, out, readme)
        return str(out)

    def evaluate(self, adapter=""):
        """The row of this model on the held-out families."""
        folder, judged = self.lived(self.model(adapter), self.held_out)
        found = row(self.everyday.name, Spec.read(folder.record.spec), judged)
        figures = {key: found.figures[key] for key in FIGURES}
        return {"n": found.n, "failed": found.failed, **figures, "about": folder.record.about}


def mixed(kept, plays, most, rng):
    """What was kept, shuffled, and good plays in the places that are left."""
    rng.shuffle(kept)
    plays = rng.sample(plays, min(len(plays), max(0, most - len(kept))))
    data = kept[:most] + plays
    rng.shuffle(data)
    return data, len(plays)


def options():
    """The options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--base", default="smollm2", help="path, hub id or name in the catalogue")
    parser.add_argument("--warm", help="LoRA folder to start from")
    parser.add_argument("--warm-sessions", type=int, default=96)
    parser.add_argument("--sessions", type=int, default=96, help="most sessions of the second step")
    parser.add_argument("--samples", type=int, default=2, help="attempts at each public scenario")
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--episodes", type=int, default=304, help="most that are sampled")
    parser.add_argument("--seeds", type=int, default=4, help="held-out seeds 0 to N-1")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def main():
    given = options()
    torch.set_num_threads(given.threads)
    torch.manual_seed(given.seed)
    loop, rng = Loop(given), random.Random(given.seed)
    given.out.mkdir(parents=True, exist_ok=True)
    plays = list(loop.plays())
    first = rng.sample(plays, min(len(plays), given.warm_sessions))
    warm = given.warm or loop.tune(given.out / "warm", first)
    kept, count = loop.sampled(warm)
    data, beside = mixed(kept, plays, given.sessions, rng)
    tuned = loop.tune(given.out / "adapter", data, warm)
    result = {
        "loop": "rejection_sampling",
        "base": loop.base.name,
        "sha256": loop.base.sha256,
        "pack_version": loop.everyday.version,
        "grader": GRADER,
        "temperature": given.temperature,
        "seed": given.seed,
        "sampled": count,
        "kept": len(kept),
        "plays_beside": beside,
        "held_out": [str(name) for name in loop.held_out],
        "rows": {
            "before": loop.evaluate(),
            "warm": loop.evaluate(warm),
            "after": loop.evaluate(tuned),
        },
    }
    text = json.dumps(msgspec.to_builtins(result), indent=1)
    (given.out / "rejection_sampling.json").write_text(text + "\n")
    print(f"{len(kept)} of {count} episodes were kept")
    for name, figures in result["rows"].items():
        print(f"{name}: " + ", ".join(f"{key} {figures[key].value}" for key in FIGURES))


if __name__ == "__main__":
    main()
