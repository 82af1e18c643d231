"""Gymnasium's face on an episode.

`step` takes the agent's turn, lets everyone else take theirs, folds what happened, and returns
at the agent's next turn. Observations and actions are the frozen records of `message.py`; the
answer key (facts, norms, verdicts) is in `info` alone, which is for the researcher.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any, Literal, TypedDict, Unpack, cast

import gymnasium
import msgspec
from gymnasium.vector import AsyncVectorEnv, SyncVectorEnv, VectorEnv

from privgym.episode import Episode, settle
from privgym.episode import cast as people_of
from privgym.errors import PrivgymError, did_you_mean
from privgym.flow import AGENT
from privgym.guard import Mode, known
from privgym.message import Action, Observation, ToolSchema
from privgym.pack import Pack, Split, load
from privgym.register import register
from privgym.scenario import Name, Scenario
from privgym.score import Fold, grader
from privgym.space import ActionSpace, ObservationSpace
from privgym.transcript import transcript
from privgym.world import schemas_of

Step = tuple[Observation, float, bool, bool, dict[str, Any]]

SEEDS = (2**16, 2**31)
"""Scenario seeds that `reset` draws from. Those below are left to `privgym run`, whose seeds
count from 0: an agent is not evaluated on the scenarios it was trained on."""

COVERED = 0.5
"""Share of a pack's facts that exact sensors must find for a reward to mean anything."""


class Options(TypedDict, total=False):
    """What `Env` takes beside the pack; see there."""

    families: Sequence[str]
    level: int | None
    split: Split | None
    weights: Mapping[str, float] | None
    reward: bool
    guard: Mode
    render_mode: str | None


class _Live:
    """An episode under way, with its people and its fold."""

    observation: Observation

    def __init__(self, scenario: Scenario, weight: float, guard: Mode) -> None:
        self.episode = Episode(scenario, guard)
        self.fold = Fold(grader(scenario), weight)
        self._people = people_of(scenario)
        self._seen = 0
        self._paid = 0.0

    def go_on(self) -> dict[str, Any]:
        """Let the others take their turns; what is new, for the researcher."""
        turn = settle(self.episode, self._people)
        if turn:
            self.observation = turn.observation
        elif not self._seen:
            where = self.episode.scenario.name
            raise PrivgymError("the agent never gets a turn", where=where)
        # A new dict of frozen records each time: gymnasium refuses what two calls share.
        events = tuple(self.episode.events[self._seen :])
        self._seen += len(events)
        verdicts = tuple(verdict for event in events for verdict in self.fold.see(event))
        info: dict[str, Any] = {"scenario": self.episode.scenario.name}
        info |= {"events": events, "verdicts": verdicts}
        if guard := self.episode.guard:
            info["decisions"], guard.decisions = tuple(guard.decisions), []
        return {**info, "score": self.fold.score()} if self.episode.over else info

    def pay(self) -> float:
        """The reward since it was last asked for."""
        reward = self.fold.reward - self._paid
        self._paid = self.fold.reward
        return reward


class Env(gymnasium.Env[Observation, Action]):
    """A pack as a gymnasium environment.

    Args:
        pack: name of the pack.
        families: families to draw from; () for all.
        level: only this level; None for all.
        split: only families of this split ("public" or "held-out"); None for both.
        weights: {"inappropriate": w}: what an inappropriate flow costs (1.0 by default), where
            all goals of a scenario together are worth 1.
        reward: False gives 0.0 at every step; packs whose facts exact sensors mostly cannot
            find have no other.
        guard: what a guard at the wire does about inappropriate flows: "observe", "warn",
            "redact" or "block"; "off" for none. Under a guard, info has its "decisions".
        render_mode: "ansi", or None.

    Raises:
        PrivgymError: nothing is left to draw from, a weight or a guard is unknown, or the pack's
            facts are not covered well enough for a reward.
    """

    action_space: ActionSpace
    observation_space: ObservationSpace
    metadata = {"render_modes": ["ansi"], "render_fps": 1}  # noqa: RUF012 (gymnasium's own form)

    def __init__(
        self,
        pack: str = "everyday",
        *,
        families: Sequence[str] = (),
        level: int | None = None,
        split: Split | None = None,
        weights: Mapping[str, float] | None = None,
        reward: bool = True,
        guard: Mode = "off",
        render_mode: str | None = "ansi",
    ) -> None:
        self.pack = load(pack)
        self.render_mode = render_mode
        families = (families,) if isinstance(families, str) else tuple(families)
        self._plan = self.pack.names(families, level, split_=split)
        self._weight = _price(weights or {})
        self._pays, self._guard = reward, known(guard)
        if reward and self.pack.exact < COVERED:
            raise PrivgymError(
                f"exact sensors find {self.pack.exact:.0%} of the facts of this pack: a reward "
                "made from what they find would be wrong",
                where=f'pack "{pack}"',
                do="pass reward=False to step through it without one",
            )
        tools = _tools(self.pack)
        self.action_space = ActionSpace(tools)
        self.observation_space = ObservationSpace(tools)
        self._live: _Live | None = None

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """Begin an episode and let the others take their turns until it is the agent's.

        A gym seed seeds `np_random`, which draws a (family, twin, level) evenly and then a
        scenario seed from `SEEDS`. So does every reset without a seed.

        Args:
            seed: gymnasium's seed.
            options: {"scenario": "everyday/leave.twin#3"} (or a `Scenario`) names what is
                lived, {"seed": 3} its scenario seed; what is not given is drawn.

        Returns:
            The agent's first observation, and info: "scenario" (its name), "events" (all that
            happened so far) and "verdicts" on them.
        """
        super().reset(seed=seed)
        self._live = _Live(self._choose(options or {}), self._weight, self._guard)
        info = self._live.go_on()
        return self._live.observation, info

    def step(self, action: Action) -> Step:
        """Take the agent's turn, then everyone else's.

        Returns:
            Observation (the last one the agent had, at the end), reward (of what happened since
            its last turn; their sum is `Score.reward`), terminated (the session's asker was
            done), truncated (the last session ran out of turns or of context), and info as
            `reset` has it, of what is new, with the "score" at the end.

        Raises:
            PrivgymError: there is no episode to step, or `action` is no `Action`.
        """
        live = self._under_way()
        given: object = action
        if not isinstance(given, Action):
            meant = "privgym.RawText(env)" if isinstance(given, str) else ""
            form = 'privgym.Action(text="...", calls=(privgym.Call.of("email_send", ...),))'
            what = f"an action is a privgym.Action, not a {type(given).__name__}"
            raise PrivgymError(what, meant=meant, do=f"pass {form}")
        live.episode.take(action)
        info = live.go_on()
        over, truncated = live.episode.over, live.episode.truncated
        reward = live.pay() if self._pays else 0.0
        return live.observation, reward, over and not truncated, truncated, info

    def render(self) -> str | None:
        """The episode so far as text, with the verdicts where they fell."""
        if self._live is None:
            raise PrivgymError("there is nothing to render", do="call env.reset() first")
        if self.render_mode is None:
            return None
        live = self._live
        return transcript(live.episode.scenario, live.episode.events, live.fold.verdicts)

    def _under_way(self) -> _Live:
        if self._live is None or self._live.episode.over:
            state = "has not begun" if self._live is None else "is over"
            raise PrivgymError(f"the episode {state}", do="call env.reset() before env.step(...)")
        return self._live

    def _choose(self, options: Mapping[str, Any]) -> Scenario:
        for key in options:
            if key not in ("scenario", "seed"):
                meant = did_you_mean(key, ("scenario", "seed"))
                raise PrivgymError(f'reset has no option "{key}"', meant=meant)
        given = options.get("scenario")
        scenario = given if isinstance(given, Scenario) else self._made(given, options.get("seed"))
        if not set(self.action_space.tools).issuperset(schemas_of(scenario, AGENT)):
            raise PrivgymError(
                "the scenario offers tools that are not in the action space",
                where=scenario.name,
                do="a family must offer the same tools whatever its seed",
            )
        return scenario

    def _made(self, given: str | None, seed: int | None) -> Scenario:
        name = Name.read(given) if given else self._drawn()
        if seed is not None:
            name = msgspec.structs.replace(name, seed=int(seed))
        if name.pack != self.pack.name:
            raise PrivgymError(f'"{name}" is of another pack', do=f'privgym.make("{name.pack}")')
        return self.pack.scenario(name)

    def _drawn(self) -> Name:
        name = self._plan[int(self.np_random.integers(len(self._plan)))]
        seed = int(self.np_random.integers(*SEEDS))
        return name if self.pack.imported else msgspec.structs.replace(name, seed=seed)


def make(pack: str, **options: Unpack[Options]) -> Env:
    """An environment over a pack; `gymnasium.make("privgym/Everyday-v1")` without its wrappers.

    Args:
        pack: name of the pack, such as "everyday".
        options: as `Env` takes them.

    Raises:
        PrivgymError: as `Env` does.
    """
    return cast(Env, gymnasium.make(register(pack), **options).unwrapped)


def make_vec(
    pack: str,
    num_envs: int = 1,
    vectorization_mode: Literal["sync", "async"] = "sync",
    **options: Unpack[Options],
) -> VectorEnv[Any, Any, Any]:
    """Several environments over a pack, stepped together; observations come as a tuple.

    Args:
        pack: name of the pack.
        num_envs: how many.
        vectorization_mode: "sync" in this process, or "async" with a process for each.
        options: as `Env` takes them.

    Raises:
        PrivgymError: as `Env` does, or the mode is unknown.
    """
    makers = [partial(make, pack, **options)] * num_envs
    # Observations are frozen, so nothing is gained by copying them, and they are no arrays, so
    # that shared memory could only hold stale ones.
    if vectorization_mode == "sync":
        return SyncVectorEnv(makers, copy=False)
    if vectorization_mode == "async":
        return AsyncVectorEnv(makers, shared_memory=False, copy=False, context="spawn")
    raise PrivgymError(
        f'there is no vectorization mode "{vectorization_mode}"', do='use "sync" or "async"'
    )


@cache
def _tools(pack: Pack) -> tuple[ToolSchema, ...]:
    """All that an agent may ever call in a pack, in a fixed order."""
    scenarios = (pack.scenario(name) for name in pack.names())
    return tuple(dict.fromkeys(s for found in scenarios for s in schemas_of(found, AGENT)))


def _price(weights: Mapping[str, float]) -> float:
    """What an inappropriate flow costs."""
    for key in weights:
        if key != "inappropriate":
            raise PrivgymError(
                f'there is no weight "{key}"',
                meant=did_you_mean(key, ("inappropriate",)),
                do='weights={"inappropriate": w}, where all goals together are worth 1',
            )
    price = float(weights.get("inappropriate", 1.0))
    if not (math.isfinite(price) and price >= 0):
        raise PrivgymError(f"a weight is a number from 0 up, not {price}")
    return price
