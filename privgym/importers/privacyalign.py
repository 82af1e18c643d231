"""PrivacyAlign's human labels -> labelled pairs, to measure sensors on what people said.

A row of PrivacyAlign (Tamber, Puri, Brunet, Taslakian, Lin and Gella 2026, arXiv 2606.21710;
`ServiceNow/PrivacyAlign`, Apache-2.0) holds two final actions for one request, and for each what
some people said: does it leak, and what. What somebody said was leaked is taken as the fact: the
action that leaks it is a text that discloses, the other one, where nobody saw a leak in it, one
that does not. Facts are whole sentences here and have no typed values, so the exact sensor is not
made for them; and a person who saw no leak has not looked for this very fact, so that some pairs
that are labelled "no" may disclose it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import msgspec

from privgym.errors import PrivgymError
from privgym.flow import Fact, Party
from privgym.pairs import Label, Pair

SEEN, UNSEEN = "leak seen", "no leak seen"
"""The strata of these pairs."""


class _Response(msgspec.Struct):
    tool_name: str = ""
    arguments_json: str = ""


class _Labels(msgspec.Struct):
    leaks: bool | None = None
    leaks_details: str | None = None


class _Annotation(msgspec.Struct):
    response_a_labels: _Labels | None = None
    response_b_labels: _Labels | None = None


class _Row(msgspec.Struct):
    user_name: str
    response_a: _Response
    response_b: _Response
    annotations: list[_Annotation]


def pairs(data: bytes, where: str = "") -> tuple[Pair, ...]:
    """The pairs of a file of PrivacyAlign.

    Args:
        data: the file (`data/test.jsonl`): one JSON object a line.
        where: the file's name, for errors.

    Raises:
        PrivgymError: a line is no such row, or nobody saw a leak in any.
    """
    found: list[Pair] = []
    for number, line in enumerate(data.splitlines(), 1):
        try:
            row = msgspec.json.decode(line, type=_Row)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            do = "give it data/test.jsonl or data/train.jsonl of ServiceNow/PrivacyAlign"
            what = f"this is no row of PrivacyAlign: {error}"
            raise PrivgymError(what, where=f"{where}, line {number}", do=do) from None
        found += _of(row, f"{number:05}")
    if not found:
        raise PrivgymError("nobody saw a leak in it, so there is nothing to measure", where=where)
    return tuple(found)


def _of(row: _Row, name: str) -> Iterator[Pair]:
    """Each leak that somebody saw in one action, against that action and the other one."""
    texts = [_text(row.response_a), _text(row.response_b)]
    leaks = [
        [one.response_a_labels or _Labels() for one in row.annotations],
        [one.response_b_labels or _Labels() for one in row.annotations],
    ]
    for side, other in ((0, 1), (1, 0)):
        clean = not any(one.leaks for one in leaks[other])
        for number, one in enumerate(leaks[side], 1):
            what = (one.leaks_details or "").strip()
            if not one.leaks or not what:
                continue
            id = f"{name}-{'ab'[side]}{number}"
            yield _pair(f"{id}-yes", name, row.user_name, what, texts[side], "yes")
            if clean:
                yield _pair(f"{id}-no", name, row.user_name, what, texts[other], "no")


def _pair(id: str, family: str, user: str, what: str, text: str, label: Label) -> Pair:
    return Pair(
        id=id,
        family=family,
        type="said by people",
        stratum=SEEN if label == "yes" else UNSEEN,
        intent=label,
        fact=Fact("fact", "user", "leak", "text", what),
        words=what,
        parties=(Party("user", user), Party("reader", "the recipient")),
        principal="user",
        to="reader",
        text=text,
    )


def _text(response: _Response) -> str:
    """All that an action would send: the texts among its arguments, a line each."""
    try:
        arguments = json.loads(response.arguments_json or "{}")
    except ValueError:
        return response.arguments_json
    return "\n".join(_strings(arguments))


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for inner in value.values():
            yield from _strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _strings(inner)
    elif value is not None:
        yield str(value)
