"""A tool is its state; its methods are what a party may call.

A tool is a pydantic model with one instance per account. Public methods that take a `wire`
are its calls; type hints and docstrings become closed, strict JSON schemas. State changes go
through `keep`, `change` and `drop`, which write an undo journal, so that the world can make
every call one transaction without copying anything.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Callable, Iterator
from functools import cache, cached_property
from itertools import islice
from typing import Any, ClassVar, Generic, TypeVar

import msgspec
from pydantic import BaseModel, ConfigDict, ValidationError, create_model

from privgym import kit
from privgym.errors import PrivgymError
from privgym.message import ToolSchema
from privgym.wire import Record, Wire

R = TypeVar("R", bound=Record)


class _Journal(Generic[R]):
    """What was done to an account's records: the last number given, and how to undo it."""

    def __init__(self, last: int) -> None:
        self.last = last
        self.undo: list[tuple[int, R | None]] = []


class Tool(BaseModel, Generic[R]):
    """The state of one account: records by number, and what may be done with them.

    Subclass as `class Email(Tool[Letter])`; the type argument is the kind of record it holds.
    Further fields are how the account is set; a scenario may set them, calls never do.
    `needs` names the calls that work on another tool as well, which are offered beside it only.
    """

    model_config = ConfigDict(extra="forbid")
    needs: ClassVar[dict[str, str]] = {}
    records: dict[int, R] = {}

    @cached_property
    def _journal(self) -> _Journal[R]:
        return _Journal(max(self.records, default=0))  # pydantic's private attributes are slow

    def hold(self, text: str) -> None:
        """Take in what the account has from the start: a record, or settings, as JSON.

        Raises:
            ValueError: it is neither.
        """
        given = msgspec.json.decode(text)
        if (
            isinstance(given, dict)
            and given
            and given.keys() <= type(self).model_fields.keys() - {"records"}
        ):
            checked = type(self)(**given)
            for name in given:
                setattr(self, name, getattr(checked, name))
            return
        record: Any = self.record_type().model_validate_json(text)
        self.keep(record)

    def keep(self, record: R) -> int:
        """Store a new record and give its number (from 1, never used twice)."""
        journal = self._journal
        number = journal.last = journal.last + 1
        journal.undo.append((number, None))
        self.records[number] = record
        return number

    def change(self, number: int, record: R) -> None:
        """Put another record in the place of one."""
        self._journal.undo.append((number, self.find(number)))
        self.records[number] = record

    def drop(self, number: int) -> None:
        """Remove a record."""
        self._journal.undo.append((number, self.find(number)))
        del self.records[number]

    def find(self, number: int) -> R:
        """The record of a number; LookupError names those that there are."""
        if number not in self.records:
            newest = [str(n) for n in islice(reversed(self.records), 5)]
            there = ", ".join(reversed(newest)) or "none"
            raise LookupError(f"there is no {self.noun()} {number} (there are: {there})")
        return self.records[number]

    def matching(self, query: str) -> Iterator[tuple[int, R]]:
        """Newest first, records that share a word with the query; all where it is empty."""
        words = set(re.findall(r"\w+", query.lower()))
        for number in reversed(self.records):
            record = self.records[number]
            if not words or words & set(re.findall(r"\w+", _text(number, record).lower())):
                yield number, record

    def receive(self, sender: str, record: R) -> tuple[int, str]:
        """Take in what the wire brought; gives its number here and a line for the notice."""
        raise TypeError(f"{type(self).__name__} cannot receive anything")

    def opening(self, wire: Wire) -> str:
        """What of this account stands in the notice that opens a session."""
        return ""

    def consulted(self, question: str) -> str:
        """What this account tells whoever asks, by itself."""
        raise LookupError(f"{type(self).__name__.lower()} answers no questions")

    @classmethod
    def noun(cls) -> str:
        """What one of its records is called."""
        return cls.record_type().__name__.lower()

    @classmethod
    def record_type(cls) -> type[Record]:
        """The kind of record that this tool holds."""
        annotation = cls.model_fields["records"].annotation
        found: type[Record] = typing.get_args(annotation)[1]
        return found

    def commit(self) -> None:
        """Make what was done since the last commit final."""
        self._journal.undo.clear()

    def rollback(self) -> None:
        """Undo what was done since the last commit."""
        journal, dropped = self._journal, False
        while journal.undo:
            number, before = journal.undo.pop()
            if before is None:
                del self.records[number]
                journal.last = number - 1
            else:
                dropped = dropped or number not in self.records
                self.records[number] = before
        if dropped:
            # What comes back would stand last; records stand in the order of their numbers.
            self.records = dict(sorted(self.records.items()))


def _text(number: int, record: Record) -> str:
    """What a query is looked for in."""
    return f"{number} {' '.join(str(value) for _, value in record if not isinstance(value, bool))}"


class Method(msgspec.Struct, frozen=True):
    """One callable method: its tool, its schema, its checker, and the function itself.

    `needs` names another tool without which it is not offered, "" if there is none.
    """

    tool: str
    schema: ToolSchema
    arguments: type[BaseModel]
    run: Callable[..., object]
    needs: str = ""

    def read(self, text: str) -> dict[str, Any]:
        """Arguments out of JSON text.

        Raises:
            ValueError: they do not fit; the message says which and what is expected.
        """
        try:
            given = self.arguments.model_validate_json(text)
        except ValidationError as error:
            names = ", ".join(self.arguments.model_fields)
            wrong = "; ".join(
                f"{'.'.join(str(x) for x in e['loc']) or 'arguments'}: {e['msg'].lower()}"
                for e in error.errors(include_url=False)[:3]
            )
            raise ValueError(f"{wrong}. {self.schema.name} takes: {names}") from None
        return vars(given)


@cache
def load(name: str) -> type[Tool[Any]]:
    """The tool class of a kit's `tools/NAME.py`.

    Raises:
        PrivgymError: there is no such tool, or its file holds no `Tool`.
    """
    module = kit.load("tools", name)
    values = vars(module).values()
    for cls in (value for value in values if isinstance(value, type) and issubclass(value, Tool)):
        # `Tool[Letter]` counts as the tool's own module too; only the class made from it is meant.
        if cls.__module__ == module.__name__ and "[" not in cls.__name__:
            return cls
    raise PrivgymError(f'tool "{name}" has no class made from Tool', where=str(module.__file__))


@cache
def methods(name: str) -> dict[str, Method]:
    """The calls of a tool by full name (`email_send`), in the order of its file."""
    cls = load(name)
    return {
        f"{name}_{key}": _method(name, f"{name}_{key}", value, cls.needs.get(key, ""))
        for key, value in vars(cls).items()
        if inspect.isfunction(value) and not key.startswith("_") and key not in vars(Tool)
        if "wire" in inspect.signature(value).parameters
    }


def _method(tool: str, name: str, function: Callable[..., object], needs: str = "") -> Method:
    """Schema and checker of one method, out of its hints and docstring."""
    summary, described = _docstring(function)
    hints = typing.get_type_hints(function, include_extras=True)
    fields: dict[str, Any] = {}
    for key, parameter in inspect.signature(function).parameters.items():
        if key in ("self", "wire"):
            continue
        if key not in described:
            raise PrivgymError(f'{name}: the docstring does not describe "{key}"', where=name)
        default = ... if parameter.default is inspect.Parameter.empty else parameter.default
        fields[key] = (hints[key], default)
    config = ConfigDict(extra="forbid", coerce_numbers_to_str=True)
    arguments = create_model(name, __config__=config, **fields)
    properties = {
        key: {**_strict(value), "description": described[key]}
        for key, value in arguments.model_json_schema().get("properties", {}).items()
    }
    parameters = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    schema = ToolSchema(name, summary, msgspec.json.encode(parameters).decode())
    return Method(tool=tool, schema=schema, arguments=arguments, run=function, needs=needs)


def _strict(schema: dict[str, Any]) -> dict[str, Any]:
    """Pydantic's schema of one argument in the strict form: optional is nullable, no default."""
    if "anyOf" in schema:
        kinds = [_strict(option) for option in schema["anyOf"]]
        return {**kinds[0], "type": [kind["type"] for kind in kinds]}
    kept = {k: v for k, v in schema.items() if k not in ("title", "default")}
    if "items" in kept:
        kept["items"] = _strict(kept["items"])
    return kept


def _docstring(function: Callable[..., object]) -> tuple[str, dict[str, str]]:
    """A docstring's first line and its `Args`, as one line each."""
    text = inspect.getdoc(function) or ""
    if not text:
        raise PrivgymError(f"{function.__qualname__} needs a docstring", where=function.__module__)
    _, _, args = text.partition("Args:")
    found = re.findall(r"^    (\w+): (.+(?:\n        .+)*)", args, flags=re.MULTILINE)
    return text.splitlines()[0], {key: " ".join(value.split()) for key, value in found}
