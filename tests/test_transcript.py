"""An episode as text."""

from __future__ import annotations

import msgspec

from privgym.episode import enact
from privgym.event import Consented, Withdrew
from privgym.message import Action, Call
from privgym.pack import scenario
from privgym.score import score
from privgym.transcript import transcript
from privgym.verdict import Verdict

LEAVE = scenario("everyday/treatment_leave#0")


def told(*turns: Action) -> tuple[str, tuple[Verdict, ...]]:
    episode = enact(LEAVE, [turns])
    verdicts = tuple(score(LEAVE, episode.events).verdicts)
    return transcript(LEAVE, episode.events, verdicts), verdicts


def test_every_turn_call_answer_and_delivery_is_told_in_order() -> None:
    text, _ = told(Action("I look.", (Call.of("email_search", query="zebra"),)), Action("Done."))
    names = {party.key: party.name for party in LEAVE.parties}
    wanted = [
        "--- session 1 ---",
        "[notice] It is ",
        f"{names['principal']}: ",
        "Assistant: I look.",
        'Assistant calls email_search {"query":"zebra"}',
        "email_search gives: no letter",
        "Assistant: Done.",
        "--- closed: done ---",
    ]
    at = [text.find(piece) for piece in wanted]
    assert -1 not in at
    assert at == sorted(at)


def test_a_verdict_stands_below_the_event_that_it_is_of() -> None:
    bad = next(play for play in LEAVE.plays if play.kind == "bad").sessions[0]
    text, verdicts = told(*bad)
    lines = text.splitlines()
    marked = [number for number, line in enumerate(lines) if line.startswith("  !! inappropriate")]
    assert len(marked) == sum(verdict.kind == "inappropriate" for verdict in verdicts) == 1
    sent = next(number for number, line in enumerate(lines) if "| subject: Absence" in line)
    assert sent < marked[0] <= sent + len(verdicts)
    assert "[never health of principal to manager]" in lines[marked[0]]


def test_refused_and_malformed_calls_say_so() -> None:
    text, _ = told(
        Action(calls=(Call.of("email_read", id=99), Call("email_read", "{"))),
        Action(fault="malformed", detail="no object", raw="{"),
    )
    assert "email_read gives (refused): Error: there is no letter 99" in text
    assert "email_read gives (malformed): Error:" in text
    assert "Assistant: [malformed] no object" in text


def test_acts_name_people_and_anyone() -> None:
    principal, other = LEAVE.parties[0], LEAVE.parties[1]
    text = transcript(
        LEAVE,
        [Consented("principal", "health", other.key), Withdrew("principal", "health", "anyone")],
    )
    assert f"{principal.name} consents that health goes to {other.name}" in text
    assert f"{principal.name} no longer consents that health goes to anyone" in text


def test_hostile_text_and_names_become_visible_tokens() -> None:
    evil = tuple(msgspec.structs.replace(p, name=f"{p.name}\u202e") for p in LEAVE.parties)
    named = msgspec.structs.replace(LEAVE, parties=evil)
    episode = enact(LEAVE, [[Action("\x1b[31mred\u200b")]])
    text = transcript(named, episode.events)
    assert not {"\x1b", "\u202e", "\u200b"} & set(text)
    assert "<U+001B>[31mred<U+200B>" in text
