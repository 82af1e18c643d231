"""Values out of a seed: names, days, amounts, identifiers, wordings.

The twin draws from the same stream as its sibling, so that the surface barely changes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from itertools import accumulate
from random import Random

import msgspec
from faker import Faker
from faker.providers.person.en_US import Provider

from privgym.flow import Type


class Value(msgspec.Struct, frozen=True):
    """A drawn value: its type, its canonical text (see `Fact.value`) and other wordings."""

    type: Type
    text: str
    aliases: tuple[str, ...] = ()


class _Names:
    """A list of names, drawn as often as each is borne.

    Args:
        shares: the names, and how common each is.
    """

    def __init__(self, shares: Mapping[str, float]) -> None:
        self._names, self._sums = tuple(shares), tuple(accumulate(shares.values()))

    def draw(self, rng: Random) -> str:
        return rng.choices(self._names, cum_weights=self._sums)[0]


class _People(Provider):
    """Faker's people, drawn as it draws them; it adds up a thousand shares for every name."""

    _first, _last = _Names(Provider.first_names), _Names(Provider.last_names)

    def first_name(self) -> str:
        return self._first.draw(self.generator.random)

    def last_name(self) -> str:
        return self._last.draw(self.generator.random)


@cache
def _faker() -> Faker:
    faker = Faker("en_US")
    faker.add_provider(_People)
    return faker


class Values:
    """Values out of a seed.

    Args:
        pack, family, seed: what the stream of random numbers hangs on.
        twin: the variant in which one contextual parameter flips one verdict is asked for.
        level: how much must be found out (1: everything in view).
        shared: the pack's norm lines.
        purpose: what the family tests, a sentence.
        exact: the pack's stated exact coverage.
    """

    def __init__(
        self,
        pack: str,
        family: str,
        seed: int,
        *,
        twin: bool = False,
        level: int = 1,
        shared: tuple[str, ...] = (),
        purpose: str = "",
        exact: float = 1.0,
    ) -> None:
        self.pack, self.family, self.seed = pack, family, seed
        self.twin, self.level, self.shared = twin, level, shared
        self.purpose, self.exact = purpose, exact
        self.rng = Random(f"{pack}/{family}#{seed}")
        self._names = Random(f"{pack}/{family}#{seed} names")
        self.today = date(2026, 11, 30) + timedelta(days=self.rng.randrange(0, 28))

    @property
    def faker(self) -> Faker:
        """Names and the like, out of a stream of this draw's own."""
        faker = _faker()
        faker.factories[0].random = self._names
        return faker

    def one_of(self, *choices: str | tuple[str, ...]) -> Value:
        """One of these texts; a tuple is a text with its aliases."""
        chosen = self.rng.choice(choices)
        text, *aliases = (chosen,) if isinstance(chosen, str) else chosen
        return Value("text", text, tuple(aliases))

    def day(self, ahead: tuple[int, int] = (30, 60)) -> Value:
        """A day that many days after the first session."""
        return Value("date", str(self.today + timedelta(days=self.rng.randint(*ahead))))

    def days(self, length: int, ahead: tuple[int, int] = (30, 60)) -> Value:
        """So many days in a row."""
        start = self.today + timedelta(days=self.rng.randint(*ahead))
        return Value("days", f"{start}/{start + timedelta(days=length - 1)}")

    def money(self, low: int, high: int, step: int = 50, currency: str = "USD") -> Value:
        """An amount between two bounds, in steps that make it unlikely to stand there by chance."""
        return Value("money", f"{self.rng.randrange(low, high, step) + step // 2} {currency}")

    def id(self, pattern: str) -> Value:
        """An identifier: "?" becomes a capital letter, "#" a digit."""
        letters = {"?": "ABCDEFGHJKLMNPRSTUVWXYZ", "#": "0123456789"}
        return Value("id", "".join(self.rng.choice(letters.get(c, c)) for c in pattern))

    def phone(self) -> Value:
        """A phone number of the range kept for fiction (555-01xx)."""
        return Value("phone", f"+1 {self.rng.randint(201, 989)} 555 01{self.rng.randint(10, 99)}")

    def wording(self, role: str, *texts: str) -> str:
        """One of several wordings of a text.

        Which one hangs on the seed and on `role` alone, so that a twin that words more or
        fewer texts than its sibling still words the others alike.

        Args:
            role: what the text is for: "ask", "news", ...
            texts: the wordings; facts formatted into them keep their marks.
        """
        return Random(f"{self.pack}/{self.family}#{self.seed} {role}").choice(texts)
