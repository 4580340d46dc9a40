"""Which operator mail about an account comes from, and who helps when it does not come."""

from __future__ import annotations

from typing import Any

from django.apps import apps

from samsyn.access.models import Membership
from samsyn.access.rows import beyond_scope


@beyond_scope("mail about an account goes out before anybody is known")
def operator_for(address: str) -> Any:
    """Return the operator that writes to a person about their account, or None.

    The one they work at, else the one that serves their organisation, a CSIRT before a
    virtual CISO. Operators in one installation are strangers: only where nobody is known
    by that address it is the first.
    """
    operators = _rows("Organisation").filter(kind="operator").order_by("pk")
    here = Membership.unscoped.filter(  # scope: of whom the mail is for
        person__email__iexact=address, ended_on__isnull=True
    )
    homes = here.values("organisation")
    return operators.filter(pk__in=homes).first() or _serving(homes) or operators.first()


@beyond_scope("the pages for a forgotten password name whom to ask")
def contact_for_help() -> Any:
    """Return the contact of the operator that anybody may be shown, or None.

    Never one for management, who is a person. Operators in one installation are strangers:
    where there are several, none is named to somebody who is not known yet.
    """
    operators = list(_rows("Organisation").filter(kind="operator")[:2])
    if len(operators) != 1:
        return None
    theirs = _rows("Contact").filter(organisation=operators[0]).select_related("organisation")
    return theirs.filter(purpose="technical").first() or theirs.filter(purpose="24-7").first()


def _serving(homes: Any) -> Any:
    above = apps.get_model("organisations", "Lineage").objects.filter(descendant__in=homes)
    agreements: Any = apps.get_model("organisations", "Agreement")
    served = agreements.in_force().filter(organisation__in=above.values("ancestor"))
    found = served.select_related("operator").order_by("-service", "pk").first()
    return found.operator if found else None


def _rows(model: str) -> Any:
    return apps.get_model("organisations", model).unscoped  # scope: the installation's operators
