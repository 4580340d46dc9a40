"""What the laws look at: our models, rooms, services, doors and addresses."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from pathlib import Path

from django.apps import apps
from django.db import models
from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

import samsyn

PACKAGE = Path(samsyn.__file__).parent
ROOT = PACKAGE.parent.parent
OURS: list[type[models.Model]] = [
    m for m in apps.get_models() if m.__module__.startswith("samsyn.")
]
ROUND_THE_SCOPE = (".unscoped", "._default_manager", "._base_manager")
REASON = "# scope:"


def rooms() -> list[str]:
    """Return the names of the rooms."""
    return sorted(r.name for r in pkgutil.iter_modules(samsyn.__path__) if r.ispkg)


def service_functions() -> Iterator[str]:
    """Yield ``room.function`` for each public function of a services module."""
    for room in rooms():
        for module in service_modules(room):
            for name, function in inspect.getmembers(module, inspect.isfunction):
                own = function.__module__ == module.__name__
                if own and not name.startswith("_"):
                    yield f"{room}.{name}"


def service_modules(room: str) -> Iterator[object]:
    """Yield a room's services module, or each module of a services package."""
    place = PACKAGE / room
    if (place / "services.py").exists():
        yield importlib.import_module(f"samsyn.{room}.services")
    for path in sorted((place / "services").glob("*.py")):
        if path.stem != "__init__":
            yield importlib.import_module(f"samsyn.{room}.services.{path.stem}")


def addresses(prefix: str = "", namespace: str = "") -> Iterator[tuple[str, str]]:
    """Yield each page of ours as (name, path with <converters>)."""
    yield from _below(get_resolver(), prefix, namespace)


def _below(resolver: URLResolver, prefix: str, namespace: str) -> Iterator[tuple[str, str]]:
    for entry in resolver.url_patterns:
        path = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = ":".join(filter(None, [namespace, entry.namespace]))
            yield from _below(entry, path, inner)
        elif isinstance(entry, URLPattern) and entry.name:
            yield ":".join(filter(None, [namespace, entry.name])), path
