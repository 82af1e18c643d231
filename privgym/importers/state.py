"""What a trajectory looked up, as the records of tools that hold it.

The table `SHAPES` says what the answer of each kind of call becomes. What it does not know becomes
a note, so that nothing that was seen is lost.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from privgym.importers.case import Step, leaves

Record = dict[str, Any]


class Shape(msgspec.Struct, frozen=True):
    """What one kind of answer becomes.

    Args:
        tool: whose record it becomes.
        within: key of the list of things in the answer; "" where the answer is the thing.
        id: key by which the same thing is known in another answer.
        fields: field of the record -> keys of the thing, or of the call, that it is made of.
    """

    tool: str
    within: str
    id: str
    fields: Mapping[str, tuple[str, ...]]


_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_SPOKEN = re.compile(
    r"(\d{1,2}):(\d\d) ([AP]M)\b.*\b((?i:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))\w* "
    r"(\d{1,2}), (\d{4})"
)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")

_LETTER = {
    "sender": ("from",),
    "to": ("to", "cc"),
    "subject": ("subject",),
    "at": ("timestamp",),
}
_MESSAGE = {"sender": ("sender_id",), "text": ("message",), "at": ("time",)}
_PAGE = {"title": ("title", "page_title"), "text": ("content", "page_content")}

SHAPES = {
    "GmailSearchEmails": Shape("email", "emails", "id", _LETTER),
    "GmailReadEmail": Shape(
        "email", "", "email_id", {**_LETTER, "body": ("body",), "attached": ("attachments",)}
    ),
    "GmailSearchContacts": Shape(
        "contacts",
        "contacts",
        "contact_id",
        {"name": ("name",), "email": ("email",), "who": ("remark", "info")},
    ),
    "MessengerReceiveMessage": Shape("chat", "messages", "message_id", _MESSAGE),
    "MessengerSearchInChat": Shape(
        "chat", "results", "message_id", {**_MESSAGE, "sender": ("chat_id",)}
    ),
    "SlackSearchMessage": Shape(
        "chat",
        "messages",
        "file_id",
        {"sender": ("from",), "channel": ("in",), "text": ("content",), "at": ("timestamp",)},
    ),
    "NotionManagerSearchContent": Shape("notes", "results", "id", _PAGE),
    "NotionManagerReadPage": Shape("notes", "", "page_id", _PAGE),
    "NotionManagerCreatePage": Shape("notes", "", "page_id", _PAGE),
    "GoogleCalendarReadEvents": Shape(
        "calendar",
        "event_details",
        "event_id",
        {
            "title": ("event_name",),
            "start": ("start_time",),
            "end": ("end_time",),
            "note": ("content", "location", "attendees"),
        },
    ),
    "FacebookManagerSearchPosts": Shape("social", "posts", "post_id", {"text": ("content",)}),
    "ZoomManagerGetMeetingTranscript": Shape(
        "files", "", "meeting_id", {"name": ("meeting_id",), "text": ("transcript",)}
    ),
    "ZoomManagerSearchTranscript": Shape(
        "files", "", "meeting_id", {"name": ("meeting_id",), "text": ("search_results",)}
    ),
}
"""Call of the trajectory -> what its answer becomes."""

_NO_CONTENT = frozenset(("id", "bcc", "folder", "labels", "user_id", "status"))
"""Keys of an answer that say how something is kept, not what it is."""

_TEXTS = frozenset(("body", "note", "text", "who"))
"""Fields to which another answer may add."""


def records(
    steps: Sequence[Step], finished: Callable[[str, Record], Record]
) -> Iterator[tuple[str, Record]]:
    """(tool, record) of all that the steps saw, each thing once, older messages first.

    Args:
        steps: the trajectory.
        finished: makes a record of a tool whole: who its sender is, in the tool's own terms.
    """
    found: dict[tuple[str, str], Record] = {}
    for step in steps:
        for tool, key, record in _read(step):
            old = found.get((tool, key), record)
            if _same(old, record):
                found[tool, key] = _merged(old, record)
            else:
                found[tool, str(record)] = record
    whole = [(tool, finished(tool, record)) for (tool, _), record in found.items()]
    yield from sorted(whole, key=lambda one: _time(one[1]))


def when(text: str) -> str:
    """A time as the tools write it, "2022-02-21 16:45"; as it is if it is in neither known form."""
    if spoken := _SPOKEN.search(text):
        hour, minute, half, month, day, year = spoken.groups()
        number = _MONTHS.index(month[:3].lower()) + 1
        hours = int(hour) % 12 + 12 * (half == "PM")
        return f"{year}-{number:02}-{int(day):02} {hours:02}:{minute}"
    return f"{text[:10]} {text[11:16]}".strip() if _ISO.match(text) else text


def _time(record: Record) -> str:
    at = str(record.get("at", ""))
    return at if _ISO.match(at) else ""


def _read(step: Step) -> Iterator[tuple[str, str, Record]]:
    """(tool, id, record) of what one step saw; a note, too, where a part of it has no place."""
    shape = SHAPES.get(step.action.strip('"'))
    things = list(_things(step.seen, shape.within)) if shape else []
    if shape:
        yield from (_made(shape, {**_object(step.given), **thing}) for thing in things)
    placed = shape and things and all(_placed(shape, thing) for thing in things)
    if not placed and any(" " in text.strip() for _, text in leaves(step.seen)):
        yield "notes", step.shown(), {"title": step.action, "text": step.shown()}


def _made(shape: Shape, thing: Record) -> tuple[str, str, Record]:
    record = {
        field: "\n".join(filter(None, (_text(thing.get(key)) for key in keys)))
        for field, keys in shape.fields.items()
    }
    return shape.tool, _text(thing.get(shape.id)) or str(record), record


def _things(seen: Any, within: str) -> Iterator[Record]:
    """The things of an answer: of the list it holds, of lists in that list, or itself."""
    inner = seen.get(within, ()) if within and isinstance(seen, dict) else [seen]
    for thing in inner if isinstance(inner, list) else ():
        if isinstance(thing, dict):
            nested = thing.get(within) if within else None
            yield from _things(thing, within) if isinstance(nested, list) else [thing]


def _placed(shape: Shape, thing: Record) -> bool:
    """Whether every text of a thing went into a field of its record."""
    keys = {key for keys in shape.fields.values() for key in keys} | {shape.id} | _NO_CONTENT
    return not {key for key, value in thing.items() if _text(value)} - keys


def _object(text: str) -> Record:
    try:
        given = msgspec.json.decode(text)
    except msgspec.DecodeError:
        return {}
    return given if isinstance(given, dict) else {}


def _text(value: Any) -> str:
    """A JSON value as text, one thing a line."""
    if isinstance(value, list):
        return "\n".join(filter(None, map(_text, value)))
    if isinstance(value, dict):
        return ", ".join(filter(None, map(_text, value.values())))
    return "" if value is None else str(value)


def _same(old: Record, new: Record) -> bool:
    """Whether two answers with one id are of one thing; simulated ids are not always its own."""
    one, other = (record.get("subject") or record.get("title", "") for record in (old, new))
    return one in other or other in one


def _merged(old: Record, new: Record) -> Record:
    """What two answers say of one thing: texts add up, of the rest the first counts."""
    return {
        name: _both(old.get(name, ""), new.get(name, ""))
        if name in _TEXTS
        else old.get(name) or new.get(name, "")
        for name in {**old, **new}
    }


def _both(old: str, new: str) -> str:
    if new in old:
        return old
    return new if old in new else f"{old}\n{new}"


def parts(text: str) -> list[str]:
    """The things of a field that lists several."""
    return [part.strip() for part in re.split(r"[\n;,]", text) if part.strip()]
