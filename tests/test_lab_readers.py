"""Other people's data as rows: every format on a small sample in its form."""

from __future__ import annotations

import json

import pytest

from privgym.errors import PrivgymError
from privgym.lab import readers

TALK = [("user", "Is the library open?"), ("assistant", "It is, until six.")]

ONE_LINE = {
    "chat": {"messages": [{"role": role, "content": text} for role, text in TALK]},
    "completion": {"prompt": TALK[0][1], "completion": TALK[1][1]},
    "completion of messages": {
        "prompt": [{"role": "user", "content": TALK[0][1]}],
        "completion": [{"role": "assistant", "content": TALK[1][1]}],
    },
    "sharegpt": {
        "conversations": [
            {"from": "human", "value": TALK[0][1]},
            {"from": "gpt", "value": TALK[1][1]},
        ]
    },
    "gsm8k": {"question": TALK[0][1], "answer": TALK[1][1]},
    "opencode": {"id": "7", "input": TALK[0][1], "output": TALK[1][1], "domain": "generic"},
    "tweetsumm": {
        "dialog": {
            "dialog_id": "a",
            "turns": [
                {"is_agent": False, "sentences": ["Is the library", "open?"]},
                {"is_agent": True, "sentences": ["It is, until six."]},
            ],
        },
        "summaries": {"abstractive_summaries": [["The library is open."]]},
    },
}


@pytest.fixture
def file(tmp_path):
    def write(*records, name="some.jsonl"):
        path = tmp_path / name
        path.write_text("".join(json.dumps(record) + "\n" for record in records))
        return path

    return write


@pytest.mark.parametrize("record", ONE_LINE.values(), ids=ONE_LINE)
def test_a_format_is_told_from_its_first_record(file, record):
    one, two = readers.read(file(record, record))
    assert [(said.role, said.content) for said in one.messages] == TALK
    assert one.messages == two.messages


def test_a_json_list_is_read_too(tmp_path):
    path = tmp_path / "list.json"
    path.write_text(json.dumps([ONE_LINE["gsm8k"]] * 3))
    assert len(readers.read(path)) == 3


def test_empathetic_dialogues_are_put_together_again(tmp_path):
    path = tmp_path / "valid.csv"
    path.write_text(
        "conv_id,utterance_idx,context,prompt,speaker_idx,utterance,selfeval,tags\n"
        "hit:1,1,sad,The frost took them.,4,The frost_comma_ it took all.,5|5|5,\n"
        'hit:1,2,sad,The frost took them.,9,Oh no_comma_ that "late" frost.,5|5|5,\n'
        "hit:1,3,sad,The frost took them.,4,Yes.,5|5|5,\n"
        "hit:2,1,glad,I won.,3,I won!,5|5|5,\n"
    )
    one, two = readers.read(path)
    assert [said.role for said in one.messages] == ["user", "assistant", "user"]
    assert one.messages[1].content == 'Oh no, that "late" frost.'
    assert (one.id, len(two.messages)) == ("hit:1", 1)


def test_tweetsumm_takes_its_tweets_from_the_file_beside(file, tmp_path):
    (tmp_path / "twcs.csv").write_text(
        "tweet_id,author_id,inbound,created_at,text\n"
        '1,55,True,now,"Hello. My bag is gone, help!"\n'
        "2,Carrier,False,now,We look into it.\n"
    )
    tweets = [
        {"tweet_id": 1, "sentence_offsets": ["[0, 6]", "[7, 28]"]},
        {"tweet_id": 2, "sentence_offsets": ["[0, 16]"]},
    ]
    path = file({"conversation_id": "c", "tweet_ids_sentence_offset": tweets, "annotations": []})
    (row,) = readers.read(path)
    assert row.prompt == "Hello. My bag is gone, help!"
    assert row.answer == "We look into it."


@pytest.mark.parametrize(
    ("records", "form", "says"),
    [
        ([{"text": "x"}], "", "a record has text"),
        ([{"messages": "x"}], "", "line 1"),
        ([ONE_LINE["gsm8k"], {"question": "x"}], "", "line 2"),
        ([ONE_LINE["gsm8k"]], "gsm9k", 'did you mean "gsm8k"'),
        ([{"tweet_ids_sentence_offset": [{"tweet_id": 1}], "conversation_id": "c"}], "", "line 1"),
        ([], "", "no record"),
    ],
)
def test_what_cannot_be_read_is_an_error_that_says_where(file, records, form, says):
    with pytest.raises(PrivgymError, match=says):
        readers.read(file(*records), form)


def test_what_is_no_json_or_no_file_is_an_error(tmp_path):
    path = tmp_path / "x.jsonl"
    with pytest.raises(PrivgymError, match="cannot read"):
        readers.read(path)
    path.write_text("{")
    with pytest.raises(PrivgymError, match="no JSON"):
        readers.read(path)
