"""The names under which `gymnasium.make` finds the packs: `privgym/Everyday-v1`.

`-vN` is the pack's version. `import privgym` does not load gymnasium, and either may be imported
first: packs are entered into gymnasium's registry as soon as both are there.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from contextlib import suppress
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any

from privgym import kit
from privgym.errors import PrivgymError

GYMNASIUM = "gymnasium"
ENTRY = "privgym.env:Env"


def identifier(pack: str) -> str:
    """The name of a pack for `gymnasium.make`: "privgym/Everyday-v1" for "everyday".

    Raises:
        PrivgymError: there is no such pack, or its pack.toml states no version.
    """
    path = kit.files(pack) / "pack.toml"
    try:
        version = int(tomllib.loads(path.read_text(encoding="utf-8"))["version"])
    except (KeyError, TypeError, ValueError) as error:
        raise PrivgymError("pack.toml states no version", where=str(path)) from error
    return f"privgym/{''.join(word.capitalize() for word in pack.split('_'))}-v{version}"


def register(pack: str) -> str:
    """Enter a pack into gymnasium's registry, once; gives its identifier.

    Packs of the kits that are named when gymnasium is loaded are entered by themselves.
    """
    # Here and not above: loading gymnasium takes longer than all that `privgym --help` does.
    from gymnasium.envs import registration

    name = identifier(pack)
    if name not in registration.registry:
        registration.register(name, entry_point=ENTRY, kwargs={"pack": pack})
    return name


def register_all() -> None:
    """Enter all packs now, or as soon as gymnasium has been imported."""
    if GYMNASIUM not in sys.modules:
        sys.meta_path.insert(0, _Watch())
        return
    for pack in kit.names("scenarios"):
        # A pack that cannot be read must not break the import of gymnasium; `privgym check`
        # tells what is wrong with it.
        with suppress(PrivgymError):
            register(pack)


class _Watch:
    """Waits for the import of gymnasium, and steps aside."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != GYMNASIUM:
            return None
        sys.meta_path.remove(self)
        spec = find_spec(GYMNASIUM)
        if spec and spec.loader:
            then: Any = _Then(spec.loader)
            spec.loader = then
        return spec


class _Then:
    """Loads gymnasium as its own loader does, then enters the packs."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        made: ModuleType | None = self._loader.create_module(spec)
        return made

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__:
            module.__spec__.loader = module.__loader__ = self._loader
        self._loader.exec_module(module)
        register_all()
