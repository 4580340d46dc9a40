"""What is asked about an agreement: who offers what to whom, from when, and what it opens."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from samsyn.organisations.models import Agreement, Service
from samsyn.ui.components import Fact, FactList
from samsyn.ui.moments import day_text
from samsyn.ui.screens import ActionScreen


def agreement_facts(agreement: Agreement) -> FactList:
    """Return who offers what to whom, the dates, and what it opens."""
    until = agreement.valid_until
    return FactList(
        facts=(
            Fact(name=_("Offered by"), value=agreement.operator.name),
            Fact(name=_("Organisation"), value=agreement.organisation.name),
            Fact(name=_("Service"), value=agreement.get_service_display()),
            Fact(name=_("Valid from"), value=day_text(agreement.valid_from)),
            Fact(
                name=_("Valid until"), value=day_text(until) if until else _("until further notice")
            ),
            Fact(name=_("What it opens"), value=opens_text(agreement.service)),
        )
    )


def opens_text(service: str) -> str:
    """Return what the operator's assigned people reach under such an agreement."""
    if service == Service.CISO:
        return _("Your own security work: risks, actions, documents, management's meetings.")
    return _("Contacts, digital resources and findings.")


class AgreementScreen(ActionScreen):
    """Asks about an agreement, which is shown with all that the answer depends on."""

    done_url = back_url = staticmethod(lambda agreement: agreement.organisation.get_absolute_url())

    def words(self, subject: Agreement) -> dict[str, Any]:
        return {"facts": agreement_facts(subject)}


class AgreementWithdraw(AgreementScreen):
    """Declines an offer, or ends what was accepted: two questions with words of their own."""

    def words(self, subject: Agreement) -> dict[str, Any]:
        said = super().words(subject)
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
