"""A board as a folder of pages: all of it opens from disk, and asks for nothing from elsewhere."""

from __future__ import annotations

import json
import re
from urllib.parse import urlsplit

import pytest

pytest.importorskip("jinja2", reason="the extra `board` is not installed")

from privgym.cli import main
from privgym.errors import USAGE
from privgym.leaderboard.export import export
from tests.boards import small


@pytest.fixture(scope="module")
def board(tmp_path_factory):
    return small(tmp_path_factory.mktemp("export") / "board")


@pytest.fixture(scope="module")
def pages(board, tmp_path_factory):
    out = tmp_path_factory.mktemp("out") / "site"
    count = export(board, out)
    found = {path: path.read_text(encoding="utf-8") for path in out.rglob("*.html")}
    assert len(found) == count > 6
    return found


def test_every_link_leads_to_a_file_of_the_folder(pages):
    for path, page in pages.items():
        links = re.findall(r'(?:href|src)="([^"]*)"', page)
        assert links
        for link in links:
            there = urlsplit(link)
            assert not there.scheme
            assert not there.netloc
            assert not there.path.startswith("/")
            file = (path.parent / there.path).resolve() if there.path else path
            assert file.is_file(), (path, link)
            if there.fragment and file.suffix == ".html":
                assert f'id="{there.fragment}"' in file.read_text(encoding="utf-8"), link


def test_every_page_carries_its_policy_and_no_form(pages):
    for page in pages.values():
        head = page.partition("</head>")[0]
        assert "default-src 'none'" in head.replace("&#39;", "'")
        assert "<form" not in page
        assert page.count("<script>") == 1  # the keys, allowed by their hash


def test_every_page_has_its_twin(pages):
    for path in pages:
        assert "title" in json.loads(path.with_suffix(".json").read_bytes())


def test_a_folder_with_something_in_it_is_left_alone(board, tmp_path, capsys):
    (tmp_path / "mine").write_text("x")
    assert main(["leaderboard", "export", str(board.path), str(tmp_path)]) == USAGE
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    assert "not empty" in capsys.readouterr().err


def test_the_verb_says_where_it_begins(board, tmp_path, capsys):
    assert main(["leaderboard", "export", str(board.path), str(tmp_path / "new")]) == 0
    assert capsys.readouterr().out.rstrip().endswith("index.html")
