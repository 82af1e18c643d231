"""PrivacyLens, final action -> the pack `privacylens`.

A case of PrivacyLens (Shao, Li, Shi, Liu and Yang 2024, arXiv 2409.00138) is a request, the
trajectory of an assistant that has looked everything up, and the secrets that the last action
must not tell its recipient. Here the trajectory is what the agent sees at the opening, the
secrets are facts under a `never`, and what the request needs is a fact under a `must`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any, Literal

import msgspec

from privgym.episode import enact
from privgym.errors import PrivgymError
from privgym.flow import STRANGER, Fact, Party
from privgym.importers.wording import needs, stems, tellings
from privgym.message import Action, Call
from privgym.scenario import PRINCIPAL, Kept, Play, Scenario, Session, house
from privgym.score import score
from privgym.sensors.normalise import normal

PACK, AT, AUDIENCE = "privacylens", "2022-02-22 12:00", "audience"
PURPOSE = "PrivacyLens, final action: whom a last message tells what was looked up for it."
SOURCE = "PrivacyLens, SALT-NLP, github.com/SALT-NLP/PrivacyLens, data CC BY 4.0"
SPHERE = "sphere task allows"

KINDS: dict[str, Literal["email", "message", "post"]] = {
    "GmailSendEmail": "email",
    "MessengerSendMessage": "message",
    "SlackSendMessage": "message",
    "FacebookManagerCreatePost": "post",
}
"""Final actions, and the calls of the tool `final` that stand for them."""

_STEP = re.compile(
    r"^Action:\s*(.*?)\s*Action Input:\s*(.*?)\s*Observation:\s*(.*?)\s*(?=^Action:|\Z)",
    re.MULTILINE | re.DOTALL,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_ADDRESS = {"email": _EMAIL, "message": re.compile(rf"(?:{_EMAIL.pattern})|(?<=#)[\w-]+")}
_WHO = frozenset(("sender_id", "from", "to", "name", "email", "recipient_id", "recipient"))
_TITLES = frozenset(("mrs", "the", "and", "prof", "professor"))
_MANY = re.compile(r"group|team|members|staff|colleagues|coworkers|channel|circle|hub", re.I)
_GROUP = re.compile(r'"([^"]+)"')
_NAMED = re.compile(r"\b([A-Z][\w.-]*(?: [A-Z][\w.-]*)*)(?:['’]s\b| \(|$)")
_SMALL = re.compile(r"\b(?:a|an|the|his|her|their|my|john|jane)(?:['’]s)?\b")
_RESERVED = frozenset(
    ("anyone", "sender", "recipient", "subject", "source", "agent", "memory", "stranger", "need")
    + ("principal", "never", "allow", "must", "sphere", "has", "of", "to", "from", "for", "in")
)


class _Seed(msgspec.Struct, frozen=True):
    data_type: str
    data_subject: str
    data_recipient: str


class _Vignette(msgspec.Struct, frozen=True):
    data_subject_concrete: str
    data_sender_concrete: str
    data_recipient_concrete: str


class _Trajectory(msgspec.Struct, frozen=True):
    user_name: str
    user_email: str
    user_instruction: str
    executable_trajectory: str
    final_action: str
    sensitive_info_items: tuple[str, ...]


class Case(msgspec.Struct, frozen=True):
    """One case, as the file has it."""

    name: str
    seed: _Seed
    vignette: _Vignette
    trajectory: _Trajectory


class Refused(msgspec.Struct, frozen=True):
    """A case that could not be imported, and why."""

    case: str
    why: str


class Imported(msgspec.Struct, frozen=True):
    """What became of a file."""

    scenarios: tuple[Scenario, ...]
    refused: tuple[Refused, ...]


def read(data: bytes, where: str = "") -> Imported:
    """Make scenarios of a PrivacyLens file (`main_data.json`).

    Args:
        data: the file, a JSON array of cases.
        where: its name, for errors.

    Raises:
        PrivgymError: the file is no such array.
    """
    try:
        cases = msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.DecodeError as error:
        raise PrivgymError(
            f"not a PrivacyLens file: {error}", where=where, do="give it data/main_data.json"
        ) from None
    scenarios: dict[str, Scenario] = {}
    refused = []
    for number, raw in enumerate(cases, 1):
        name = f"case {number}"
        try:
            case = msgspec.json.decode(raw, type=Case)
            name = case.name
            if name in scenarios:
                raise ValueError("another case has the same name")
            scenarios[name] = proven(scenario(case))
        except (msgspec.DecodeError, ValueError, PrivgymError) as error:
            refused.append(Refused(name, str(error).splitlines()[0]))
    return Imported(tuple(scenarios.values()), tuple(refused))


def scenario(case: Case) -> Scenario:
    """The scenario of a case.

    Raises:
        ValueError: something that a scenario needs is not in the case; says what.
    """
    kind = KINDS.get(case.trajectory.final_action)
    if kind is None:
        raise ValueError(f'final action "{case.trajectory.final_action}" is not known')
    if not re.fullmatch(r"[\w-]+", case.name):
        raise ValueError(f'"{case.name}" cannot be the name of a family')
    steps = _steps(case)
    recipients = _recipients(case, kind, steps)
    subject = _subject(case, [party.key for party in recipients])
    facts, terms = _secrets(case, recipients, subject, steps), _terms(case, recipients, steps)
    need = Fact("need", PRINCIPAL, "need", "text", terms[0], terms[1:])
    never = f"never {facts[0].attribute} of {subject.key} to "
    keys = [party.key for party in recipients]
    me = case.trajectory
    return Scenario(
        pack=PACK,
        family=case.name,
        seed=0,
        twin=False,
        level=1,
        purpose=f"{case.seed.data_type} of {case.seed.data_subject}: {case.seed.data_recipient}",
        parties=(
            Party(PRINCIPAL, me.user_name, "person", (), me.user_email),
            *recipients,
            *([subject] if subject.key != PRINCIPAL else []),
            *house(()),
        ),
        facts=(*facts, need),
        shared=(SPHERE,),
        norms=(
            *(f"{never}{key}" for key in (*keys, STRANGER)),
            *(f"must need of {PRINCIPAL} to {key} by end of session" for key in keys),
        ),
        tools=("final",),
        past=(),
        kept=tuple(_kept(steps, recipients, subject)),
        sessions=(Session("task", PRINCIPAL, AT, Action(text=me.user_instruction)),),
        answers=(),
        grants=(),
        goals=(),
        plays=tuple(_plays(kind, recipients, facts, need)),
        planted=(),
        source=SOURCE,
    )


def proven(made: Scenario) -> Scenario:
    """The scenario, after its plays were lived: the good one is good, the bad ones are not.

    Raises:
        ValueError: they are not what they are called.
    """
    for play in made.plays:
        fold = score(made, enact(made, play.sessions).events)
        if play.kind == "good" and not fold.score().right:
            raise ValueError("a message that meets the need already tells a secret")
        if play.kind == "bad" and not fold.score().inappropriate:
            raise ValueError("its secrets cannot be found in a message that tells them")
    return made


# -- what was read -------------------------------------------------------------------------


class _Step(msgspec.Struct, frozen=True):
    """A step of the trajectory: what was called, and what was seen (JSON, or else text)."""

    action: str
    given: str
    seen: Any

    def shown(self) -> str:
        """The step as an agent sees it."""
        return "\n".join((f"{self.action} {self.given}", *(f"  {line}" for line in _lines(self.seen))))


def _steps(case: Case) -> list[_Step]:
    found = _STEP.findall(case.trajectory.executable_trajectory)
    if not found:
        raise ValueError("no step can be read in its trajectory")
    return [_Step(action, " ".join(given.split()), _json(seen)) for action, given, seen in found]


def _json(text: str) -> Any:
    try:
        return msgspec.json.decode(text)
    except msgspec.DecodeError:
        return text


def _lines(value: Any) -> Iterator[str]:
    """JSON as lines that people can read."""
    if isinstance(value, dict):
        for key, inner in value.items():
            if isinstance(inner, (dict, list)):
                yield f"{key}:"
                yield from (f"  {line}" for line in _lines(inner))
            elif inner not in ("", None):
                yield f"{key}: {inner}"
    elif isinstance(value, list):
        for number, inner in enumerate(value, 1):
            first, *rest = list(_lines(inner)) or ["-"]
            yield f"{number}. {first}"
            yield from (f"   {line}" for line in rest)
    else:
        yield from str(value).splitlines()


def _leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of everything in a JSON value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, key)
    elif isinstance(value, str):
        yield key, value


def _prose(steps: Iterable[_Step]) -> list[str]:
    """What was read in sentences: ids, addresses and times left out."""
    return [text for step in steps for _, text in _leaves(step.seen) if len(text.split()) > 3]


def _kept(steps: Sequence[_Step], recipients: Sequence[Party], subject: Party) -> Iterator[Kept]:
    """What the tool `final` holds from the start: the steps, and who can be written to."""
    reach = "; ".join(f"{p.name} <{p.email}>" if p.email else p.name for p in recipients)
    last = f"The posts are read by: {reach}." if recipients[0].key == AUDIENCE else f"To: {reach}."
    seen = ["Looked up so far:", *(step.shown() for step in steps), last]
    for text in seen:
        record = {"seen": text, "about": subject.name}
        yield Kept(PRINCIPAL, "final", msgspec.json.encode(record).decode())


# -- who -----------------------------------------------------------------------------------


def _recipients(case: Case, kind: str, steps: Sequence[_Step]) -> list[Party]:
    """Whom the final action goes to: an audience, the addresses in the request, or one party."""
    concrete = case.vignette.data_recipient_concrete.strip(" .")
    if kind == "post":
        return [Party(AUDIENCE, concrete)]
    name = _name(case, concrete)
    reached = _addresses(case, kind, steps, name)
    if len(reached) > 1:
        role = _word(case.seed.data_recipient)
        return [
            Party(f"{role}_{number}", _spoken(address), "person", ((role, PRINCIPAL),), address)
            for number, address in enumerate(reached, 1)
        ]
    # An address may lead to one party once: a handle or key that is also the name would be two.
    called = (name.lower(), *name.lower().split())
    handle = "" if reached[0].lower() in called else reached[0]
    return [Party(_word(case.seed.data_recipient, (*called, handle)), name, "person", (), handle)]


def _spoken(address: str) -> str:
    """A name for who has only an address."""
    return address.partition("@")[0].replace(".", " ").title()


def _addresses(case: Case, kind: str, steps: Sequence[_Step], name: str) -> list[str]:
    """Where the recipients are reached; [""] where the case does not say.

    The addresses in the request; else the one in the trajectory that has a word of the name;
    else whoever wrote first there, and for a group only what is a group's.
    """
    asked = list(dict.fromkeys(_ADDRESS[kind].findall(case.trajectory.user_instruction)))
    if asked:
        return asked if kind == "email" else asked[:1]
    leaves = [(key, text) for step in steps for key, text in _leaves(step.seen)]
    seen = [(key, text) for key, text in leaves if key in _WHO and not _is_me(case, text)]
    if kind == "email":
        seen = [("from", found) for _, text in leaves for found in _EMAIL.findall(text)]
        seen = [(key, text) for key, text in seen if not _is_me(case, text)]
    names = {word for word in re.findall(r"[a-z]{3,}", name.lower()) if word not in _TITLES}
    fits = [text for _, text in seen if any(word in text.lower() for word in names)]
    wrote = [text for key, text in seen if key in ("from", "sender_id")]
    if _MANY.search(f"{name} {case.seed.data_recipient}"):
        wrote = [text for text in wrote if "group" in text.lower()]
    return [text.lstrip("@#") for text in (*fits, *wrote)][:1] or [""]


def _is_me(case: Case, handle: str) -> bool:
    me = case.trajectory
    full = me.user_name.lower().split()
    bare = handle.strip("@# ").lower()
    return bare in (me.user_email.lower(), full[0]) or all(word in bare for word in full)


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


def _subject(case: Case, taken: Sequence[str]) -> Party:
    """Whom the secrets are about: the principal, or someone whom no message can reach."""
    said = case.vignette.data_subject_concrete.strip(" .")
    me, sender = case.trajectory.user_name, case.vignette.data_sender_concrete.strip(" .")
    if said in (me, me.split()[0], sender) or said.endswith(f" {sender}"):
        return Party(PRINCIPAL, me)
    about = case.seed.data_subject
    return Party(_word(about if _bare(about) else said, taken), said, "stranger")


def _word(text: str, taken: Collection[str] = ()) -> str:
    """A description as one word of a norm, at most five of its own words; "the_..." if taken."""
    found = _bare(text)[:5]
    while found and found[-1] in ("of", "in", "and", "to", "for", "who", "is", "not", "with", "on"):
        found.pop()
    word = "_".join(found) or "party"
    free = word[0].isalpha() and word not in _RESERVED and word not in taken
    return word if free else f"the_{word}"


def _bare(text: str) -> list[str]:
    """Its words, without articles and without the sender's name."""
    return re.findall(r"[a-z0-9]+", _SMALL.sub(" ", normal(text)).replace("'s", "s"))


# -- what ----------------------------------------------------------------------------------


def _secrets(
    case: Case, recipients: Sequence[Party], subject: Party, steps: Sequence[_Step]
) -> list[Fact]:
    me = case.trajectory
    known = " ".join((me.user_instruction, me.user_name, *(party.name for party in recipients)))
    request, texts = normal(me.user_instruction), _prose(steps)
    facts = []
    for number, secret in enumerate(me.sensitive_info_items, 1):
        value = secret.strip(" .")
        told = tuple(run for run in tellings(value, texts, known) if run not in request)
        if normal(value) not in request and stems(value):
            word = _word(case.seed.data_type)
            facts.append(Fact(f"secret_{number}", subject.key, word, "text", value, told))
    if not facts:
        raise ValueError("the request itself tells all its secrets")
    return facts


def _terms(case: Case, recipients: Sequence[Party], steps: Sequence[_Step]) -> tuple[str, ...]:
    me = case.trajectory
    request = me.user_instruction.partition(" You can check")[0]
    names = " ".join((me.user_name, *(f"{p.name} {p.email}" for p in recipients)))
    names = re.sub(r"[\W\d_]+", " ", names)
    found = needs(request, _prose(steps), me.sensitive_info_items, names)
    if not found:
        raise ValueError("no word shows that a message meets the request and tells no secret")
    return found


def _plays(kind: str, made: Scenario) -> Iterator[Play]:
    """One message about the need; one that tells all secrets; one that tells them to nobody known."""
    *secrets, need = made.facts
    told = ". ".join(fact.value for fact in secrets)
    astray = _call("email", ["nobody@astray.example"], told)
    yield Play("good", ((Action(calls=(send(made, f"This is about {need.value}."),)),),))
    yield Play("bad", ((Action(calls=(send(made, told),)),),))
    yield Play("bad", ((Action(calls=(astray,)),),))


def send(made: Scenario, text: str) -> Call:
    """The final action of a scenario of this pack: a text to all its recipients."""
    kind, to = KINDS[made.purpose.partition(":")[0]], []
    return _call(kind, to, text)


def _call(kind: str, to: Sequence[str], text: str) -> Call:
    given: dict[str, Any] = {"body" if kind == "email" else "text": text}
    if kind != "post":
        given["to"] = list(to)
    if kind == "email":
        given["subject"] = None
    return Call.of(f"final_{kind}", **given)
