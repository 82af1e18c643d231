"""privgym sense: a run's texts through a slow sensor, its findings recorded."""

from __future__ import annotations

from pathlib import Path

import click

from privgym import sensed
from privgym.cli._progress import progress
from privgym.cli._report import emit, shown
from privgym.errors import INCONCLUSIVE, PrivgymError
from privgym.folder import RunFolder
from privgym.message import visible
from privgym.sense import load, sense


@click.command("sense")
@click.argument("run", type=click.Path(path_type=Path))
@click.option("--sensor", required=True, metavar="SPEC", help="semantic[@WEIGHTS] or judge@MODEL.")
@click.option("--at-once", type=click.IntRange(1), default=4, show_default=True, metavar="N")
@click.option("--json", "as_json", is_flag=True, help="One JSON document on stdout.")
def command(run: Path, sensor: str, at_once: int, as_json: bool) -> None:
    """Find facts in all that was sent in the run folder RUN, by meaning rather than by words.

    What is found lies beside the traces; `privgym score RUN --with SENSOR` takes it into the
    score. The same command goes on where it was stopped.
    """
    folder = RunFolder(run)
    with progress() as bar:
        how = load(sensor, at_once, bar("fetching weights"))
        try:
            found = sense(folder, how, bar("episodes"))
        except (KeyboardInterrupt, SystemExit) as stop:
            stop.add_note("What was read is kept; the same command goes on from there.")
            raise
        finally:
            how.close()
    texts = [text for one in found for text in one.texts]
    findings = [finding for text in texts for finding in text.findings]
    sure = sum(finding.certainty == "yes" for finding in findings)
    reasons = [why for text in texts for why in text.undecided.values()]
    path = sensed.file(folder.path, how.name)
    if as_json:
        counts = {"episodes": len(found), "texts": len(texts), "sure": sure}
        maybe = {"maybe": len(findings) - sure, "undecided": len(reasons)}
        emit({"file": str(path), "about": how.about, **counts, **maybe})
    else:
        click.echo(f"{len(texts):,} texts of {len(found):,} episodes, read by {sensor}")
        click.echo(f"  {sure:,} facts found, {len(findings) - sure:,} perhaps: {shown(path)}")
        click.echo(f"  privgym score {shown(folder.path)} --with {how.name} takes them in")
    if reasons:
        told = f"{len(reasons):,} questions were left undecided; the first: {reasons[0]}"
        click.echo(visible(told), err=True)
    if not found:
        what = f"{run} has no finished episode"
        raise PrivgymError(what, do="the command that began it goes on", code=INCONCLUSIVE)
