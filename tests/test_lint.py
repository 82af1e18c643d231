"""Norms looked over before anything is judged by them."""

from __future__ import annotations

import pytest

from privgym.book import Book
from privgym.flow import Fact, Party
from privgym.lint import idle, sheet, speechless, unnamed, unspoken

SOUND = """
# a comment
sphere health denies for record
sphere work allows for dates, badge
purpose treatment
record has diagnosis, visit
visit and dates imply illness
never record of patient to employer unless patient consented within 30 days
allow diagnosis of patient to physician for treatment
never illness, badge of patient to employer
must dates of patient to employer
""".strip().splitlines()


def test_sound_norms_have_nothing_wrong():
    assert sheet(SOUND) == []
    assert idle(SOUND) == []


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("never healt of a to b", 'did you mean "health"'),
        ("never badge of a to b in wrok", 'did you mean "work"'),
        ("never badge of a to b if learned in wrok", 'did you mean "work"'),
        ("never badge of a to b for treatmet", 'did you mean "treatment"'),
        ("visitt implies illness", 'did you mean "visit"'),
        ("nevr badge of a to b", "did you mean"),
        ("sphere health allows", "both denies and allows"),
        ("sphere work allows for record", "two spheres"),
        ("diagnosis has record", '"diagnosis" contains itself'),
        ("illness implies visit", '"illness" implies itself'),
        ("must dates of patient to employer", "stands there twice"),
        ("must badge of patient to employer", "cannot be met"),
        ("allow badge of patient to employer if patient consented", "never permits anything"),
    ],
)
def test_what_is_wrong_is_said_with_what_was_meant(line: str, said: str):
    assert any(said in what for what in sheet([*SOUND, line]))


def test_every_line_that_cannot_be_read_is_named():
    wrong = sheet(["never a", "sphere x denies", "must"], "mine.txt")
    assert ["mine.txt, line 1" in wrong[0], "mine.txt, line 3" in wrong[1]] == [True, True]


def test_what_no_line_speaks_of_is_said():
    (one, two) = idle([*SOUND, "sphere play allows for dice", "purpose sport"])
    assert "dice" in one
    assert "sport" in two


PARTIES = (
    Party("principal", "Ana", roles=(("patient", "clinic"),)),
    Party("clinic", "Dr Cruz", roles=(("physician", "principal"), ("friend", "principal"))),
)


def test_a_line_that_is_about_nobody_and_nothing_here_never_speaks():
    lines = [
        "sphere work allows for badge",
        "never badge of principal to clinic",
        "never badge of clinic to principal",
        "at most 1 of badge, dates of anyone to the same recipient",
        "at most 1 of badge, dates of clinic to the same recipient",
        "badge and dates imply trip",
        "badge implies role",
    ]
    facts = [
        Fact("badge", "principal", "badge", "id", "B-17"),
        Fact("b", "clinic", "dates", "id", "B-18"),
    ]
    book = Book.of(lines, PARTIES, facts, ["work"])
    said = list(speechless(book, lines))
    assert [what.split('"')[1] for what in said] == [lines[2], lines[5]]


def test_facts_and_roles_that_no_line_names_are_named():
    facts = [Fact("badge", "principal", "badge", "id", "B-17")]
    book = Book.of(
        ["sphere work allows", "allow badge of patient to physician"], PARTIES, facts, ["work"]
    )
    assert list(unspoken(book)) == []
    assert list(unnamed(book)) == ["no line names the role friend"]
    bare = Book.of(["sphere work allows for badge"], PARTIES, facts, ["work"])
    assert list(unspoken(bare)) == ["no line speaks of badge, and nothing denies it by default"]
