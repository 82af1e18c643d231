"""Other people's training data as rows: one's own chats, and local copies of public sets.

Nothing is fetched and nothing is shipped. The format is told from the first record, or named.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from privgym.errors import ENVIRONMENT, PrivgymError, did_you_mean
from privgym.lab.row import Row, Said

Record = dict[str, Any]

ROLES = {"human": "user", "gpt": "assistant", "system": "system", "user": "user"}
"""ShareGPT's names for who speaks, and ours."""


def read(path: Path, form: str = "") -> tuple[Row, ...]:
    """The rows of a file.

    Args:
        path: JSON lines, a JSON list, or for EmpatheticDialogues a CSV.
        form: one of `FORMATS`; told from the first record where it is not named.

    Raises:
        PrivgymError: it cannot be read, its format is not known, or a record is not in it.
    """
    if form and form not in FORMATS:
        what, known = f'there is no format "{form}"', ", ".join(FORMATS)
        raise PrivgymError(what, meant=did_you_mean(form, FORMATS), do=f"there are {known}")
    records = list(_records(path))
    if not records:
        raise PrivgymError("there is no record in it", where=str(path))
    form = form or _told(records[0][1], path)
    rows: list[Row] = []
    if form == "empathetic":
        return tuple(_empathetic([record for _, record in records]))
    beside = _tweets(path) if form == "tweetsumm" else {}
    for line, record in records:
        try:
            rows.append(FORMATS[form](record, beside))
        except (KeyError, TypeError, IndexError, ValueError, msgspec.ValidationError) as error:
            what = f"no record of the format {form}: {type(error).__name__}: {error}"
            raise PrivgymError(what, where=f"{path}, line {line}") from None
    return tuple(rows)


def _records(path: Path) -> Iterator[tuple[int, Record]]:
    """Each record of a file, and the line that it begins on."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise PrivgymError(f"cannot read {path}: {error}", code=ENVIRONMENT) from None
    if path.suffix == ".csv":
        yield from enumerate(csv.DictReader(io.StringIO(text), quoting=csv.QUOTE_NONE), 2)
        return
    try:
        if text.lstrip().startswith("["):
            yield from ((1, record) for record in json.loads(text))
            return
        for line, one in enumerate(text.split("\n"), 1):
            if one.strip():
                yield line, json.loads(one)
    except ValueError as error:
        raise PrivgymError(f"no JSON: {error}", where=str(path)) from None


def _told(first: Record, path: Path) -> str:
    """The format of a file, from its first record."""
    for keys, form in TELLING.items():
        if isinstance(first, dict) and set(keys) <= first.keys():
            return form
    what = f"a record has {', '.join(first) if isinstance(first, dict) else 'no names'}"
    do = f"name its format with --format: {', '.join(FORMATS)}"
    raise PrivgymError(what, where=str(path), do=do)


def _chat(record: Record, _: dict[str, Record]) -> Row:
    """A row of ours, or any {"messages": [...]}."""
    return msgspec.convert(record, Row)


def _pair(record: Record, _: dict[str, Record], asks: str, says: str) -> Row:
    asked, said = record[asks], record[says]
    if not isinstance(asked, str) or not isinstance(said, str):
        raise TypeError(f"{asks} and {says} are to be texts")
    return _turns([("user", asked), ("assistant", said)], str(record.get("id", "")))


def _completion(record: Record, beside: dict[str, Record]) -> Row:
    """{"prompt", "completion"}: texts, or lists of messages."""
    if isinstance(record["prompt"], list):
        return _chat({"messages": record["prompt"] + record["completion"]}, beside)
    return _pair(record, beside, "prompt", "completion")


def _sharegpt(record: Record, _: dict[str, Record]) -> Row:
    """{"conversations": [{"from": "human", "value": ...}, ...]}."""
    said = [(ROLES[one["from"]], one["value"]) for one in record["conversations"]]
    return _turns(said, str(record.get("id", "")))


def _gsm8k(record: Record, beside: dict[str, Record]) -> Row:
    return _pair(record, beside, "question", "answer")


def _code(record: Record, beside: dict[str, Record]) -> Row:
    return _pair(record, beside, "input", "output")


def _tweetsumm(record: Record, tweets: dict[str, Record]) -> Row:
    """A dialogue: the customer is the user. With the ids alone, the tweets stand in twcs.csv."""
    if "dialog" in record:
        dialog = record["dialog"]
        turns = [(one["is_agent"], " ".join(one["sentences"])) for one in dialog["turns"]]
        return _turns(_sides(turns), str(dialog.get("dialog_id", "")))
    turns = []
    for one in record["tweet_ids_sentence_offset"]:
        tweet = tweets[str(one["tweet_id"])]
        ends = [tuple(json.loads(pair)) for pair in one["sentence_offsets"]]
        said = " ".join(tweet["text"][start:stop] for start, stop in ends)
        turns.append((tweet["inbound"].lower() == "false", said))
    return _turns(_sides(turns), str(record["conversation_id"]))


def _sides(turns: list[tuple[bool, str]]) -> list[tuple[str, str]]:
    return [("assistant" if agent else "user", text) for agent, text in turns]


def _tweets(path: Path) -> dict[str, Record]:
    """The tweets beside a file of TweetSumm; none where there is no such file."""
    beside = path.with_name("twcs.csv")
    if not beside.exists():
        return {}
    with beside.open(encoding="utf-8", newline="") as file:
        return {row["tweet_id"]: row for row in csv.DictReader(file)}


def _empathetic(records: list[Record]) -> Iterator[Row]:
    """A dialogue a conversation: who begins is the user. Commas are written `_comma_` there."""
    talks: dict[str, list[Record]] = {}
    for record in records:
        talks.setdefault(record["conv_id"], []).append(record)
    for conversation, lines in talks.items():
        lines.sort(key=lambda line: int(line["utterance_idx"]))
        user = lines[0]["speaker_idx"]
        said = [
            (line["speaker_idx"] != user, line["utterance"].replace("_comma_", ","))
            for line in lines
        ]
        yield _turns(_sides(said), conversation)


def _turns(said: list[tuple[str, str]], id: str) -> Row:
    """A row of what was said; what one side says in a row becomes one message."""
    messages: list[Said] = []
    for role, text in said:
        if messages and messages[-1].role == role:
            text = f"{messages.pop().content}\n{text}"
        messages.append(Said(role, text))
    return Row(tuple(messages), id=id)


FORMATS: dict[str, Callable[[Record, dict[str, Record]], Row]] = {
    "chat": _chat,
    "completion": _completion,
    "sharegpt": _sharegpt,
    "gsm8k": _gsm8k,
    "opencode": _code,
    "tweetsumm": _tweetsumm,
    "empathetic": _chat,
}
"""What can be read: one's own chats in three forms, GSM8K, OpenCodeInstruct, TweetSumm,
EmpatheticDialogues (whose lines are utterances, so it is read whole)."""

TELLING = {
    ("messages",): "chat",
    ("prompt", "completion"): "completion",
    ("conversations",): "sharegpt",
    ("question", "answer"): "gsm8k",
    ("tweet_ids_sentence_offset",): "tweetsumm",
    ("dialog",): "tweetsumm",
    ("conv_id", "utterance_idx"): "empathetic",
    ("input", "output"): "opencode",
}
"""What a record has, and the format that it is then of."""
