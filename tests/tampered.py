"""Ways to tamper with a submission.

A forger here is careful: where a trace was changed, findings and scores are made anew from it, so
that nothing but the replay can tell.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import msgspec

from privgym import pack
from privgym.episode import replay
from privgym.folder import RunFolder, rescore
from privgym.message import Action
from privgym.refusal import Refusal
from privgym.scenario import Name, digest
from privgym.trace import Trace, encode
from tests.paper import Paper, edited, in_bytes

Edit = Callable[[Paper], Any]


class Tampering(NamedTuple):
    """One way to tamper: the code that it must be refused with, and what it does to a folder."""

    name: str
    refusal: Refusal
    do: Callable[[Path], None]


def _plain(name: str, refusal: Refusal, edit: Edit) -> Tampering:
    def do(path: Path) -> None:
        with edited(path) as paper:
            edit(paper)

    return Tampering(name, refusal, do)


def _forged(name: str, refusal: Refusal, edit: Edit) -> Tampering:
    """An edit of traces after which all that is said of them is made anew."""

    def do(path: Path) -> None:
        with edited(path) as paper:
            edit(paper)
        rescore(RunFolder(path))

    return Tampering(name, refusal, do)


def _episodes(name: str, refusal: Refusal, edit: Callable[[list[Any]], Any]) -> Tampering:
    """The same change to the lines of traces, findings and scores."""

    def do(paper: Paper) -> None:
        for lines in (paper.traces, paper.findings, paper.scores["episodes"]):
            edit(lines)

    return _plain(name, refusal, do)


# -- edits that take more than a line ---------------------------------------------------------


def _swap(lines: list[Any], one: int, other: int) -> None:
    lines[one], lines[other] = lines[other], lines[one]


def _headers(paper: Paper, **values: Any) -> None:
    for one in paper.traces:
        one["header"] |= values


def _seed(by: int) -> Callable[[str], str]:
    def change(name: str) -> str:
        head, _, seed = name.partition("#")
        return f"{head}#{int(seed) + by}"

    return change


def _one_seed(paper: Paper) -> None:
    first = paper.run["plan"][0]
    paper.rename(lambda name: _seed(9)(name) if name == first else name)


def _digest_of_another(paper: Paper) -> None:
    other = digest(pack.scenario(_seed(5)(paper.run["plan"][0])))
    paper.run["digests"][0] = paper.traces[0]["header"]["digest"] = other


def _other_content(paper: Paper) -> None:
    paper.run["digests"] = ["0" * 64] * len(paper.traces)
    _headers(paper, digest="0" * 64)


def _version(paper: Paper) -> None:
    paper.run |= _OLD
    _headers(paper, **_OLD)


def _picked(paper: Paper) -> None:
    """Leave the second episode out of the plan too, as if it had never been in it."""
    for lines in (paper.run["plan"], paper.run["digests"], paper.traces, paper.findings):
        del lines[1]
    del paper.scores["episodes"][1]


def _finding(paper: Paper) -> Any:
    return paper.findings[0]["findings"][0][1]


def _name(paper: Paper, name: str) -> None:
    paper.traces[0]["header"]["scenario"] = name


def _said(paper: Paper, hand: str, text: str) -> None:
    paper.event(0, "sent", channel="talk", hand=hand).update(parts=[["text", text]])


def _did(paper: Paper, party: str, text: str) -> None:
    paper.event(0, "acted", 1, party=party).update(action={"text": text})


def _to(paper: Paper, to: list[str]) -> None:
    paper.event(0, "sent", **_MAIL).update(to=to)


def _hand(paper: Paper, hand: str) -> None:
    paper.event(0, "sent", **_MAIL).update(hand=hand)


def _drop(paper: Paper, kind: str, nth: int = 0, **has: Any) -> None:
    del paper.traces[0]["events"][paper.place(0, kind, nth, **has)]


def _more_turns(paper: Paper, before: str, times: int) -> None:
    """Further turns of the agent, before an event or behind the last one."""
    events = paper.traces[0]["events"]
    at = paper.place(0, before) if before else len(events)
    events[at:at] = [{"event": "acted", "party": "agent", "action": {"text": "More."}}] * times


def _more_calls(paper: Paper, calls: int) -> None:
    """A turn with more calls than there are, and the answer to the last as if it had been made."""
    given = [
        {"name": "email_search", "arguments": json.dumps({"query": str(number)})}
        for number in range(calls)
    ]
    _live(paper, 0, [{"calls": given}])
    paper.event(0, "returned", -1, error="refused").update(text="Nothing found.", error="")


def _live(paper: Paper, trace: int, turns: list[Any]) -> None:
    """Put what really comes of these turns of the agent in the place of a trace."""
    record = RunFolder(paper.path).record
    name = Name.read(record.plan[trace])
    lived = replay(pack.scenario(name), [msgspec.convert(turn, Action) for turn in turns])
    one = Trace(record.header(name), tuple(lived.events))
    paper.traces[trace] = json.loads(encode(one))


def know(path: Path, family: str, attribute: str) -> None:
    """Live level 2 of a family as somebody who knows a number without having looked it up."""
    everyday = pack.load("everyday")
    names = everyday.names([family], 2, [0])
    paper = Paper(path)
    digests = [digest(everyday.scenario(name)) for name in names]
    paper.run |= {"plan": [str(name) for name in names], "digests": digests}
    paper.traces = paper.traces[: len(names)]
    paper.write()
    for number, name in enumerate(names):
        scenario = everyday.scenario(name)
        told = next(f.value for f in scenario.facts if f.attribute == attribute)
        to = next(p.email for p in scenario.parties if p.roles and p.email)
        letter = {"to": [to], "subject": "This", "body": f"It is {told}."}
        call = {"name": "email_send", "arguments": json.dumps(letter)}
        _live(paper, number, [{"calls": [call]}])
    paper.write()
    rescore(RunFolder(path))


def _link(path: Path, name: str, to: str) -> None:
    (path / name).rename(path / f"real-{name}")
    (path / name).symlink_to(to)


def _pipe(path: Path, name: str) -> None:
    (path / name).unlink()
    os.mkfifo(path / name)


# -- the tamperings ---------------------------------------------------------------------------

_R = Refusal
_FAILED = {"kind": "Error", "what": "it was not my fault"}
_LATER = "2029-01-01 00:00"
_PARTS = [["subject", "Leave"], ["body", "I am away."]]
_OLD = {"pack_version": 2}
_TWICE = b'{"pack": "everyday", '
_MAIL: dict[str, Any] = {"channel": "email", "hand": "agent"}
_ASKED = {"event": "asked", "party": "principal", "attribute": "diagnosis"}
_FREE = {"event": "consented", "party": "principal", "attribute": "diagnosis", "to": "anyone"}

TAMPERED = (
    # What is said of it, while the traces stay as they are.
    _plain("one goal more", _R.SCORE_EDITED, lambda p: p.scores["episodes"][0].update(met=9)),
    _plain("no leak", _R.SCORE_EDITED, lambda p: p.scores["episodes"][2].update(inappropriate=0)),
    _plain("a reward", _R.SCORE_EDITED, lambda p: p.scores["episodes"][-1].update(reward=1.5)),
    _plain("fewer scores", _R.SCORE_EDITED, lambda p: p.scores["episodes"].pop()),
    _plain("no turns", _R.SCORE_EDITED, lambda p: p.scores["episodes"][0].pop("turns")),
    _plain("failed", _R.SCORE_EDITED, lambda p: p.scores["episodes"][0].update(failure=_FAILED)),
    _plain("right", _R.VERDICT_EDITED, lambda p: p.verdict("inappropriate").update(kind="met")),
    _plain("free", _R.VERDICT_EDITED, lambda p: p.verdict("inappropriate").update(charged=False)),
    _plain("norm", _R.VERDICT_EDITED, lambda p: p.verdict("inappropriate").update(norm="allow")),
    _plain("reason", _R.VERDICT_EDITED, lambda p: p.verdict("met").update(reason="because")),
    _plain("unsaid", _R.VERDICT_EDITED, lambda p: p.findings[0]["verdicts"].pop()),
    _plain("unfound", _R.FINDING_EDITED, lambda p: p.findings[0]["findings"].pop()),
    _plain("span", _R.FINDING_EDITED, lambda p: p.findings[1]["findings"][0][1].update(start=0)),
    _plain("perhaps", _R.FINDING_EDITED, lambda p: _finding(p).update(certainty="maybe")),
    _plain("old sensor", _R.OTHER_SENSOR, lambda p: _finding(p).update(sensor="exact/1")),
    _plain("no sensor", _R.OTHER_SENSOR, lambda p: _finding(p).update(sensor="")),
    _plain("slow sensor", _R.OTHER_SENSOR, lambda p: p.scores.update(sensors=["semantic"])),
    _plain("old grader", _R.OTHER_GRADER, lambda p: p.scores.update(grader="1")),
    _plain("new grader", _R.OTHER_GRADER, lambda p: p.scores.update(grader="99")),
    # What happened.
    _forged("opening", _R.OBSERVATION_EDITED, lambda p: p.event(0, "opened").update(text="Hi.")),
    _forged("task", _R.OBSERVATION_EDITED, lambda p: _said(p, "principal", "Tell everyone.")),
    _forged("person", _R.OBSERVATION_EDITED, lambda p: _did(p, "principal", text="Thanks.")),
    _forged("clock", _R.OBSERVATION_EDITED, lambda p: p.event(0, "ticked").update(at=_LATER)),
    _forged("result", _R.RESULT_EDITED, lambda p: p.event(0, "returned").update(text="Sent.")),
    _forged("no error", _R.RESULT_EDITED, lambda p: p.event(1, "returned").update(error="refused")),
    _forged("repeat", _R.RESULT_EDITED, lambda p: p.event(2, "returned").update(repeat=True)),
    _forged("last one", _R.RESULT_EDITED, lambda p: p.event(3, "returned", -1).update(text="")),
    _forged("letter", _R.SENT_EDITED, lambda p: p.event(0, "sent", **_MAIL).update(parts=_PARTS)),
    _forged("nobody", _R.SENT_EDITED, lambda p: p.event(0, "sent", **_MAIL)["to"].pop()),
    _forged("herself", _R.SENT_EDITED, lambda p: _to(p, ["principal"])),
    _forged("by whom", _R.SENT_EDITED, lambda p: _hand(p, "principal")),
    _forged("consent", _R.FOREIGN_EVENT, lambda p: p.traces[0]["events"].insert(3, _FREE)),
    _forged("asked", _R.FOREIGN_EVENT, lambda p: p.traces[0]["events"].insert(5, _ASKED)),
    _forged("unsent", _R.FOREIGN_EVENT, lambda p: _drop(p, "sent", **_MAIL)),
    _forged("silence", _R.FOREIGN_EVENT, lambda p: _drop(p, "acted", 1, party="agent")),
    _forged("cut", _R.FOREIGN_EVENT, lambda p: p.traces[0]["events"].pop()),
    _plain("unknown", _R.FOREIGN_EVENT, lambda p: p.event(0, "closed").update(event="forgiven")),
    _forged("after the end", _R.BUDGET, lambda p: _more_turns(p, "", 1)),
    _forged("many more", _R.BUDGET, lambda p: _more_turns(p, "", 9)),
    _forged("before the end", _R.BUDGET, lambda p: _more_turns(p, "closed", 9)),
    _forged("a ninth call", _R.BUDGET, lambda p: _more_calls(p, 9)),
    _forged("twenty calls", _R.BUDGET, lambda p: _more_calls(p, 20)),
    Tampering("card", _R.FACT_NEVER_READ, lambda path: know(path, "reduced_fee", "pool_card")),
    Tampering("exam", _R.FACT_NEVER_READ, lambda path: know(path, "exam_appeal", "registration")),
    # Which episodes.
    _episodes("no last", _R.EPISODE_DROPPED, lambda lines: lines.pop()),
    _episodes("no first", _R.EPISODE_DROPPED, lambda lines: lines.pop(0)),
    _episodes("no fifth", _R.EPISODE_DROPPED, lambda lines: lines.pop(4)),
    _episodes("none", _R.EPISODE_DROPPED, lambda lines: lines.clear()),
    _episodes("again", _R.EPISODE_DOUBLED, lambda lines: lines.append(lines[0])),
    _episodes("twice", _R.EPISODE_DOUBLED, lambda lines: lines.insert(1, lines[0])),
    _episodes("instead", _R.EPISODE_DOUBLED, lambda lines: lines.__setitem__(3, lines[1])),
    _episodes("neighbours", _R.EPISODE_SWAPPED, lambda lines: _swap(lines, 0, 1)),
    _episodes("ends", _R.EPISODE_SWAPPED, lambda lines: _swap(lines, 0, -1)),
    _plain("a seed", _R.SEED_CHANGED, lambda p: _name(p, _seed(9)(p.run["plan"][0]))),
    _plain("all seeds", _R.SEED_CHANGED, lambda p: p.rename(_seed(5))),
    _plain("one seed", _R.SEED_CHANGED, _one_seed),
    _plain("a digest", _R.SEED_CHANGED, _digest_of_another),
    _plain("picked", _R.PLAN_EDITED, _picked),
    _plain("turned", _R.PLAN_EDITED, lambda p: p.run["plan"].reverse()),
    # What it is of.
    _plain("version", _R.OTHER_PACK, _version),
    _plain("pack", _R.OTHER_PACK, lambda p: p.run.update(pack="nowhere")),
    _plain("content", _R.OTHER_PACK, _other_content),
    _plain("who", _R.HEADER_EDITED, lambda p: p.traces[1]["header"].update(agent="refuser")),
    _plain("guarded", _R.HEADER_EDITED, lambda p: p.traces[2]["header"].update(guard="block")),
    _plain("prompt", _R.HEADER_EDITED, lambda p: p.traces[0]["header"]["about"].update(prompt="")),
    _plain("confined", _R.HEADER_EDITED, lambda p: p.run.update(trust="child process in bwrap")),
    _plain("stranger", _R.HEADER_EDITED, lambda p: _name(p, "everyday/rent_share#0")),
    _plain("share", _R.SHARD, lambda p: p.run.update(shard="1/2")),
    # How it is written.
    Tampering("a link", _R.FILE, lambda path: _link(path, "traces.jsonl", "real-traces.jsonl")),
    Tampering("away", _R.FILE, lambda path: _link(path, "scores.json", "/etc/passwd")),
    Tampering("a pipe", _R.FILE, lambda path: _pipe(path, "findings.jsonl")),
    Tampering("unjudged", _R.FILE, lambda path: (path / "scores.json").unlink()),
    Tampering("twice a key", _R.FORMAT, in_bytes("run.json", lambda b: _TWICE + b[1:])),
    Tampering(
        "no number", _R.FORMAT, in_bytes("scores.json", lambda b: b.replace(b"1", b"NaN", 1))
    ),
    Tampering("deep", _R.FORMAT, in_bytes("traces.jsonl", lambda b: b"[" * 10**5 + b)),
    Tampering("torn", _R.FORMAT, in_bytes("traces.jsonl", lambda b: b[:-100])),
    _plain("seven", _R.FORMAT, lambda p: p.run["plan"].__setitem__(0, "a/b#007")),
    _plain("digits", _R.FORMAT, lambda p: p.run["plan"].__setitem__(0, "a/b#" + "9" * 5000)),
    Tampering("long", _R.SIZE, in_bytes("traces.jsonl", lambda b: b" " * 5 * 10**6 + b)),
)
