"""What the database refuses because it is there already, said as the rule that it is.

Services look first whether something is unique; when two people do the same at once, both
look before either writes, and only the database sees it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from django.apps import apps
from django.db import IntegrityError
from django.db.models import UniqueConstraint
from django.utils.translation import gettext as _

from samsyn.kernel.errors import RuleViolation

UNIQUE_VIOLATION = "23505"  # PostgreSQL, appendix A
_INDEX = re.compile(r"UNIQUE constraint failed: index '(\w+)'")
_COLUMNS = re.compile(r"UNIQUE constraint failed: ([\w., ]+)\Z")


def as_taken(error: IntegrityError) -> RuleViolation | None:
    """Return a refusal in words, or None when it was not uniqueness that the database saw."""
    cause = error.__cause__
    diagnosis = getattr(cause, "diag", None)
    if diagnosis is not None:
        is_unique = getattr(cause, "sqlstate", "") == UNIQUE_VIOLATION
        return RuleViolation(_words(diagnosis.constraint_name or "")) if is_unique else None
    text = str(error)
    if found := _INDEX.search(text):
        return RuleViolation(_words(found[1]))
    if found := _COLUMNS.search(text):
        return RuleViolation(_words(_named(found[1])))
    return None


def _constraints() -> Iterator[tuple[str, UniqueConstraint]]:
    """Yield every unique constraint with the columns it is over, as SQLite says them."""
    for model in apps.get_models():
        for each in model._meta.constraints:
            if isinstance(each, UniqueConstraint):
                fields = [model._meta.get_field(name) for name in each.fields]
                columns = [getattr(field, "column", "") for field in fields]
                yield ", ".join(f"{model._meta.db_table}.{name}" for name in columns), each


def _named(columns: str) -> str:
    return next((each.name for over, each in _constraints() if over == columns), "")


def _words(name: str) -> str:
    """Return what a constraint says of itself, else what is true of all."""
    for _columns, each in _constraints():
        own = each.violation_error_message
        if each.name == name and own != each.default_violation_error_message:
            return str(own)
    return _("It is there already. Somebody may have added it at the same moment; look again.")
