"""What is said of an agreement and of an assignment: its days, who ended it, whether it counts."""

from __future__ import annotations

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from samsyn.organisations.models import Agreement, Assignment, Ending
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text


def agreement_text(agreement: Agreement) -> str:
    """Return the service, the days and what became of it, in one line."""
    said = (agreement.get_service_display(), days_text(agreement), _acceptance(agreement))
    return " · ".join(part for part in said if part)


def days_text(agreement: Agreement) -> str:
    """Return from when to when it holds; of an offer that was answered no, who said so."""
    last = agreement.last_day
    if agreement.ended_on and agreement.is_offer:
        return _offer_ended(agreement, agreement.ended_on)
    if agreement.ended_on and last and last < agreement.valid_from:
        said = _("ended %(day)s by %(who)s, before it began")
        return said % _end_words(agreement, agreement.ended_on)
    until = day_text(last) if last else _("until further notice")
    days = f"{day_text(agreement.valid_from)} – {until}"
    if not agreement.ended_by:
        return days
    return _("%(days)s, ended by %(who)s") % {"days": days, "who": who_text(agreement.ended_by)}


def _offer_ended(agreement: Agreement, on: date) -> str:
    said = {
        Ending.DECLINED: _("declined %(day)s by %(who)s"),
        Ending.TAKEN_BACK: _("taken back %(day)s by %(who)s"),
    }
    known = said.get(Ending(agreement.ending), _("the offer was ended %(day)s by %(who)s"))
    return known % _end_words(agreement, on)


def _end_words(agreement: Agreement, on: date) -> dict[str, str]:
    return {"day": day_text(on), "who": who_text(agreement.ended_by)}


def _acceptance(agreement: Agreement) -> str:
    """Return who accepted it and when: nobody did where there was nobody to ask."""
    if agreement.accepted_on is None:
        return "" if agreement.ended_on else _not_accepted(agreement)
    if not agreement.accepted_by:
        return ""
    day, who = day_text(agreement.accepted_on), who_text(agreement.accepted_by)
    return _("accepted %(day)s by %(who)s") % {"day": day, "who": who}


def _not_accepted(agreement: Agreement) -> str:
    return _("was never accepted") if agreement.is_past else _("not accepted yet")


def is_over(assignment: Assignment) -> bool:
    """Return whether an assignment of ``assignment_history`` opens nothing any more."""
    agreement = assignment.agreement
    has_ended = assignment.ended_on is not None or bool(agreement and agreement.is_past)
    return has_ended or not assignment.is_staff


def effect_text(assignment: Assignment) -> str:
    """Return why an assignment of ``assignment_history`` opens nothing now; empty if it does."""
    agreement = assignment.agreement
    if assignment.ended_on is not None:
        return _("ended %s") % day_text(assignment.ended_on)
    if agreement is not None and (why := _without_effect(agreement)):
        return why
    return "" if assignment.is_staff else _("no effect: has no role at the security centre")


def _without_effect(agreement: Agreement) -> str:
    last = agreement.last_day
    if last is not None and agreement.is_past:
        if agreement.is_offer:
            return _("no effect: the offer was not accepted")
        return _("no effect: the agreement ended %s") % day_text(last)
    if agreement.is_offer:
        return _("no effect until the offer is accepted")
    if agreement.valid_from > timezone.localdate():
        return _("no effect before %s") % day_text(agreement.valid_from)
    return ""
