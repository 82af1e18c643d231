"""LoRA adapters in llama.cpp's format, found by path or by name: two small ones ship."""

from __future__ import annotations

from pathlib import Path

from privgym.errors import PrivgymError, did_you_mean

FOLDER = Path(__file__).parent.parent / "data" / "adapters"
"""Those that ship, each over `smollm2`; `recipe.json` beside them says how they were made."""


def names() -> tuple[str, ...]:
    """The adapters that ship."""
    return tuple(sorted(path.stem for path in FOLDER.glob("*.gguf")))


def find(name: str) -> Path:
    """The file of a path or a name.

    Raises:
        PrivgymError: there is none.
    """
    path = Path(name).expanduser()
    if path.is_file():
        return path
    if name in names():
        return FOLDER / f"{name}.gguf"
    if (path / "adapter_config.json").is_file():
        what, do = f"{name} is an adapter for local:", "use local:WEIGHTS+ADAPTER, or convert it"
        raise PrivgymError(what, do=f"{do}: privgym lab convert {name}")
    raise PrivgymError(
        f'there is no adapter "{name}"',
        meant=did_you_mean(name, names()),
        do=f"give a GGUF file, or one that ships: {', '.join(names()) or 'none'}",
    )
