"""Let the functions and values of a loaded module be as in one of its mutants."""

from __future__ import annotations

import gc
import sys
from datetime import timedelta
from enum import Enum
from functools import _lru_cache_wrapper
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any

from mutants import PACKAGE, Mutant

PLAIN = (int, float, str, bytes, tuple, frozenset, set, dict, list, timedelta)


def name_of(path: Path) -> str:
    """Return a module's dotted name."""
    return ".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts)


def codes_of(module: CodeType) -> dict[str, list[CodeType]]:
    """Return the code of every function in a module, by qualified name, in their order."""
    found: dict[str, list[CodeType]] = {}
    waiting = [module]
    while waiting:
        code = waiting.pop(0)
        inner = [c for c in code.co_consts if isinstance(c, CodeType)]
        for one in inner:
            found.setdefault(one.co_qualname, []).append(one)
        waiting += inner
    return found


def functions_of(path: Path) -> dict[CodeType, list[FunctionType]]:
    """Return the functions of a file that are loaded, wherever a decorator keeps them."""
    found: dict[CodeType, list[FunctionType]] = {}
    for thing in gc.get_objects():
        if type(thing) is FunctionType and thing.__code__.co_filename == str(path):
            found.setdefault(thing.__code__, []).append(thing)
    return found


def change(
    path: Path,
    mutant: Mutant,
    original: dict[str, list[CodeType]],
    live: dict[CodeType, list[FunctionType]],
) -> None:
    """Let the functions that are loaded, in this copy of the process, be as in the mutant."""
    compiled = compile(mutant.source(), str(path), "exec", dont_inherit=True)
    if mutant.at_import:
        _change_values(sys.modules[name_of(path)], compiled)
        return
    changed = codes_of(compiled)
    for name, codes in original.items():
        for before, after in zip(codes, changed.get(name, ()), strict=False):
            for function in live.get(before, ()):
                function.__code__ = after


def _change_values(module: ModuleType, compiled: CodeType) -> None:
    """Let constants, tables and defaults be as a mutant makes them, wherever they are imported."""
    made = _executed(module, compiled)
    source = Path(str(module.__file__)).read_text()
    usual = _executed(module, compile(source, str(module.__file__), "exec", dont_inherit=True))
    houses = [m for n, m in sys.modules.items() if n.startswith("samsyn")]
    for name, before in list(vars(module).items()):
        after = made.get(name, before)
        if isinstance(before, type) and before.__module__ == module.__name__:
            _change_class(before, after)
        elif isinstance(before, FunctionType) and isinstance(after, FunctionType):
            before.__defaults__, before.__kwdefaults__ = after.__defaults__, after.__kwdefaults__
        elif isinstance(before, PLAIN) and after != usual.get(name) and name[:2] != "__":
            for house in houses:
                if vars(house).get(name) is before:
                    setattr(house, name, after)


def _executed(module: ModuleType, compiled: CodeType) -> dict[str, Any]:
    made = {"__name__": module.__name__, "__file__": module.__file__}
    exec(compiled, made)  # noqa: S102  the module's own source with one change
    return made


def _change_class(before: Any, after: Any) -> None:
    if issubclass(before, Enum):
        return
    for name, value in vars(after).items():
        old = vars(before).get(name)
        if isinstance(value, FunctionType) and isinstance(old, FunctionType):
            old.__defaults__, old.__kwdefaults__ = value.__defaults__, value.__kwdefaults__
        elif isinstance(value, int | float | str | tuple | frozenset) and name[:2] != "__":
            setattr(before, name, value)


def caches_of_ours() -> list[Any]:
    """Return the caches of our functions: what they hold was counted unchanged."""
    return [
        thing
        for thing in gc.get_objects()
        if type(thing) is _lru_cache_wrapper and str(thing.__module__).startswith("samsyn")
    ]
