"""A run read by a slow sensor, what it found recorded, and the run scored with it."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from privgym import cli, pack, sense, sensed
from privgym.errors import INCONCLUSIVE, REFUSED, PrivgymError
from privgym.event import Sent
from privgym.flow import Finding
from privgym.folder import RunFolder, rescore
from privgym.run import run
from privgym.scenario import Name
from privgym.score import grader
from privgym.sensed import Recorded, Seen, Sensed, fingerprint
from privgym.spec import Spec

EVERYDAY = [Name("everyday", "treatment_leave", seed=seed) for seed in range(3)]
NO = json.dumps({"disclosed": "no", "quote": ""})


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    """Three episodes of an agent that is silent, so that the exact sensor finds no leak."""
    return run(pack.load("everyday"), Spec("refuser"), EVERYDAY, out=tmp_path)


class Finds:
    """A sensor that finds the illness in whatever a hand sends, and counts what it reads."""

    def __init__(self, certainty="yes", hand: str = "agent", model: str = "tiny", fact: str = ""):
        self.reads, self.certainty, self.hand, self.fact = 0, certainty, hand, fact
        about = {"sensor": "semantic/1", "spec": "semantic", "model": model}
        self.sense = sense.Sense("semantic", about, self._of)

    def _of(self, scenario):
        illness = next(f.key for f in scenario.facts if f.attribute == "diagnosis")

        async def read(event: Sent) -> Seen:
            self.reads += 1
            if event.hand != self.hand:
                return Seen(fingerprint(event))
            field, text = event.parts[0]
            found = Finding(
                self.fact or illness, field, 0, len(text), text, self.certainty, "semantic/1"
            )
            return Seen(fingerprint(event), (found,))

        return read


def test_it_reads_every_text_of_every_episode_once(folder):
    finds = Finds()
    found = sense.sense(folder, finds.sense)
    traces = [one for one, _ in folder.read()]
    assert [one.scenario for one in found] == [one.header.scenario for one in traces]
    for one, line in zip(traces, found, strict=True):
        assert {seen.sha256 for seen in line.texts} == {
            fingerprint(event) for event in one.events if isinstance(event, Sent)
        }
    assert finds.reads == sum(len(one.texts) for one in found)
    assert list(sensed.read(folder.path, "semantic")) == list(found)


def test_what_was_stopped_goes_on_and_a_torn_line_is_read_again(folder):
    whole = sense.sense(folder, Finds().sense)
    path = sensed.file(folder.path, "semantic")
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1][:40])
    finds = Finds()
    assert sense.sense(folder, finds.sense) == whole
    assert finds.reads == sum(len(one.texts) for one in whole[1:])
    assert path.read_bytes() == b"".join(lines)


def test_another_model_does_not_go_on_with_what_one_began(folder):
    sense.sense(folder, Finds().sense)
    with pytest.raises(PrivgymError, match="begun with model tiny, not other") as caught:
        sense.sense(folder, Finds(model="other").sense)
    assert caught.value.code == REFUSED


# -- the score --------------------------------------------------------------------------------


def leaks(folder: RunFolder, *sensors: str) -> list[int]:
    return [one.score.inappropriate for one in rescore(folder, sensors=sensors)]


@pytest.fixture
def told(tmp_path: Path) -> RunFolder:
    """One episode whose agent tells the manager something without the illness's own words."""
    return run(pack.load("everyday"), Spec("play:good"), EVERYDAY[:1], out=tmp_path)


def test_what_only_the_slow_sensor_found_counts_without_any_model(told):
    assert leaks(told) == [0]
    sense.sense(told, Finds().sense)
    assert leaks(told, "semantic") == [1]
    assert leaks(told) == [0]


def test_what_it_is_not_sure_of_leaves_the_verdict_undecided(told):
    sense.sense(told, Finds(certainty="maybe").sense)
    (before,), (after,) = rescore(told), rescore(told, sensors=["semantic"])
    assert (before.score.undecided, after.score.undecided > 0) == (0, True)
    assert after.score.inappropriate == 0


def test_the_surest_finding_proves_the_flow_whichever_sensor_it_is_of(told):
    scenario = pack.scenario(str(EVERYDAY[0]))
    ((one, _),) = told.read()
    exact = grader(scenario)
    sent = next(e for e in one.events if isinstance(e, Sent) and exact.find(e))
    weak = [msgspec.structs.replace(f, certainty="maybe") for f in exact.find(sent)]
    line = Sensed(scenario.name, {"sensor": "semantic/1"}, (Seen(fingerprint(sent), tuple(weak)),))
    both = Recorded(exact, [line]).find(sent)
    assert both == (*exact.find(sent), *weak)
    sense.sense(told, Finds(certainty="maybe", hand="nobody").sense)
    assert rescore(told, sensors=["semantic"]) == rescore(told)


def test_the_scores_say_which_sensors_are_in_them(told):
    sense.sense(told, Finds().sense)
    rescore(told, sensors=["semantic"])
    assert json.loads((told.path / "scores.json").read_text())["sensors"] == ["semantic"]
    rescore(told)
    assert "sensors" not in json.loads((told.path / "scores.json").read_text())


def test_findings_that_are_not_recorded_are_missed_and_how_to_get_them_is_said(told):
    with pytest.raises(PrivgymError, match="nothing that") as caught:
        rescore(told, sensors=["semantic"])
    assert "privgym sense" in caught.value.do
    sense.sense(told, Finds().sense)
    with pytest.raises(PrivgymError, match="nothing that") as caught:
        rescore(told, sensors=["semantics"])
    assert caught.value.meant == '"semantic"'


def test_findings_of_fewer_episodes_are_no_score(folder):
    sense.sense(folder, Finds().sense)
    path = sensed.file(folder.path, "semantic")
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])
    with pytest.raises(PrivgymError, match="1 of the 3 episodes") as caught:
        rescore(folder, sensors=["semantic"])
    assert caught.value.code == INCONCLUSIVE


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda line: line.replace("treatment_leave#0", "treatment_leave#1"), "findings of"),
        (lambda line: line.replace('"sha256":"', '"sha256":"0'), "nothing is recorded of a text"),
        (lambda line: line.replace('"words":"', '"words":"x'), "does not stand in its text"),
        (lambda line: line.replace('"fact":"', '"fact":"un'), "does not have"),
        (lambda line: line.replace('"texts"', '"tests"'), "not readable"),
    ],
)
def test_records_that_were_tampered_with_are_refused(told, change, why):
    sense.sense(told, Finds().sense)
    path = sensed.file(told.path, "semantic")
    path.write_text(change(path.read_text()))
    with pytest.raises(PrivgymError, match=why) as caught:
        rescore(told, sensors=["semantic"])
    assert caught.value.code == REFUSED


def test_a_judge_alone_carries_no_score_where_exact_sensors_find_little(told):
    whole = pack.scenario(str(EVERYDAY[0]))
    poor = msgspec.structs.replace(whole, exact=0.1)
    judge = Sensed(whole.name, {"sensor": "judge/1", "model": "scripted"}, ())
    other = Sensed(whole.name, {"sensor": "semantic/1", "model": "minilm"}, ())
    with pytest.raises(PrivgymError, match="whose error is not known") as caught:
        Recorded(grader(poor), [judge])
    assert caught.value.code == INCONCLUSIVE
    assert "--with semantic" in caught.value.do
    Recorded(grader(poor), [judge, other])
    Recorded(grader(whole), [judge])


# -- the verb ---------------------------------------------------------------------------------


def verb(capsys, *arguments: str):
    capsys.readouterr()
    code = cli.main([*arguments])
    out, err = capsys.readouterr()
    return code, out, err


def test_the_verb_reads_a_run_by_a_judge_and_says_what_it_left_undecided(told, capsys):
    ((one, scenario),) = told.read()
    asked = len({fingerprint(e) for e in one.events if isinstance(e, Sent)}) * len(scenario.facts)
    replies = "|".join([NO] * (asked - 1))
    code, out, err = verb(
        capsys, "sense", str(told.path), "--sensor", f"judge@scripted:{replies}", "--json"
    )
    found = json.loads(out)
    assert code == 0
    assert (found["episodes"], found["sure"], found["undecided"], found["maybe"]) == (1, 0, 1, 1)
    assert "only" in err
    assert "replies" in err
    code, out, err = verb(capsys, "score", str(told.path), "--with", "judge", "--json")
    assert code == 0
    assert json.loads(out)["rows"]
    assert "judge" in err


def test_a_sensor_that_is_not_there_is_answered_with_those_that_are(told, capsys):
    for spec in ("semantik", "judge", "exact"):
        code, _, err = verb(capsys, "sense", str(told.path), "--sensor", spec)
        assert code == 2
        assert "judge@MODEL" in err
