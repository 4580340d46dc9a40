"""The invitation to rate."""

from __future__ import annotations

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from samsyn.access.models import Person
from samsyn.maturity.links import door_url
from samsyn.maturity.models import Dialogue, Participant
from samsyn.messages.models import MessageKind
from samsyn.messages.rules import linkless
from samsyn.messages.services import Draft


def invitation(dialogue: Dialogue, participant: Participant, *, by: Person | None = None) -> Draft:
    """Return the invitation, in the language that is active.

    What people have typed stands in it without links, and it says who invites: it comes from
    the installation's address and goes to whomever they chose.
    """
    day = date_format(dialogue.held_on, "DATE_FORMAT")
    text = "\n\n".join(
        (
            _("Hello %s,") % linkless(participant.name),
            _(
                "%(organisation)s holds a maturity dialogue on %(day)s: a talk about how "
                "well we protect our information, and what to do next."
            )
            % {"organisation": linkless(dialogue.organisation.name), "day": day},
            _(
                "Before we meet, everyone rates on their own how far we have come in a "
                "few areas. It takes about ten minutes, also on a phone:"
            ),
            door_url(dialogue),
            _(
                "Nobody sees what you answer. In the meeting we see how the answers are "
                "spread, without names, and only when at least three have answered."
            ),
            linkless(dialogue.facilitator),
            _sent_by(dialogue, by),
        )
    )  # fmt: skip
    return Draft(
        kind=MessageKind.INVITATION,
        to=participant.email,
        language=dialogue.language,
        subject=_("Maturity dialogue on %s: rate before we meet") % day,
        text=text.strip() + "\n",
    )


def _sent_by(dialogue: Dialogue, by: Person | None) -> str:
    organisation = linkless(dialogue.organisation.name)
    if by is None:
        return _("Sent through Samsyn for %s.") % organisation
    who = {"name": linkless(by.name), "address": by.email, "organisation": organisation}
    return _("%(name)s (%(address)s) invites you for %(organisation)s, through Samsyn.") % who
