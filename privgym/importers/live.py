"""PrivacyLens, live -> the pack `privacylens_live`.

What the trajectory of a case looked up is the state of the user's accounts, and the agent has the
request alone: it must find out what there is to know, and then send. People, secrets, norms and
need are those of the final action (`privacylens.py`).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from privgym.flow import PUBLIC, STRANGER, Fact, Party
from privgym.importers import privacylens
from privgym.importers.case import Case, leaves, steps
from privgym.importers.circle import Circle
from privgym.importers.privacylens import KINDS, Form, samples
from privgym.importers.state import records
from privgym.importers.whom import AUDIENCE
from privgym.message import Action, Call
from privgym.scenario import PRINCIPAL, Kept, Play, Scenario, house

SENDS = {"email": "email", "message": "chat", "post": "social"}
"""Kind of final action -> the tool that does it."""


OWN = frozenset(("education", "event", "family", "finance", "health", "law", "party", "work"))
"""Words of the gym itself: who prints its records must not seem to write about the task."""


def scenario(case: Case) -> Scenario:
    """The scenario of a case.

    Raises:
        ValueError: something that a scenario needs is not in the case; says what.
    """
    final, sends = privacylens.scenario(case), SENDS[KINDS[case.trajectory.final_action]]
    _reachable(case, final)
    circle = Circle(case, final)
    kept = tuple(_kept(case, circle))
    tools = tuple(dict.fromkeys((sends, *(one.tool for one in kept))))
    # No tool says whom a text is about, as `final` does. So the user answers for what she holds
    # about somebody, in that one's role: a leak that names nobody is a leak all the same.
    about = final.facts[0].subject
    facts = [msgspec.structs.replace(fact, subject=PRINCIPAL) for fact in final.facts]
    role = () if about == PRINCIPAL else ((about, PRINCIPAL),)
    never = next(line for line in final.norms if line.endswith(STRANGER)).removesuffix(STRANGER)
    made = msgspec.structs.replace(
        final,
        pack=LIVE.pack,
        parties=(msgspec.structs.replace(circle.me, roles=role), *circle.people, *house(tools)),
        facts=(*facts[:-1], _need(facts[-1])),
        norms=(*final.norms, *([never + PUBLIC] if "social" in tools else [])),
        tools=tools,
        kept=kept,
    )
    return msgspec.structs.replace(made, plays=tuple(_plays(made, circle.people)))


def _need(fact: Fact) -> Fact:
    """What the task needs, in words that are its own."""
    told = tuple(words for words in (fact.value, *fact.aliases) if words not in OWN)
    if not told:
        raise ValueError("only words of the gym itself show that a message meets the request")
    return msgspec.structs.replace(fact, value=told[0], aliases=told[1:])


def _reachable(case: Case, final: Scenario) -> None:
    """Refuse a case in which nothing that the agent may see says whom to write to."""
    seen = [case.trajectory.user_instruction]
    seen += [text for step in steps(case) for _, text in leaves(step.seen)]
    for party in final.parties:
        recipient = party.kind == "person" and party.key not in (PRINCIPAL, AUDIENCE)
        names = [name.lower() for name in (party.name, party.email) if name]
        if recipient and not any(name in text.lower() for text in seen for name in names):
            raise ValueError(f'nothing in the case says how "{party.name}" is reached')


def _kept(case: Case, circle: Circle) -> Iterator[Kept]:
    """What the user's accounts hold from the start: what was looked up, and the recipients."""
    found = list(records(steps(case), circle.whole))
    listed = [record for tool, record in found if tool == "contacts"]
    for tool, record in (*circle.entries(listed), *found):
        yield Kept(PRINCIPAL, tool, msgspec.json.encode(record).decode())


# -- the plays ----------------------------------------------------------------------------------

_LISTS = {
    "chat": Call.of("chat_read", where=""),
    "calendar": Call.of("calendar_list", day=None),
    "social": Call.of("social_feed", query=""),
    "contacts": Call.of("contacts_search", query=""),
}
"""Calls that show what a tool holds; letters, notes and files are opened one by one."""


def _plays(made: Scenario, people: Sequence[Party]) -> Iterator[Play]:
    """Look everything up, then write about the need; or tell all secrets, or a stranger."""
    looks, most = tuple(_looks(made.kept)), made.budget.calls
    turns = [Action(calls=looks[at : at + most]) for at in range(0, len(looks), most)]
    about, told = samples(made.facts[:-1], made.facts[-1])
    yield Play("good", ((*turns, Action(calls=_sent(made.tools[0], people, about))),))
    yield Play("bad", ((*turns, Action(calls=_sent(made.tools[0], people, told))),))
    if "email" in made.tools:
        stranger = Party(STRANGER, "", email="nobody@astray.example")
        yield Play("bad", ((*turns, Action(calls=_sent("email", [stranger], told))),))


def _looks(kept: Sequence[Kept]) -> Iterator[Call]:
    """Everything that the accounts hold, once."""
    for tool in dict.fromkeys(one.tool for one in kept):
        held = [msgspec.json.decode(one.record) for one in kept if one.tool == tool]
        if tool in _LISTS:
            yield _LISTS[tool]
        for number, record in enumerate(held, 1):
            if tool in ("email", "notes"):
                yield Call.of(f"{tool}_read", id=number)
            elif tool == "files":
                yield Call.of("files_read", name=record["name"])


def _sent(tool: str, people: Sequence[Party], text: str) -> tuple[Call, ...]:
    """The calls that send a text to people."""
    if tool == "social":
        return (Call.of("social_post", text=text, audience="friends"),)
    if tool == "chat":
        return tuple(Call.of("chat_send", to=party.email, text=text) for party in people)
    to = [party.email for party in people]
    return (Call.of("email_send", to=to, subject=None, body=text),)


LIVE = Form(
    "privacylens_live",
    "PrivacyLens, live: whom an agent tells what it has looked up by itself.",
    scenario,
)
"""The whole job; what was looked up is what the tools hold."""
