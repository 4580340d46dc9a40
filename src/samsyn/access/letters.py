"""Case and order of letters, on both databases as the reader expects them.

SQLite compares only the letters of English without case, and sorts by numbers of signs. It is given
two functions of ours. PostgreSQL has the orders of our languages from ICU.
"""

from __future__ import annotations

from typing import Any, ClassVar
from unicodedata import normalize

from django.apps import apps
from django.db.backends.signals import connection_created
from django.db.models import (
    CharField,
    EmailField,
    Expression,
    F,
    Field,
    Func,
    Model,
    SlugField,
    TextField,
    lookups,
)
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Col
from django.db.models.fields.json import KeyTransform, KeyTransformIContains
from django.utils.translation import get_language

from samsyn.kernel.letters import folded, reading_key

FOLDED, IN_ORDER = "samsyn_folded", "samsyn_in_order"
COLLATIONS = {"sv": "sv-x-icu", "nb": "nb-x-icu"}
COLLATION = "und-x-icu"  # the international order
# Texts that machines write: their order is that of their signs, and an index has it.
MACHINE_WRITTEN = {"value", "subject", "report", "key", "address", "to", "short_code"}


def reader_language() -> str:
    """Return the language in whose order names are put; empty where nobody reads."""
    return (get_language() or "").partition("-")[0]


def as_read(name: str) -> str:
    """Return what puts a name at its place in the reader's language, for ``sorted``."""
    return reading_key(name, reader_language())


class InReadersOrder(Func):
    """Sort by a text as the reader's language does: ``order_by(InReadersOrder("name"))``."""

    arity = 1
    output_field: ClassVar[Any] = TextField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """Return a call of the function that SQLite has from us.

        A call takes SQLite thirty times as long as what it does itself: names without letters
        beyond English are left to it.
        """
        language = _known(reader_language())
        call = f"{IN_ORDER}(%(expressions)s, '{language}')"
        if isinstance(self.source_expressions[0], Col):
            small = "replace(lower({0}), 'aa', '}}')" if language == "nb" else "lower({0})"
            plain = f"length({{0}}) = length(cast({{0}} as blob)) then {small} || char(1) || {{0}}"
            call = f"case when {plain.format('%(expressions)s')} else {call} end"
        return self.as_sql(compiler, connection, template=call, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> tuple[str, Any]:
        """Return the text under a collation; as it stands where the server has none of ICU."""
        template = "%(expressions)s"
        if connection.has_icu:
            collation = COLLATIONS.get(reader_language(), COLLATION)
            template = f'(%(expressions)s COLLATE "{collation}")'
        return self.as_sql(compiler, connection, template=template, **more)


def _known(language: str) -> str:
    return language if language in COLLATIONS else ""


def is_read(field: Any) -> bool:
    """Return whether a field holds a text of people, which is sorted as it is read."""
    is_text = isinstance(field, CharField | TextField)
    is_name = is_text and not isinstance(field, EmailField | SlugField)
    return is_name and not field.choices and field.name not in MACHINE_WRITTEN


def field_at(model: type[Model], path: str) -> Any:
    """Return the field that a path such as ``organisation__name`` leads to; None for no field."""
    *steps, last = path.split(LOOKUP_SEP)
    known: Any = model
    for step in (*steps, last):
        found = {field.name: field for field in known._meta.fields} if known else {}
        if step not in found:
            return None
        known = found[step].related_model
    return found[last]


def usual_order(model: type[Model]) -> list[Any]:
    """Return the order of a model's rows, with names as their reader expects them."""
    return [_in_order(model, each) for each in model._meta.ordering or ()]


def _in_order(model: type[Model], item: Any) -> Any:
    if not isinstance(item, str) or not is_read(field_at(model, item.removeprefix("-"))):
        return item
    text: Expression = InReadersOrder(F(item.removeprefix("-")))
    return text.desc() if item.startswith("-") else text.asc()


class _AnyLetter:
    """A lookup without case: SQLite does it for the letters of English only."""

    def get_prep_lookup(self: Any) -> Any:
        """Return what is sought, with its letters composed as names are kept."""
        sought = super().get_prep_lookup()  # type: ignore[misc]  # of the lookup that this is mixed into
        return normalize("NFC", sought) if isinstance(sought, str) else sought

    def as_sqlite(self: Any, compiler: Any, connection: Any) -> tuple[str, Any]:
        """Return the comparison; the quick one of SQLite's own where it is right."""
        if not isinstance(self.rhs, str) or self.rhs.isascii():
            sql: tuple[str, Any] = self.as_sql(compiler, connection)
            return sql
        left, params = self.process_lhs(compiler, connection)
        right, sought = self.process_rhs(compiler, connection)
        compared = self.get_rhs_op(connection, right)
        return f"{FOLDED}({left}) {compared}", (*params, *map(folded, sought))


class _Contains(_AnyLetter, lookups.IContains):
    pass


class _Exact(_AnyLetter, lookups.IExact):
    pass


class _StartsWith(_AnyLetter, lookups.IStartsWith):
    pass


class _KeyContains(_AnyLetter, KeyTransformIContains):  # type: ignore[misc]  # as Django's own is
    pass


def connect() -> None:
    """Let every search, and the usual order of every model, know our letters."""
    for lookup in (_Contains, _Exact, _StartsWith):
        Field.register_lookup(lookup)
    KeyTransform.register_lookup(_KeyContains)
    connection_created.connect(_give_functions, dispatch_uid=f"{__name__}.functions")
    for model in apps.get_models():
        model._meta.ordering = usual_order(model)


def _give_functions(*, connection: Any, **_signal: Any) -> None:
    if connection.vendor != "sqlite":
        return
    given = connection.connection.create_function
    given(FOLDED, 1, _folded, deterministic=True)
    given(IN_ORDER, 2, _ordered, deterministic=True)


def _folded(text: Any) -> Any:
    return folded(text) if isinstance(text, str) else text


def _ordered(text: Any, language: str) -> Any:
    return reading_key(text, language) if isinstance(text, str) else text
