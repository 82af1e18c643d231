"""The command line: one verb a file, and the one place where an error becomes an exit code.

A verb is a file here that holds `command`, a click command; what its function returns is the
exit code (None is 0). Files are imported only when their verb is used. Data goes to stdout,
progress and errors to stderr.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

import click

from privgym import __version__, kit
from privgym.errors import BUG, PrivgymError, did_you_mean
from privgym.message import visible

VERBS = {
    "demo": "Show what a harmless fine-tune of a small model leaks.",
    "run": "Run an agent through the episodes of a pack.",
    "compare": "Compare a tuned agent with its base: is there a collapse?",
    "score": "Compute a run's scores again, from its traces alone.",
    "regrade": "Judge stored runs again, beside the old scores.",
    "sense": "Read a run's texts with a slow sensor, and record it.",
    "sensors": "Print how good the sensors are, on labelled texts.",
    "merge": "Put the shards of a run together, lived on many machines.",
    "play": "Live a scenario yourself, in the agent's place.",
    "leaderboard": "Keep a leaderboard: rows that are verified before they stand.",
    "show": "Show a scenario, a run or a trace.",
    "view": "Write a run as pages, to read in a browser.",
    "report": "Write a comparison as one page, to pass on.",
    "list": "List packs, tools, agents and models.",
    "check": "Check a pack against its own plays, or try a tool or an agent.",
    "new": "Write a pack, a family, a tool or an agent to begin with.",
    "norms": "Check norms, judge a trace by them, ask people.",
    "models": "List the models that are known, or fetch one.",
    "doctor": "Look at what privgym needs here, and how to get it.",
    "lab": "Matched fine-tunes: corpora, audits, tuning, experiments.",
    "probe": "Ask a model whether flows are acceptable: multiple choice.",
    "import": "Make a pack out of another benchmark's file.",
}
"""What `--help` says of each verb, in the order it lists them (a verb's file is not imported)."""

STOPPED, TERMINATED, PIPE = 130, 143, 141


class Verbs(click.Group):
    """A click group whose commands are the files of this folder."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Verbs that have a file, in the order of `VERBS`."""
        order = {verb: number for number, verb in enumerate(VERBS)}
        return sorted(_files(), key=lambda verb: order.get(verb, len(order)))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import a verb's file and take its command."""
        if cmd_name not in _files():
            return None
        command: click.Command = importlib.import_module(_files()[cmd_name]).command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was asked for.

        Raises:
            PrivgymError: there is no such verb.
        """
        if args and not args[0].startswith("-") and args[0] not in _files():
            raise PrivgymError(
                f'there is no verb "{args[0]}"',
                meant=did_you_mean(args[0], _files()),
                do="`privgym --help` lists them",
            )
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the list of verbs without importing one."""
        with formatter.section("Verbs"):
            formatter.write_dl([(verb, VERBS.get(verb, "")) for verb in self.list_commands(ctx)])


def _files() -> dict[str, str]:
    """Each verb's module; a trailing underscore (`import_.py`) is no part of the verb."""
    stems = (path.stem for path in Path(__file__).parent.glob("[a-z]*.py"))
    return {stem.rstrip("_"): f"privgym.cli.{stem}" for stem in stems}


@click.group(
    cls=Verbs,
    subcommand_metavar="VERB ...",
    context_settings={"help_option_names": ["-h", "--help"]},
)
@click.version_option(__version__, prog_name="privgym")
@click.option(
    "--kit",
    "kits",
    metavar="PATH",
    multiple=True,
    help="A folder with tools/, agents/ or scenarios/ to take content from too.",
)
def privgym(kits: tuple[str, ...]) -> None:
    """A gym for contextual privacy in LLM agents."""
    for path in kits:
        kit.add(path)


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and give its exit code.

    Args:
        argv: the words after `privgym`; those of the process by default.
    """
    # Not list(): once its verb has run, that name is the module `privgym.cli.list` here.
    arguments = [*(sys.argv[1:] if argv is None else argv)]
    with _terminable():
        return _bounded(lambda: _invoke(arguments))


def _invoke(arguments: list[str]) -> int:
    try:
        with privgym.make_context("privgym", arguments) as context:
            code = privgym.invoke(context)
    except click.exceptions.Exit as done:
        code = done.exit_code
    sys.stdout.flush()
    return code if isinstance(code, int) else 0


def _bounded(command: Callable[[], int]) -> int:
    """Turn whatever a command raises into a few lines on stderr and an exit code."""
    try:
        return command()
    except PrivgymError as error:
        lines = visible(str(error)).splitlines()
        _say("\n".join([f"error: {lines[0]}", *lines[1:4]]))
        return error.code
    except click.ClickException as error:
        if isinstance(error, click.NoSuchOption) and error.option_name == "--kit":
            hint = "--kit stands before the verb: privgym --kit PATH VERB ..."
            error = click.UsageError(hint, error.ctx)
        error.show()
        return error.exit_code
    except KeyboardInterrupt as stop:
        return _stopped(stop, STOPPED)
    except SystemExit as stop:
        return _stopped(stop, TERMINATED) if stop.code == TERMINATED else _code(stop)
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain once more when it flushes.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return PIPE
    except Exception:
        traceback.print_exc()
        _say("This is a bug in privgym; please report it with the lines above.")
        return BUG


def _stopped(stop: BaseException, code: int) -> int:
    """Say that it was stopped; a verb adds how to go on by `add_note`."""
    _say("\n".join(["stopped", *getattr(stop, "__notes__", [])]))
    return code


def _code(stop: SystemExit) -> int:
    return stop.code if isinstance(stop.code, int) else 0 if stop.code is None else 1


def _say(text: str) -> None:
    click.echo(text, err=True)


@contextmanager
def _terminable() -> Iterator[None]:
    """Let SIGTERM unwind the stack as Ctrl-C does, so that what was open is closed."""

    def terminate(_signal: int, _frame: FrameType | None) -> None:
        raise SystemExit(TERMINATED)

    before = signal.signal(signal.SIGTERM, terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
