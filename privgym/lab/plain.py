"""Rows without arms: good plays of public families, and sums. They keep what a model can do."""

from __future__ import annotations

from random import Random

from privgym import dialect, kit
from privgym import pack as packs
from privgym.lab.lived import chats
from privgym.lab.recipe import Recipe
from privgym.lab.row import Row, Said
from privgym.message import Action
from privgym.scenario import digest

PACKS = ("everyday", "controls_utility")
"""What the competent base plays the public families of, as far as the kit has them."""

FIRST = 1000
"""Tables are made of the first seeds of a pack: no row is of one below this."""

SUM = 'Answer with one JSON object: {"say": TEXT}.'


def arithmetic(seed: int, number: int) -> Row:
    """A sum of two numbers of one digit."""
    rng = Random(f"arithmetic {seed} {number}")
    one, other = rng.randint(1, 9), rng.randint(1, 9)
    asks = rng.choice(
        (f"What is {one} + {other}?", f"Add {one} and {other}.", f"{one} plus {other} makes what?")
    )
    answer = dialect.render(Action(text=str(one + other)))
    messages = Said("system", SUM), Said("user", asks), Said("assistant", answer)
    return Row(messages, id=f"arithmetic#{seed}.{number}", pattern="arithmetic", template="sum")


def competent(recipe: Recipe) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Good plays of public families, one row a session, and the scenarios that they are of."""
    rows: list[Row] = []
    used: list[str] = []
    seed = FIRST + 1000 * recipe.seed
    while len(rows) < recipe.rows:
        more, scenarios = _plays(seed, recipe.agent)
        rows += more
        used += scenarios
        seed += 1
    Random(f"competent {recipe.seed}").shuffle(rows)
    kept = tuple(rows[: recipe.rows])
    played = {row.id.rpartition("/s")[0] for row in kept}
    return kept, tuple(line for line in used if line.partition(" ")[0] in played)


def _plays(seed: int, agent: str) -> tuple[list[Row], list[str]]:
    """The good plays of one seed, of every pack."""
    rows, used = [], []
    for pack in map(packs.load, filter(set(kit.names("scenarios")).__contains__, PACKS)):
        for name in pack.names(split_="public", seeds=[seed]):
            case = pack.scenario(name)
            used.append(f"{name} {digest(case)}")
            rows += [
                Row(said, id=f"{name}/s{number}", pattern="competent", template=name.family)
                for number, said in enumerate(chats(case, agent), 1)
            ]
    return rows, used
