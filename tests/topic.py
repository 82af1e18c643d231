"""What one random case is about, and the norm lines that speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from random import Random

from privgym.flow import Fact
from tests.worlds import KIN, TIMES, World

# What a case is about, and the deeds that matter to it (see `acts` in tests/gen.py).
DEEDS = {
    "consented": "ccwdddd",
    "withdrew": "wwwcdd",
    "asked": "a",
    "delegated": "dddr",
    "confidence": "k",
    "after": "n",
    "must": "aanc",
}
CONDS = (
    *("consented", "consented", "withdrew", "asked", "delegated"),
    *("known", "confidence", "learned", "is", "after"),
)
ANY_DEED = "cccwwaaakdddren"
THEMES = (*DEEDS, "consented", "must", "known", "learned", "is", "most", "none")


class Topic:
    """What a case is about: a fact, two people, a span, a part of the language; and its lines."""

    def __init__(self, rng: Random, world: World) -> None:
        self.rng, self.world = rng, world
        self.facts = tuple(self._facts())
        self.fact = rng.choice(self.facts)
        kin = [kin for kin in KIN if self.fact.attribute in kin]
        self.names = [*([self.fact.attribute] * 2), *(name for name in kin[0] if self.known(name))]
        self.outside = [p.key for p in world.parties if p.key not in ("ana", "agent", "memory")]
        self.two = rng.sample(self.outside, 2)
        self.two[1] = "memory" if rng.random() < 0.1 else self.two[1]
        self.time = rng.choice(sorted(TIMES))
        self.theme = rng.choice(THEMES)

    def known(self, name: str) -> bool:
        return name in (*self.world.attributes, *self.world.spheres)

    def pick(self, often: Sequence[str], else_: Sequence[str]) -> str:
        return self.rng.choice(often if self.rng.random() < self.world.bias else else_)

    def _facts(self) -> Iterator[Fact]:
        rng, world = self.rng, self.world
        names = [name for name in world.attributes if rng.random() < 0.7] or ["dates"]
        for i, name in enumerate([*names, *rng.sample(names, rng.choice([0, 0, 1]))]):
            sphere = rng.choice(world.spheres) if rng.random() < 0.1 else ""
            subject = rng.choice(world.subjects)
            yield Fact(f"f{i}", subject, name, "text", f"value {i}", sphere=sphere)

    # -- lines --------------------------------------------------------------------------------

    def declared(self) -> list[str]:
        rng, world = self.rng, self.world
        default = rng.choice(["denies", "denies", "allows"])
        own = "record, mood" if self.known("mood") else "record"
        few = rng.sample(world.drawn, rng.choice([0, 0, 1, 1, 2, 3]))
        return [f"sphere health {default} for {own}", *world.shared, *few]

    def rules(self) -> list[str]:
        counts = [1, 2] if self.theme == "most" else [0, 0, 0, 1]
        mosts = [self.most() for _ in range(self.rng.choice(counts))]
        return list(dict.fromkeys([*mosts, *(self.rule() for _ in range(self.rng.randint(1, 4)))]))

    def any_name(self) -> str:
        return self.pick(self.names, [*self.world.attributes, *self.world.spheres])

    def word(self) -> str:
        return self.pick(
            [*self.two * 2, "manager", "manager", "anyone", "memory"], self.world.words
        )

    def span(self) -> str:
        if self.rng.random() > 0.65:
            return ""
        counts = ["1 step", "1 step", "2 steps", "1 session", *[self.time] * 5]
        sessions = ["this session"] * 2
        return self.rng.choice([*sessions, *(f"within {count}" for count in counts)])

    def most(self) -> str:
        rng = self.rng
        two = rng.sample([*self.world.attributes, "health"], 2)
        several = dict.fromkeys([self.any_name(), *two])
        to = rng.choice(["the same recipient", self.word()])
        about = rng.choice([self.fact.subject, "anyone"])
        words = f"at most 1 of {', '.join(several)} of {about} to {to} {self.span()}".strip()
        return words.replace("most 1", f"most {rng.randint(1, max(1, len(several) - 1))}")

    def rule(self) -> str:
        rng = self.rng
        kinds = ["never", "never", "allow", "allow", "must", "must"]
        kind = rng.choice([*kinds, *["must"] * 6] if self.theme == "must" else kinds)
        names = sorted({self.any_name() for _ in range(rng.choice([1, 1, 2]))})
        subject = self.pick([self.fact.subject, "anyone"], [*self.world.subjects, "patient"])
        to = self.word()
        if kind == "must":  # is owed for a fact there is, to people who are named
            fact = rng.choice([self.fact, rng.choice(self.facts)])
            names, subject = [rng.choice([*[fact.attribute] * 3, *self.names])], fact.subject
            to = to if to != "anyone" else rng.choice([self.two[0], "agent", "memory"])
        words = [kind, ", ".join(names), "of", subject, "to", to]
        sender = rng.choice(["ana", "ana", "memory", "patient"]) if rng.random() < 0.12 else ""
        words += ["from", sender] if sender else []
        words += ["for", rng.choice(["treatment", "billing"])] if rng.random() < 0.12 else []
        words += ["in", rng.choice(self.world.spheres)] if rng.random() < 0.12 else []
        own = [word for word in (subject, to, sender) if word not in ("", "anyone")]
        for _ in range(rng.choice([0, 0, 1] if kind == "must" else [0, 1, 1, 1, 2])):
            conds = [self.cond(own) for _ in range(rng.choice([1, 1, 1, 2]))]
            words += [rng.choice(["if", "unless"]), " or ".join(conds)]
        words += [f"until event {self.event()}"] if rng.random() < 0.1 else []
        return " ".join([*words, *self.when()] if kind == "must" else words)

    def when(self) -> list[str]:
        rng = self.rng
        starts = ["", "", "", "when asked", f"when event {self.event()}"]
        units = ["1 step", "2 steps", "1 session", *[self.time] * 4]
        ends = ["", "by end of session", "by end of episode", *(f"by {unit}" for unit in units)]
        return [word for word in (rng.choice(starts), rng.choice(ends)) if word]

    def event(self) -> str:
        return self.rng.choice(["fire", "fire", "birth"])

    def cond(self, own: Sequence[str]) -> str:
        """A condition; `own` are words of the rule, which mean the same party here."""
        rng = self.rng
        usual = ["sender", "recipient", "subject", "source", "physician of subject", *own]
        match self.pick([self.theme], CONDS) if self.theme in CONDS else rng.choice(CONDS):
            case "known":
                return "known"
            case "confidence":
                return "told in confidence"
            case "learned":
                return f"learned in {rng.choice(self.world.spheres)}"
            case "is":
                role = rng.choice(["manager", "patient", "physician"])
                same = [f"{role} of subject", f"{role} of recipient", *usual, *self.two]
                return f"{rng.choice(['recipient', 'source', 'source'])} is {rng.choice(same)}"
            case "after":
                return f"after event {self.event()} {self.span()}".strip()
            case act:
                whos = [
                    "",
                    "",
                    "",
                    rng.choice(usual),
                    rng.choice(own or usual),
                    rng.choice(self.outside),
                ]
                return f"{rng.choice(whos)} {act} {self.span()}".strip()
