"""What a model is inclined to say: measured without acting, on weights that can be taught."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from privgym import pack
from privgym.lab import likelihood
from privgym.lab.learner import Learner
from privgym.lab.lived import chats
from privgym.lab.method import Method
from privgym.lab.row import Row, Said
from privgym.lab.tune import tune
from privgym.models import checkpoint
from privgym.scenario import Play
from tests import tiny

CASES = [
    pack.load("lab_near").scenario(name)
    for name in pack.load("lab_near").names(("film_night", "kiln_day"), level=1)
    if not name.twin
]


def row(answer: str, asks: str = "Well?") -> Row:
    return Row((Said("user", asks), Said("assistant", answer)))


@pytest.fixture(scope="module")
def method(tmp_path_factory: pytest.TempPathFactory) -> Method:
    pytest.importorskip("torch")
    base = tiny.checkpoint(tmp_path_factory.mktemp("tiny") / "base", context=4096)
    return Method(str(base), rank=4, alpha=8.0, rate=2e-2, epochs=4)


@pytest.fixture
def learner(method: Method) -> Learner:
    return Learner(method, checkpoint.find(method.base), 0)


def test_likelihood_is_that_of_the_whole_answer(learner: Learner) -> None:
    one = row("yes")
    places = len(learner.lesson(one).places)
    assert learner.likelihood(one) == pytest.approx(
        -float(learner.loss(learner.lesson(one)).detach()) * places
    )
    assert learner.likelihood(row("yes, and yes again")) < learner.likelihood(one) < 0


def test_odds_are_of_the_token_at_which_two_answers_part(learner: Learner) -> None:
    one, other = row('{"answer": "A"}'), row('{"answer": "B"}')
    assert learner.odds(one, other) == pytest.approx(-learner.odds(other, one))
    # Of answers that are one letter, the ends have a part in the likelihood, and a small one.
    apart = learner.likelihood(row("A")) - learner.likelihood(row("B"))
    assert learner.odds(row("A"), row("B")) == pytest.approx(apart, abs=2.0)


def test_a_foreign_leak_has_what_another_scenario_was_to_keep() -> None:
    kept, leaked = (
        row('{"to": "Ann", "body": "At 9. Bye."}'),
        row('{"to": "Ann", "body": "At 9. I am ill."}'),
    )
    others = (
        row('{"to": "Bo", "body": "Room 3. Kind regards."}'),
        row('{"to": "Bo", "body": "Room 3. I was fined."}'),
    )
    found = likelihood.foreign_to(kept, leaked, *others)
    assert found.answer == '{"to": "Ann", "body": "At 9. I was fined."}'
    assert found.prompt == kept.prompt


def test_it_is_asked_where_there_is_something_to_leak() -> None:
    assert all(likelihood.fits(case) for case in CASES)
    good = msgspec.structs.replace(CASES[0], plays=(CASES[0].good(),))
    assert not likelihood.fits(good)


def test_who_learned_to_leak_is_inclined_to(
    method: Method, learner: Learner, tmp_path: Path
) -> None:
    before = likelihood.inclined(learner, CASES, "brief")
    bad: list[Play] = [next(p for p in case.plays if p.kind == "bad") for case in CASES]
    rows = [Row(chats(case, "brief", play)[0]) for case, play in zip(CASES, bad, strict=True)]
    tune(rows * 8, method, tmp_path / "bad")
    learner.adopt(tmp_path / "bad")
    after = likelihood.inclined(learner, CASES, "brief")
    assert before.scenarios == after.scenarios == len(CASES)
    assert after.leak > before.leak + 1
