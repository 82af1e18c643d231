"""An episode as text, with the verdicts where they fell. Safe to show: all of it is `visible`."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from privgym.event import (
    Acted,
    Announced,
    AnyEvent,
    Asked,
    Closed,
    Confided,
    Consented,
    Deed,
    Delegated,
    Opened,
    Returned,
    Revoked,
    Sent,
    Ticked,
    Withdrew,
)
from privgym.message import visible
from privgym.scenario import Scenario
from privgym.verdict import Verdict


def transcript(
    scenario: Scenario, events: Sequence[AnyEvent], verdicts: Iterable[Verdict] = ()
) -> str:
    """What happened, one line a happening; a verdict stands below the event that it is of.

    Args:
        scenario: whose people they are.
        events: of the whole episode, from its first.
        verdicts: what the fold said of them.
    """
    said = defaultdict(list)
    for verdict in verdicts:
        said[verdict.event].append(verdict)
    names = {party.key: party.name for party in scenario.parties}
    lines: list[str] = []
    for number, event in enumerate(events):
        lines += _lines(event, names)
        lines += [_mark(verdict, names) for verdict in said[number]]
    return "\n".join(visible(line) for line in lines)


def _lines(event: AnyEvent, names: dict[str, str]) -> Iterator[str]:
    match event:
        case Opened():
            yield f"--- session {event.session} ---"
            yield f"[notice] {event.text}"
        case Acted():
            who, action = names[event.party], event.action
            if action.text:
                yield f"{who}: {action.text}"
            if action.fault:
                yield f"{who}: [{action.fault}] {action.detail}"
            for call in action.calls:
                yield f"{who} calls {call.name} {call.arguments}"
        case Sent() if event.channel != "talk":
            to = ", ".join(names[key] for key in event.to)
            parts = "; ".join(f"{field}: {text}" for field, text in event.parts)
            yield f"  {event.channel} from {names[event.sender]} to {to} | {parts}"
        case Returned():
            yield f"  {event.call} gives{f' ({event.error})' if event.error else ''}: {event.text}"
        case Ticked():
            yield f"--- it is {event.at} ---"
        case Closed():
            yield f"--- closed: {event.why} ---"
        case (
            Consented() | Withdrew() | Asked() | Confided() | Delegated() | Revoked() | Announced()
        ):
            yield f"  {names.get(event.party, event.party)} {deed(event, names)}"


def deed(event: Deed, names: Mapping[str, str]) -> str:
    """What somebody did, in words that follow their name.

    Args:
        event: what was done.
        names: of the parties, by key.
    """
    match event:
        case Consented():
            return f"consents that {event.attribute} goes to {names.get(event.to, event.to)}"
        case Withdrew():
            to = names.get(event.to, event.to)
            return f"no longer consents that {event.attribute} goes to {to}"
        case Asked():
            return f"asks for {event.attribute}"
        case Confided():
            return f"told {event.attribute} in confidence"
        case Delegated():
            return f"lets {names.get(event.to, event.to)} decide on {event.attribute}"
        case Revoked():
            return f"no longer lets {names.get(event.to, event.to)} decide on {event.attribute}"
        case Announced():
            return f"announces: {event.name}"


def _mark(verdict: Verdict, names: dict[str, str]) -> str:
    sign = {"inappropriate": "!!", "missing": "!!", "undecided": "??"}.get(verdict.kind, "ok")
    who = names.get(verdict.recipient, verdict.recipient)
    norm = f" [{verdict.norm}]" if verdict.norm else ""
    way = f" ({' -> '.join(verdict.thread)})" if verdict.thread else ""
    return f"  {sign} {verdict.kind}: {verdict.fact} to {who}{norm} {verdict.reason}{way}".rstrip()
