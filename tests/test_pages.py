"""Pages hold hostile text as text, carry what they need, and ask for nothing."""

from __future__ import annotations

import base64
import hashlib
import json
import re

import msgspec
import pytest
from jinja2 import UndefinedError
from msgspec.structs import replace

from privgym import pack
from privgym.compare import compare, lowest
from privgym.comparison import Asked, Side
from privgym.event import Acted, Opened, Returned, Sent
from privgym.figure import Figure
from privgym.floor import reached
from privgym.folder import Judged
from privgym.leaderboard import pages
from privgym.leaderboard.pages import HERE, interval, percent, points, render
from privgym.leaderboard.reporting import report
from privgym.leaderboard.story import story
from privgym.message import Call
from privgym.side import Episodes, Key, Lived
from tests.payloads import PAYLOADS
from tests.spoil import HARMLESS, parsed, spoil, wrapped
from tests.stories import MOVING, lived, told

STORY = told(MOVING)


def transcript(one) -> str:
    page: str = render("transcript.html", title=one.scenario, story=one)
    return page


def spoiled(event, payload):
    """An event with a payload in every text that an agent, a person or a tool had a hand in."""
    bad = wrapped(payload)
    match event:
        case Acted():
            calls = tuple(
                Call(f"{call.name}{bad}", json.dumps(spoil(json.loads(call.arguments), payload)))
                for call in event.action.calls
            )
            action = replace(event.action, text=f"{event.action.text}{bad}", calls=calls, raw=bad)
            return replace(event, action=action)
        case Sent():
            parts = tuple((field, f"{text}{bad}") for field, text in event.parts)
            return replace(event, parts=parts, channel=f"{event.channel}{bad}", thread=bad)
        case Returned():
            return replace(event, text=f"{event.text}{bad}", call=f"{event.call}{bad}")
        case Opened():
            return replace(event, text=f"{event.text}{bad}")
    return event


WANTED = parsed(transcript(spoil(STORY, HARMLESS)), HARMLESS)


# -- hostile text -----------------------------------------------------------------------------


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_payload_in_any_text_of_a_story_stays_text(payload):
    page = transcript(spoil(STORY, payload))
    assert parsed(page, payload) == WANTED
    assert "<script>" not in page.lower()


def test_a_payload_in_any_text_of_a_trace_stays_text():
    trace, scenario, judged = lived(MOVING)

    def page(payload):
        header = replace(
            trace.header,
            agent=f"x{wrapped(payload)}",
            about=spoil(trace.header.about, payload),
        )
        events = tuple(spoiled(event, payload) for event in trace.events)
        return transcript(story(replace(trace, header=header, events=events), scenario, judged))

    wanted = parsed(page(HARMLESS), HARMLESS)
    for payload in PAYLOADS:
        assert parsed(page(payload), payload) == wanted, payload


@pytest.fixture(scope="module")
def comparison():
    """What `compare` makes of two trivial policies on four episodes."""
    of = pack.load("everyday")
    names = of.names(["treatment_leave", "rent_share"], 1, range(1))
    lived_ = reached(of, names)

    def side(agent):
        episodes = {
            Key(str(name), 0): Lived(one, f"runs/{agent}", number)
            for number, (name, one) in enumerate(zip(names, lived_[agent], strict=True))
        }
        return Episodes(Side(agent, {"agent": agent}, (f"runs/{agent}",)), episodes, {})

    asked = Asked(("everyday",), (), {"everyday": 1}, 1, 1, 1, None, "0" * 64)
    sides = side("refuser"), [side("oversharer")]
    return compare(asked, [of], *sides, lowest([of], names))


def test_a_payload_in_any_text_of_a_comparison_stays_text(comparison):
    kept = frozenset({"utility", "inappropriate"})

    def elements(payload):
        # Labels of a drawing are cut to their column, and a payload in them with them.
        page = parsed(report(spoil(comparison, payload, kept)), payload)
        return [one for one in page if isinstance(one, tuple)]

    wanted = elements(HARMLESS)
    for payload in PAYLOADS:
        assert elements(payload) == wanted, payload


def test_hidden_characters_are_tokens_everywhere():
    page = transcript(spoil(STORY, "\u202e\x1b\u200b"))
    assert not {"\u202e", "\x1b", "\u200b"} & set(page)
    assert page.count("&lt;U+202E&gt;") > 50


def test_no_template_calls_anything_safe():
    for file in (HERE / "templates").glob("*.html"):
        text = file.read_text(encoding="utf-8")
        unsafe = r"\|\s*(safe|e|escape|forceescape|tojson|xmlattr|urlize)\b"
        assert not re.search(unsafe, text), file
        assert not re.search(r"autoescape|\bon\w+=|style=|javascript:", text), file
        # An attribute without quotes could be broken out of by a space.
        assert not re.search(r"\s[\w-]+=\{\{", text), file


def test_what_a_template_lacks_is_an_error():
    with pytest.raises(UndefinedError, match="story"):
        render("transcript.html", title="x")


# -- what a page carries ----------------------------------------------------------------------


def test_a_page_alone_allows_its_own_style_and_script_and_nothing_else():
    page = render("transcript.html", alone=True, title="x", story=STORY)
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]+)"', page)
    assert policy.startswith("default-src &#39;none&#39;;")
    for tag in ("style", "script"):
        (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()
        assert f"{tag}-src &#39;sha256-{digest}&#39;" in policy
    assert not re.findall(r'(?:src|href|action)="(?!#|[\w.-]+\.html)', page)


def test_a_page_of_a_site_links_its_style_and_script_and_has_no_other():
    page = render("transcript.html", root="../", title="x", story=STORY)
    assert '<link rel="stylesheet" href="../static/style.css">' in page
    assert '<script src="../static/keys.js" defer></script>' in page
    assert page.count("<script") == 1
    assert "<style" not in page


def test_every_link_within_a_transcript_leads_somewhere():
    page = transcript(STORY)
    targets = set(re.findall(r'id="([^"]+)"', page))
    assert len(targets) == len(re.findall(r'\bid="', page))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= targets


def test_leaks_lead_to_each_other():
    leaks = tuple(replace(STORY.leaks[0], number=n, leak=n + 1) for n in range(3))
    made = pages._environment().get_template("_story.html").module
    middle = made.chip(leaks[1], leaks)
    assert re.findall(r'href="#(v\d)">(\w+) leak', middle) == [("v0", "previous"), ("v2", "next")]


def test_a_transcript_of_200_steps_is_small():
    trace, scenario, judged = lived(MOVING)
    events, verdicts = list(trace.events), list(judged.verdicts)
    while sum(isinstance(e, Acted) and e.party == "agent" for e in events) < 200:
        verdicts += [replace(v, event=v.event + len(events)) for v in judged.verdicts]
        events += trace.events
    long = Judged(judged.score, tuple(verdicts), ())
    page = render(
        "transcript.html",
        title="x",
        story=story(replace(trace, events=tuple(events)), scenario, long),
    )
    assert len(page.encode()) < 300_000


# -- a report ---------------------------------------------------------------------------------


def test_a_report_says_the_answer_and_why_and_what_is_missing(comparison):
    page = report(comparison)
    text = " ".join(one for one in parsed(page, "-") if isinstance(one, str))
    assert comparison.answer.capitalize() in text
    assert comparison.why in text
    assert comparison.asked.plan in text
    assert "Safety was not measured" in text
    # The run folders of this one were never written.
    assert "is no run folder" in text
    assert all(leak.verdict.norm in text for leak in comparison.leaks)


def test_a_report_draws_what_was_found(comparison):
    page = report(comparison)
    assert page.count("<svg") == 2
    assert page.count('<g class="family">') == len(comparison.per_family) == 2


# -- figures in words -------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("share", "percents", "said"),
    [
        (None, "-", "-"),
        (0.0, "0 %", "0"),
        (0.6041, "60 %", "+60.4"),
        (0.0042, "0.4 %", "+0.4"),
        (0.05, "5 %", "+5"),
        (1.0, "100 %", "+100"),
        (0.00001, "0 %", "0"),
    ],
)
def test_shares_as_one_reads_them(share, percents, said):
    assert percent(share) == percents
    assert points(share) == said
    if share and said != "0":
        assert points(-share) == said.replace("+", "\N{MINUS SIGN}")


def test_intervals_as_one_reads_them():
    assert interval(Figure(0.05, 0.021, 0.17, 20)) == "2.1 to 17 %"
    assert interval(Figure(None, None, None, 0)) == ""


def test_records_of_pages_are_frozen():
    with pytest.raises(AttributeError):
        STORY.agent = "another"
    assert isinstance(STORY, msgspec.Struct)
