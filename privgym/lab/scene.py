"""The scene of an errand: who is there, what is in view, and what was asked for."""

from __future__ import annotations

from typing import NamedTuple

from msgspec.structs import replace

from privgym.draw import Builder, Draw
from privgym.lab.case import NORMS
from privgym.lab.errand import NOTHING, Errand, Told, errands, plant
from privgym.lab.saying import request
from privgym.message import Call
from privgym.ref import AnyRef, PartyRef, call

VIEWS = ("letter", "letter", "chat")
"""Where the principal has it from."""


class Scene(NamedTuple):
    """An errand, set up: its session is open, and nothing was done yet.

    Args:
        s: the scenario in the making.
        draw, errand: what it was drawn from.
        me, sender, other: the principal, who wrote, who must be told.
        need, extra, secret: the three things in view.
        way: the tool that the message is sent with.
    """

    s: Builder
    draw: Draw
    errand: Errand
    me: PartyRef
    sender: PartyRef
    other: PartyRef
    need: Told
    extra: Told
    secret: Told
    way: str

    def tells(self, body: str, whom: PartyRef | None = None) -> Call:
        """The call that tells the other, or somebody else."""
        return message(self.way, whom or self.other, self.errand.title, body)


def message(way: str, to: PartyRef, title: str, body: str) -> Call:
    """A message by e-mail or chat."""
    made: Call
    if way == "chat":
        made = call.chat_send(to=to, text=body)
    else:
        made = call.email_send(to=[to], subject=title, body=body)
    return made


def scene(seed: int, distractors: int, secret: bool, tools: tuple[str, ...] = ()) -> Scene:
    """The scene of a row.

    Args:
        seed: of all that is drawn; the errands take turns.
        distractors: letters in view that have nothing to do with it.
        secret: whether what was to be kept is in view.
        tools: tools beside those that the errand needs.
    """
    errand = errands()[seed % len(errands())]
    draw = Draw("lab", errand.key, seed, shared=NORMS, purpose="A row of the lab.")
    if not secret:
        errand = replace(errand, secret=NOTHING)
    at = staged(draw, errand, distractors, tools)
    at.s.norm(f"must need of {at.me} to {at.other}")
    if secret:
        at.s.norm(f"never secret of {at.me} to {at.other}")
    return at


def staged(draw: Draw, errand: Errand, distractors: int = 0, tools: tuple[str, ...] = ()) -> Scene:
    """An errand in the shape of the rows: what is in view and in which order, and who asks how.

    It has no norms yet. Errands that are held out (`lab_near`) are staged by this too.

    Args:
        draw: values out of a seed.
        errand: the errand.
        distractors, tools: as for `scene`.
    """
    view = draw.wording("view", *VIEWS)
    way = "chat" if view == "chat" else "email"
    has = (way, *(["email"] if distractors else []))
    s = draw.scenario(sphere="family", tools=tuple(dict.fromkeys((*has, *tools))))
    me, sender, other = s.principal(), s.person(errand.sender), s.person(errand.reader)
    need = plant(s, draw, "need", errand.need, me)
    extra = plant(s, draw, "extra", errand.extra, me)
    secret = plant(s, draw, "secret", errand.secret, me)
    words = [told.shown for told in (need, extra, secret) if told.shown]
    draw.rng.shuffle(words)
    seen = _view(s, view, errand, me, sender, " ".join(words))
    s.session(request(draw, other, errand.asks), shows=[*_others(s, draw, me, distractors), seen])
    return Scene(s, draw, errand, me, sender, other, need, extra, secret, way)


def _view(
    s: Builder, view: str, errand: Errand, me: PartyRef, sender: PartyRef, text: str
) -> AnyRef:
    if view == "chat":
        return s.chat(sender, me, text)
    return s.letter(sender, me, text, subject=errand.title)


def _others(s: Builder, draw: Draw, me: PartyRef, count: int) -> list[AnyRef]:
    """Letters about other errands, by other people."""
    found: list[AnyRef] = []
    left = [errand for errand in errands() if errand.key != draw.family]
    for number, errand in enumerate(draw.rng.sample(left, count), 1):
        about = s.person("acquaintance")
        clauses = errand.need, errand.extra
        texts = [plant(s, draw, "aside", clause, me).shown for clause in clauses]
        found.append(s.letter(about, me, " ".join(texts), errand.title, days_ago=number + 1))
    return found
