"""What is checked before anything of this room is saved."""

from __future__ import annotations

from django.db.models import Model
from django.utils.translation import gettext as _

from samsyn.kernel.errors import RuleViolation


def check(thing: Model) -> None:
    """Check a thing as a whole; long texts too, which the database itself takes at any length.

    Raises:
        RuleViolation: a text is longer than its field allows.
        ValidationError: something else is wrong; the gate tells it in our words.

    """
    for field in thing._meta.concrete_fields:
        most, value = getattr(field, "max_length", None), getattr(thing, field.attname)
        if most and isinstance(value, str) and len(value) > most:
            raise RuleViolation(_("At most %d characters.") % most, field=field.name)
    thing.full_clean()
