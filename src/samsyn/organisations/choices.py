"""The choice of whose something is, in a form: only where the actor may do it."""

from __future__ import annotations

from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.models import Person
from samsyn.access.permissions import Permission
from samsyn.kernel.limits import id_read
from samsyn.organisations.models import Organisation
from samsyn.organisations.selectors import home_organisations, organisation_list
from samsyn.ui.screens import ActorForm


def only_where(form: ActorForm, name: str, permission: Permission) -> None:
    """Narrow a form's choice of organisation to where the actor has a permission.

    Where there is but one it is chosen and not asked for; else one's own comes first.
    """
    field = form.fields[name]
    if not isinstance(field, forms.ModelChoiceField):
        raise TypeError(name)
    rows = organisation_list(actor=form.actor).filter(
        pk__in=form.actor.organisations_with(permission)
    )
    field.queryset = rows
    few = list(rows[:2])
    if len(few) == 1:
        field.initial, field.widget = few[0].pk, forms.HiddenInput()
    elif chosen := organisation_first(actor=form.actor, permission=permission):
        field.initial = chosen.pk


def person_or_role(form: ActorForm, people: Iterable[Person]) -> None:
    """Let ``owner_person`` be one of some people, or whoever holds the role."""
    field = form.fields["owner_person"]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError("owner_person")
    known = [(person.pk, person.name) for person in people]
    field.choices = [("", _("whoever holds the role")), *known]


def organisation_first(
    *, actor: Actor, permission: Permission, asked: str = ""
) -> Organisation | None:
    """Return the organisation that a new thing is for: the one asked for, the only one, one's own.

    Args:
        actor: has the permission there.
        permission: what it takes.
        asked: an id from an address; one that is wrong counts for nothing.

    """
    rows = organisation_list(actor=actor).filter(pk__in=actor.organisations_with(permission))
    pk = id_read(asked)
    found = rows.filter(pk=pk).first() if pk is not None else None
    if found is not None:
        return found
    few = list(rows[:2])
    if len(few) == 1:
        return few[0]
    homes = [o.pk for o in home_organisations(actor=actor)]
    return rows.filter(pk__in=homes).first()
