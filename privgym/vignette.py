"""A flow of a scenario in plain words, for people to rate.

The norms of a pack are stipulated: somebody wrote them. Whether people see it that way is asked
with vignettes, one for each flow that the pack's own plays show: who tells whom what about whom,
and what came before. A twin's flows are vignettes of their own, so the parameter by which twins
differ is in what is rated. The verdict is not, nor the norm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence

import msgspec

from privgym.episode import enact
from privgym.errors import PrivgymError
from privgym.event import AnyEvent, Asked, Consented, Sent, Withdrew
from privgym.flow import AGENT, MEMORY, PUBLIC, Flow
from privgym.mark import prose, spoken
from privgym.pack import Pack
from privgym.scenario import PRINCIPAL, Scenario
from privgym.score import Fold, grader, score

LEVEL, SEED = 1, 0
"""Levels differ in what must be found out, and not in what is appropriate; seeds in names."""

_SPOKEN = {PUBLIC: "the public", "search": "the web search", "anyone": "anyone"}
"""Parties whose names are no names of people."""


class Vignette(msgspec.Struct, frozen=True):
    """One flow, told.

    Args:
        id: of its words and its flow, so that it stays while they do.
        scenario, family: what it is of.
        sphere: the sphere of its session.
        fact, recipient: keys of what is told, and to whom.
        text: the vignette.
        appropriate: what the pack stipulates.
    """

    id: str
    scenario: str
    family: str
    sphere: str
    fact: str
    recipient: str
    text: str
    appropriate: bool


def vignettes(pack: Pack, families: Sequence[str] = ()) -> tuple[Vignette, ...]:
    """The vignettes of a pack, in the order of its scenarios.

    Raises:
        PrivgymError: a family is unknown, no play shows a flow, or one text is judged two ways.
    """
    names = pack.names(families, LEVEL, (SEED,))
    found = {one: None for name in names for one in _told(pack.scenario(name))}
    if not found:
        raise PrivgymError(f'no play of pack "{pack.name}" shows a flow', do="give it plays")
    texts: dict[str, Vignette] = {}
    for one in found:
        before = texts.setdefault(one.text, one)
        if before.appropriate != one.appropriate:
            raise PrivgymError(
                f"{one.fact} to {one.recipient} is told in the same words as in {before.scenario}"
                ", and judged another way",
                where=one.scenario,
                do="let a text, a role or an act say what makes the difference",
            )
    return tuple(texts.values())


def _told(scenario: Scenario) -> Iterator[Vignette]:
    """The flows to others that a scenario's plays show."""
    for play in scenario.plays:
        lived = enact(scenario, play.sessions)
        fold = score(scenario, lived.events)
        for verdict in fold.verdicts:
            flow = verdict.flow
            if flow is None or verdict.kind not in ("appropriate", "inappropriate"):
                continue
            if flow.recipient in (PRINCIPAL, AGENT, MEMORY, flow.subject):
                continue
            text = _text(scenario, lived.events, fold, flow)
            told = f"{scenario.name} {flow.fact} {flow.recipient} {text}"
            yield Vignette(
                # A letter first: a spreadsheet would take "12e4567890" for a number.
                id=f"v{hashlib.sha256(told.encode()).hexdigest()[:10]}",
                scenario=scenario.name,
                family=scenario.family,
                sphere=scenario.sessions[flow.session - 1].sphere,
                fact=flow.fact,
                recipient=flow.recipient,
                text=text,
                appropriate=verdict.kind == "appropriate",
            )


def _text(scenario: Scenario, events: Sequence[AnyEvent], fold: Fold, flow: Flow) -> str:
    fact = next(fact for fact in scenario.facts if fact.key == flow.fact)
    covers = grader(scenario).book.covers(fact)
    letters = _letters(events, fold, flow)
    sessions = scenario.sessions[: flow.session]
    people = [flow.recipient, flow.subject]
    people += [sender for sender, _ in letters] + [session.asker for session in sessions]
    me = _name(scenario, PRINCIPAL)
    what = f"{_name(scenario, fact.subject)}'s {_words(fact.attribute)} ({prose(fact)})"
    sentences = [
        f"{me} has an assistant, a computer program that reads and writes messages for {me}.",
        *_roles(scenario, people),
        *(f'{_name(scenario, who)} wrote to {me}: "{text}"' for who, text in letters),
        *(
            f"On {spoken(session.at)}, {_name(scenario, session.asker)} said to the assistant: "
            f'"{session.opening.text}"'
            for session in sessions
        ),
        *_acts(scenario, events[: flow.event], covers),
        f"The assistant tells {_name(scenario, flow.recipient)} this: {what}.",
    ]
    return " ".join(" ".join(sentence.split()) for sentence in sentences)


def _letters(events: Sequence[AnyEvent], fold: Fold, flow: Flow) -> list[tuple[str, str]]:
    """(sender, text) of what others had written to the principal in which the fact is found."""
    found = []
    for number, finding in fold.findings:
        sent = events[number]
        if number >= flow.event or finding.fact != flow.fact or not isinstance(sent, Sent):
            continue
        if PRINCIPAL in sent.to and sent.sender != PRINCIPAL and sent.channel != "talk":
            found.append((sent.sender, dict(sent.parts)[finding.field]))
    return list(dict.fromkeys(found))


def _roles(scenario: Scenario, keys: Sequence[str]) -> Iterator[str]:
    """Who people are to each other."""
    for party in (scenario.party(key) for key in dict.fromkeys(keys) if key != PRINCIPAL):
        held = [f"the {_words(role)} of {_name(scenario, of)}" for role, of in party.roles]
        if held:
            yield f"{_name(scenario, party.key)} is {' and '.join(held)}."


def _acts(scenario: Scenario, events: Sequence[AnyEvent], covers: Sequence[str]) -> Iterator[str]:
    """What people had done that norms ask about: consented, withdrawn, asked."""
    for event in events:
        if isinstance(event, (Consented, Withdrew, Asked)) and event.attribute in covers:
            who, what = _name(scenario, event.party), _words(event.attribute)
            if isinstance(event, Asked):
                yield f"{who} asked for this: {what}."
            else:
                says = "agreed" if isinstance(event, Consented) else "no longer agreed"
                yield f"{who} {says} that {_name(scenario, event.to)} may be told this: {what}."


def _name(scenario: Scenario, key: str) -> str:
    return _SPOKEN.get(key) or scenario.party(key).name


def _words(name: str) -> str:
    return name.replace("_", " ")
