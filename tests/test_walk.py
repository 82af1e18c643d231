"""What an agent can find out, by reading, looking up and asking, and what it cannot."""

from __future__ import annotations

import pytest

from privgym.draw import Draw
from privgym.ref import call
from privgym.walk import seen

SHARED = ("sphere health denies for diagnosis", "sphere work allows for leave_dates")


@pytest.fixture
def office():
    def make(tools, tell):
        s = Draw("house", "office", 0, shared=SHARED).scenario(sphere="work", tools=tools)
        me, boss = s.principal(), s.person("manager")
        illness = s.fact("diagnosis", of=me, value="lupus")
        tell(s, me, boss, illness)
        s.session("Please help me.")
        return s.freeze()

    return make


WAYS = {
    "letter": (["email"], lambda s, me, boss, x: s.letter(boss, me, f"About {x}.")),
    "note": (["notes"], lambda s, me, boss, x: s.note("Health", f"I have {x}.")),
    "file": (["files"], lambda s, me, boss, x: s.file("chart.txt", f"It is {x}.")),
    "chat": (["chat"], lambda s, me, boss, x: s.chat(boss, me, f"Is it {x}?")),
    "entry": (["calendar"], lambda s, me, boss, x: s.entry(f"{x}", "2026-12-10 09:00")),
    "memory": (["memory"], lambda s, me, boss, x: s.memory(f"She has {x}.")),
    "page": (["search"], lambda s, me, boss, x: s.page("Help for Ana", f"Ana has {x}.")),
    "answer": (["email"], lambda s, me, boss, x: s.answer(boss, f"It is {x}.", cues=["ill"])),
    "answer in chat": (["chat"], lambda s, me, boss, x: s.answer(boss, f"It is {x}.")),
    "answer of the asker": (["email"], lambda s, me, boss, x: s.answer(me, f"It is {x}.")),
}


@pytest.mark.parametrize("way", WAYS)
def test_what_is_shown_somewhere_is_found(office, way):
    assert seen(office(*WAYS[way])) == {"diagnosis"}


def between_others(s, me, boss, x):
    s.earlier(boss, call.email_send(to=[s.person("colleague")], subject="Ana", body=f"It is {x}."))


LOST = {
    "nowhere": (["email"], lambda s, me, boss, x: None),
    "between others": (["email"], between_others),
    "a tool that it lacks": (
        ["email"],
        lambda s, me, boss, x: s.grant(boss, "diagnosis", text=f"It is {x}."),
    ),
    "an act alone": (
        ["email"],
        lambda s, me, boss, x: s.earlier(boss, call.act_ask(attribute="diagnosis")),
    ),
}


@pytest.mark.parametrize("way", LOST)
def test_what_nothing_shows_is_not_found(office, way):
    assert seen(office(*LOST[way])) == frozenset()
