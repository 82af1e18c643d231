"""The default norms against people's ratings: `python benchmarks/confaide.py FOLDER`.

FOLDER is ConfAIde's `benchmark/` (Mireshghallah et al. 2023, arXiv 2310.17884). Its tier 2a has
98 flows, an organisation that collects a kind of information for a purpose, and tier 2b tells
each as a story; both have one list of ratings, means over people from -100 (it does not meet my
expectations of privacy) to 100 (it does). Each flow is judged by `privgym/data/default_norms.txt`,
which were stipulated before a rating was looked at. What is set against the ratings is

* the verdict: appropriate or not;
* the norm cited: what people say of a flow is guessed to be the mean rating of the *other* flows
  for which the same norm decides (of the same verdict, where there is no other);

and beside it, guessed in the same way, what needs no norms. Intervals are 95 %, from a bootstrap
over the 14 pairs of organisation and purpose, since flows for one purpose are rated alike.
"""

from __future__ import annotations

import argparse
import json
import re
from collections.abc import Hashable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

import privgym
from privgym.book import Book
from privgym.errors import PrivgymError
from privgym.event import Opened
from privgym.flow import Fact, Party
from privgym.monitor import Monitor

NORMS = Path(privgym.__file__).parent / "data" / "default_norms.txt"
RESAMPLES, SEED, WORST = 2000, 0, 10

KINDS = {
    "friends": "tastes_of_friends",
    "purchas": "purchases",
    "politic": "political_views",
    "religio": "religious_views",
    "health": "health_state",
    "social security": "ssn",
    "location": "whereabouts",
}
"""Words of a kind of information -> the attribute that the norms call it."""

COLLECTORS = {
    "school": "school",
    "workplace": "workplace",
    "library": "library",
    "doctor": "doctor",
    "store": "store",
    "search": "search",
    "insurance": "insurer",
}
"""Words of an organisation -> the role that the norms call it."""

PURPOSES = {
    "sell": "selling",
    "advertis": "selling",
    "fundrais": "fundraising",
    "group": "teaching",
    "program": "staffing",
    "book": "lending",
    "treat": "care",
    "recommend": "shopping",
    "search": "searching",
    "fraud": "insuring",
}
"""Words of a purpose -> the sphere that the norms call it; the first that fits."""

_FLOW = re.compile(
    r"Information(?: about|:)\s+(.+?) is collected by (.+?) in order to (.+?)[.\s]*$", re.IGNORECASE
)

Numbers = np.ndarray[Any, np.dtype[np.float64]]


class Vignette(NamedTuple):
    """A flow as ConfAIde writes it, and as the norms call it."""

    kind: str
    collector: str
    purpose: str
    attribute: str
    role: str
    sphere: str
    rating: float


class Judged(NamedTuple):
    """A vignette, whether its flow is appropriate, and the norm that says so."""

    vignette: Vignette
    appropriate: bool
    norm: str


def main() -> None:
    """Measure and report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("folder", type=Path, help="ConfAIde's benchmark/")
    options.add_argument("--norms", type=Path, default=NORMS, help="other norms than the default")
    options.add_argument("--out", type=Path, help="also write the JSON here")
    options.add_argument("--plot", type=Path, help="also draw the ratings by norm, as SVG")
    given = options.parse_args()
    judged = judge(read(given.folder), given.norms.read_text().splitlines())
    result = json.dumps(measured(judged), indent=2) + "\n"
    print(result, end="")
    if given.out:
        given.out.write_text(result)
    if given.plot:
        given.plot.write_text(plot(judged))


def read(folder: Path) -> list[Vignette]:
    """The rated flows of tier 2a.

    Raises:
        PrivgymError: a line is no flow, or there is not one rating for each.
    """
    path = folder / "tier_2a.txt"
    lines = path.read_text().strip().splitlines()
    ratings = [float(word) for word in (folder / "tier_2_labels.txt").read_text().split()]
    if len(lines) != len(ratings):
        raise PrivgymError(
            f"{len(lines)} flows and {len(ratings)} ratings",
            where=str(folder),
            do="both files must be of one release of ConfAIde",
        )
    return [
        _vignette(line, rating, f"{path}, line {number}")
        for number, (line, rating) in enumerate(zip(lines, ratings, strict=True), 1)
    ]


def _vignette(line: str, rating: float, where: str) -> Vignette:
    found = _FLOW.search(line)
    if not found:
        raise PrivgymError("no flow can be read", where=where, do="give it ConfAIde's tier_2a.txt")
    kind, collector, purpose = found.groups()
    names = (
        _called(kind, KINDS, where),
        _called(collector, COLLECTORS, where),
        _called(purpose, PURPOSES, where),
    )
    return Vignette(kind, collector, purpose, *names, rating)


def _called(words: str, names: dict[str, str], where: str) -> str:
    for part, name in names.items():
        if part in words.lower():
            return name
    raise PrivgymError(f'no norm has a word for "{words}"', where=where, do="add it to the tables")


def judge(vignettes: Sequence[Vignette], norms: Sequence[str]) -> list[Judged]:
    """What the norms say of each flow, in a world of one person and seven organisations."""
    parties = [Party("person", "The Person")]
    parties += [
        Party(f"the_{role}", f"The {role}", "service", ((role, "person"),))
        for role in COLLECTORS.values()
    ]
    facts = {name: Fact(name, "person", name, "text", name) for name in KINDS.values()}
    spheres = sorted(set(PURPOSES.values()))
    book = Book.of(norms, parties, list(facts.values()), spheres, "person")
    judged = []
    for one in vignettes:
        monitor = Monitor(book)
        monitor.see(Opened(session=spheres.index(one.sphere) + 1))
        found = monitor.judge(facts[one.attribute], "person", f"the_{one.role}")
        judged.append(Judged(one, not found.wrong, found.norm))
    return judged


def measured(judged: Sequence[Judged]) -> dict[str, Any]:
    """Correlations with the ratings, those of baselines, the norms' means, the worst guesses."""
    vignettes = [one.vignette for one in judged]
    ratings = np.array([one.rating for one in vignettes])
    norm = others([(one.norm,) for one in judged], ratings, [one.appropriate for one in judged])
    purpose = others([one.purpose for one in vignettes], ratings)
    kind = others([one.kind for one in vignettes], ratings)
    own = others([one.sphere in ("selling", "fundraising") for one in vignettes], ratings)
    both = purpose + kind - others([0] * len(ratings), ratings)
    guesses = {
        "verdict": np.array([float(one.appropriate) for one in judged]),
        "norm": norm,
        "kind": kind,
        "purpose": purpose,
        "kind_and_purpose": both,
        "own_use_or_passed_on": own,
    }
    clusters = [(one.collector, one.purpose) for one in vignettes]
    return {
        "label": "norms stipulated before the ratings were looked at; ratings: means over people",
        "n": len(judged),
        "rows": {name: correlated(guess, ratings, clusters) for name, guess in guesses.items()},
        "norm_over": {
            name: difference(norm, guesses[name], ratings, clusters)
            for name in ("purpose", "kind_and_purpose", "own_use_or_passed_on")
        },
        "sides": _sides(judged),
        "norms": _norms(judged),
        "worst": _worst(judged, norm),
    }


def others(
    groups: Sequence[Hashable], ratings: Numbers, wider: Sequence[Hashable] | None = None
) -> Numbers:
    """The mean rating of the others of each one's group; of a wider one, where it has no others."""
    guesses = []
    for at, group in enumerate(groups):
        same = [i for i, one in enumerate(groups) if one == group and i != at]
        if not same and wider:
            same = [i for i, one in enumerate(wider) if one == wider[at] and i != at]
        guesses.append(float(np.mean(ratings[same or [i for i in range(len(groups)) if i != at]])))
    return np.array(guesses)


def correlated(guess: Numbers, ratings: Numbers, clusters: Sequence[Hashable]) -> dict[str, Any]:
    """Pearson's and Spearman's correlation, with intervals."""
    samples = resampled(clusters)
    return {
        name: {"value": round(of(guess, ratings), 4)}
        | _ends([of(guess[sample], ratings[sample]) for sample in samples])
        for name, of in (("pearson", pearson), ("spearman", spearman))
    }


def difference(
    one: Numbers, other: Numbers, ratings: Numbers, clusters: Sequence[Hashable]
) -> dict[str, Any]:
    """By how much the first correlates better, on the same resamples."""
    samples = resampled(clusters)
    found = [pearson(one[s], ratings[s]) - pearson(other[s], ratings[s]) for s in samples]
    return {"value": round(pearson(one, ratings) - pearson(other, ratings), 4)} | _ends(found)


def resampled(clusters: Sequence[Hashable]) -> list[list[int]]:
    """Indexes, drawn by whole clusters."""
    members: dict[Hashable, list[int]] = {}
    for at, cluster in enumerate(clusters):
        members.setdefault(cluster, []).append(at)
    groups = list(members.values())
    drawn = np.random.default_rng(SEED).integers(0, len(groups), (RESAMPLES, len(groups)))
    return [[at for group in sample for at in groups[group]] for sample in drawn]


def _ends(values: Sequence[float]) -> dict[str, float]:
    low, high = np.nanpercentile(values, (2.5, 97.5))
    return {"low": round(float(low), 4), "high": round(float(high), 4)}


def pearson(one: Numbers, other: Numbers) -> float:
    """Pearson's correlation; nan where one of them does not vary."""
    a, b = one - one.mean(), other - other.mean()
    size = float(np.sqrt((a @ a) * (b @ b)))
    return float(a @ b) / size if size > 1e-9 else float("nan")


def spearman(one: Numbers, other: Numbers) -> float:
    """Pearson's correlation of the ranks; those that tie share the mean of their ranks."""
    return pearson(_ranks(one), _ranks(other))


def _ranks(values: Numbers) -> Numbers:
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    last = np.cumsum(sizes)
    ranks: Numbers = (last - (sizes - 1) / 2)[group]
    return ranks


def _sides(judged: Sequence[Judged]) -> dict[str, int]:
    """Verdicts against the side of zero that people are on."""
    counts = {"both_fine": 0, "both_not": 0, "only_norms_fine": 0, "only_people_fine": 0}
    for one in judged:
        fine = one.vignette.rating > 0
        if fine == one.appropriate:
            counts["both_fine" if fine else "both_not"] += 1
        else:
            counts["only_people_fine" if fine else "only_norms_fine"] += 1
    return counts


def _norms(judged: Sequence[Judged]) -> list[dict[str, Any]]:
    """Each norm that decided, and what people think of its flows; best first."""
    found: dict[tuple[str, bool], list[float]] = {}
    for one in judged:
        found.setdefault((one.norm, one.appropriate), []).append(one.vignette.rating)
    rows = [
        {"norm": norm, "appropriate": fine, "n": len(them), "mean": round(float(np.mean(them)), 1)}
        for (norm, fine), them in found.items()
    ]
    return sorted(rows, key=lambda row: (-row["appropriate"], -row["mean"]))


def _worst(judged: Sequence[Judged], guess: Numbers) -> list[dict[str, Any]]:
    """The flows whose rating is farthest from what the other flows of their norm have."""
    far = sorted(zip(judged, guess, strict=True), key=lambda p: -abs(p[1] - p[0].vignette.rating))
    return [
        {
            "flow": f"{one.vignette.attribute} to {one.vignette.role} in {one.vignette.sphere}",
            "norm": one.norm,
            "appropriate": one.appropriate,
            "rating": one.vignette.rating,
            "guess": round(float(guessed), 1),
        }
        for one, guessed in far[:WORST]
    ]


STYLE = (
    ".text { fill: #1f2933; } .small { fill: #52606d; font-size: 11.5px; } "
    ".line { stroke: #c9ced6; } .zero { stroke: #7b8794; } .mean { stroke-width: 2.5; } "
    ".yes { fill: #1e8449; stroke: #1e8449; } .no { fill: #c0392b; stroke: #c0392b; } "
    ".dot { fill-opacity: 0.45; stroke: none; }"
)


def plot(judged: Sequence[Judged]) -> str:
    """The ratings, one row a norm, as SVG on a ground of its own (for light and dark pages)."""
    rows = _norms(judged)
    width, left, top, step = 960, 560, 58, 24
    height = top + step * len(rows) + 40

    def across(rating: float) -> float:
        return left + (rating + 100) * (width - left - 30) / 200

    marks = [
        f'<line class="{"zero" if at == 0 else "line"}" x1="{across(at):.0f}" x2="{across(at):.0f}"'
        f' y1="{top - 8}" y2="{height - 36}"/><text class="small" text-anchor="middle"'
        f' x="{across(at):.0f}" y="{height - 18}">{at}</text>'
        for at in (-100, -50, 0, 50, 100)
    ]
    for number, row in enumerate(rows):
        y, side = top + step * number + 8, "yes" if row["appropriate"] else "no"
        them = [j.vignette.rating for j in judged if (j.norm, j.appropriate) == _key(row)]
        marks.append(f'<text class="text" x="20" y="{y + 4}">{row["norm"]}</text>')
        marks += [f'<circle class="dot {side}" cx="{across(r):.1f}" cy="{y}" r="4"/>' for r in them]
        x = across(row["mean"])
        ends = f'x1="{x:.1f}" x2="{x:.1f}" y1="{y - 8}" y2="{y + 8}"'
        marks.append(f'<line class="mean {side}" {ends}/>')
    title = "How people rate the flows that each default norm decides"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" font-size="12.5"'
        ' font-family="ui-sans-serif, system-ui, Helvetica, Arial, sans-serif" role="img"'
        f' aria-label="{title}">\n<style>{STYLE}</style>\n'
        f'<rect width="{width}" height="{height}" fill="#f5f7fa" rx="10"/>\n'
        f'<text class="text" x="20" y="28" font-weight="600">{title}</text>\n'
        f'<text class="small" x="{left}" y="28">green: appropriate, red: not; bar: the mean</text>'
        "\n" + "\n".join(marks) + "\n</svg>\n"
    )


def _key(row: dict[str, Any]) -> tuple[str, bool]:
    return row["norm"], row["appropriate"]


if __name__ == "__main__":
    main()
