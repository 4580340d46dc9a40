"""The live picture, made once for all who see the same until anything changes."""

from __future__ import annotations

from datetime import date

from django.utils.translation import get_language

from samsyn.access.actor import Actor
from samsyn.analytics.version_cache import cached_by_version
from samsyn.audit.selectors import trail_version
from samsyn.findings.selectors import findings_version
from samsyn.organisations.models import Organisation
from samsyn.reporting.models import DecisionProposal
from samsyn.reporting.picture import ManagementPicture, picture_of

PICTURES_MOST = 200  # each some 30 kB


def picture_kept(
    *,
    actor: Actor,
    organisation: Organisation,
    today: date,
    proposals: list[DecisionProposal] | None = None,
    of: int = 0,
) -> ManagementPicture:
    """Return the same as ``picture_of``; composing its thirty queries takes longer than they do.

    Args:
        actor: who looks; those who may do the same in the same organisations share it.
        organisation: whose state it is.
        today: the day for which it is asked.
        proposals: those that are shown; without them, all that wait.
        of: the meeting that the proposals are for, if any.

    """
    seen = (trail_version(), findings_version(), actor.permissions_key())
    key = (organisation.pk, of, today, get_language(), *seen)

    def make() -> ManagementPicture:
        return picture_of(actor=actor, organisation=organisation, today=today, proposals=proposals)

    return cached_by_version("management", key, make, most=PICTURES_MOST)
