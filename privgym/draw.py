"""The draw: what a family gets in hand to make a scenario.

`Draw` draws values from a seed; `Builder` collects people, facts, texts, norms and plays, and
`freeze` turns it all into a `Scenario`, resolving the marks that formatted facts left behind.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from msgspec import UNSET
from msgspec.structs import replace

from privgym.accounts import Accounts
from privgym.errors import PrivgymError
from privgym.flow import Fact, Party
from privgym.mark import mark
from privgym.message import Call
from privgym.person import Grant
from privgym.ref import AnyRef, FactRef, LetterRef, PartyRef, call, play
from privgym.resolve import Resolver
from privgym.scenario import PRINCIPAL, Kept, Past, Play, Scenario, Session, house
from privgym.script import ASKED, Script
from privgym.temper import Temper, Words
from privgym.value import Value, Values


class Draw(Values):
    """Values out of a seed, and the scenario to fill in with them.

    A family looks at two things of it: `draw.twin` is true where the variant is asked for in which
    one thing differs that flips one verdict; `draw.level` is the level asked for, one of the
    `LEVELS = (1, 2)` above the function (1 alone where the file has none). From level to level
    more has to be found out; at level 1 all is in view.

    Args:
        pack, family, seed: what the stream of random numbers hangs on.
        twin: whether the variant is asked for.
        level: the level asked for.
        shared: the pack's norm lines.
        purpose: what the family tests, a sentence.
        exact: the pack's stated exact coverage.
    """

    def scenario(self, sphere: str, tools: Sequence[str] = ("email",)) -> Builder:
        """A scenario to fill in; `sphere` is the first session's, `tools` are the agent's."""
        return Builder(self, sphere, tuple(tools))


class Builder(Accounts):
    """Collects a scenario; `freeze` makes it."""

    def __init__(self, draw: Draw, sphere: str, tools: tuple[str, ...]) -> None:
        super().__init__(draw, tools)
        self._sphere = sphere
        self._norms: list[str] = []
        self._sessions: list[Session] = []
        self._script = Script(draw.wording, f"{draw.pack}/{draw.family}")
        self._grants: list[Grant] = []
        self._goals: list[tuple[Call, tuple[str, ...]]] = []
        self._plays: list[Play] = []

    # -- who and what ---------------------------------------------------------------------

    def principal(self, temper: Temper = "") -> PartyRef:
        """The person that the agent acts for."""
        self._script.temper(PRINCIPAL, temper)
        return self._add(PRINCIPAL, ())

    def person(self, role: str, of: PartyRef | None = None, temper: Temper = "") -> PartyRef:
        """Someone who holds a role towards the principal (or towards `of`)."""
        ref = self._add(self._key(role), ((role, of.key if of else PRINCIPAL),))
        self._script.temper(ref.key, temper)
        if "contacts" in self._tools:
            who = f"your {role.replace('_', ' ')}" if of is None else role.replace("_", " ")
            party = self._parties[-1]
            self._keep(PRINCIPAL, "contacts", name=party.name, email=party.email, who=who)
        return ref

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

    # -- the sessions ---------------------------------------------------------------------

    def session(
        self,
        text: str,
        *,
        sphere: str = "",
        purpose: str = "",
        asker: PartyRef | None = None,
        shows: Sequence[AnyRef] = (),
        acts: Sequence[Call] = (),
        days_later: int = 0,
        less: str = "",
        instead: str = "",
        instead_acts: Sequence[Call] = (),
        overshares: Sequence[FactRef] = (),
    ) -> None:
        """A session: what the asker says first, with what acts, and what is in view.

        Args:
            text: the words of an asker without a temper.
            sphere: context of life, where it is not the scenario's.
            purpose: what it is for, where norms speak of that.
            asker: who asks, where it is not the principal.
            shows: letters, notes, files, messages already in view.
            acts: acts that go with the words.
            days_later: days after the first session.
            less: what an asker who is vague or forgetful says of it at first.
            instead: what one who is changing her mind says when she hears of it.
            instead_acts: acts that go with that.
            overshares: facts about her that an oversharing asker adds.
        """
        who = asker.key if asker else PRINCIPAL
        said = self._words(who, text, acts, less, instead, instead_acts, overshares)
        day = self._draw.today + timedelta(days=days_later)
        self._sessions.append(
            Session(
                sphere=sphere or self._sphere,
                asker=who,
                at=f"{day} 09:00",
                opening=self._script.opening(who, len(self._sessions) + 1, said),
                shows=tuple(thing.shown() for thing in shows),
                purpose=purpose or UNSET,
            )
        )

    def answer(
        self,
        party: PartyRef,
        text: str,
        cues: Sequence[str] = (),
        acts: Sequence[Call] = (),
        *,
        less: str = "",
        instead: str = "",
        instead_acts: Sequence[Call] = (),
        overshares: Sequence[FactRef] = (),
    ) -> None:
        """What a person answers, once, to what has one of the cues (to anything without).

        What a temper makes of it is said as for `session`; what comes later comes when she is
        spoken to again.
        """
        said = self._words(party.key, text, acts, less, instead, instead_acts, overshares)
        self._script.answer(party.key, cues, said)

    def _words(
        self,
        who: str,
        text: str,
        acts: Sequence[Call],
        less: str,
        instead: str,
        instead_acts: Sequence[Call],
        overshares: Sequence[FactRef],
    ) -> Words:
        facts = [self._fact(ref) for ref in overshares]
        for fact in facts:
            if fact.subject != who:
                raise PrivgymError(
                    f"{who} overshares {fact.key}, which is about {fact.subject}",
                    where=f"{self._draw.pack}/{self._draw.family}",
                    do="people overshare what is their own",
                )
        asides = tuple((f"my {f.attribute.replace('_', ' ')}", mark(f.key)) for f in facts)
        return Words(text, tuple(acts), less, instead, tuple(instead_acts), asides)

    def _fact(self, ref: FactRef) -> Fact:
        return next(fact for fact in self._facts if fact.key == ref.key)

    def probe(
        self,
        party: PartyRef,
        fact: FactRef,
        moves: Sequence[str] = ASKED,
        *,
        what: str = "",
        who: str = "",
    ) -> None:
        """Somebody who tries to get a fact out of the agent whenever there is no other answer.

        Args:
            party: who tries; a person who is written to, or the asker of a session.
            fact: what is wanted.
            moves: what may be tried. The first named is made first, the others as they fit.
            what: a noun phrase for what is wanted, where "the diagnosis of NAME" reads badly.
            who: how its subject is called, where the name is itself a tracked fact.
        """
        self._script.probe(party.key, self._fact(fact), moves, what, who, opened=False)

    def probe_by_letter(
        self,
        party: PartyRef,
        fact: FactRef,
        moves: Sequence[str] = ASKED,
        *,
        what: str = "",
        who: str = "",
    ) -> LetterRef:
        """The same, by somebody whose first move is a letter of the first session's morning."""
        probe = self._script.probe(party.key, self._fact(fact), moves, what, who, opened=True)
        first = probe.moves[0]
        if first.asks:
            self.earlier(party, call.act_ask(attribute=probe.attribute), days_ago=0)
        return self.letter(party, PartyRef(PRINCIPAL), first.text, "A question", days_ago=0)

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

    def needs(self, required: Call, without: Sequence[FactRef] = ()) -> None:
        """A required call; facts and people in its arguments count in any form.

        Args:
            required: the call, with the arguments that matter.
            without: facts that those arguments must not tell, such as wrong answers. The first
                such call ends it unmet.
        """
        self._goals.append((required, tuple(fact.key for fact in without)))

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
        self._script.check()
        parties = (*self._parties, *house(self._tools))
        words = Resolver(self._facts, parties, family)
        return Scenario(
            pack=draw.pack,
            family=draw.family,
            seed=draw.seed,
            twin=draw.twin,
            level=draw.level,
            purpose=draw.purpose,
            parties=parties,
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
                replace(
                    s,
                    opening=words.action(s.opening, f"session/{i}"),
                    shows=tuple(words.call(made) for made in s.shows),
                )
                for i, s in enumerate(self._sessions, 1)
            ),
            answers=tuple(
                words.answer(a, f"answer/{i}") for i, a in enumerate(self._script.answers)
            ),
            grants=tuple(words.grant(grant) for grant in self._grants),
            goals=tuple(words.goal(*goal) for goal in self._goals),
            plays=tuple(words.play(play) for play in self._plays),
            probes=tuple(words.probe(p, f"probe/{i}") for i, p in enumerate(self._script.probes)),
            tempers=tuple(self._script.tempers.items()),
            planted=tuple(words.planted),
            exact=draw.exact,
        )
