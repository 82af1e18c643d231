"""A graph's store that is the gym's memory: what it keeps and looks up are calls of the gym.

So memory stays a party whose flows are seen. An item is one line of text, `NAMESPACE/KEY: JSON`;
a line that some other hand wrote comes back as an item with that text.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from langgraph.store.base import BaseStore, GetOp, Item, Op, PutOp, Result, SearchItem, SearchOp

from privgym.agents._graph_calls import Desk
from privgym.message import Call, ToolSchema

_NUMBERED = re.compile(r"\w+ (\d+): (.*)")
_ERROR = "Error: "
_OF_THE_GYM = (_ERROR, "(The same call as just before")  # lines that are no memory
_EPOCH = datetime.fromtimestamp(0, UTC)  # the gym's memory tells no times


class GymStore(BaseStore):
    """The `BaseStore` of every node, whatever store the graph was compiled with.

    Args:
        desk: where calls are answered.
        schemas: the tools at hand; the first that can `remember` is the store.
    """

    def __init__(self, desk: Desk, schemas: Sequence[ToolSchema]) -> None:
        self._desk = desk
        taken = {s.name: set(json.loads(s.parameters)["properties"]) for s in schemas}
        stores = [n.removesuffix("_remember") for n in taken if n.endswith("_remember")]
        self._memory = stores[0] if stores else ""
        self._keyed = "key" in taken.get(f"{self._memory}_remember", ())
        self._recalls = taken.get(f"{self._memory}_recall", set())

    def batch(self, ops: Iterable[Op]) -> list[Result]:
        """Do these, in order.

        Raises:
            LookupError: the scenario has no memory.
            NotImplementedError: the gym's memory cannot do that.
            RuntimeError: memory did not keep what it was told.
        """
        return [self._do(op) for op in ops]

    async def abatch(self, ops: Iterable[Op]) -> list[Result]:
        """The same: nothing is waited for."""
        return self.batch(ops)

    def _do(self, op: Op) -> Result:
        if not self._memory:
            raise LookupError(
                "the graph uses its store, and this scenario has no memory: run a family whose "
                "tools have `memory`, or a graph without a store"
            )
        if isinstance(op, PutOp):
            self._drop(op) if op.value is None else self._put(op)
            return None
        if isinstance(op, GetOp):
            path = (*op.namespace, op.key)
            return next((i for _, i in self._recall("/".join(path)) if _path(i) == path), None)
        if isinstance(op, SearchOp):
            return self._search(op)
        raise NotImplementedError("the gym's memory does not list its namespaces")

    def _put(self, op: PutOp) -> None:
        path, text = "/".join((*op.namespace, op.key)), json.dumps(op.value, ensure_ascii=False)
        if self._keyed:
            answer = self._call("remember", key=path, text=text)
        else:
            answer = self._call("remember", text=f"{path}: {text}")
        if answer.startswith(_ERROR):
            raise RuntimeError(f"memory did not keep {path}: {answer}")

    def _drop(self, op: PutOp) -> None:
        path = (*op.namespace, op.key)
        if self._keyed:
            self._call("forget", key="/".join(path))
            return
        for number, item in self._recall("/".join(path)):
            if _path(item) == path:
                self._call("forget", id=number)

    def _search(self, op: SearchOp) -> list[SearchItem]:
        # A memory of keys is looked up by a whole key, so a search reads all of it.
        query = "" if self._keyed else op.query or ""
        found = [item for _, item in self._recall(query, op.namespace_prefix)]
        depth, wanted = len(op.namespace_prefix), op.filter or {}
        fit = {
            _path(item): item
            for item in reversed(found)  # of two under one key the newest stays
            if item.namespace[:depth] == op.namespace_prefix
            and all(item.value.get(key) == value for key, value in wanted.items())
        }
        newest = list(fit.values())[::-1][op.offset : op.offset + op.limit]
        return [SearchItem(i.namespace, i.key, i.value, _EPOCH, _EPOCH) for i in newest]

    def _recall(self, query: str, home: tuple[str, ...] = ()) -> list[tuple[int, Item]]:
        """What memory brings up, with its numbers (0 in a memory of keys)."""
        given: dict[str, Any] = {w: query for w in ("query", "key") if w in self._recalls}
        answer = self._call("recall", **given).splitlines()
        lines = [line for line in answer if not line.startswith(_OF_THE_GYM)]
        return [item for line in lines if (item := self._item(line, home))]

    def _item(self, line: str, home: tuple[str, ...]) -> tuple[int, Item] | None:
        numbered = None if self._keyed else _NUMBERED.fullmatch(line)
        if not self._keyed and not numbered:
            return None  # "there are no notes yet"
        number, text = (int(numbered[1]), numbered[2]) if numbered else (0, line)
        path, separated, words = text.partition(": ")
        if self._keyed and not separated:
            return None
        try:
            value = json.loads(words)
        except ValueError:
            value = None
        if isinstance(value, dict):
            *namespace, key = path.split("/")
            return number, _stored(tuple(namespace), key, value)
        return number, _stored(home, str(number) if numbered else path, {"text": text})

    def _call(self, verb: str, **arguments: Any) -> str:
        answer: str = self._desk.ask(Call.of(f"{self._memory}_{verb}", **arguments))
        return answer


def _stored(namespace: tuple[str, ...], key: str, value: dict[str, Any]) -> Item:
    return Item(value=value, key=key, namespace=namespace, created_at=_EPOCH, updated_at=_EPOCH)


def _path(item: Item) -> tuple[str, ...]:
    return (*item.namespace, item.key)
