"""The same work in AgentDojo, measured in turn with ours.

`Peer` starts this file in an environment that holds `requirements-peer.txt` and asks it for
measurements. Its step is one `send_email` in the workspace suite by its
`FunctionsRuntime`, rendered as its `ToolsExecutor` does by default; its reset is
`load_and_inject_default_environment({})`, which reads its files anew.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from statistics import median
from time import process_time_ns, sleep
from typing import Any

SUITE = ("v1.2.2", "workspace")

PAUSE = 0.02
"""Seconds without work before a block of letters, here and there."""


class Peer:
    """AgentDojo in a process of its own.

    Args:
        python: the interpreter of its environment.
    """

    def __init__(self, python: str) -> None:
        self._process = subprocess.Popen(
            [python, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self.version: str = self._ask({})

    def steps(self, letters: Iterable[tuple[str, str]]) -> list[float]:
        """CPU time of each of the steps that send these, in microseconds.

        Args:
            letters: (subject, body) of each.
        """
        return list(self._ask({"letters": list(letters)}))

    def reset(self) -> float:
        """CPU time of one reset, in microseconds."""
        return float(self._ask({"reset": True}))

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def _ask(self, what: dict[str, Any]) -> Any:
        asked, answers = self._process.stdin, self._process.stdout
        assert asked
        assert answers
        asked.write(json.dumps(what) + "\n")
        asked.flush()
        answer = answers.readline()
        if not answer:
            raise SystemExit("the peer ended: is requirements-peer.txt installed where it runs?")
        return json.loads(answer)


def beside(ours: Sequence[float], theirs: Sequence[float]) -> dict[str, float]:
    """Medians of both, and of theirs over ours pair by pair."""
    times = median(b / a for a, b in zip(ours, theirs, strict=True))
    return {
        "ours_us": round(median(ours), 1),
        "peer_us": round(median(theirs), 1),
        "times": round(times, 1),
    }


def main() -> None:
    """Measure what is asked for, line by line."""
    from importlib.metadata import version

    from agentdojo.agent_pipeline.tool_execution import tool_result_to_str
    from agentdojo.functions_runtime import FunctionsRuntime
    from agentdojo.task_suite.load_suites import get_suite

    suite = get_suite(*SUITE)
    runtime = FunctionsRuntime(suite.tools)
    env = suite.load_and_inject_default_environment({})
    to = [env.inbox.contact_list[0].email]

    def step(subject: str, body: str) -> None:
        given = {"recipients": to, "subject": subject, "body": body}
        result, error = runtime.run_function(env, "send_email", given)
        if error:
            raise SystemExit(error)
        tool_result_to_str(result)

    def measured(work: Callable[[], Any]) -> float:
        start = process_time_ns()
        work()
        return (process_time_ns() - start) / 1000

    for line in sys.stdin:
        asked = json.loads(line)
        answer: float | str | list[float] = version("agentdojo")
        if "reset" in asked:
            answer = measured(lambda: suite.load_and_inject_default_environment({}))
        elif asked:
            sleep(PAUSE)
            answer = [measured(lambda letter=letter: step(*letter)) for letter in asked["letters"]]
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()
