"""The invitation to rate."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.maturity.links import door_url
from samsyn.maturity.models import Dialogue, Participant
from samsyn.messages.models import Kind
from samsyn.messages.services import Draft


def invitation(dialogue: Dialogue, participant: Participant) -> Draft:
    """Return the invitation, in the language that is active."""
    day = date_format(dialogue.held_on, "DATE_FORMAT")
    text = "\n\n".join(
        (
            _("Hello %s,") % participant.name,
            _(
                "%(organisation)s holds a maturity dialogue on %(day)s: a talk about how "
                "well we protect our information, and what to do next."
            )
            % {"organisation": dialogue.organisation.name, "day": day},
            _(
                "Before we meet, everyone rates on their own how far we have come in a "
                "few areas. It takes about ten minutes, also on a phone:"
            ),
            door_url(dialogue),
            _(
                "Nobody sees what you answer. In the meeting we see how the answers are "
                "spread, without names, and only when at least three have answered."
            ),
            dialogue.facilitator,
        )
    )  # fmt: skip
    return Draft(
        kind=Kind.INVITATION,
        to=participant.email,
        language=dialogue.language,
        subject=_("Maturity dialogue on %s: rate before we meet") % day,
        text=text.strip() + "\n",
    )
