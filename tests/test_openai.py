"""The `openai` model: what a real vLLM answered, and servers that fail in every known way."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import msgspec
import pytest

from privgym import models, pack
from privgym.errors import ENVIRONMENT, PrivgymError
from privgym.event import Acted, Closed, Returned
from privgym.flow import AGENT
from privgym.message import Call
from privgym.model import Prompt, Reply, Turn
from privgym.models import server
from privgym.models.openai import KEY, OpenAI
from privgym.models.server import Server
from privgym.runner import Runner
from privgym.spec import Spec
from privgym.trace import Trace
from tests.recorded.vllm import PROMPTS, exchanges

HELLO = Prompt((Turn("user", "hello"),))
NOW = (0.0, 0.0)
"""Two more tries, without waiting."""

Given = tuple[int, Any] | None
Answers = Callable[[str, Any], Given]
"""Path and request to status and answer (bytes as they are, else as JSON); None says nothing."""


class Fake(ThreadingHTTPServer):
    """A server in this process that answers as it is told, and keeps what it was asked."""

    daemon_threads, block_on_close = True, False

    def __init__(self, answers: Answers) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers = answers
        self.asked: list[Any] = []
        self.headers: list[dict[str, str]] = []
        self.over = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_port}/v1"


class Handler(BaseHTTPRequestHandler):
    """Answers one request after the other on a kept connection."""

    protocol_version = "HTTP/1.1"
    server: Fake

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(json.loads(body) if body else None)
        self.server.headers.append(dict(self.headers))
        given = self.server.answers(self.path.removeprefix("/v1"), self.server.asked[-1])
        if given is None:
            self.server.over.wait(10)  # until the test is over
            self.close_connection = True
            return
        content = given[1] if isinstance(given[1], bytes) else json.dumps(given[1]).encode()
        try:
            self.send_response(given[0])
            self.send_header("Content-Length", str(len(content)))
            self.send_header("Location", "/elsewhere")
            self.end_headers()
            self.wfile.write(content)
        except ConnectionError:
            self.close_connection = True  # it had read enough

    do_POST = do_GET

    def log_message(self, *_: Any) -> None: ...


@pytest.fixture
def fake() -> Iterator[Callable[[Answers], Fake]]:
    made: list[Fake] = []

    def start(answers: Answers) -> Fake:
        made.append(Fake(answers))
        threading.Thread(target=made[-1].serve_forever, args=(0.01,), daemon=True).start()
        return made[-1]

    yield start
    for one in made:
        one.over.set()
        one.shutdown()
        one.server_close()


@pytest.fixture
def load() -> Iterator[Callable[..., OpenAI]]:
    made: list[OpenAI] = []

    def make(url: str, name: str = "tiny", **more: Any) -> OpenAI:
        made.append(OpenAI(f"{name}@{url}", **{"waits": NOW, **more}))
        return made[-1]

    yield make
    for one in made:
        one.close()


def completion(
    text: str | None = "", calls: int = 0, finish: str = "stop", read: int = 3
) -> dict[str, Any]:
    """An answer as servers write it."""
    call = {"function": {"name": "email_search", "arguments": '{"query":"x"}'}}
    message = {"content": text, "tool_calls": [call] * calls}
    return {
        "choices": [{"message": message, "finish_reason": finish}],
        "usage": {"prompt_tokens": read, "completion_tokens": 2},
    }


def after_probe(answer: Given, shows_tools: bool = False) -> Answers:
    """A server that answers every probe in the same words, and agents with `answer`."""

    def give(path: str, asked: Any) -> Given:
        if path == "/models":
            return 404, b"not here"
        probing = asked["messages"] == [{"role": "user", "content": "Note down the word robin."}]
        if asked["messages"][-1]["role"] == "tool" and answer and answer[0] == 200:
            return 200, completion("Done.")
        more = 9 if shows_tools and "tools" in asked else 3
        return (200, completion("a robin", read=more)) if probing else answer

    return give


def ask(model: OpenAI, prompt: Prompt = HELLO) -> Reply:
    return asyncio.run(model.complete(prompt))


# -- a real vLLM ----------------------------------------------------------------------------


@pytest.fixture
def vllm(fake: Callable[[Answers], Fake]) -> Fake:
    """Gives the recorded answer to the recorded request, and to no other."""

    def key(path: str, request: Any) -> bytes:
        return msgspec.json.encode([path, request], order="sorted")

    recorded = {key(e.path, e.request): (e.status, e.answer) for e in exchanges()}
    return fake(lambda path, asked: recorded.get(key(path, asked), (400, b"never asked")))


def test_the_header_says_what_a_real_vllm_holds_and_ignores(vllm: Fake, load: Any) -> None:
    model = load(vllm.url, "smol")
    assert model.about == {
        "model": "smol",
        "engine": "openai",
        "sampler": "greedy",
        "context": "4096",
        "server": "vllm-0.32.0-6a51b248",
        "held": "max_tokens, temperature, seed, schema, tools, tool_choice, strict, logprobs, "
        "unknown model",
        "ignored": "unknown field",
    }
    assert (model.keeps_format, model.takes_tools) == (False, True)


def test_real_answers_are_read(vllm: Fake, load: Any) -> None:
    model = load(vllm.url, "smol")
    replies = {name: ask(model, prompt) for name, prompt in PROMPTS.items()}
    assert replies["text"].stopped == "length"
    assert (replies["text"].prompt_tokens, replies["text"].tokens) == (17, 8)
    assert list(json.loads(replies["schema"].text)) == ["say"]
    assert replies["answered"].prompt_tokens > replies["tools"].prompt_tokens
    # A server that parses old arguments for its template refuses those that are no object.
    assert replies["garbled"].tokens
    assert replies["too long"].stopped == "overflow"
    assert "maximum context length is 4096" in replies["too long"].text
    assert None not in [e.request for e in exchanges()[1:]]


def test_a_real_call_is_read_whatever_the_finish_reason_says(load: Any, fake: Any) -> None:
    called = next(
        e.answer for e in exchanges() if e.request and e.request.get("tool_choice") == "required"
    )
    for reason in ("tool_calls", "stop", "length", None):
        called["choices"][0]["finish_reason"] = reason
        model = load(fake(after_probe((200, called))).url)
        assert ask(model).calls == (Call("note", '{"word": "heron"}'),)


# -- sampling and log-probabilities ---------------------------------------------------------


def test_a_greedy_request_says_what_it_always_said(load: Any, fake: Any) -> None:
    there = fake(after_probe((200, completion("fine"))))
    ask(load(there.url), msgspec.structs.replace(HELLO, seed=7))
    sampler = {key: there.asked[-1].get(key) for key in ("temperature", "seed", "top_p")}
    assert sampler == {"temperature": 0, "seed": 0, "top_p": None}
    assert "logprobs" not in there.asked[-1]


def test_a_sampling_model_sends_its_temperature_and_the_prompts_seed(load: Any, fake: Any) -> None:
    there = fake(after_probe((200, completion("fine"))))
    model = load(there.url, temperature=0.8)
    assert model.about["sampler"] == "temperature 0.8"
    probes = {asked["temperature"] for asked in there.asked if asked}
    assert probes == {0, 2}  # what a server holds is seen only where nothing is drawn
    ask(model, msgspec.structs.replace(HELLO, seed=7))
    assert {key: there.asked[-1][key] for key in ("temperature", "seed", "top_p")} == {
        "temperature": 0.8,
        "seed": 7,
        "top_p": 1,
    }


def test_a_real_servers_log_probabilities_are_read(load: Any, fake: Any) -> None:
    told = next(e.answer for e in exchanges() if e.request and e.request.get("logprobs"))
    there = fake(after_probe((200, told)))
    reply = ask(load(there.url), msgspec.structs.replace(HELLO, logprobs=True))
    assert there.asked[-1]["logprobs"] is True
    assert reply.logprobs
    assert len(reply.logprobs) == reply.tokens == 16
    assert reply.logprobs[0] == pytest.approx(-1.563, abs=1e-3)
    assert max(reply.logprobs) <= 0
    assert reply.token_ids is None


@pytest.mark.parametrize(
    "logprobs", [None, [], {"tokens": ["a"]}, {"content": None}, {"content": [{"logprob": -1.0}]}]
)
def test_log_probabilities_that_are_not_of_every_token_are_none(
    load: Any, fake: Any, logprobs: Any
) -> None:
    answer = completion("fine")
    answer["choices"][0]["logprobs"] = logprobs
    reply = ask(load(fake(after_probe((200, answer))).url))
    assert (reply.text, reply.tokens, reply.logprobs) == ("fine", 2, None)


# -- the notation ---------------------------------------------------------------------------


def test_calls_and_their_answers_are_tied_across_turns(load: Any, fake: Any) -> None:
    there = fake(after_probe((200, completion("fine"))))
    one, two = Call.of("a_b", x=1), Call("c_d", "[not an object")
    turns = (
        Turn("user", "go"),
        Turn("assistant", "", (one, two)),
        Turn("tool", "first"),
        Turn("tool", "second"),
        Turn("assistant", "", (one,)),
        Turn("tool", "third"),
    )
    ask(load(there.url), Prompt(turns))
    sent = there.asked[-1]["messages"]
    made = [call for message in sent for call in message.get("tool_calls", ())]
    answered = [m["tool_call_id"] for m in sent if m["role"] == "tool"]
    assert [call["id"] for call in made] == answered
    assert len(set(answered)) == 3
    assert all(isinstance(json.loads(call["function"]["arguments"]), dict) for call in made)


def test_tools_are_strict_and_closed(load: Any, fake: Any) -> None:
    there = fake(after_probe((200, completion("fine"))))
    ask(load(there.url), PROMPTS["tools"])
    function = there.asked[-1]["tools"][0]["function"]
    assert function["strict"] is True
    assert function["parameters"]["additionalProperties"] is False


# -- the probe ------------------------------------------------------------------------------


def test_a_server_that_ignores_everything_is_found_out(load: Any, fake: Any) -> None:
    model = load(fake(after_probe(None)).url)
    assert "held" not in model.about
    for name in ("schema", "tools", "tool_choice", "strict", "logprobs", "unknown model"):
        assert name in model.about["ignored"]
    # So no agent is made to believe that its calls are constrained, or its tools seen.
    assert (model.keeps_format, model.takes_tools) == (True, False)


def test_what_is_refused_is_said(load: Any, fake: Any) -> None:
    def answers(path: str, asked: Any) -> Given:
        if asked and {"tools", "response_format"} & set(asked):
            return 400, {"error": {"message": "no"}}
        return 200, completion("a robin")

    model = load(fake(answers).url)
    assert model.about["refused"] == "schema, tools, tool_choice, strict"
    assert not model.takes_tools


def test_a_model_that_is_not_listed_is_answered_with_those_that_are(load: Any, fake: Any) -> None:
    there = fake(lambda path, asked: (200, {"data": [{"id": "smollm2"}, {"id": "tuned"}]}))
    with pytest.raises(PrivgymError, match='no model "smolm2"') as caught:
        load(there.url, "smolm2")
    assert caught.value.meant == '"smollm2"'
    assert len(there.asked) == 1


def test_an_adapter_names_its_base(load: Any, fake: Any) -> None:
    base = {"id": "smollm2", "max_model_len": 4096}
    tuned = {"id": "tiny", "parent": "smollm2", "max_model_len": None}

    def answers(path: str, asked: Any) -> Given:
        return 200, {"data": [base, tuned]} if path == "/models" else completion("x")

    about = load(fake(answers).url).about
    assert (about["base"], about["context"]) == ("smollm2", "4096")


# -- addresses and keys ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "address", ["tiny", "tiny@", "@http://x", "tiny@x:80", "tiny@http://me:pw@x", "t@http://x?k/pw"]
)
def test_what_is_no_address_or_holds_a_secret_is_refused(address: str) -> None:
    with pytest.raises(PrivgymError, match="no address") as caught:
        models.load(f"openai:{address}")
    assert KEY in caught.value.do
    assert "pw" not in str(caught.value)


def test_a_query_is_a_setting_of_the_model_or_refused_and_its_value_is_not_repeated() -> None:
    with pytest.raises(PrivgymError, match='no setting "key"') as caught:
        models.load("openai:tiny@http://x/v1?key=pw")
    assert "pw" not in str(caught.value)


def test_the_key_is_sent_and_stands_nowhere_else(
    load: Any, fake: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEY, "s3cr3t")
    there = fake(after_probe((401, {"error": {"message": "bad key: s3cr3t"}})))
    model = load(there.url)
    assert {h["Authorization"] for h in there.headers} == {"Bearer s3cr3t"}
    with pytest.raises(PrivgymError, match=r"401: bad key: \[key\]") as caught:
        ask(model)
    assert "s3cr3t" not in f"{caught.value} {model.about}"


def test_nothing_is_sent_elsewhere(load: Any, fake: Any) -> None:
    there = fake(after_probe((307, b"")))
    model = load(there.url)
    before = len(there.asked)
    with pytest.raises(PrivgymError, match="answered 307"):
        ask(model)
    assert len(there.asked) == before + 1


# -- patience -------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [429, 500, 503])
def test_a_busy_or_broken_server_is_asked_again(trouble: int, load: Any, fake: Any) -> None:
    left = [trouble, trouble]
    calm = after_probe((200, completion("at last")))

    def answers(path: str, asked: Any) -> Given:
        mine = asked and asked["messages"][0]["content"] == "hello"
        return (left.pop(), b"busy") if mine and left else calm(path, asked)

    assert ask(load(fake(answers).url)) == Reply("at last", prompt_tokens=3, tokens=2)


def test_other_refusals_are_not_asked_again(load: Any, fake: Any) -> None:
    there = fake(after_probe((400, {"error": {"message": "no such thing", "code": 400}})))
    model = load(there.url)
    before = len(there.asked)
    with pytest.raises(PrivgymError, match="answered 400: no such thing 400"):
        ask(model)
    assert len(there.asked) == before + 1


def test_a_server_that_is_not_there_is_an_error_that_says_so() -> None:
    with pytest.raises(PrivgymError, match="does not answer") as caught:
        OpenAI("tiny@http://127.0.0.1:9", waits=())
    assert caught.value.code == ENVIRONMENT


def test_waits_grow_are_bounded_and_spread(monkeypatch: pytest.MonkeyPatch, fake: Any) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("privgym.models.server.asyncio.sleep", sleep)
    there = Server(fake(lambda path, asked: (500, b"")).url)
    try:
        assert asyncio.run(there.get("/models")).status == 500
    finally:
        there.close()
    assert all(w / 2 <= s <= w * 3 / 2 for w, s in zip(server.WAITS, slept, strict=True))


def test_one_model_serves_many_loops_and_many_at_once(load: Any, fake: Any) -> None:
    model = load(fake(after_probe((200, completion("fine")))).url)

    async def many() -> list[Reply]:
        return await asyncio.gather(*(model.complete(HELLO) for _ in range(20)))

    assert ask(model).text == ask(model).text == "fine"
    assert len(asyncio.run(many())) == 20


def test_a_stop_is_not_waited_for(load: Any, fake: Any) -> None:
    model = load(fake(after_probe(None)).url)

    async def impatient() -> None:
        async with asyncio.timeout(0.05):
            await model.complete(HELLO)

    with pytest.raises(TimeoutError):
        asyncio.run(impatient())
    model.close()
    with pytest.raises(PrivgymError, match="closed"):
        ask(model)


# -- faults: ten of each, each in a stated row ----------------------------------------------

FAULTS: dict[str, tuple[Given, str]] = {
    "time-out": (None, "silent"),
    "429": ((429, b"slow down"), "answered 429"),
    "500": ((500, b"broken"), "answered 500"),
    "nothing": ((200, b""), "no completion"),
    "no choices": ((200, {"choices": []}), "empty"),
    "empty text": ((200, completion(None)), "malformed"),
    "cut UTF-8": ((200, json.dumps(completion("é"), ensure_ascii=False).encode("latin1")), "utf-8"),
    "10 MB": ((200, completion("x" * 10_000_000)), "longer than 4 MiB"),
    "repetition": ((200, completion('{"tool": "a' + "ha" * 900, finish="length")), "malformed"),
    "1,000 calls": ((200, completion("", calls=1000)), "refused"),
    "too long": ((400, {"error": {"message": "maximum context length is 8"}}), "overflow"),
}


def stated(trace: Trace) -> str:
    """What a trace says went wrong."""
    if trace.failure:
        return trace.failure.what
    acts = [e.action.fault for e in trace.events if isinstance(e, Acted) and e.party == AGENT]
    errors = [e.error for e in trace.events if isinstance(e, Returned)]
    ends = [e.why for e in trace.events if isinstance(e, Closed)]
    return " ".join(filter(None, [*acts, *errors, *ends]))


@pytest.mark.parametrize("fault", FAULTS)
def test_every_fault_ends_in_a_stated_row(fault: str, load: Any, fake: Any) -> None:
    answer, words = FAULTS[fault]
    there = fake(after_probe(answer, shows_tools=True))
    # Only a silent server is waited for, so only there patience is short.
    short: dict[str, Any] = {} if answer else {"patience": 1.0, "waits": ()}
    model = load(there.url, at_once=10, **short)
    everyday = pack.load("everyday")
    names = everyday.names(["treatment_leave"], level=1, seeds=range(5))
    runner = Runner(everyday, Spec("native", "openai:tiny@somewhere"), model)

    async def live() -> list[Trace]:
        return [trace for trace, _ in await asyncio.gather(*map(runner.episode, names))]

    traces = asyncio.run(live())
    assert len(traces) == 10
    for trace in traces:
        assert words in stated(trace)
