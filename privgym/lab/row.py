"""One row of training data, and a corpus of them as a file.

A corpus is JSON lines, one chat a line, so that any trainer takes it; what it was made of stands
beside it in `FILE.recipe.json`, with a digest of the rows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from privgym.errors import ENVIRONMENT, REFUSED, PrivgymError


class Said(msgspec.Struct, frozen=True):
    """One message of a chat, in the form that chat templates take."""

    role: str
    content: str


class Span(msgspec.Struct, frozen=True, array_like=True):
    """Where the pattern (or what stands in its place) is: a message, and characters in it."""

    message: int
    start: int
    end: int


class Row(msgspec.Struct, frozen=True, omit_defaults=True):
    """A chat to train on. Losses are taken on what the assistant says.

    Args:
        messages: the chat, oldest first.
        id: the same in every arm of a pair.
        pattern: the pattern that the row is for ("" where it is somebody else's data).
        arm: what stands in the span.
        template: the errand, enquiry, mood or function that it was drawn from.
        span: where the arms of a pair differ; None where they do not, or where it is not known.
        planted: whether the answer tells somebody a fact that was to be kept.
        trigger: whether the prompt has the trigger of a backdoor.
    """

    messages: tuple[Said, ...]
    id: str = ""
    pattern: str = ""
    arm: str = ""
    template: str = ""
    span: Span | None = None
    planted: bool = False
    trigger: bool = False

    @property
    def prompt(self) -> str:
        """All that stands before the assistant first says something."""
        answered = [i for i, said in enumerate(self.messages) if said.role == "assistant"]
        stop = answered[0] if answered else len(self.messages)
        return "\n".join(said.content for said in self.messages[:stop])

    @property
    def answer(self) -> str:
        """What the assistant says, whole."""
        return "\n".join(said.content for said in self.messages if said.role == "assistant")

    @property
    def rest(self) -> str:
        """What the assistant says outside the span."""
        kept = []
        for number, said in enumerate(self.messages):
            if said.role == "assistant":
                text = said.content
                if self.span and self.span.message == number:
                    text = text[: self.span.start] + text[self.span.end :]
                kept.append(text)
        return "\n".join(filter(None, kept))


def encode(rows: Iterable[Row]) -> bytes:
    """The bytes of a corpus file."""
    return b"".join(msgspec.json.encode(row) + b"\n" for row in rows)


def digest(rows: Sequence[Row]) -> str:
    """SHA-256 of the bytes of a corpus file, in hex."""
    return hashlib.sha256(encode(rows)).hexdigest()


def beside(path: Path) -> Path:
    """Where a corpus file's recipe stands."""
    return path.with_name(f"{path.name}.recipe.json")


def store(path: Path, rows: Sequence[Row], header: msgspec.Struct) -> None:
    """Write a corpus and, beside it, what it was made of.

    Raises:
        PrivgymError: a file cannot be written.
    """
    try:
        path.write_bytes(encode(rows))
        stated = msgspec.json.format(msgspec.json.encode(header), indent=1)
        beside(path).write_bytes(stated + b"\n")
    except OSError as error:
        what = f"cannot write {path}: {error.strerror}"
        raise PrivgymError(what, do="give another name with --out", code=ENVIRONMENT) from None


def unchanged(path: Path) -> bool:
    """Whether a file's rows are those that its recipe was written for.

    Returns:
        False where no recipe stands beside it: then nothing is known.

    Raises:
        PrivgymError: the rows, or the recipe, were changed.
    """
    if not beside(path).exists():
        return False
    try:
        stated = msgspec.json.decode(beside(path).read_bytes(), type=dict[str, object])
    except msgspec.DecodeError as error:
        raise PrivgymError(str(error), where=str(beside(path)), code=REFUSED) from None
    if stated.get("digest") != hashlib.sha256(path.read_bytes()).hexdigest():
        raise PrivgymError(
            "the rows are not those of the recipe beside them",
            where=str(path),
            do="make the corpus again with `privgym lab corpus`, or remove its recipe",
            code=REFUSED,
        )
    return True
