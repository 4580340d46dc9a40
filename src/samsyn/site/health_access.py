"""Do those who decide much here sign in with more than a password?"""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from samsyn.access.models import Membership, Person
from samsyn.access.permissions import OPERATOR_ROLES, Role
from samsyn.site.health_rules import CheckResult, undone

ROLES = OPERATOR_ROLES | {Role.LEADER, Role.CISO}
FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def second_factor() -> CheckResult:
    """Is a second factor asked of everybody who signs in with a password?"""
    if settings.SECOND_FACTOR_REQUIRED:
        return CheckResult("second factor", True, _("It is required."))
    lacking = _without_factor()
    says = ngettext(
        "It is only offered, and %d person with a role at the security centre, or as leader or "
        "CISO, has none. Set SAMSYN_SECOND_FACTOR=required.",
        "It is only offered, and %d people with a role at the security centre, or as leader or "
        "CISO, have none. Set SAMSYN_SECOND_FACTOR=required.",
        lacking,
    )
    return undone("second factor", says % lacking, is_demonstration=settings.DEMONSTRATION)


def _without_factor() -> int:
    """Return how many hold such a role, can sign in with a password, and have no second factor."""
    held = Membership.unscoped.filter(ended_on=None, role__in=ROLES)  # scope: a count only
    strong = Authenticator.objects.filter(type__in=FACTORS).values("user_id")
    people = Person.objects.filter(is_active=True, pk__in=held.values("person_id"))
    by_password = people.exclude(password__startswith=UNUSABLE_PASSWORD_PREFIX)
    return by_password.exclude(pk__in=strong).count()
