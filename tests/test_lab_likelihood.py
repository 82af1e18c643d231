"""What a model is inclined to say: measured without acting, on weights that can be taught."""

from __future__ import annotations

from pathlib import Path

import msgspec
import pytest

from privgym import pack
from privgym.errors import PrivgymError
from privgym.lab import experiment, likelihood
from privgym.lab.learner import Learner, Lesson
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
    (place,) = {n for n, (a, b) in enumerate(_tokens(learner, one, other)) if a != b}
    parted = (Lesson(learner.lesson(of).tokens[: place + 1], [place]) for of in (one, other))
    chances = [-float(learner.loss(lesson).detach()) for lesson in parted]
    assert learner.odds(one, other) == pytest.approx(chances[0] - chances[1], abs=1e-3)


def _tokens(learner: Learner, *rows: Row) -> list[tuple[int, ...]]:
    return list(zip(*(learner.lesson(of).tokens for of in rows), strict=True))


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


@pytest.mark.parametrize(("pack_", "inclined"), [("lab_near", 1), ("controls_utility", 5)])
def test_fewer_than_two_scenarios_to_ask_about_are_refused(pack_: str, inclined: int) -> None:
    of = experiment.read("dynamics")
    acting = (experiment.Acting(pack_, level=1, twins=False),)
    of = msgspec.structs.replace(of, acting=acting, inclined=inclined)
    with pytest.raises(PrivgymError, match="two are needed"):
        likelihood.chosen(of)


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
