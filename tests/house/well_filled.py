"""What each form takes that its fields alone do not tell, and the state in which it is taken."""

from __future__ import annotations

from typing import Any

from tests.cast import Cast
from tests.house.parts import named


def query(cast: Cast, name: str) -> str:
    """Return what the address of a page asks for besides."""
    queries = named("queries")
    return queries[name](cast) if name in queries else ""


def given(name: str, form: Any) -> dict[str, Any]:
    """Return what is written into the form of a page."""
    values = named("given")
    found: dict[str, Any] = values[name](form) if name in values else {}
    return found


def ready(cast: Cast, name: str) -> Any:
    """Return a thing in the state in which its form is taken, or None where any state will do."""
    makers = named("ready")
    return makers[name](cast) if name in makers else None
