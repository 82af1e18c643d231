"""Checkpoints: where weights are looked for, how they are known, what is refused."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from privgym import models
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.models import catalogue, checkpoint


def folder(path: Path, mark: str = "config.json", **weights: str) -> Path:
    path.mkdir()
    (path / mark).write_text("{}")
    for name, text in weights.items():
        (path / f"{name}.safetensors").write_text(text)
    return path


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_one_file_of_weights_is_known_by_its_own_hash(tmp_path: Path) -> None:
    path = folder(tmp_path / "base", model="abc")
    found = checkpoint.find(str(path))
    assert (found.name, found.path, found.sha256) == ("base", path, sha256("abc"))
    assert found.arguments == {"pretrained_model_name_or_path": str(path)}


def test_several_are_known_by_what_sha256sum_prints(tmp_path: Path) -> None:
    path = folder(tmp_path / "base", b="2", a="1")
    listing = f"{sha256('1')}  a.safetensors\n{sha256('2')}  b.safetensors\n"
    assert checkpoint.find(str(path)).sha256 == sha256(listing)


def test_a_gguf_file_is_a_checkpoint(tmp_path: Path) -> None:
    path = tmp_path / "some.gguf"
    path.write_text("abc")
    found = checkpoint.find(str(path))
    assert (found.name, found.sha256, found.source) == ("some.gguf", sha256("abc"), None)
    assert found.arguments["gguf_file"] == "some.gguf"
    assert found.arguments["pretrained_model_name_or_path"] == str(tmp_path)


def test_a_name_of_the_catalogue_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(catalogue, "fetch", lambda name, progress: Path(f"/{name}"))
    found = checkpoint.find("smollm2")
    assert (found.name, found.path) == ("smollm2", Path("/smollm2"))
    assert found.sha256 == catalogue.SOURCES["smollm2"].sha256


def test_how_strongly_an_adapter_works_is_part_of_its_hash(tmp_path: Path) -> None:
    path = folder(tmp_path / "lora", "adapter_config.json", adapter_model="abc")
    before = checkpoint.find_adapter(str(path))
    (path / "adapter_config.json").write_text('{"lora_alpha": 64}')
    assert checkpoint.find_adapter(str(path)).sha256 != before.sha256


def test_an_adapter_in_the_place_of_a_base_is_named(tmp_path: Path) -> None:
    path = folder(tmp_path / "lora", "adapter_config.json", adapter_model="abc")
    with pytest.raises(PrivgymError, match=r"lora has no config\.json") as caught:
        checkpoint.find(str(path))
    assert caught.value.meant == f"BASE+{path}"


def test_a_folder_without_safe_weights_is_refused(tmp_path: Path) -> None:
    path = folder(tmp_path / "base")
    (path / "pytorch_model.bin").write_text("a pickle")
    with pytest.raises(PrivgymError, match="base has no weights"):
        checkpoint.find(str(path))


def test_a_misspelt_name_is_answered_with_the_right_one() -> None:
    with pytest.raises(PrivgymError) as caught:
        checkpoint.find("smolm2")
    assert caught.value.meant == '"smollm2"'


class Hub:
    """The hub's library, with one snapshot in it."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, snapshot: Path | Exception) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.snapshot = snapshot
        library: Any = ModuleType("huggingface_hub")
        library.snapshot_download = self.download
        library.errors = SimpleNamespace(HfHubHTTPError=OSError)
        monkeypatch.setitem(sys.modules, "huggingface_hub", library)
        monkeypatch.setitem(sys.modules, "huggingface_hub.errors", library.errors)

    def download(self, name: str, **given: Any) -> str:
        self.asked.append((name, given))
        if isinstance(self.snapshot, Exception):
            raise self.snapshot
        return str(self.snapshot)


def test_an_id_is_fetched_from_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hub = Hub(monkeypatch, folder(tmp_path / "3f2a", model="abc"))
    found = checkpoint.find("someone/Some-1.5B")
    assert (found.name, found.sha256) == ("someone/Some-1.5B", sha256("abc"))
    (asked,) = hub.asked
    assert asked[0] == "someone/Some-1.5B"
    assert "*.safetensors" in asked[1]["allow_patterns"]
    assert not any(pattern.endswith(".bin") for pattern in asked[1]["allow_patterns"])


def test_a_hub_that_cannot_be_reached_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    Hub(monkeypatch, OSError("no route"))
    with pytest.raises(PrivgymError, match="no route") as caught:
        checkpoint.find("models/mistake")
    assert caught.value.code == ENVIRONMENT


def test_missing_libraries_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "torch", None)
    with pytest.raises(PrivgymError) as caught:
        models.load(f"local:{folder(tmp_path / 'base', model='abc')}")
    assert caught.value.do == 'pip install "privgym[local]"'
    assert caught.value.code == ENVIRONMENT
