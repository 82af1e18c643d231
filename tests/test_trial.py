"""A tool and an agent are tried; every way to be unsound is told."""

from __future__ import annotations

import pytest

from privgym import kit, trial
from privgym.errors import PrivgymError
from tests import kits

TOOL = '''
from __future__ import annotations
from privgym.tool import Tool
from privgym.wire import Record, Wire

class Slip(Record):
    text: str

class Slips(Tool[Slip]):
    def pin(self, wire: Wire, to: str, text: str) -> str:
        """Pin a slip.

        Args:
            to: whom it is for.
            text: what it says.
        """
        BODY

    def receive(self, sender, record):
        return self.keep(record), "A slip"
'''
SENDS = "return f'{self.keep(wire.send([to], Slip(text=text)))}'"

AGENT = """
from privgym.message import Action, Call
LOG = []

class Mind:
    about = {"agent": "mind"}
    async def act(self, observation):
        BODY

def make(model, seed):
    return Mind()
"""


@pytest.fixture
def tried(monkeypatch, tmp_path):
    def write(kind, text, old, new):
        name = kits.fresh(monkeypatch, tmp_path)
        assert old in text
        (tmp_path / kind).mkdir(exist_ok=True)
        (tmp_path / kind / f"{name}.py").write_text(text.replace(old, new))
        kit.add(tmp_path)
        report = (trial.tried_tool if kind == "tools" else trial.tried_agent)(name)
        return [problem.what for problem in report.problems]

    return write


@pytest.mark.parametrize("name", kit.names("tools"))
def test_the_tools_that_ship_are_sound(name):
    assert trial.tried_tool(name).problems == ()


@pytest.mark.parametrize("name", kit.names("agents"))
def test_the_agents_that_ship_are_sound(name):
    assert trial.tried_agent(name).problems == ()


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (SENDS, ""),
        ("self.keep(Slip(text=text)); " + SENDS, ""),
        ("raise KeyError(to)", "none of 60 calls worked"),
        ("raise RuntimeError(to)", "its code fails: RuntimeError"),
        ("n = Slip(text=text); self.records[9] = n; wire.send([to], n)", "changed an account"),
        ("wire._post.account('manager', wire.tool).keep(Slip(text=text))", "not over the wire"),
    ],
)
def test_what_is_wrong_with_a_tool_is_told(tried, body, what):
    found = tried("tools", TOOL, "BODY", body)
    assert any(what in one for one in found) if what else found == []


def test_a_tool_without_calls_or_without_descriptions_is_told(tried):
    assert "no call" in tried("tools", TOOL.replace("BODY", SENDS), "wire: Wire, ", "")[0]
    told = tried("tools", TOOL.replace("BODY", SENDS), "            to: whom it is for.\n", "")
    assert 'does not describe "to"' in told[0]


@pytest.mark.parametrize("line", ["import privgym.score", "from privgym import world"])
def test_what_content_must_not_see_is_told(tried, line):
    text = TOOL.replace("BODY", SENDS)
    (told,) = tried("tools", text, "from privgym.tool", f"{line}\nfrom privgym.tool")
    assert told.startswith("it imports privgym.")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        ("return Action(text='Hello.')", ""),
        ("return Action(calls=(Call('nonsense', '{'),))", ""),
        ("return 'Hello.'", "act gives a str and not an Action"),
        ("LOG.append(1); return Action(text=str(len(LOG)))", "acts in two ways"),
        ("return observation.nothing", "its code fails: AttributeError"),
    ],
)
def test_what_is_wrong_with_an_agent_is_told(tried, body, what):
    found = tried("agents", AGENT, "BODY", body)
    assert any(what in one for one in found) if what else found == []


def test_an_agent_says_what_it_is(tried):
    text = AGENT.replace("BODY", "return Action()")
    assert "`about`" in tried("agents", text, '{"agent": "mind"}', '{"agent": 1}')[0]


def test_what_is_not_there_is_an_error():
    with pytest.raises(PrivgymError, match="no tool"):
        trial.tried_tool("hammer")
    with pytest.raises(PrivgymError, match="no agent"):
        trial.tried_agent("hammer")
