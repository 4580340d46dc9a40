"""What the page of an import says beforehand: the columns, and how many things there may be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models
from django.db.models import Count
from django.utils.translation import gettext as _

from samsyn.access.limits import most
from samsyn.entities.declaration import Entity, Field
from samsyn.entities.fields import label_of
from samsyn.ui.components.base import Text

DAY_EXAMPLE = "2027-06-15"
COUNTED_MOST = 10  # organisations; for a choice of hundreds the limit alone is said


@dataclass(frozen=True, slots=True)
class ColumnHelp:
    """A column that is imported: what it is called, whether it must be there, what it takes."""

    label: Text
    is_needed: bool
    takes: str


def column_helps(entity: Entity) -> list[ColumnHelp]:
    """Return the columns that are imported, in the order of the form."""
    return [
        ColumnHelp(label_of(entity, field), _is_needed(entity, field), _takes(entity, field))
        for field in entity.fields
    ]


def _is_needed(entity: Entity, field: Field) -> bool:
    known = entity.of(field)
    return field.name in entity.known_by or not (known.blank or known.has_default())


def _takes(entity: Entity, field: Field) -> str:
    known: Any = entity.of(field)
    if field.choices:
        return _("a name that can be chosen in the form")
    if known.choices:
        return _("one of: %s") % ", ".join(
            str(word) for key, word in known.flatchoices if key != ""
        )
    if isinstance(known, models.DateField):
        return _("a date such as %s") % DAY_EXAMPLE
    if isinstance(known, models.IntegerField | models.FloatField):
        return _("a number")
    longest = known.max_length
    return _("text, at most %d characters") % longest if longest else _("text")


def numbers(entity: Entity, organisations: Any) -> list[str]:
    """Return how many things an organisation may have, and how many each of a few has.

    Args:
        entity: what is counted, retired ones too.
        organisations: a query of those that may be chosen.

    """
    allowed = most(entity.room)
    few = list(organisations[: COUNTED_MOST + 1])
    if len(few) > COUNTED_MOST:
        return [_("An organisation may have at most %d, retired ones counted.") % allowed]
    there = _counted(entity, [each.pk for each in few])
    said = _("%(name)s has %(there)d of at most %(most)d, retired ones counted.")
    return [
        said % {"name": each.name, "there": there.get(each.pk, 0), "most": allowed} for each in few
    ]


def _counted(entity: Entity, keys: Iterable[int]) -> dict[int, int]:
    rows = entity.model.unscoped.filter(organisation__in=keys)  # scope: where the form may add
    return dict(rows.order_by().values_list("organisation").annotate(Count("pk")))
