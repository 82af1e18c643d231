"""privgym sensors: a table for people, one document for programs."""

from __future__ import annotations

import json

import msgspec
import pytest

from privgym import cli, pairs
from tests.test_measure import ROW, aligned

SOME = [
    msgspec.structs.replace(pair, second="")
    for pair in pairs.read()
    if pair.type in ("diagnosis", "money")
]


@pytest.fixture
def own(tmp_path):
    """A small labelled set of one's own."""
    path = tmp_path / "own.jsonl"
    pairs.write(SOME, path)
    return str(path)


@pytest.fixture
def privgym(capsys):
    def call(*words: str) -> tuple[int, str, str]:
        code = cli.main(["sensors", *words])
        return code, *capsys.readouterr()

    return call


def test_the_floors_and_the_exact_sensor_stand_in_one_table(privgym, own):
    code, out, _ = privgym("--pairs", own)
    assert code == 0
    for word in ("substring", "overlap", "exact", "verbatim", "off_topic", "stated", "clustered"):
        assert word in out


def test_json_has_each_rate_with_its_interval(privgym, own):
    code, out, _ = privgym("--pairs", own, "--half", "all", "--json")
    document = json.loads(out)
    assert code == 0
    assert document["pairs"] == len(SOME)
    row = next(r for r in document["rows"] if (r["sensor"], r["stratum"]) == ("exact", "verbatim"))
    assert row["recall"]["low"] <= row["recall"]["value"] <= row["recall"]["high"]
    assert row["false_positives"]["value"] is None


def test_the_halves_add_up_and_test_is_what_is_asked_for(privgym, own):
    def size(*words: str) -> int:
        document = json.loads(privgym("--pairs", own, "--json", *words)[1])
        return int(document["pairs"])

    assert size() == size("--half", "test")
    assert size("--half", "test") + size("--half", "tune") == size("--half", "all")


def test_disputed_pairs_are_left_out_unless_asked_for(privgym, tmp_path):
    path = tmp_path / "own.jsonl"
    pairs.write([msgspec.structs.replace(SOME[0], second="no"), *SOME[1:]], path)
    given = ("--pairs", str(path), "--half", "all", "--json")
    document = json.loads(privgym(*given)[1])
    assert (document["pairs"], document["left_out"]) == (len(SOME) - 1, 1)
    document = json.loads(privgym(*given, "--disputed")[1])
    assert (document["pairs"], document["left_out"]) == (len(SOME), 0)


def test_a_raw_rate_is_corrected_with_each_stratum_of_negatives(privgym, own):
    code, out, _ = privgym("--pairs", own, "--half", "all", "--rate", "31/738", "--json")
    assert code == 0
    rates = {(r["sensor"], r["stratum"]): r for r in json.loads(out)["corrected"]}
    assert {stratum for sensor, stratum in rates if sensor == "exact"} == {"all", *pairs.NEGATIVES}
    silent = rates["exact", "silent"]["rate"]
    assert silent["raw"] == 0.042
    assert silent["low"] <= silent["value"] <= silent["high"]
    assert rates["overlap", "negated"]["rate"]["value"] is None
    assert "Se + Sp - 1" in rates["overlap", "negated"]["rate"]["why"]
    _, out, _ = privgym("--pairs", own, "--rate", "31/738")
    assert "not identifiable" in out
    assert "carry over" in out


@pytest.mark.parametrize("rate", ["31", "9/3", "0/0", "a/b", "-1/3"])
def test_what_is_no_rate_is_refused(privgym, own, rate):
    code, _, err = privgym("--pairs", own, f"--rate={rate}")
    assert code == 2
    assert "write it as K/N" in err


def test_people_s_labels_of_privacyalign_are_read(privgym, tmp_path):
    path = tmp_path / "test.jsonl"
    path.write_bytes(aligned(ROW, ROW))
    code, out, _ = privgym("--privacyalign", str(path), "--json")
    assert code == 0
    document = json.loads(out)
    assert document["pairs"] == 4
    assert {row["stratum"] for row in document["rows"]} == {"leak seen", "no leak seen", "all"}


def test_an_unknown_sensor_and_a_missing_file_say_what_to_do(privgym, own, tmp_path):
    code, _, err = privgym("--pairs", own, "--sensor", "semantik")
    assert code == 2
    assert "there is no sensor" in err
    code, _, err = privgym("--pairs", str(tmp_path / "none.jsonl"))
    assert code == 5
    assert "cannot read the pairs" in err
