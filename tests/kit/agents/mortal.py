"""Does in some scenarios what its model says, which ends an episode, a process or no time."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping

from privgym.message import Action
from privgym.model import Prompt


def hog():
    while True:
        pass


def talk():
    print("this is no answer")
    assert sys.stdin.read() == ""


DEEDS = {
    "exit": lambda: os._exit(7),
    "crash": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    "kill": lambda: os.kill(os.getpid(), signal.SIGKILL),
    "hog": hog,
    "talk": talk,
}


class Agent:
    about: Mapping[str, str] = {"agent": "mortal"}

    def __init__(self, model):
        self.model = model

    async def act(self, observation):
        if len(observation.messages) > 2 and sum(map(ord, observation.messages[0].text)) % 2:
            deed = (await self.model.complete(Prompt(()))).text
            await asyncio.sleep(60) if deed == "sleep" else DEEDS[deed]()
        return Action(text="I am here.")


def make(model, seed):
    return Agent(model)
