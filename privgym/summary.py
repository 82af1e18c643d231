"""A comparison for a build server: JUnit XML, and a summary in Markdown.

Both are made of what a comparison holds; of what agents wrote nothing gets into either.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from xml.etree import ElementTree as ET

from privgym.comparison import Comparison, Difference
from privgym.figure import Figure
from privgym.message import visible
from privgym.rule import Rule
from privgym.why import points, signed

SUITE = "privgym compare"

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no XML 1.0 document may hold (section 2.2, production Char)."""

_MARKUP = re.compile(r"([\\`*_{}\[\]()#+!|<>~&$@:])")


def junit(found: Sequence[Comparison], broken: Iterable[tuple[Comparison, Rule]] = ()) -> str:
    """Comparisons as JUnit XML: a suite each; a case for the answer and for every endpoint.

    A case fails where something is worse, and is skipped where it is undecided.

    Args:
        found: the comparisons.
        broken: rules of `--fail-if` that hold of them.
    """
    root, rules = ET.Element("testsuites", name=SUITE), list(broken)
    for one in found:
        suite = ET.SubElement(root, "testsuite", name=_plain(f"{SUITE}: {sides(one)}"))
        answered = _case(suite, "compare", "answer")
        if one.answer in ("collapse", "general damage"):
            _say(answered, "failure", f"{one.answer}: {one.why}")
        elif one.answer != "no collapse":
            _say(answered, "skipped", f"{one.answer}: {one.why}")
        for difference in one.decided:
            case = _case(suite, difference.pack or "all packs", difference.endpoint)
            if difference.shown == "worse":
                _say(case, "failure", line(difference))
            elif difference.shown != "not worse":
                _say(case, "skipped", line(difference))
        for difference in one.per_pack:
            case = _case(suite, difference.pack, f"{difference.endpoint}, by itself")
            ET.SubElement(case, "system-out").text = _plain(line(difference))
        for rule in (rule for of, rule in rules if of is one):
            _say(_case(suite, "--fail-if", rule.text), "failure", f"it holds: {rule.text}")
        for count, tag in (("tests", "testcase"), ("failures", "failure"), ("skipped", "skipped")):
            suite.set(count, str(sum(1 for _ in suite.iter(tag))))
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n"


def markdown(found: Sequence[Comparison], broken: Iterable[tuple[Comparison, Rule]] = ()) -> str:
    """Comparisons as a Markdown page, such as `$GITHUB_STEP_SUMMARY` shows."""
    rules = list(broken)
    return "\n".join(_page(one, [rule for of, rule in rules if of is one]) for one in found)


def line(one: Difference) -> str:
    """A difference in one line: its value, its limits, and what they are held against."""
    if one.value is None:
        return "nothing to compare"
    held = "" if one.margin is None else f", against a margin of {signed(one.margin)}"
    p = "" if one.p is None else f", p = {one.p:.4g}"
    lost = f", {one.left_out} left out" if one.left_out else ""
    return f"{changed(one)} points{held}{p}, {one.n} pairs of {one.families} families{lost}"


def changed(one: Difference, between: str = " ") -> str:
    """A change in points over its limits: "+3.8 (-1 to +7)"; a dash where there is none."""
    if one.value is None or one.low is None or one.high is None:
        return "-"
    return f"{signed(one.value)}{between}({signed(one.low)} to {signed(one.high)})"


def rate(one: Figure) -> str:
    """A share in percent with its 95 % interval."""
    if one.value is None or one.low is None or one.high is None:
        return "-"
    return f"{points(one.value)} % ({points(one.low)} to {points(one.high)})"


def _page(one: Comparison, rules: Sequence[Rule]) -> str:
    rows = [_row(d) for d in (*one.decided, *one.beside) if d.value is not None]
    head = ["endpoint", "pack", "base", "tuned", "change in points", "margin", "shown", "pairs"]
    table = "\n".join(f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows])
    confidence = points(1 - 2 * one.asked.margins.alpha)
    parts = [
        f"## {one.answer.capitalize()}: {_escaped(sides(one))}",
        _escaped(one.why),
        *(f"**Fails by the rule** {_escaped(rule.text)}" for rule in rules),
        more(one),
        table,
        f"Rates with their 95 % intervals, changes with {confidence} % ones, clustered by family.",
        f"Plan `{one.asked.plan[:12]}`, grader {one.grader}, {one.utc}.",
    ]
    return "\n\n".join(filter(None, parts)) + "\n"


def _row(one: Difference) -> list[str]:
    margin = "-" if one.margin is None else signed(one.margin)
    names, rates = (_escaped(one.endpoint), _escaped(one.pack)), (rate(one.base), rate(one.tuned))
    return [*names, *rates, changed(one), margin, one.shown or "-", str(one.n)]


def more(one: Comparison) -> str:
    """How much would decide, in a sentence; "" where there is nothing to say."""
    if one.needed is None:
        return ""
    seeds = f", or {one.needed.seeds} seeds of these" if one.needed.seeds else ""
    return (
        f"About {one.needed.families} families ({one.needed.episodes} pairs of episodes){seeds} "
        "would decide, if what was seen goes on."
    )


def sides(one: Comparison) -> str:
    """Who is compared with whom, on what."""
    tuned = ", ".join(dict.fromkeys(side.spec for side in one.tuned))
    runs = f" ({len(one.tuned)} training runs)" if one.kind == "recipe" else ""
    packs = ", ".join(one.asked.packs)
    return f"{tuned}{runs} against {one.base.spec} on {packs}"


def _case(suite: ET.Element, of: str, name: str) -> ET.Element:
    return ET.SubElement(suite, "testcase", classname=_plain(f"privgym.{of}"), name=_plain(name))


def _say(case: ET.Element, kind: str, text: str) -> None:
    ET.SubElement(case, kind, message=_plain(text))


def _plain(text: str) -> str:
    """Text that XML may hold; what it escapes, `ElementTree` escapes."""
    return _NO_XML.sub("\N{REPLACEMENT CHARACTER}", visible(text))


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, in one line."""
    flat = " ".join(visible(text).split())
    return _MARKUP.sub(r"\\\1", flat)
