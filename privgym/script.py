"""What the people of a scenario in the making will say: tempers applied, answers in order."""

from __future__ import annotations

from collections.abc import Sequence
from typing import get_args

from msgspec.structs import replace

from privgym.errors import PrivgymError, did_you_mean
from privgym.flow import Fact
from privgym.mark import mark
from privgym.message import Action
from privgym.person import Answer
from privgym.prober import CLAIMS, Move, Probe
from privgym.temper import Pick, Temper, Words, bend
from privgym.wordings import CURT, MOVES, OPENING, PRESSES

ASKED = tuple(kind for kind in MOVES if kind != "further")
"""The moves that a family may name; `further` comes with `incremental`."""


class Script:
    """Collects what people say.

    Args:
        pick: chooses one of several wordings.
        where: pack and family, named in errors.
    """

    def __init__(self, pick: Pick, where: str) -> None:
        self.tempers: dict[str, Temper] = {}
        self.probes: list[Probe] = []
        self._pick, self._where = pick, where
        self._early: list[Answer] = []
        self._answers: list[Answer] = []
        self._late: list[Answer] = []
        self._bent: set[str] = set()
        self._askers: set[str] = set()

    @property
    def answers(self) -> list[Answer]:
        """All answers, in the order in which they are tried: first what was held back."""
        pressing = [
            Answer(party, (), self._pick(f"{party}/curt", *CURT), presses=True)
            for party, temper in self.tempers.items()
            if temper == "impatient" and party not in self._askers
        ]
        return [*self._early, *self._answers, *self._late, *pressing]

    def temper(self, party: str, temper: Temper) -> None:
        """Give a person a temper."""
        if temper not in get_args(Temper):
            raise PrivgymError(
                f'"{temper}" is no temper',
                where=self._where,
                meant=did_you_mean(temper, get_args(Temper)),
            )
        if temper:
            self.tempers[party] = temper

    def opening(self, asker: str, session: int, words: Words) -> Action:
        """What an asker says and does when a session begins."""
        self._askers.add(asker)
        temper, role = self.tempers.get(asker, ""), f"{asker}/session/{session}"
        if temper == "vague" and not words.less:
            words = replace(words, less=self._pick(f"{role}/opening", *OPENING))
        if temper == "impatient":
            # Another wording each session, since nobody says the same thing twice.
            turned = PRESSES[session % len(PRESSES) :] + PRESSES[: session % len(PRESSES)]
            text = self._pick(f"{asker}/press", *turned)
            self._late.append(Answer(asker, (), text, session=session, presses=True))
        first, later = self._bend(asker, words, role)
        if later:
            self._early.append(Answer(asker, (), later.text, later.calls, session=session))
        return first

    def answer(self, party: str, cues: Sequence[str], words: Words) -> None:
        """What a person answers."""
        first, later = self._bend(party, words, f"{party}/answer/{len(self._answers)}")
        self._answers.append(Answer(party, tuple(cues), first.text, first.calls))
        if later:
            self._answers.append(Answer(party, (), later.text, later.calls, after=first.text))

    def probe(
        self, party: str, fact: Fact, moves: Sequence[str], what: str, who: str, *, opened: bool
    ) -> Probe:
        """Somebody who tries to get a fact."""
        if fact.subject == party:
            raise PrivgymError(
                f"{party} asks for {fact.key}, which is about {party}", where=self._where
            )
        if not moves:
            raise PrivgymError(f"{party} has no moves", where=self._where, do="name at least one")
        for kind in moves:
            if kind not in ASKED:
                raise PrivgymError(
                    f'"{kind}" is no move', where=self._where, meant=did_you_mean(kind, ASKED)
                )
        kinds = [
            k for kind in moves for k in ((kind, "further") if kind == "incremental" else (kind,))
        ]
        who = who or mark(fact.subject)
        what = what or f"the {fact.attribute.replace('_', ' ')} of {who}"
        made = tuple(self._move(party, kind, what, who) for kind in kinds)
        self.probes.append(Probe(party, fact.key, fact.attribute, made, opened))
        return self.probes[-1]

    def check(self) -> None:
        """Raise `PrivgymError` where a temper never shows."""
        for party, temper in self.tempers.items():
            if temper != "impatient" and party not in self._bent:
                needs = {"oversharing": "overshares=", "changing": "instead="}.get(temper, "less=")
                raise PrivgymError(
                    f"{party} is {temper}, and nothing that {party} says shows it",
                    where=self._where,
                    do=f"give {needs} to a session that {party} opens, or to an answer",
                )

    def _bend(self, party: str, words: Words, role: str) -> tuple[Action, Action | None]:
        first, later = bend(self.tempers.get(party, ""), words, role, self._pick)
        if later or first.text != words.text:
            self._bent.add(party)
        return first, later

    def _move(self, party: str, kind: str, what: str, who: str) -> Move:
        text = self._pick(f"{party}/{kind}", *MOVES[kind])
        text = text.replace("{what}", what).replace("{who}", who)
        text = text[:1].upper() + text[1:]
        return Move(kind, text, CLAIMS.get(kind, ""), asks=kind != "incremental")
