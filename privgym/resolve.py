"""Marks become words: the texts of a scenario in the making, resolved.

A fact that stands in a text is planted there: its span is kept, as ground truth for sensors. A
text that tells a planted value without a mark is refused, since nobody would know it is there.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import Fact, Party
from privgym.mark import Place, prose, resolve
from privgym.message import Action, Call
from privgym.person import Answer, Grant
from privgym.prober import Probe
from privgym.scenario import PRINCIPAL, Goal, Planted, Play
from privgym.sensors.exact import Exact

_BLANK = "\ufffd"
"""What a marked value is covered with: no sensor drops it, so it joins no two words."""


class Resolver:
    """Resolves the texts of one scenario; `planted` grows as it goes.

    Args:
        facts, parties: what marks can stand for.
        family: the pack and family, named in errors.

    Its methods raise `PrivgymError` for a broken mark, a form that a value lacks, and (where a
    place is given) a text that tells a planted value without a mark.
    """

    def __init__(self, facts: Sequence[Fact], parties: Sequence[Party], family: str) -> None:
        self.planted: list[Planted] = []
        self._facts = {fact.key: fact for fact in facts}
        self._parties = {party.key: party for party in parties}
        self._family = family
        self._sensor = Exact(facts, parties, PRINCIPAL)

    def text(self, text: str, where: str = "") -> str:
        """Prose; at a place that is named its facts are planted and stowaways refused."""
        done, places = resolve(text, self._prose, f"{self._family}, {where or 'a play'}")
        if where:
            marks = [place for place in places if place.key in self._facts]
            self.planted += [Planted(where, p.key, p.form, p.start, p.end) for p in marks]
            self._no_stowaways(done, marks, where)
        return done

    def json(self, text: str, where: str = "") -> str:
        """JSON text of an object, the texts in it resolved; each is a place of its own."""
        given = msgspec.json.decode(text)
        done = {k: self._value(v, where and f"{where}/{k}") for k, v in given.items()}
        return msgspec.json.encode(done).decode()

    def call(self, made: Call, where: str = "") -> Call:
        """A call."""
        return Call(made.name, self.json(made.arguments, where))

    def action(self, action: Action, where: str = "") -> Action:
        """An action; what it says is at the place, what it calls at none."""
        calls = tuple(self.call(made) for made in action.calls)
        return msgspec.structs.replace(action, text=self.text(action.text, where), calls=calls)

    def play(self, play: Play) -> Play:
        """A play."""
        sessions = tuple(tuple(self.action(a) for a in turns) for turns in play.sessions)
        return Play(play.kind, sessions)

    def answer(self, answer: Answer, where: str) -> Answer:
        """A person's answer."""
        calls = tuple(self.call(made) for made in answer.calls)
        text = self.text(answer.text, where)
        bare = msgspec.structs.replace(answer, text=text, calls=calls)
        return msgspec.structs.replace(
            bare, cues=self._cues(answer.cues), after=self.text(answer.after)
        )

    def grant(self, grant: Grant) -> Grant:
        """A person's answer to a request for permission."""
        to, text = self.text(grant.to), self.text(grant.text)
        return msgspec.structs.replace(grant, to=to, text=text, cues=self._cues(grant.cues))

    def probe(self, probe: Probe, where: str) -> Probe:
        """What a prober may say; it must not tell a fact, which would be known by then."""
        known = len(self.planted)
        moves = tuple(
            msgspec.structs.replace(move, text=self.text(move.text, where)) for move in probe.moves
        )
        if len(self.planted) > known:
            raise PrivgymError(
                f"{probe.party} asks for {probe.fact} in words that tell a fact",
                where=f"{self._family}, {where}",
                do="say in `what` what is asked for, without its value",
            )
        return msgspec.structs.replace(probe, moves=moves)

    def goal(self, required: Call, without: tuple[str, ...] = ()) -> Goal:
        """A required call; what is marked in its arguments is kept beside them."""
        arguments = []
        for name, value in msgspec.json.decode(required.arguments).items():
            text = value if isinstance(value, str) else msgspec.json.encode(value).decode()
            done, places = resolve(text, self._prose, f"{self._family}, a goal")
            arguments.append((name, done, tuple(place.key for place in places)))
        return Goal(required.name, tuple(arguments), without or msgspec.UNSET)

    def norm(self, line: str) -> str:
        """A norm line, in which marks are words: the keys themselves."""
        return resolve(line, lambda key, form: key, f"{self._family}, a norm")[0]

    def _value(self, value: Any, where: str) -> Any:
        if isinstance(value, list):
            return [self._value(item, "") for item in value]
        return self.text(value, where) if isinstance(value, str) else value

    def _cues(self, cues: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(self.text(cue).lower() for cue in cues)

    def _prose(self, key: str, form: str) -> str:
        if key in self._facts:
            return prose(self._facts[key], form)
        if key not in self._parties:
            raise PrivgymError(f'"{key}" is neither a fact nor a party', where=self._family)
        party = self._parties[key]
        words = {"": party.name, "first": party.name.split()[0], "email": party.email}
        if form not in words:
            raise PrivgymError(
                f'people have no form "{form}"',
                where=self._family,
                do=f"their forms: {', '.join(filter(None, words))}",
            )
        return words[form]

    def _no_stowaways(self, text: str, marks: Sequence[Place], where: str) -> None:
        blank = list(text)
        for place in marks:
            blank[place.start : place.end] = _BLANK * (place.end - place.start)
        for finding in self._sensor.find([(where, "".join(blank))]):
            raise PrivgymError(
                f'the text tells "{finding.words}" ({finding.fact}) without a mark',
                where=f"{self._family}, {where}",
                do="format the fact into the text, or draw another value",
            )
