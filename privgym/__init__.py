"""privgym: a Gymnasium gym for contextual privacy in LLM agents."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from privgym.register import register_all

if TYPE_CHECKING:
    from privgym.env import Env, make, make_vec
    from privgym.errors import PrivgymError
    from privgym.message import Action, Call, Observation
    from privgym.raw import RawText

__version__ = "0.1.0"
__all__ = [
    "Action",
    "Call",
    "Env",
    "Observation",
    "PrivgymError",
    "RawText",
    "__version__",
    "make",
    "make_vec",
]

# Loaded when first asked for, so that `import privgym` and `privgym --help` stay quick.
_HOMES = {
    "Action": "message",
    "Call": "message",
    "Env": "env",
    "Observation": "message",
    "PrivgymError": "errors",
    "RawText": "raw",
    "make": "env",
    "make_vec": "env",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'privgym' has no attribute {name!r}")
    return getattr(importlib.import_module(f"privgym.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


register_all()
