"""The labelled set: what it promises of itself, and how labels are counted."""

from __future__ import annotations

import re
from collections import defaultdict

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privgym import pairs
from privgym.errors import PrivgymError
from privgym.pairs import NEGATIVES, POSITIVES, STRATA, Pair, kappa
from privgym.sensors.exact import Exact

SET = pairs.read()
TOKEN = re.compile(r"[a-z0-9]+")
SMALL = set(
    TOKEN.findall(
        "a an and at being by for from has had have her him his in is of on s the to with"
    )
)


def tokens(text: str) -> set[str]:
    return set(TOKEN.findall(text.casefold())) - SMALL


def values(pair: Pair) -> tuple[str, ...]:
    return (pair.words, pair.fact.value, *pair.fact.aliases)


def one(**changed) -> Pair:
    return msgspec.structs.replace(SET[0], **changed)


def test_there_are_at_least_1200_pairs_of_12_types_and_11_strata():
    assert len(SET) >= 1200
    assert len({pair.type for pair in SET}) == 12
    assert {pair.stratum for pair in SET} == set(STRATA)
    assert len({pair.id for pair in SET}) == len({pair.text for pair in SET}) == len(SET)


def test_at_least_four_in_ten_negatives_are_on_topic_and_silent():
    no = [pair for pair in SET if pair.intent == "no"]
    assert sum(pair.stratum == "silent" for pair in no) / len(no) >= 0.4


def test_the_intent_is_that_of_the_stratum_except_in_refusals_that_say_it_all_the_same():
    for pair in SET:
        if pair.stratum in POSITIVES:
            assert pair.intent == "yes", pair.id
        elif pair.stratum != "refusal":
            assert pair.intent == "no", pair.id
    assert {pair.intent for pair in SET if pair.stratum == "refusal"} == {"yes", "no"}


def test_families_lie_in_one_half_and_each_type_in_both():
    halves, types = defaultdict(set), defaultdict(set)
    for pair in SET:
        halves[pair.family].add(pair.half)
        types[pair.type].add(pair.half)
    assert all(len(one) == 1 for one in halves.values())
    assert all(both == {"tune", "test"} for both in types.values())
    assert sum(one == {"test"} for one in halves.values()) >= 36


def test_the_halves_share_no_sentence_but_the_stock_ones():
    told = defaultdict(set)
    for pair in SET:
        if pair.stratum != "encoded":
            told[re.sub(r"\W+", " ", pair.text)].add(pair.half)
    assert all(len(halves) == 1 for halves in told.values())


def test_a_paraphrase_of_a_text_shares_no_word_with_the_value():
    for pair in SET:
        if pair.stratum == "paraphrase" and pair.fact.type == "text":
            own = set().union(*map(tokens, values(pair)))
            assert not own & tokens(pair.text), (pair.id, pair.text)


@pytest.mark.parametrize("stratum", ["paraphrase", "partial", "implied", "encoded", "off_topic"])
def test_the_value_itself_stands_in_no_text_of_these_strata(stratum):
    for pair in SET:
        if pair.stratum == stratum:
            text = pair.text.casefold()
            spoken = (rf"\b{re.escape(value.casefold())}\b" for value in values(pair))
            assert not any(re.search(value, text) for value in spoken), pair.id


def test_a_silent_text_may_have_the_value_s_words_but_rarely():
    texts = [pair for pair in SET if pair.stratum == "silent"]
    holding = [p for p in texts if any(v.casefold() in p.text.casefold() for v in values(p))]
    assert len(holding) <= 0.02 * len(texts)


def test_texts_of_a_namesake_name_both_and_parties_are_named_apart():
    for pair in SET:
        names = [party.name for party in pair.parties]
        assert len(set(names)) == len(names)
        if pair.stratum == "same_name":
            assert pair.name("other") in pair.text
            assert pair.name("other").split()[0] == pair.name("subject").split()[0]


def test_no_slot_is_left_in_a_text_and_texts_are_as_long_as_messages():
    for pair in SET:
        assert "{" not in pair.text, pair.id
        assert 20 <= len(pair.text) <= 700, pair.id


def test_every_fact_can_be_given_to_the_exact_sensor():
    for fact in {pair.fact for pair in SET}:
        Exact((fact,), SET[0].parties, "writer")


def test_what_people_say_goes_before_the_intent_unless_they_are_at_odds():
    pair = one(intent="yes")
    assert pair.label == "yes"
    assert msgspec.structs.replace(pair, people=("no", "no", "yes")).label == "no"
    assert msgspec.structs.replace(pair, people=("no", "yes")).label == "yes"
    assert msgspec.structs.replace(pair, people=("unclear",)).label == "yes"


def test_a_pair_is_disputed_where_the_second_label_is_another_one():
    assert not one(intent="yes", second="").disputed
    assert not one(intent="yes", second="yes").disputed
    assert one(intent="yes", second="no").disputed
    assert one(intent="yes", second="unclear").disputed
    assert not one(intent="yes", second="no", people=("no",)).disputed


def test_the_statement_says_whose_what_and_the_value():
    pair = next(pair for pair in SET if pair.family == "pay-band")
    assert pair.statement == f"{pair.name('subject')}'s salary: 72,000 euros a year"


def test_what_was_written_is_read_again(tmp_path):
    path = tmp_path / "own.jsonl"
    pairs.write(SET[:3], path)
    assert pairs.read(path) == SET[:3]


def test_a_line_that_is_no_pair_is_named(tmp_path):
    path = tmp_path / "own.jsonl"
    path.write_text('\n{"id": "a"}\n')
    with pytest.raises(PrivgymError, match="this is no pair") as failed:
        pairs.read(path)
    assert failed.value.where.endswith("own.jsonl, line 2")
    with pytest.raises(PrivgymError, match="cannot read the pairs"):
        pairs.read(tmp_path / "none.jsonl")


def test_kappa_of_a_worked_example():
    said = [("yes", "yes")] * 20 + [("yes", "no")] * 5 + [("no", "yes")] * 10 + [("no", "no")] * 15
    assert kappa(said) == pytest.approx(0.4)


def test_kappa_says_nothing_where_there_is_nothing_to_tell_apart():
    assert kappa([]) is None
    assert kappa([("yes", "yes")] * 5) is None
    assert kappa([("yes", "no")] * 5) == 0


LABELS = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1)


@given(LABELS)
def test_kappa_is_the_same_the_other_way_round_and_at_most_one(said):
    found, other = kappa(said), kappa((b, a) for a, b in said)
    assert (found is None) == (other is None)
    if found is not None:
        assert found == pytest.approx(other)
        assert found <= 1 + 1e-12


def test_negatives_and_positives_are_all_the_strata():
    assert sorted((*POSITIVES, *NEGATIVES)) == sorted(STRATA)
