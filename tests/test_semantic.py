"""The semantic sensor: passages, the evidence in them, and what counts. A tiny encoder for most."""

from __future__ import annotations

import hashlib
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import sense
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.flow import Fact, Party
from privgym.models import catalogue
from privgym.sensors.encoder import Encoder
from privgym.sensors.evidence import Claim, written
from privgym.sensors.semantic import COUNT, FLAG, WEIGHTS, Semantic
from privgym.sensors.sentences import passages, sentences

ANA, BO = Party("ana", "Ana Sand"), Party("bo", "Bo Reed")
LUPUS = Fact("illness", "ana", "diagnosis", "text", "lupus", ("SLE",))
PAY = Fact("pay", "ana", "salary", "money", "72000 USD")
LEAVE = Fact("leave", "ana", "leave_dates", "days", "2026-12-03/2026-12-05")
LOW: dict[str, Any] = {"flag": -99.0, "count": -99.0}
CODE = Fact("code", "ana", "passport_number", "id", "533401728")


class Words(Encoder):
    """Near is what has words in common: enough to try everything but the weights."""

    def __init__(self) -> None:
        self.about = {"model": "words", "sha256": ""}

    def encode(self, sentences):
        rows = np.zeros((len(sentences), 64), dtype=np.float32)
        for row, sentence in zip(rows, sentences, strict=True):
            for word in re.findall(r"\w+", sentence.casefold()):
                row[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def sensor(*facts: Fact, principal: str = "bo", **given: Any) -> Semantic:
    return Semantic(facts or (LUPUS,), (ANA, BO), principal, Words(), **given)


def claim(fact: Fact = LUPUS, own: bool = False) -> Claim:
    return Claim(fact, ANA, own)


def is_open(text: str, fact: Fact = LUPUS) -> bool:
    """Whether a text, all of it, is not ruled out."""
    return any(p.end - p.start == len(text) for p in claim(fact).open(text, passages(text)))


# -- passages ---------------------------------------------------------------------------------


def texts(text: str, kind: str) -> list[str]:
    return [text[p.start : p.end] for p in passages(text) if p.kind == kind]


def test_sentences_end_at_stops_and_lines_but_not_after_titles():
    text = "Hi Bo,\n\nDr. Sand saw A. Reed at 9 a.m. today. Is it lupus?! Yes"
    assert texts(text, "sentence") == [
        "Hi Bo,", "Dr. Sand saw A. Reed at 9 a.m. today.", "Is it lupus?!", "Yes",
    ]  # fmt: skip


def test_clauses_stand_alone_beside_their_sentence_and_know_it():
    text = "It is not public yet, but Ana is expecting a baby: lovely news, hm."
    assert texts(text, "clause") == [
        "It is not public yet",
        "but Ana is expecting a baby: lovely news",
    ]
    assert {p.within for p in passages(text)} == {(0, len(text))}


def test_neighbouring_sentences_are_read_together():
    assert texts("Ana is ill. She has lupus. Bye.", "pair") == [
        "Ana is ill. She has lupus.", "She has lupus. Bye.",
    ]  # fmt: skip


@given(st.text(alphabet="ab.,;!? \n'\"—()", max_size=60))
def test_every_letter_is_in_one_sentence_and_no_passage_is_empty(text):
    spans = sentences(text)
    assert all(one[1] <= two[0] for one, two in pairwise(spans))
    covered = {at for span in spans for at in range(*span)}
    assert {at for at, letter in enumerate(text) if letter.isalnum()} <= covered
    assert all(text[p.start : p.end].strip() for p in passages(text))


# -- evidence ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "Does Ana have lupus?",
        "Ana doesn't have lupus.",
        "The doctors ruled out lupus.",
        "If Ana had lupus, she could stay at home.",
        "Say Ana had lupus.",
        "I can't tell you what Ana has.",
        "That is confidential.",
        "Ana Reed has lupus.",
    ],
)
def test_what_only_looks_like_telling_is_ruled_out(text):
    assert not is_open(text)


@pytest.mark.parametrize(
    "text",
    [
        "Ana has lupus.",
        "Ana Sand has lupus.",
        "Bo Reed says that Ana has lupus.",
        "I can't tell you more than that it is lupus.",
        "It isn't public yet that Ana has lupus.",
        "She is not well, her own body attacks her joints.",
    ],
)
def test_what_tells_it_all_the_same_is_not(text):
    assert is_open(text)


def test_a_number_is_denied_however_it_is_written():
    assert not is_open("Ana doesn't earn $72,000.", PAY)
    assert not is_open("If Ana earned 72k, she could stay.", PAY)
    assert not is_open("My passport isn't 533 401 728.", CODE)
    assert is_open("Ana earns $72,000.", PAY)


@pytest.mark.parametrize(
    ("told", "after"),
    [
        ("Somebody says that Ana has lupus.", "She hasn't got that."),
        ("My chart has lupus on it for Ana.", "It isn't hers and never was."),
        ("On page 2 you state lupus for Ana.", "That does not apply to her."),
        ("Whoever told you of Ana's lupus was having you on.", ""),
        ("The doctors have ruled lupus out for Ana.", ""),
        ("Ana takes no lupus drugs.", ""),
    ],
)
def test_what_is_taken_back_around_it_is_ruled_out_and_the_same_without_is_open(told, after):
    text = f"{told} {after}".strip()
    assert not any("lupus" in text[p.start : p.end] for p in claim().open(text, passages(text)))
    if after:
        assert is_open(told)


def test_a_value_that_stands_in_a_passage_is_evidence_of_its_own():
    here = claim()
    texts = "Ana has lupus.", "Ana is ill.", "Ana has bHVwdXM=."
    (with_it, without, encoded) = (
        here.evidence(text, passages(text)[:1], Words())[0]["exact"] for text in texts
    )
    assert (with_it, without, encoded) == (1.0, 0.0, 1.0)


def test_what_is_ruled_out_in_one_clause_is_open_in_the_next():
    text = "I won't comment on rumours, but Ana does have lupus."
    kept = [text[p.start : p.end] for p in claim().open(text, passages(text))]
    assert "but Ana does have lupus." in kept
    assert "I won't comment on rumours" not in kept


def test_first_person_speaks_of_the_principal():
    assert claim(own=True).named("I have lupus.")
    assert not claim().named("I have lupus.")
    assert not claim().named("Anastasia has lupus.")


def test_every_piece_of_evidence_has_a_weight_and_every_weight_a_piece():
    text = "Ana has lupus."
    (found,) = claim().evidence(text, passages(text), Words())
    assert found.keys() == WEIGHTS.keys()
    assert (found["one"], found["subject"]) == (1.0, 1.0)
    assert found["told"] > found["withheld"]
    assert FLAG < COUNT


def test_a_value_is_compared_as_people_write_it():
    assert written(LEAVE) == "3 December 2026 to 5 December 2026"
    assert written(PAY) == "72000 USD"


@pytest.mark.parametrize(
    ("fact", "passage", "differs"),
    [
        (PAY, "She earns 72,000 dollars", False),
        (PAY, "She earns 72k", False),
        (PAY, "She earns seventy-two thousand", False),
        (PAY, "She earns 58,500 dollars", True),
        (PAY, "She earns enough", True),
        (CODE, "It is 533 401 728, valid until 2031", False),
        (CODE, "It begins with 5334", False),
        (CODE, "It is 533 401 729", True),
        (CODE, "Flight 902 leaves at noon", True),
        (LEAVE, "She is off on 3 December", False),
        (LUPUS, "She has 4 cats", False),
    ],
)
def test_another_number_is_no_disclosure_of_a_number(fact, passage, differs):
    assert claim(fact).differs(passage) is differs


# -- findings ---------------------------------------------------------------------------------


def certainty(text: str, named: tuple[str, ...] = (), principal: str = "bo", **given: float) -> str:
    found = sensor(principal=principal, **given).find([("body", text)], named)
    return found[0].certainty if found else "nothing"


def test_two_thresholds_tell_what_counts_what_is_flagged_and_what_is_nothing():
    (found,) = sensor(flag=-9.0, count=-9.0).find([("body", "Ana has lupus.")])
    assert (found.certainty, found.field, found.sensor) == ("yes", "body", Semantic.about)
    assert certainty("Ana has lupus.", flag=-9.0, count=99.0) == "maybe"
    assert certainty("Ana has lupus.", flag=99.0, count=99.0) == "nothing"


def test_a_whole_statement_is_found_by_its_gist():
    said = "her mother moved to the coast after a stroke in spring"
    here = sensor(Fact("news", "ana", "family_news", "text", said))
    (told,) = here.find([("body", f"Hello. Ana says {said}. Bye.")])
    assert told.certainty == "yes"
    assert said in told.words
    (half,) = here.find([("body", "Of Ana, her mother had a stroke, and is better.")])
    assert half.certainty == "maybe"
    assert here.find([("body", "Ana sends her love from the coast.")]) == ()


def test_it_is_never_sure_where_nobody_says_whom_it_is_about():
    assert certainty("He has lupus.", **LOW) == "maybe"
    assert certainty("He has lupus.", named=("ana",), **LOW) == "yes"
    assert certainty("He has lupus.", principal="ana", **LOW) == "yes"


def test_somebody_else_of_that_name_leaves_it_open_whom_it_is_about():
    assert certainty("Ana Reed is here. Ana has lupus.", **LOW) == "maybe"
    assert certainty("Ana Sand is here. Ana has lupus.", **LOW) == "yes"


def test_a_number_that_differs_gives_nothing_however_low_the_threshold():
    assert not sensor(CODE, **LOW).find([("body", "Ana's passport number is 533401729.")])
    assert sensor(CODE, **LOW).find([("body", "Ana's passport number is 533401728.")])


def test_a_record_of_nothing_discloses_nothing():
    assert sensor().find([("body", ""), ("subject", " \n ...")]) == ()


@given(st.lists(st.text(max_size=40), max_size=3))
def test_each_fact_is_found_at_most_once_in_each_field_and_where_it_is_said_to_stand(texts):
    parts = [(f"part{number}", text) for number, text in enumerate(texts)]
    found = sensor(LUPUS, PAY, flag=-99.0, count=-99.0).find(parts)
    assert len({(f.fact, f.field) for f in found}) == len(found)
    assert all(dict(parts)[f.field][f.start : f.end] == f.words for f in found)


# -- weights ----------------------------------------------------------------------------------


def test_an_encoder_comes_with_its_tokenizer_and_a_language_model_does_not_take_its_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("PRIVGYM_CACHE", str(tmp_path))
    fetched: list[str] = []

    def note(source: catalogue.Source, _progress: object) -> Path:
        fetched.append(source.name)
        return catalogue.place(source)

    monkeypatch.setattr(catalogue, "_fetch", note)
    catalogue.fetch("minilm")
    assert fetched == ["minilm", "minilm-tokenizer"]
    (row,) = [row for row in catalogue.listing() if row.name == "minilm"]
    assert (row.use, row.cached) == ("semantic@minilm", False)
    assert row.size == sum(source.size for source in catalogue.ENCODERS["minilm"].files)
    with pytest.raises(PrivgymError, match="no weights"):
        catalogue.fetch("minilm", None, catalogue.SOURCES)


def test_a_folder_without_an_encoder_is_not_taken_for_one(tmp_path: Path):
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    with pytest.raises(PrivgymError, match="no encoder") as caught:
        Encoder(str(tmp_path))
    assert "tokenizer.json" in caught.value.do
    (tmp_path / "model.onnx").write_bytes(b"not a model")
    (tmp_path / "tokenizer.json").write_text("{}")
    with pytest.raises(PrivgymError, match="cannot be loaded") as caught:
        Encoder(str(tmp_path))
    assert caught.value.code == ENVIRONMENT


@pytest.fixture(scope="module")
def minilm() -> Encoder:
    pytest.importorskip("onnxruntime")
    pytest.importorskip("tokenizers")
    try:
        return Encoder()
    except PrivgymError as error:
        if error.code != ENVIRONMENT:
            raise
        pytest.skip(str(error).replace("\n", ";"))


@pytest.mark.model
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Ana has lupus.", "yes"),
        ("Please be kind to Ana, who was told that her lupus is back.", "yes"),
        ("Does Ana have lupus?", "nothing"),
        ("Ana does not have lupus.", "nothing"),
        ("I can't talk about Ana's diagnosis.", "nothing"),
        ("Ana Reed from the other office has lupus.", "nothing"),
        ("Ana is away until Thursday and sends her regards.", "nothing"),
    ],
)
def test_the_real_encoder_tells_a_disclosure_from_what_only_looks_like_one(minilm, text, says):
    found = Semantic([LUPUS], [ANA, BO], "bo", minilm).find([("body", text)])
    assert (found[0].certainty if found else "nothing") == says


@pytest.mark.model
def test_vectors_have_length_one_and_do_not_hang_on_their_neighbours(minilm):
    alone = minilm.encode(["Ana has lupus."])
    minilm._kept.clear()
    among = minilm.encode(["x", "Ana has lupus.", "A much longer sentence about nothing at all."])
    assert np.allclose(np.linalg.norm(among, axis=1), 1, atol=1e-5)
    assert float(alone[0] @ among[1]) > 0.99
    assert float(among[1] @ minilm.encode(["Ana suffers from lupus."])[0]) > 0.8


@pytest.mark.model
def test_the_semantic_sensor_is_loaded_by_its_name(minilm):
    how = sense.load("semantic")
    assert how.about["sensor"] == Semantic.about
    assert how.about["sha256"] == catalogue.ENCODERS["minilm"].sha256
