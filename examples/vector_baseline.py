"""A random policy in a vector environment: what doing nothing on purpose earns, and how fast.

python examples/vector_baseline.py [--envs 8] [--episodes 960] [--mode async] [--out FILE]

It samples the action space: any tool, its arguments out of a few words. Every loop that learns
something has to come out above it.
"""

import argparse
import hashlib
import json
import time
from pathlib import Path

import msgspec
import numpy as np
from gymnasium.wrappers.vector import RecordEpisodeStatistics

import privgym
from privgym import pack
from privgym.figure import Count, figure
from privgym.scenario import Name
from privgym.score import GRADER


def lived(envs, each, seed):
    """The first episodes of each environment, and what all of them took: steps and seconds.

    As many from each: of the first to end anywhere, too many would be short ones.
    """
    found, steps = [[] for _ in range(envs.num_envs)], 0
    envs.action_space.seed(seed)
    envs.reset(seed=seed)
    ended = np.zeros(envs.num_envs, bool)
    start, worked = time.perf_counter(), time.process_time()
    while min(map(len, found)) < each:
        steps += int((~ended).sum())  # one that has ended is only reset
        _, _, terminated, truncated, infos = envs.step(envs.action_space.sample())
        ended = terminated | truncated
        for at in ended.nonzero()[0]:
            episode = {"reward": infos["episode"]["r"][at], "length": infos["episode"]["l"][at]}
            episode |= {"terminated": terminated[at], "truncated": truncated[at]}
            found[at].append({"score": infos["score"][at], **episode})
    took = {
        "steps": steps,
        "steps_a_second": round(steps / (time.perf_counter() - start)),
        "cpu_ms_a_step": round(1000 * (time.process_time() - worked) / steps, 2),  # of this process
    }
    return [one for of_env in found for one in of_env[:each]], took


def summary(found):
    """The figures of these episodes, with 95 % intervals by family."""
    family = [Name.read(one["score"].scenario).family for one in found]
    lowest = min(0.0, *(one["reward"] for one in found))

    def mean(of, ends=(0.0, 1.0)):
        values = (float(of(one)) for one in found)
        return figure([Count(f, v, 1) for f, v in zip(family, values, strict=True)], ends)

    names = sorted(one["score"].scenario for one in found)
    return {
        "n": len(found),
        "reward": mean(lambda one: one["reward"], (lowest, 1.0)),
        "utility": figure(
            Count(f, one["score"].met, one["score"].due)
            for f, one in zip(family, found, strict=True)
        ),
        "inappropriate": mean(lambda one: one["score"].inappropriate > 0),
        "terminated": mean(lambda one: one["terminated"]),
        "truncated": mean(lambda one: one["truncated"]),
        "steps_an_episode": sum(int(one["length"]) for one in found) / len(found),
        "scenarios": hashlib.sha256("\n".join(names).encode()).hexdigest(),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--pack", default="everyday")
    parser.add_argument("--envs", type=int, default=8)
    parser.add_argument("--episodes", type=int, default=960)
    parser.add_argument("--mode", choices=("sync", "async"), default="sync")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path)
    given = parser.parse_args()
    envs = privgym.make_vec(given.pack, given.envs, given.mode, level=1)
    try:
        each = max(1, given.episodes // given.envs)
        found, took = lived(RecordEpisodeStatistics(envs), each, given.seed)
    finally:
        envs.close()
    result = {
        "loop": "vector_baseline",
        "pack": given.pack,
        "pack_version": pack.load(given.pack).version,
        "level": 1,
        "grader": GRADER,
        **{key: getattr(given, key) for key in ("envs", "mode", "seed")},
        **summary(found),
        **took,
    }
    text = json.dumps(msgspec.to_builtins(result), indent=2)
    print(text)
    if given.out:
        given.out.write_text(text + "\n")


if __name__ == "__main__":  # `async` starts processes, and each of them reads this file
    main()
