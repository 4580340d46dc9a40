"""What is asked about an agreement: who offers what to whom, from when, and what it opens."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.organisations.agreement_words import days_text
from samsyn.organisations.models import Agreement, Service
from samsyn.organisations.selectors import agreement_list, one
from samsyn.organisations.serving import over_text
from samsyn.ui.components import Fact, FactList
from samsyn.ui.moments import day_text
from samsyn.ui.screens import ActionScreen


def agreement_facts(agreement: Agreement, others: Iterable[Agreement] = ()) -> FactList:
    """Return who offers what to whom, the dates, what it opens, and who serves it already."""
    facts = (
        Fact(name=_("Offered by"), value=agreement.operator.name),
        Fact(name=_("Organisation"), value=agreement.organisation.name),
        Fact(name=_("Service"), value=agreement.get_service_display()),
        *_dates(agreement),
        Fact(name=_("What it opens"), value=opens_text(agreement.service)),
        Fact(name=_("Serves you already"), value="; ".join(map(_serving_text, others))),
    )
    return FactList(facts=tuple(fact for fact in facts if fact.value))


def _dates(agreement: Agreement) -> tuple[Fact, ...]:
    """Return from when to when it is to hold; of one that is over, what became of it."""
    if agreement.is_past:
        return (Fact(name=_("Valid"), value=days_text(agreement)),)
    until = agreement.valid_until
    return (
        Fact(name=_("Valid from"), value=day_text(agreement.valid_from)),
        Fact(name=_("Valid until"), value=day_text(until) if until else _("until further notice")),
    )


def opens_text(service: str) -> str:
    """Return what the operator's assigned people reach under such an agreement."""
    if service == Service.CISO:
        return _(
            "Your own security work: risks, actions, documents, management's meetings. Your"
            " findings, which they can answer, and to read your contacts and digital resources."
            " Nothing of companies that you own."
        )
    return _(
        "Contacts, digital resources and findings, yours and those of companies that you own."
        " Not your own security work."
    )


def _serving_text(other: Agreement) -> str:
    return f"{other.operator.name} ({other.get_service_display()})"


def accepted_text(agreement: Agreement, others: Iterable[Agreement]) -> str:
    """Return what follows from accepting an agreement."""
    said = [
        _(
            "People whom the security centre assigns can then see and do your own security work:"
            " risks, actions, documents, management's meetings. You can end it at any time."
        )
        if agreement.service == Service.CISO
        else _(
            "People whom the security centre assigns can then see and change your contacts,"
            " digital resources and findings. You can end it at any time."
        )
    ]
    if any(other.service == agreement.service for other in others):
        said.append(
            _("You then have two at once: what you have agreed with the other stays in force.")
        )
    return " ".join(said)


def ended_text(service: str) -> str:
    """Return what follows from ending an agreement."""
    if service == Service.CISO:
        return _("The security centre's people no longer see your own security work.")
    return _(
        "The security centre's people no longer see your contacts, digital resources and findings,"
        " and tell you of no more findings."
    )


def agreement_of(*, actor: Actor, pk: int) -> Agreement:
    """Return one agreement, as far as the actor may see it."""
    found: Agreement = one(agreement_list(actor=actor), pk)
    return found


class AgreementScreen(ActionScreen):
    """Asks about an agreement, which is shown with all that the answer depends on."""

    subject = staticmethod(agreement_of)
    subject_name = "agreement"
    done_url = back_url = staticmethod(lambda agreement: agreement.organisation.get_absolute_url())

    def words(self, subject: Agreement) -> dict[str, Any]:
        return {"facts": agreement_facts(subject, self.others(subject))}

    def refusal(self, subject: Agreement) -> str:
        return over_text(subject)

    def others(self, subject: Agreement) -> list[Agreement]:
        """Return what the member has agreed with other operators, and is in force."""
        rows = agreement_list(actor=self.request.actor, organisation=subject.organisation)
        in_force = rows.filter(pk__in=Agreement.in_force())
        return list(in_force.exclude(operator=subject.operator_id))


class AgreementAccept(AgreementScreen):
    """Accepts an offer, and says what follows from that kind of agreement."""

    def refusal(self, subject: Agreement) -> str:
        is_accepted = not subject.is_offer
        accepted = _("The agreement is already accepted.") if is_accepted else ""
        return super().refusal(subject) or accepted

    def words(self, subject: Agreement) -> dict[str, Any]:
        said = accepted_text(subject, self.others(subject))
        return super().words(subject) | {"consequence": said}


class OfferTakeBack(AgreementScreen):
    """Takes an offer back; what has been accepted is no offer any more."""

    def refusal(self, subject: Agreement) -> str:
        accepted = "" if subject.is_offer else _("The agreement is already accepted.")
        return super().refusal(subject) or accepted


class AgreementWithdraw(AgreementScreen):
    """Declines an offer, or ends what was accepted: two questions with words of their own."""

    def words(self, subject: Agreement) -> dict[str, Any]:
        said = super().words(subject) | {"consequence": ended_text(subject.service)}
        if subject.accepted_on is not None:
            return said
        return said | {
            "title": _("Decline the offer"),
            "question": _("Decline this offer?"),
            "consequence": _("Nothing is opened. The security centre can make a new offer."),
            "button": _("Yes, decline"),
        }

    def run(self, subject: Agreement, **given: Any) -> Any:
        if subject.accepted_on is None:
            self.done = _("The offer is declined.")
        return super().run(subject, **given)
