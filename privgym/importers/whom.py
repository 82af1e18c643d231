"""Who is who in a case of PrivacyLens: whom the last action goes to, whom the secrets are about."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from privgym.flow import Party
from privgym.importers.case import Case, Step, leaves
from privgym.scenario import PRINCIPAL
from privgym.sensors.normalise import normal

AUDIENCE = "audience"
"""Key of the readers of a post, by which the tool `final` knows them."""

_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = {"email": _EMAIL, "message": re.compile(rf"(?:{_EMAIL.pattern})|(?<=#)[\w-]+")}
_WHO = frozenset(("sender_id", "from", "to", "name", "email", "recipient_id", "recipient"))
_TITLES = frozenset(("mrs", "the", "and", "prof", "professor"))
_MANY = re.compile(r"group|team|members|staff|colleagues|coworkers|channel|circle|hub", re.I)
_GROUP = re.compile(r'"([^"]+)"')
_NAMED = re.compile(r"\b([A-Z][\w.-]*(?: [A-Z][\w.-]*)*)(?:['\u2019]s\b| \(|$)")
# All users of PrivacyLens are called John or Jane.
_SMALL = re.compile(r"\b(?:a|an|the|his|her|their|my|john|jane)(?:'s)?\b")
_RESERVED = frozenset(
    (
        *("agent", "allow", "anyone", "audience", "from", "has", "in", "memory", "must", "need"),
        *("never", "of", "principal", "recipient", "sender", "source", "sphere", "stranger"),
        *("for", "subject", "to"),
    )
)
"""Words of the language of norms, and keys that every scenario has."""


def recipients(case: Case, kind: str, steps: Sequence[Step]) -> list[Party]:
    """Whom the final action goes to: an audience, the addresses in the request, or one party."""
    concrete = case.vignette.data_recipient_concrete.strip(" .")
    if kind == "post":
        return [Party(AUDIENCE, concrete)]
    name = _name(case, concrete)
    reached = _addresses(case, kind, steps, name)
    if len(reached) > 1:
        role = word(case.seed.data_recipient)
        return [
            Party(f"{role}_{number}", _spoken(address), "person", ((role, PRINCIPAL),), address)
            for number, address in enumerate(reached, 1)
        ]
    # An address may lead to one party once: a handle or key that is also the name would be two.
    called = (name.lower(), *name.lower().split())
    handle = "" if reached[0].lower() in called else reached[0]
    return [Party(word(case.seed.data_recipient, (*called, handle)), name, "person", (), handle)]


def _spoken(address: str) -> str:
    """A name for who has only an address."""
    return address.partition("@")[0].replace(".", " ").title()


def _addresses(case: Case, kind: str, steps: Sequence[Step], name: str) -> list[str]:
    """Where the recipients are reached; [""] where the case does not say.

    The addresses in the request; else the one in the trajectory that has a word of the name;
    else whoever wrote first there, and for a group only what is a group's.
    """
    asked = list(dict.fromkeys(_ADDRESS[kind].findall(case.trajectory.user_instruction)))
    if asked:
        return asked if kind == "email" else asked[:1]
    said = [(key, text) for step in steps for key, text in leaves(step.seen)]
    seen = [(key, text) for key, text in said if key in _WHO and not is_me(case, text)]
    if kind == "email":
        seen = [("from", found) for _, text in said for found in _EMAIL.findall(text)]
        seen = [(key, text) for key, text in seen if not is_me(case, text)]
    fits = [text for _, text in seen if has_word_of(name, text)]
    wrote = [text for key, text in seen if key in ("from", "sender_id")]
    if _MANY.search(f"{name} {case.seed.data_recipient}"):
        wrote = [text for text in wrote if "group" in text.lower()]
    return [text.lstrip("@#") for text in (*fits, *wrote)][:1] or [""]


def has_word_of(name: str, handle: str) -> bool:
    """Whether an address has a word of a name in it."""
    names = set(re.findall(r"[a-z]{3,}", name.lower())) - _TITLES
    return any(one in handle.lower() for one in names)


def is_me(case: Case, handle: str) -> bool:
    """Whether an address is the user's own."""
    me = case.trajectory
    full = me.user_name.lower().split()
    bare = handle.strip("@# ").lower()
    return bare in (me.user_email.lower(), full[0]) or all(one in bare for one in full)


def _name(case: Case, concrete: str) -> str:
    """What the recipient is called: a name of the request, else as the case describes it."""
    request = case.trajectory.user_instruction.partition(" You can check")[0]
    short = re.split(r"[,(]", concrete)[0].strip()
    if short and short in request:
        return short
    for pattern in (_GROUP, _NAMED):
        for found in pattern.findall(request):
            if found.split()[0] not in case.trajectory.user_name:
                return str(found)
    return concrete


def subject(case: Case, taken: Sequence[str]) -> Party:
    """Whom the secrets are about: the principal, or someone whom no message can reach."""
    said = case.vignette.data_subject_concrete.strip(" .")
    me, sender = case.trajectory.user_name, case.vignette.data_sender_concrete.strip(" .")
    if said in (me, me.split()[0], sender) or said.endswith(f" {sender}"):
        return Party(PRINCIPAL, me)
    about = case.seed.data_subject
    return Party(word(about if _bare(about) else said, taken), said, "stranger")


def word(text: str, taken: Collection[str] = ()) -> str:
    """A description as one word of a norm, at most five of its own words; "the_..." if taken."""
    found = _bare(text)[:5]
    while found and found[-1] in ("of", "in", "and", "to", "for", "who", "is", "not", "with", "on"):
        found.pop()
    one = "_".join(found) or "party"
    free = one[0].isalpha() and one not in _RESERVED and one not in taken
    return one if free else f"the_{one}"


def _bare(text: str) -> list[str]:
    """Its words, without articles and without the sender's name."""
    return re.findall(r"[a-z0-9]+", _SMALL.sub(" ", normal(text)).replace("'s", "s"))
