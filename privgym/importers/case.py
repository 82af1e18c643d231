"""A case of PrivacyLens as its file has it, and the steps of its trajectory."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from privgym.errors import PrivgymError

_STEP = re.compile(
    r"^Action:\s*(.*?)\s*Action Input:\s*(.*?)\s*Observation:\s*(.*?)\s*(?=^Action:|\Z)",
    re.MULTILINE | re.DOTALL,
)


class Seed(msgspec.Struct, frozen=True):
    """What the case was written from."""

    data_type: str
    data_subject: str
    data_sender: str
    data_recipient: str
    transmission_principle: str


class Vignette(msgspec.Struct, frozen=True):
    """Its story, and who is who in it."""

    story: str
    data_type_concrete: str
    data_subject_concrete: str
    data_sender_concrete: str
    data_recipient_concrete: str


class Trajectory(msgspec.Struct, frozen=True):
    """The request, what was looked up for it, and what the last action must not tell."""

    user_name: str
    user_email: str
    user_instruction: str
    executable_trajectory: str
    final_action: str
    sensitive_info_items: tuple[str, ...]


class Case(msgspec.Struct, frozen=True):
    """One case, as the file has it."""

    name: str
    seed: Seed
    vignette: Vignette
    trajectory: Trajectory


class Step(msgspec.Struct, frozen=True):
    """A step of the trajectory: what was called, and what was seen (JSON, or else text)."""

    action: str
    given: str
    seen: Any

    def shown(self) -> str:
        """The step as an agent sees it."""
        return "\n".join(
            (f"{self.action} {self.given}", *(f"  {line}" for line in _lines(self.seen)))
        )


def entries(data: bytes, where: str = "") -> list[msgspec.Raw]:
    """The cases of a PrivacyLens file, unread.

    Raises:
        PrivgymError: the file is no JSON array.
    """
    try:
        return msgspec.json.decode(data, type=list[msgspec.Raw])
    except msgspec.DecodeError as error:
        raise PrivgymError(
            f"not a PrivacyLens file: {error}", where=where, do="give it data/main_data.json"
        ) from None


def steps(case: Case) -> list[Step]:
    """The steps of its trajectory; ValueError if none can be read."""
    found = _STEP.findall(case.trajectory.executable_trajectory)
    if not found:
        raise ValueError("no step can be read in its trajectory")
    return [Step(action, " ".join(given.split()), _json(seen)) for action, given, seen in found]


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


def leaves(value: Any, key: str = "") -> Iterator[tuple[str, str]]:
    """(key, text) of everything in a JSON value."""
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from leaves(inner, name)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, key)
    elif isinstance(value, str):
        yield key, value


def prose(steps: Iterable[Step]) -> list[str]:
    """What was read in sentences: ids, addresses and times left out."""
    return [text for step in steps for _, text in leaves(step.seen) if len(text.split()) > 3]
