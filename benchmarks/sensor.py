"""What finding costs: `python benchmarks/sensor.py` prints microseconds per 2 KB text.

The floor beside it is the least a sensor could do: lower-case the text and ask for each
fact's value with `in`, which knows one form a value, no boundaries and no names.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from time import perf_counter

from privgym.flow import Fact, Party
from privgym.sensors.exact import Exact

SIZE = 2048  # characters
FACTS = tuple(
    fact
    for n in range(10)
    for fact in (
        Fact(f"illness{n}", "ana", "illness", "text", f"kind {n} lupus nephritis"),
        Fact(f"visit{n}", "ana", "visit", "date", f"2026-{n + 1:02}-{n + 11}"),
        Fact(f"pay{n}", "ana", "pay", "money", f"{71000 + 137 * n} USD"),
        Fact(f"phone{n}", "ana", "phone", "phone", f"+1 555 010 {4400 + n}"),
    )
)
PARTIES = tuple(Party(f"p{n}", f"Person{n} Surname{n}") for n in range(8))
WORDS = "Thank you for your letter of last week; we shall see to it, and write again soon. " * 40
TOLD = " I have kind 3 lupus nephritis and call from (555) 010-4402 on 14 April. "


def microseconds(work: Callable[[], object], times: int = 500) -> float:
    """The best of five rounds, per call, in microseconds."""
    rounds = []
    for _ in range(5):
        start = perf_counter()
        for _ in range(times):
            work()
        rounds.append((perf_counter() - start) / times * 1e6)
    return min(rounds)


def verbatim(text: str, values: list[str]) -> list[bool]:
    """The floor."""
    lower = text.casefold()
    return [value in lower for value in values]


def main() -> None:
    """Print one line a kind of text."""
    start = perf_counter()
    sensor = Exact(FACTS, PARTIES, "ana")
    print(f"build, {len(FACTS)} facts: {(perf_counter() - start) * 1e3:.1f} ms")
    half = SIZE // 2
    texts = {
        "ASCII, nothing in it": WORDS[:SIZE],
        "ASCII, three facts in it": WORDS[:half] + TOLD + WORDS[: half - len(TOLD)],
        "typographic quotes": WORDS[:SIZE].replace("your", "company\u2019s")[:SIZE],
        "accents": WORDS[:SIZE].replace("e", "\u00e9"),
    }
    values = [fact.value.casefold() for fact in FACTS]
    for name, text in texts.items():
        cost = microseconds(partial(sensor.find, (("body", text),)))
        floor = microseconds(partial(verbatim, text, values))
        print(f"{name}: {cost:.0f} us, floor {floor:.0f} us, ratio {cost / floor:.2f}")


if __name__ == "__main__":
    main()
