"""Best of n on reward: how good the best of a small model's n attempts is.

pip install "privgym[llamacpp]"
python examples/best_of_n.py OUT.json [--samples 8] [--model llamacpp:qwen2.5-coder-0.5b]

Every scenario is lived `--samples` times at a temperature; the best of n is the attempt with the
highest reward, in expectation over which n of them one has. The reward knows the answer key, which
nobody has when an agent is at work: this is what a perfect judge of attempts could gain, and
what there is to learn from (examples/rejection_sampling.py does). A run that was stopped goes on.
"""

import argparse
import json
import math
from pathlib import Path

import msgspec

from privgym import pack
from privgym.allowance import Allowance
from privgym.figure import Count, figure
from privgym.folder import rescore
from privgym.run import run
from privgym.scenario import Name
from privgym.score import GRADER
from privgym.spec import Spec

SEED = 3000
"""First scenario seed: tables are made of 0 and 1, adapters of 1000 to 1003, GRPO of 2000 on."""


def chances(rewards, n):
    """For each attempt the chance that it is the best of n that are drawn without replacement.

    With m attempts and the one of rank k (from 1, worst first) it is C(k-1, n-1) / C(m, n);
    attempts of the same reward share theirs evenly, since either may be taken.
    """
    order = sorted(range(len(rewards)), key=lambda at: rewards[at])
    ranked = [math.comb(k, n - 1) / math.comb(len(rewards), n) for k in range(len(rewards))]
    found = dict(zip(order, ranked, strict=True))
    for reward in set(rewards):
        equal = [at for at in order if rewards[at] == reward]
        share = sum(found[at] for at in equal) / len(equal)
        found.update(dict.fromkeys(equal, share))
    return [found[at] for at in range(len(rewards))]


def best(scenarios, n):
    """The figures of the best of n, in expectation, clustered by family.

    Args:
        scenarios: for each scenario its attempts, judged.
        n: how many attempts one has.
    """
    weighed = [
        (
            Name.read(attempts[0].score.scenario).family,
            attempts,
            chances([one.score.reward for one in attempts], n),
        )
        for attempts in scenarios
    ]
    lowest = min(0.0, *(one.score.reward for attempts in scenarios for one in attempts))

    def mean(of, ends=(0.0, 1.0)):
        return figure(
            (
                Count(family, sum(c * of(one) for c, one in zip(chance, attempts, strict=True)), 1)
                for family, attempts, chance in weighed
            ),
            ends,
        )

    return {
        "n": n,
        "reward": mean(lambda one: one.score.reward, (lowest, 1.0)),
        "utility": mean(lambda one: one.score.utility or 0.0),
        "inappropriate": mean(lambda one: one.score.inappropriate > 0),
        "right": mean(lambda one: one.right),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--model", default="llamacpp:qwen2.5-coder-0.5b")
    parser.add_argument("--temperature", type=float, default=0.8)
    parser.add_argument("--samples", type=int, default=8)
    parser.add_argument("--seeds", type=int, default=1, help="scenario seeds, from 3000 on")
    parser.add_argument("--first", type=int, help="only the first N families")
    parser.add_argument("--minutes", type=float, help="then no further episode begins")
    parser.add_argument("--runs", type=Path, default=Path("runs"), help="folder of run folders")
    given = parser.parse_args()
    everyday = pack.load("everyday")
    names = everyday.names(
        everyday.families()[: given.first], 1, seeds=range(SEED, SEED + given.seeds)
    )
    heat = f"?temperature={given.temperature:g}" if given.temperature else ""
    spec = Spec("assistant", given.model + heat)
    allowance = Allowance(seconds=60 * given.minutes if given.minutes else None)
    rows = []
    for sample in range(given.samples):
        folder = run(
            everyday, spec, names, sample=sample, out=given.runs, reuse=True, allowance=allowance
        )
        if folder.left():
            print(f"sample {sample} is not whole; the same command goes on with it")
            break
        rows.append(rescore(folder))
        print(f"sample {sample}: {sum(one.right for one in rows[-1])} of {len(names)} right")
    scenarios = list(zip(*rows, strict=True))
    result = {
        "loop": "best_of_n",
        "pack": everyday.name,
        "pack_version": everyday.version,
        "grader": GRADER,
        "spec": str(spec),
        "about": folder.record.about,
        "plan": folder.record.plan,
        "digests": folder.record.digests,
        "samples": len(rows),
        "scenarios": len(scenarios),
        "rows": [best(scenarios, n) for n in (1, 2, 4, 8, 16) if n <= len(rows)],
    }
    given.out.write_text(json.dumps(msgspec.to_builtins(result), indent=1) + "\n")
    for row in result["rows"]:
        shown = ", ".join(
            f"{key} {row[key].value}" for key in ("reward", "utility", "inappropriate")
        )
        print(f"best of {row['n']}: {shown}")


if __name__ == "__main__":
    main()
