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
    sender: str = ""

LOG = []

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
    about = {"agent": "NAME"}
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
        written = text.replace(old, new).replace("NAME", name)
        (tmp_path / kind / f"{name}.py").write_text(written)
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
        ("self.keep(Slip(text=text)); " + SENDS, "keep what `wire.send` returned"),
        ("n = Slip(text=text); wire.send([to], n); self.keep(n)", "keep what `wire.send` returned"),
        ("n = self.keep(Slip(text='-')); self.change(n, wire.send([to], Slip(text=text)))", ""),
        ("import random; " + SENDS + " + str(random.random())", "did two things in two worlds"),
        ("LOG.append(1); return f'{self.keep(Slip(text=str(len(LOG))))}'", "did two things"),
        (SENDS.replace("text=text", "text=text, sender=wire.mine"), ""),
        (SENDS.replace("text=text", "text=text, sender=wire.me"), "of the house in `sender`"),
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
    silent, none = tried("tools", TOOL.replace("BODY", SENDS), "wire: Wire, ", "")
    assert silent == "pin takes no `wire` and so is no call: give it one, or call it _pin"
    assert "no call" in none
    told = tried("tools", TOOL.replace("BODY", SENDS), "            to: whom it is for.\n", "")
    assert 'does not describe "to"' in told[0]


def test_a_method_that_is_no_call_is_told(tried):
    text, more = TOOL.replace("BODY", SENDS), "    def shout(self): ...\n\n    def receive"
    (told,) = tried("tools", text, "    def receive", more)
    assert told.startswith("shout takes no `wire`")
    assert tried("tools", text, "    def receive", more.replace("shout", "_shout")) == []


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


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        ('{"agent": "NAME"}', '{"agent": 1}', "its `about` must say in words what it is"),
        ('about = {"agent": "NAME"}', "pass", "its `about` must say in words what it is"),
        ('{"agent": "NAME"}', '{"agent": "other"}', "must call it by the name of its file"),
        ("async def", "def", "its `act` must be `async def act(self, observation)`"),
        ("async def act", "async def decide", "its `act` must be `async def"),
        ("def make", "def made", "its file needs `def make(model, seed)`"),
    ],
)
def test_an_agent_that_is_not_whole_is_told_in_one_line(tried, old, new, what):
    (told,) = tried("agents", AGENT.replace("BODY", "return Action()"), old, new)
    assert what in told
    assert "\n" not in told


def test_what_is_not_there_is_an_error():
    with pytest.raises(PrivgymError, match="no tool"):
        trial.tried_tool("hammer")
    with pytest.raises(PrivgymError, match="no agent"):
        trial.tried_agent("hammer")
