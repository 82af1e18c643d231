"""The monitor at the wire: what is about to be sent is let through, redacted or blocked.

A guard has seen all that happened and foresees what the norms would say of the next text, so it
comes before the harm where a score comes after it. It sees what its sensor sees, and no more: what
is only undecided is never held back, but warned of.

mode      an inappropriate flow                                    an undecided one
observe   goes out; the decision is kept                           the same
warn      goes out; the answer to the call names the norm          goes out, with a warning
redact    its words are replaced, for all recipients; the rest     goes out, with a warning
          goes out (where a record has no words to replace: block)
block     nothing goes out; the call is refused and says why       goes out, with a warning
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Literal, TypeVar, get_args

import msgspec

from privgym.errors import PrivgymError, did_you_mean
from privgym.event import AnyEvent, Opened, Sent
from privgym.flow import Fact, Finding, Party
from privgym.monitor import Monitor
from privgym.reader import Reader, reader
from privgym.scenario import PRINCIPAL, Scenario
from privgym.verdict import Verdict
from privgym.wire import Record

Mode = Literal["off", "observe", "warn", "redact", "block"]
Kind = Literal["allow", "redact", "block"]
Parts = tuple[tuple[str, str], ...]
R = TypeVar("R", bound=Record)

MODES: tuple[Mode, ...] = get_args(Mode)
WITHHELD = "[withheld]"
ROUNDS = 64
"""How often a text is searched anew for what is left in it; beyond that it is blocked."""


class Decision(msgspec.Struct, frozen=True):
    """What a guard makes of one text that is about to be sent.

    Args:
        kind: "allow", "redact" or "block".
        parts: what may be sent: the (field, text) pairs, redacted or as they were; () for block.
        reason: what is wrong with it, for the one who wrote it; beside "allow", a warning. ""
            where nothing is to be said.
        norm: the line that decided, "" if none did.
        verdicts: what the monitor would say of each of its flows.
    """

    kind: Kind
    parts: Parts
    reason: str = ""
    norm: str = ""
    verdicts: tuple[Verdict, ...] = ()


class Refused(Exception):
    """A guard lets nothing through; its words say why, to the one who tried."""


class Guard:
    """Stands at the wire of one episode, or of an agent outside the gym (`Guard.of`).

    `decisions` keeps what it made of texts of which it had anything to say.

    Args:
        reader: the norms, and the sensor.
        mode: what it does about a flow that is inappropriate; see above.
    """

    def __init__(self, reader: Reader, mode: Mode) -> None:
        self.mode: Mode = mode
        self.decisions: list[Decision] = []
        self._reader, self._monitor = reader, Monitor(reader.book)

    @classmethod
    def of(
        cls,
        norms: Sequence[str],
        parties: Sequence[Party],
        facts: Sequence[Fact],
        *,
        spheres: Sequence[str] = (),
        principal: str = PRINCIPAL,
        purposes: Sequence[str] = (),
        mode: Mode = "block",
    ) -> Guard:
        """A guard of an agent outside the gym, with session 1 begun.

        Args:
            norms: the lines, as in a pack's `norms.txt`.
            parties: everyone who can send or receive; with a `Party("agent", ..., "agent")`.
            facts: what is tracked, with its values.
            spheres: the sphere of session 1, 2, ...; () where the norms do not ask for it.
            principal: key of the party that the agent acts for.
            purposes: what session 1, 2, ... is for; () where the norms do not ask for it.
            mode: what is done about an inappropriate flow.

        Raises:
            PrivgymError: there is no such mode, a norm cannot be read, or a value cannot be found.
        """
        read = Reader.of(norms, parties, facts, spheres, principal, purposes)
        made = cls(read, known(mode))
        made.see(Opened(session=1))
        return made

    def see(self, event: AnyEvent) -> None:
        """Take in what happened: what went out as it went out, consents, requests, sessions."""
        self._monitor.see(event, self._reader.find(event))

    def check(self, sent: Sent, pending: Sequence[AnyEvent] = ()) -> Decision:
        """Decide on a text before it is sent. Changes nothing.

        Args:
            sent: what would be sent, by whom, to whom.
            pending: what is to happen just before it and is not yet sure, so that it was not
                seen: the other texts of the same call.
        """
        verdicts = self._foresee(sent, pending)
        wrong = [verdict for verdict in verdicts if verdict.kind == "inappropriate"]
        unclear = [verdict for verdict in verdicts if verdict.kind == "undecided"]
        norm = next((verdict.norm for verdict in (*wrong, *unclear)), "")
        quiet = self.mode in ("off", "observe") or not (wrong or unclear)
        warning = "" if quiet else self._words("The guard warns", wrong, unclear)
        if quiet or self.mode == "warn" or not wrong:
            return Decision("allow", sent.parts, warning, norm, verdicts)
        parts = self._redacted(sent, pending) if self.mode == "redact" else None
        if parts is None:
            return self._block(norm, wrong, verdicts)
        reason = self._words(f'The guard wrote "{WITHHELD}" in place of words', wrong, unclear)
        return Decision("redact", parts, reason, norm, verdicts)

    def admit(self, record: R, sent: Sent, pending: Sequence[AnyEvent]) -> tuple[R, str]:
        """The record as it may be delivered, and what its sender is to be told.

        Args:
            record: what a tool sends; `sent` and `pending` as `check` takes them.

        Raises:
            Refused: nothing of it may be delivered.
        """
        decision = self.check(sent, pending)
        if decision.kind == "redact":
            fresh = rewritten(record, decision.parts)
            if fresh is None:
                wrong = [v for v in decision.verdicts if v.kind == "inappropriate"]
                decision = self._block(decision.norm, wrong, decision.verdicts)
            record = fresh or record
        if decision.norm:
            self.decisions.append(decision)
        if decision.kind == "block":
            raise Refused(decision.reason)
        return record, decision.reason

    def _foresee(self, sent: Sent, pending: Sequence[AnyEvent]) -> tuple[Verdict, ...]:
        monitor = self._monitor
        if pending:
            # A call may send more than once, and is undone whole: its first text has to count for
            # the second, and yet may never have been sent. Books are shared, not copied.
            monitor = deepcopy(monitor, {id(monitor.book): monitor.book})
            for event in pending:
                monitor.see(event, self._reader.find(event))
        return monitor.foresee(sent, self._reader.find(sent))

    def _redacted(self, sent: Sent, pending: Sequence[AnyEvent]) -> Parts | None:
        """The parts without the words of inappropriate flows; None where that cannot be had.

        A sensor tells one place of a fact in a field, and what hid behind a longer match shows
        only once that is gone, so it is asked again until nothing inappropriate is left.
        """
        for _ in range(ROUNDS):
            verdicts = self._foresee(sent, pending)
            wrong = [verdict for verdict in verdicts if verdict.kind == "inappropriate"]
            if not wrong:
                return sent.parts
            facts = {verdict.fact for verdict in wrong}
            proofs = {verdict.flow.finding for verdict in wrong if verdict.flow}
            proofs.update(one for one in self._reader.find(sent) if one.fact in facts)
            parts = tuple((field, _blanked(field, text, proofs)) for field, text in sent.parts)
            if parts == sent.parts:
                return None
            sent = msgspec.structs.replace(sent, parts=parts)
        return None

    def _block(
        self, norm: str, wrong: Sequence[Verdict], verdicts: tuple[Verdict, ...]
    ) -> Decision:
        reason = self._words("the guard sent nothing", wrong, ())
        return Decision("block", (), f"{reason} Leave that out.", norm, verdicts)

    def _words(self, what: str, wrong: Sequence[Verdict], unclear: Sequence[Verdict]) -> str:
        """What is wrong, in a sentence that names no value."""
        perhaps = [f"perhaps {self._told(one)}" for one in unclear]
        said = [*map(self._told, wrong), *perhaps]
        return f"{what}: {'; '.join(dict.fromkeys(said))}."

    def _told(self, verdict: Verdict) -> str:
        book = self._reader.book
        names, fact = book.people.parties, book.facts[verdict.fact]
        of, to = (names.get(key, key) for key in (fact.subject, verdict.recipient))
        what = fact.attribute.replace("_", " ")
        return f'{to} must not be told {of}\'s {what} ("{verdict.norm}")'


def known(mode: str) -> Mode:
    """A mode by its name.

    Raises:
        PrivgymError: there is none of that name.
    """
    for one in MODES:
        if one == mode:
            return one
    meant = did_you_mean(mode, MODES)
    raise PrivgymError(f'a guard has no mode "{mode}"', meant=meant, do=f"use {', '.join(MODES)}")


def guarding(scenario: Scenario, mode: Mode) -> Guard | None:
    """The guard of an episode; None for "off".

    Raises:
        PrivgymError: there is no such mode.
    """
    return None if known(mode) == "off" else Guard(reader(scenario), mode)


def rewritten(record: R, parts: Parts) -> R | None:
    """A record whose parts are these; None if it cannot be made (they are not fields of it)."""
    texts = dict(parts)
    names = [name for name in type(record).model_fields if name not in record.envelope]
    fields = {name: _put(name, getattr(record, name), texts) for name in names}
    fresh = record.model_copy(update=fields)
    return fresh if fresh.parts() == parts else None


def _put(name: str, value: object, texts: Mapping[str, str]) -> object:
    """A field's value with its texts in place; tuples are numbered as `Record.parts` does."""
    if isinstance(value, str):
        return texts.get(name, value)
    if isinstance(value, tuple):
        return tuple(_put(f"{name}/{n}", one, texts) for n, one in enumerate(value, 1))
    return value


def _blanked(field: str, text: str, findings: set[Finding]) -> str:
    """A text in which the words of findings are replaced."""
    for start, end in _apart(sorted(_spans(field, text, findings))):
        text = f"{text[:start]}{WITHHELD}{text[end:]}"
    return text


def _spans(field: str, text: str, findings: set[Finding]) -> Iterator[tuple[int, int]]:
    for one in findings:
        if one.field == field and one.words and text[one.start : one.end] == one.words:
            yield one.start, one.end


def _apart(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans that overlap as one, the last first."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and start < joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined[::-1]
