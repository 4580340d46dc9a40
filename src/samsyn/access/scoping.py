"""The one place that decides whose rows an actor sees.

Every model that belongs to an organisation has two managers:

* ``objects`` gives nothing until told who is asking: ``Risk.objects.visible_to(actor)``.
  Forgetting raises ScopeMissing at once, rather than leaking quietly.
* ``unscoped`` is for migrations, jobs, tests and Django itself. Wherever else it stands, its
  line says why; a house test asks for it.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.encoding import force_str
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.access.rows import BEYOND, used


class ScopeMissing(RuntimeError):
    """A query was started without saying for whom. A bug, not a user's mistake."""


class ScopedManager(models.Manager[Any]):
    """A manager that answers only ``visible_to(actor)`` and ``none()``.

    ``path`` leads to the organisation whose thing it is; ``also`` names further ways
    in, such as the organisation that runs a resource for its owner.

    PostgreSQL's policies are made from the same (see ``policies``). Two things they allow
    that ``visible_to`` does not show: with ``own`` a person's own rows, by the foreign key
    to them; with ``known_to_all`` every row, for the reason given, to whoever is known.
    """

    def __init__(
        self,
        permission: Permission,
        path: str = "organisation",
        also: tuple[str, ...] = (),
        *,
        own: str = "",
        known_to_all: str = "",
    ) -> None:
        super().__init__()
        self.permission = permission
        self.paths = (path, *also)
        self.own = own
        self.known_to_all = known_to_all
        used.add(permission)

    def get_queryset(self) -> models.QuerySet[Any]:
        raise ScopeMissing(f"{self.model.__name__}.objects needs visible_to(actor)")

    def visible_to(self, actor: Actor) -> models.QuerySet[Any]:
        """Return the rows in those organisations where the actor may look."""
        rows = super().get_queryset()
        if actor.sees_all(self.permission):
            return rows
        allowed = actor.organisations_with(self.permission)
        condition = Q()
        for path in self.paths:
            condition |= Q(**{f"{path}__in": allowed})
        return rows.filter(condition)

    def none(self) -> models.QuerySet[Any]:
        return super().get_queryset().none()


def beyond(rows: models.QuerySet[Any], reason: str) -> models.QuerySet[Any]:
    """Return rows as a query that the database answers beyond the scope of whoever acts.

    It holds whenever the query is asked, and for the whole of a query that it is a part of.
    For what is read at once, or written, there is ``rows.beyond_scope``.

    Args:
        rows: what is asked for.
        reason: why that is right, for the reader of the code.

    """
    del reason
    is_true = models.expressions.RawSQL(  # noqa: S611  no text of anybody's
        f"1 = 1 {BEYOND}", (), output_field=models.BooleanField()
    )
    return rows.filter(is_true)


class OrganisationOwned(models.Model):
    """Base for everything that belongs to exactly one organisation."""

    organisation = models.ForeignKey(
        "organisations.Organisation",
        verbose_name=_("organisation"),
        on_delete=models.PROTECT,
        related_name="+",  # no organisation.incidents: it would walk around the scope
    )

    unscoped = models.Manager()

    class Meta:
        abstract = True
        default_manager_name = "unscoped"

    @property
    def owner_id(self) -> int:
        """The id of the organisation whose thing this is."""
        return self.organisation_id

    def _get_FIELD_display(self, field: Any) -> str:  # noqa: N802  Django's name
        """Return a choice in words. Django's own hashes every word of every choice each time."""
        value = getattr(self, field.attname)
        return force_str(_choice(field, value), strings_only=True)


@lru_cache(maxsize=5000)
def _choice(field: Any, value: object) -> object:
    """Return the word, not yet translated, that a field has for a value; else the value."""
    return next((word for key, word in field.flatchoices if key == value), value)
