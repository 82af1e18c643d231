"""The draw: what a family gets in hand to make a scenario.

`Draw` draws values from a seed; `Builder` collects people, facts, texts, norms and plays, and
`freeze` turns it all into a `Scenario`, resolving the marks that formatted facts left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import msgspec
from msgspec.structs import replace

from privgym.errors import PrivgymError
from privgym.flow import AGENT, MEMORY, STRANGER, Fact, Party
from privgym.message import Action, Call
from privgym.person import Answer, Grant
from privgym.ref import FactRef, LetterRef, PartyRef, call, play
from privgym.resolve import Resolver
from privgym.scenario import PRINCIPAL, Kept, Past, Play, Scenario, Session, house
from privgym.value import Value, Values


class Draw(Values):
    """Values out of a seed, and the scenario to fill in with them."""

    def scenario(self, sphere: str, tools: Sequence[str] = ("email",)) -> Builder:
        """A scenario to fill in; `sphere` is the first session's, `tools` are the agent's."""
        return Builder(self, sphere, tuple(tools))


class Builder:
    """Collects a scenario; `freeze` makes it."""

    def __init__(self, draw: Draw, sphere: str, tools: tuple[str, ...]) -> None:
        self._draw, self._sphere, self._tools = draw, sphere, tools
        self._parties: list[Party] = []
        self._facts: list[Fact] = []
        self._norms: list[str] = []
        self._past: list[Past] = []
        self._kept: list[Kept] = []
        self._sessions: list[Session] = []
        self._answers: list[Answer] = []
        self._grants: list[Grant] = []
        self._goals: list[Call] = []
        self._plays: list[Play] = []
        self._letters = 0

    # -- who and what ---------------------------------------------------------------------

    def principal(self) -> PartyRef:
        """The person that the agent acts for."""
        return self._add(PRINCIPAL, ())

    def person(self, role: str, of: PartyRef | None = None) -> PartyRef:
        """Someone who holds a role towards the principal (or towards `of`)."""
        ref = self._add(self._key(role), ((role, of.key if of else PRINCIPAL),))
        if "contacts" in self._tools:
            who = f"your {role.replace('_', ' ')}" if of is None else role.replace("_", " ")
            party = self._parties[-1]
            card = {"name": party.name, "email": party.email, "who": who}
            self._kept.append(Kept(PRINCIPAL, "contacts", msgspec.json.encode(card).decode()))
        return ref

    def _key(self, word: str) -> str:
        """The word itself, or with a number: people, facts and the house share no key."""
        taken = {PRINCIPAL, AGENT, MEMORY, STRANGER, "search"}
        taken |= {party.key for party in self._parties} | {fact.key for fact in self._facts}
        key, number = word, 1
        while key in taken:
            number += 1
            key = f"{word}_{number}"
        return key

    def _add(self, key: str, roles: tuple[tuple[str, str], ...]) -> PartyRef:
        used = {word for party in self._parties for word in party.name.split()}
        while True:
            first, last = self._draw.faker.first_name(), self._draw.faker.last_name()
            if not {first, last} & used and first != last:
                break
        email = f"{first}.{last}@{self._draw.faker.domain_word()}.example".lower()
        self._parties.append(Party(key, f"{first} {last}", "person", roles, email))
        return PartyRef(key)

    def fact(
        self, attribute: str, *, of: PartyRef, value: Value | PartyRef | str, sphere: str = ""
    ) -> FactRef:
        """A tracked fact: `attribute` of a party, with a drawn value (a text, someone's name)."""
        drawn = Value("text", value) if isinstance(value, str) else value
        if isinstance(drawn, PartyRef):
            names = {party.key: party.name for party in self._parties}
            drawn = Value("name", names[drawn.key])
        key = self._key(attribute)
        fact = Fact(key, of.key, attribute, drawn.type, drawn.text, drawn.aliases, sphere)
        self._facts.append(fact)
        return FactRef(key)

    # -- the past and the sessions --------------------------------------------------------

    def letter(
        self, sender: PartyRef, to: PartyRef, body: str, subject: str = "", days_ago: int = 1
    ) -> LetterRef:
        """A letter that was sent before session 1, by the principal or to the principal."""
        if PRINCIPAL not in (sender.key, to.key):
            raise PrivgymError(
                f"a letter of {sender.key} to {to.key} is in no mailbox that is ever opened",
                where=f"{self._draw.pack}/{self._draw.family}",
                do="the principal must send it or get it",
            )
        sent = call.email_send(to=[to], subject=subject, body=body)
        day = self._draw.today - timedelta(days=days_ago)
        self._past.append(Past(sender.key, sent, f"{day} 08:30"))
        self._letters += 1
        return LetterRef(self._letters)

    def earlier(self, party: PartyRef, made: Call, days_ago: int = 7) -> None:
        """A call that somebody made before session 1, such as a consent once given."""
        day = self._draw.today - timedelta(days=days_ago)
        self._past.append(Past(party.key, made, f"{day} 08:30"))

    def page(self, title: str, text: str) -> None:
        """A page that the web search can find."""
        page = msgspec.json.encode({"title": title, "text": text}).decode()
        self._kept.append(Kept("search", "search", page))

    def session(
        self,
        text: str,
        *,
        sphere: str = "",
        asker: PartyRef | None = None,
        shows: Sequence[LetterRef] = (),
        acts: Sequence[Call] = (),
        days_later: int = 0,
    ) -> None:
        """A session: what the asker says first, with what acts, and what is in view."""
        day = self._draw.today + timedelta(days=days_later)
        self._sessions.append(
            Session(
                sphere=sphere or self._sphere,
                asker=asker.key if asker else PRINCIPAL,
                at=f"{day} 09:00",
                opening=Action(text=text, calls=tuple(acts)),
                shows=tuple(Call.of("email_read", id=letter.number) for letter in shows),
            )
        )

    def answer(
        self, party: PartyRef, text: str, cues: Sequence[str] = (), acts: Sequence[Call] = ()
    ) -> None:
        """What a person answers, once, to what has one of the cues (to anything without)."""
        self._answers.append(Answer(party.key, tuple(cues), text, tuple(acts)))

    def grant(
        self,
        party: PartyRef,
        attribute: str,
        *,
        to: PartyRef | None = None,
        cues: Sequence[str] = (),
        yes: bool = True,
        text: str = "Yes, you may.",
    ) -> None:
        """How a person answers a request for permission (anything else is denied)."""
        name = str(to) if to else ""
        self._grants.append(Grant(party.key, attribute, name, tuple(cues), yes, text))

    # -- what should and should not happen ------------------------------------------------

    def norm(self, line: str) -> None:
        """A norm of this scenario; people formatted into it become words of the norm."""
        self._norms.append(line)

    def needs(self, required: Call) -> None:
        """A required call; facts and people in its arguments count in any form."""
        self._goals.append(required)

    def good(self, *turns: Any) -> None:
        """The good play: turns (a call, a text, a list of calls), or a list of them a session."""
        self._plays.append(play("good", turns))

    def bad(self, *turns: Any) -> None:
        """A play that breaks a norm."""
        self._plays.append(play("bad", turns))

    # -- making it ------------------------------------------------------------------------

    def freeze(self) -> Scenario:
        """The scenario, whole.

        Raises:
            PrivgymError: a mark is broken, a form is missing, or a text tells a planted value
                without a mark.
        """
        draw, family = self._draw, f"{self._draw.pack}/{self._draw.family}"
        if not self._sessions or PRINCIPAL not in {party.key for party in self._parties}:
            raise PrivgymError(
                "a scenario needs a principal and a session",
                where=family,
                do="begin with s.principal(), end with s.session(...)",
            )
        words = Resolver(self._facts, self._parties, family)
        return Scenario(
            pack=draw.pack,
            family=draw.family,
            seed=draw.seed,
            twin=draw.twin,
            level=draw.level,
            purpose=draw.purpose,
            parties=(*self._parties, *house(self._tools)),
            facts=tuple(self._facts),
            shared=draw.shared,
            norms=tuple(words.norm(line) for line in self._norms),
            tools=self._tools,
            past=tuple(
                Past(p.party, words.call(p.call, f"past/{i}"), p.at)
                for i, p in enumerate(self._past)
            ),
            kept=tuple(
                Kept(k.owner, k.tool, words.json(k.record, f"kept/{i}"))
                for i, k in enumerate(self._kept)
            ),
            sessions=tuple(
                replace(s, opening=words.action(s.opening, f"session/{i}"))
                for i, s in enumerate(self._sessions, 1)
            ),
            answers=tuple(words.answer(a, f"answer/{i}") for i, a in enumerate(self._answers)),
            grants=tuple(words.grant(grant) for grant in self._grants),
            goals=tuple(words.goal(goal) for goal in self._goals),
            plays=tuple(words.play(play) for play in self._plays),
            planted=tuple(words.planted),
            exact=draw.exact,
        )
