from __future__ import annotations

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from samsyn.access import offering
from samsyn.access.actor import Actor
from samsyn.access.granting import is_last_of_role
from samsyn.access.http import ActorRequest
from samsyn.access.models import Membership
from samsyn.access.permissions import Permission
from samsyn.access.selectors import membership_list, person_known, role_offers_at
from samsyn.access.services import membership_end, membership_grant
from samsyn.audit.selectors import entries_at
from samsyn.organisations import forms, selectors, services, serving
from samsyn.organisations.agreement_screens import (
    AgreementAccept,
    AgreementScreen,
    AgreementWithdraw,
    OfferTakeBack,
)
from samsyn.organisations.models import (
    Agreement,
    Assignment,
    Contact,
    Organisation,
    OrganisationKind,
)
from samsyn.organisations.pages import organisation_page
from samsyn.organisations.screens import ChangeFacts
from samsyn.organisations.serving import ends_text
from samsyn.organisations.tables import ORGANISATIONS
from samsyn.ui.components import EmptyState, Story
from samsyn.ui.deeds import trail_story
from samsyn.ui.navigation import Crumb
from samsyn.ui.screens import ActionScreen, Button, DetailScreen, FormScreen, ListScreen
from samsyn.ui.thing_names import name_text

TOLD: tuple[Any, ...] = (Membership, Contact, Agreement, Assignment)  # with an organisation
STORY_LENGTH = 20
HOME = Crumb(label=_("Organisations"), url="/organisations/")


def crumbs(organisation: Organisation | None = None) -> tuple[Crumb, ...]:
    """Return the way to a page of an organisation."""
    if organisation is None:
        return (HOME,)
    return (HOME, Crumb(label=organisation.name, url=organisation.get_absolute_url()))


def organisation_buttons(*, actor: Actor, subject: Organisation) -> tuple[Button, ...]:
    """Return what this actor may do with the organisation."""
    offered = [
        (Permission.ORGANISATIONS_CHANGE, _("Change"), "organisations:change"),
        (Permission.ORGANISATIONS_ARRANGE, _("Name, kind and owner"), "organisations:arrange"),
    ]
    return tuple(
        Button(label=label, url=reverse(name, args=[subject.pk]))
        for permission, label, name in offered
        if actor.may(permission, subject.pk)
        and not (subject.is_operator and name == "organisations:arrange")
    )


def list_buttons(*, actor: Actor) -> tuple[Button, ...]:
    """Return what can be done beside the list."""
    operator = selectors.operator_of(actor=actor)
    if operator and actor.may(Permission.ORGANISATIONS_ARRANGE, operator.pk):
        return (
            Button(
                label=_("Add an organisation"), url=reverse("organisations:create"), is_primary=True
            ),
        )
    return ()


def organisation_story(*, actor: Actor, subject: Organisation) -> Story | None:
    """Return what was done to the organisation and what it has, for those who may see the trail."""
    if not actor.may(Permission.TRAIL_VIEW, subject.pk):
        return None
    told = [Organisation, *(m for m in TOLD if actor.may(m.objects.permission, subject.pk))]
    entries = entries_at(subject.pk, [model._meta.label for model in told])
    return trail_story(entries[:STORY_LENGTH], actor=actor, more=_which)


def _which(entry: Any) -> str:
    """Return which thing of the organisation it was; the organisation itself is the page's."""
    if entry.object_type == Organisation._meta.label or not entry.object_name:
        return ""
    return f": {name_text(entry.object_type, entry.object_name)}"


def organisation_content(*, actor: Actor, subject: Organisation) -> dict[str, Any]:
    """Return what an organisation's page shows."""
    return {
        **organisation_page(actor=actor, organisation=subject),
        "story": organisation_story(actor=actor, subject=subject),
    }


def contact_add(request: ActorRequest, pk: int) -> HttpResponse:
    """Lead from an address of earlier to the form of today."""
    del request
    return redirect(f"{reverse('contacts:create')}?organisation={pk}")


def place_of_owner(made: Any) -> str:
    """Return the address of the organisation whose something is."""
    return str(made.organisation.get_absolute_url())


class OwnerForm(FormScreen):
    """A form about something that an organisation gets: an agreement, a person."""

    subject_name = "organisation"
    subject = staticmethod(selectors.organisation_get)
    crumbs = staticmethod(crumbs)
    done_url = staticmethod(place_of_owner)


class AgreementCreate(OwnerForm):
    """The operator is the one that the actor works for; says whether it counts already."""

    @property
    def operator(self) -> Organisation:
        """The operator that signs; whoever only sees the member works for none."""
        return selectors.operator_require(actor=self.request.actor)

    def check_allowed(self, subject: Any) -> None:
        super().check_allowed(self.operator)
        super().check_allowed(subject)

    def run(self, subject: Any, **given: Any) -> Any:
        made = super().run(subject, operator=self.operator, **given)
        if made.is_offer:
            sent = _("The offer has been sent. It counts when %(member)s has accepted it.")
            self.done = sent % {"member": subject.name}
        return made


class Arrange(FormScreen):
    """Says what counted only within the former legal entity, and waits now."""

    def run(self, subject: Any, **given: Any) -> Any:
        moved = super().run(subject, **given)
        if moved.waiting_since:
            said = _("The change is saved. These claims now wait for a decision: %(claims)s.")
            self.done = said % {"claims": ", ".join(moved.waiting_since)}
        return moved


class MembershipAdd(OwnerForm):
    """Offers only the roles that the actor may give there."""

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"organisation": subject}


class AssignmentAdd(OwnerForm):
    """Offers only the people and members that the actor may assign."""

    subject_name = "operator"

    def for_form(self, subject: Any) -> dict[str, Any]:
        return {"organisation": subject}

    def run(self, subject: Any, **given: Any) -> Any:
        return super().run(subject, **{**given, "person": person_known(given["person"])})


class OwnedActionScreen(ActionScreen):
    """One press about something that an organisation has; it leads back to the organisation."""

    done_url: Callable[..., str] | str = staticmethod(place_of_owner)
    back_url = staticmethod(place_of_owner)
    is_back_at_subject = True


class EndToday(OwnedActionScreen):
    """Ends an agreement, a role or an assignment as of today."""

    given = MappingProxyType({"on": timezone.localdate})


class MembershipEnd(EndToday):
    """Says when the role is one's own, and when nobody else has it; asks before it is ended."""

    def words(self, subject: Membership) -> dict[str, Any]:
        said = [str(self.consequence)]
        if self._is_own(subject):
            said = [gettext("This is your own role: you no longer see what it shows.")]
        if is_last_of_role(subject):
            last = gettext("Nobody else has the role %(role)s in %(organisation)s.")
            place = {"role": subject.get_role_display(), "organisation": subject.organisation.name}
            said.append(last % place)
        return super().words(subject) | {"consequence": " ".join(said)}

    def after(self, subject: Membership, result: Any) -> HttpResponse:
        """Lead to the start page from one's own role: its organisation may be out of sight now.

        Without any other role there is no start page; one's own account is left.
        """
        if self._is_own(subject):
            has_other = selectors.home_organisations(actor=self.request.actor)
            self.done_url = "/" if has_other else "/me/"
        return super().after(subject, result)

    def _is_own(self, membership: Membership) -> bool:
        return membership.person_id == self.request.actor.person_id


def one_of(rows: Callable[..., Any], **narrowed: Any) -> Callable[..., Any]:
    """Return a way to find one of the rows of a selector, as far as the actor may see it."""

    def found(*, actor: Actor, pk: int) -> Any:
        return selectors.one(rows(actor=actor, **narrowed), pk)

    return found


class AgreementEnd(AgreementScreen):
    """Ends an agreement after today."""

    given = MappingProxyType({"on": timezone.localdate})

    def refusal(self, subject: Agreement) -> str:
        until = subject.valid_until
        is_ending = until is not None and until <= timezone.localdate()
        return super().refusal(subject) or (ends_text(subject) if is_ending else "")


organisation_list = ListScreen.as_view(
    title=_("Organisations"),
    intro=_("Members, their units and companies, and the security centre itself."),
    selector=selectors.organisation_list,
    filters=forms.OrganisationFilters,
    columns=ORGANISATIONS,
    order="name",
    buttons=list_buttons,
    empty=EmptyState(
        title=_("No organisation yet"),
        text=_("The members are listed here, with their units and companies."),
        action=_("Add an organisation"),
        url="new/",
        permission=Permission.ORGANISATIONS_ARRANGE,
    ),
)


organisation_detail = DetailScreen.as_view(
    subject=selectors.organisation_get,
    template_name="organisations/detail.html",
    content=organisation_content,
    buttons=organisation_buttons,
    crumbs=(HOME,),
)
organisation_create = FormScreen.as_view(
    title=_("Add an organisation"),
    subject=selectors.operator_require,
    subject_name="operator",
    form=forms.OrganisationForm,
    initial=lambda operator: {"country": operator.country},
    service=services.organisation_create,
    done=_("The organisation is added."),
    crumbs=(HOME,),
    back_url="/organisations/",
)
organisation_change = ChangeFacts.as_view(
    title=_("Change the organisation"),
    subject=selectors.organisation_get,
    subject_name="organisation",
    form=forms.ChangeFactsForm,
    initial=lambda o: {n: getattr(o, n) for n in forms.ChangeFactsForm.base_fields},
    service=services.organisation_change,
    done=_("The change is saved."),
    crumbs=crumbs,
)
organisation_arrange = Arrange.as_view(
    title=_("Name, kind and owner"),
    intro=_(
        "Who sees the organisation's data follows from this. You need the right to change it "
        "both here and where it is a part."
    ),
    subject=selectors.organisation_get,
    subject_name="organisation",
    form=forms.ArrangeForm,
    initial=lambda o: {"name": o.name, "kind": o.kind, "parent": o.parent_id},
    service=services.organisation_arrange,
    done=_("The change is saved."),
    crumbs=crumbs,
)
contact_remove = OwnedActionScreen.as_view(
    title=_("Remove the contact"),
    question=_("Remove this contact?"),
    consequence=_("No more messages go to this address. The trail keeps that it was here."),
    subject=one_of(selectors.contact_list),
    subject_name="contact",
    service=services.contact_remove,
    is_dangerous=True,
    done=_("The contact is removed."),
)
agreement_add = AgreementCreate.as_view(
    title=_("Record an agreement"),
    intro=_(
        "A CSIRT membership lets your assigned people reach the contacts, resources and findings "
        "of the member and its companies. A virtual CISO reaches the member's own security work, "
        "and reads the rest, but not its companies. Where the member has a leader or CISO here, "
        "a new service is an offer until one of them accepts it."
    ),
    form=forms.AgreementForm,
    initial=lambda _organisation: {"valid_from": timezone.localdate()},
    service=serving.agreement_sign,
    done=_("The agreement is recorded."),
)
agreement_accept = AgreementAccept.as_view(
    title=_("Accept the agreement"),
    question=_("Accept this agreement?"),
    service=serving.agreement_accept,
    done=_("The agreement is accepted."),
)
agreement_withdraw = AgreementWithdraw.as_view(
    title=_("End the agreement"),
    question=_("End this agreement now?"),
    service=serving.agreement_withdraw,
    is_dangerous=True,
    done=_("The agreement has ended."),
)
agreement_end = AgreementEnd.as_view(
    title=_("End the agreement"),
    question=_("End this agreement after today?"),
    consequence=_("From tomorrow the security centre's people no longer see the member's data."),
    service=serving.agreement_end,
    is_dangerous=True,
    done=_("The agreement ends after today."),
)
offer_take_back = OfferTakeBack.as_view(
    title=_("Take the offer back"),
    question=_("Take this offer back?"),
    consequence=_("It can no longer be accepted. You can make a new offer."),
    service=serving.offer_take_back,
    is_dangerous=True,
    done=_("The offer is taken back."),
)
membership_add = MembershipAdd.as_view(
    title=_("Give somebody a role"),
    form=forms.MembershipForm,
    initial=lambda organisation: {"language": organisation.language},
    service=membership_grant,
    done=_(
        "It is done. No e-mail is sent: tell the person. Whoever is new chooses a password under"
        " Forgotten password; whoever has a role elsewhere accepts on their home page."
    ),
)
membership_remove = MembershipEnd.as_view(
    title=_("End the role"),
    question=_("End this role today?"),
    consequence=_("The person no longer sees what the role showed. What they did stays on record."),
    subject=one_of(membership_list),
    subject_name="membership",
    service=membership_end,
    done=_("The role has ended."),
)
role_take_back = OwnedActionScreen.as_view(
    title=_("End the role"),
    question=_("Take this role back?"),
    consequence=_("The person can no longer accept it. You can offer it again."),
    subject=one_of(role_offers_at),
    subject_name="offer",
    service=offering.role_take_back,
    is_dangerous=True,
    done=_("The role has ended."),
)
assignment_add = AssignmentAdd.as_view(
    title=_("Assign somebody to members"),
    intro=_("They then reach the members' data, as far as their role and the agreement go."),
    subject=one_of(selectors.organisation_list, kind=OrganisationKind.OPERATOR),
    form=forms.AssignmentForm,
    service=serving.assignment_give,
    done=_("The assignment is given."),
)
assignment_remove = EndToday.as_view(
    title=_("End the assignment"),
    question=_("End this assignment today?"),
    consequence=_("The person no longer sees the members' data that it opened."),
    subject=one_of(selectors.assignment_list),
    subject_name="assignment",
    service=serving.assignment_end,
    done=_("The assignment has ended."),
)
