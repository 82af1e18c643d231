"""Breaks with words that no file can hold."""

from __future__ import annotations

from collections.abc import Mapping


class Agent:
    about: Mapping[str, str] = {"agent": "unwritable"}

    async def act(self, observation):
        raise ValueError("half a pair: \ud800")


def make(model, seed):
    return Agent()
