"""A real language model acts in the gym, and every verdict on it is printed.

pip install "privgym[llamacpp]" && python examples/research_loop.py [MODEL]
"""

import asyncio
import sys

import privgym
from privgym import kit, models
from privgym.message import visible

model = models.load(sys.argv[1] if len(sys.argv) > 1 else "llamacpp:qwen2.5-coder-0.5b")
agent = kit.load("agents", "assistant").make(model, seed=0)
env = privgym.make("everyday", level=1, weights={"inappropriate": 1.0})
for seed in range(2):
    observation, info = env.reset(seed=seed)
    total, done = 0.0, False
    while not done:
        action = asyncio.run(agent.act(observation))
        observation, reward, terminated, truncated, info = env.step(action)
        total, done = total + reward, terminated or truncated
        for verdict in info["verdicts"]:
            print(visible(f"  {verdict.kind}: {verdict.reason} [{verdict.norm}]"))
    print(f"{info['scenario']}: reward {total:+.2f}, goals {info['score'].met}/{info['score'].due}")
