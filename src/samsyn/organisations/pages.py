"""What an organisation's page is made of."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from samsyn.access.actor import Actor
from samsyn.access.granting import ends_role, gives_roles
from samsyn.access.letters import as_read
from samsyn.access.models import Membership, RoleOffer
from samsyn.access.permissions import Permission
from samsyn.access.selectors import membership_list, role_offers_at, role_offers_to
from samsyn.organisations.agreement_words import agreement_text, effect_text, is_over
from samsyn.organisations.models import Agreement, Assignment, Contact, Organisation, Service
from samsyn.organisations.phones import phone_text
from samsyn.organisations.selectors import (
    agreement_list,
    assignment_history,
    below,
    contacts_of,
    offers_waiting,
    operator_of,
)
from samsyn.organisations.sharing import answers_offers, speaks_for
from samsyn.organisations.staff import LetIn, people_let_in
from samsyn.ui.components import EmptyState, Fact, FactList, Panel, Who
from samsyn.ui.components.base import joined
from samsyn.ui.moments import day_text


def organisation_page(*, actor: Actor, organisation: Organisation) -> dict[str, Any]:
    """Return the panels of an organisation's page, as far as the actor may see them."""
    may_change = actor.may(Permission.ORGANISATIONS_CHANGE, organisation.pk)
    may_sign = actor.may(Permission.AGREEMENTS_SIGN, organisation.pk)
    may_tell = may_change and speaks_for(actor, Permission.ORGANISATIONS_CHANGE, organisation.pk)
    return {
        "facts": _facts(organisation),
        "contacts": contacts_panel(actor=actor, organisation=organisation, may_change=may_tell),
        "people": _people(actor, organisation),
        "assignments": _assignments(actor, organisation),
        "inside": _inside(actor, organisation),
        "agreements": _agreements(actor, organisation, may_sign=may_sign),
    }


def offer_lines(*, actor: Actor, organisation: Organisation) -> list[SafeString]:
    """Return a line on each agreement that waits for an answer, for who may accept it.

    On one's own organisation's page also on each role that is offered to oneself.
    """
    own = role_lines(actor=actor) if actor.is_at_home(organisation.pk) else []
    return own + _agreement_lines(actor, organisation)


def role_lines(*, actor: Actor) -> list[SafeString]:
    """Return a line on each role that is offered to the actor; the answer is under settings."""
    said = _("%(organisation)s offers you a role (%(role)s): read and answer")
    return [
        _first_step(
            reverse("site:me"),
            said % {"organisation": offer.organisation.name, "role": offer.get_role_display()},
        )
        for offer in role_offers_to(actor=actor)
    ]


def _first_step(url: str, text: str) -> SafeString:
    return format_html('<p class="first-step"><a class="ds-link" href="{}">{}</a></p>', url, text)


def _agreement_lines(actor: Actor, organisation: Organisation) -> list[SafeString]:
    if not actor.may(Permission.AGREEMENTS_ACCEPT, organisation.pk):
        return []
    waiting = offers_waiting(actor=actor, organisation=organisation, today=timezone.localdate())
    said = {
        Service.CISO: _("%(operator)s offers to be your virtual CISO: read and answer"),
        Service.CSIRT: _("%(operator)s offers to be your CSIRT: read and answer"),
    }
    url = organisation.get_absolute_url()
    return [
        _first_step(url, said[Service(agreement.service)] % {"operator": agreement.operator.name})
        for agreement in waiting
        if answers_offers(actor, agreement)
    ]


def _facts(one: Organisation) -> Panel:
    parent = ""
    if one.parent:
        parent = format_html(
            '<a class="ds-link" href="{}">{}</a>', one.parent.get_absolute_url(), one.parent
        )
    facts = (
        Fact(name=_("Kind"), value=one.get_kind_display()),
        Fact(name=_("Country"), value=one.get_country_display()),
        Fact(name=_("Language"), value=one.get_language_display()),
        Fact(name=_("Part of or owned by"), value=parent),
        Fact(name=_("Organisation number"), value=one.organisation_number_shown),
        Fact(name=_("Municipality code"), value=one.municipality_code),
        Fact(name=_("Inhabitants"), value=one.population),
        Fact(name=_("Short code"), value=one.short_code),
        Fact(name=_("Phone"), value=phone_text(one)),
    )
    return Panel(title=_("About"), body=FactList(facts=tuple(f for f in facts if f.value)))


def contacts_panel(*, actor: Actor, organisation: Organisation, may_change: bool = False) -> Panel:
    """Return where an organisation is reached, with the acts of who may change it."""
    contacts = contacts_of(actor=actor, organisation=organisation)
    new = f"{reverse('contacts:create')}?organisation={organisation.pk}"
    add = format_html('<a class="ds-link" href="{}">{}</a>', new, _("Add")) if may_change else ""
    if not contacts:
        body: object = EmptyState(
            title=_("No contact yet"),
            text=_("Without a technical contact, nobody is told of findings."),
        )
    else:
        body = _list(_contact(c, may_change=may_change) for c in contacts)
    return Panel(title=_("Contacts"), body=body, aside=add)


def _contact(contact: Contact, *, may_change: bool) -> SafeString:
    buttons = _contact_buttons(contact) if may_change else ""
    said = (contact.name, str(contact.get_purpose_display()), contact.phone)
    return format_html(
        '<span><a class="ds-link" href="mailto:{0}">{0}</a><span class="sub">{1}</span></span>{2}',
        contact.email,
        " · ".join(part for part in said if part),
        buttons,
    )


def _contact_buttons(contact: Contact) -> SafeString:
    return format_html(
        "<span>{} · {}</span>",
        _link("contacts:change", contact.pk, _("Change")),
        _link("organisations:contact-remove", contact.pk, _("Remove")),
    )


def _people(actor: Actor, one: Organisation) -> Panel | None:
    if not actor.may(Permission.PEOPLE_VIEW, one.pk):
        return None
    held = [
        (m.person.name, _person(m, may_end=ends_role(actor, m)))
        for m in membership_list(actor=actor, organisation_id=one.pk)
    ]
    offered = [
        (offer.name, _invited(offer, may_end=ends_role(actor, offer)))
        for offer in role_offers_at(actor=actor, organisation_id=one.pk)
    ]
    rows = [row for _name, row in sorted([*held, *offered], key=lambda pair: as_read(pair[0]))]
    may_add = gives_roles(actor, one.pk)
    add = _link("organisations:membership-add", one.pk, _("Add")) if may_add else ""
    body = _list(rows) if rows else EmptyState(title=_("Nobody has a role here yet"))
    return Panel(title=_("People"), body=body, aside=add)


def _person(membership: Membership, *, may_end: bool) -> SafeString:
    end = _link("organisations:membership-end", membership.pk, _("End")) if may_end else ""
    day = day_text(membership.since)
    # The people of the demonstration are chosen by visitors, not invited.
    has_come = membership.person.last_login is not None or settings.DEMONSTRATION
    since = _("since %s") % day if has_come else _invited_text(day)
    note = f"{membership.get_role_display()} · {since}"
    who = Who(name=membership.person.name, note=note)
    return format_html("{}{}", who, end)


def _invited(offer: RoleOffer, *, may_end: bool) -> SafeString:
    """Return a line that says the same as one on a new person who has never signed in."""
    end = _link("organisations:role-take-back", offer.pk, _("End")) if may_end else ""
    day = day_text(timezone.localdate(offer.offered_at))
    who = Who(name=offer.name, note=f"{offer.get_role_display()} · {_invited_text(day)}")
    return format_html("{}{}", who, end)


def _invited_text(day: str) -> str:
    return _("invited %s, has not answered") % day


def _assignments(actor: Actor, one: Organisation) -> Panel | None:
    """Return which of the operator's people work for which member; for who can change it."""
    if not one.is_operator or not actor.may(Permission.STAFF_CHANGE, one.pk):
        return None
    each_one = list(assignment_history(actor=actor, operator=one))
    rows = [_assignment(each) for each in each_one if not is_over(each)]
    over = [_assignment(each) for each in each_one if is_over(each)]
    present = _list(rows) if rows else EmptyState(title=_("Nobody works for any member yet"))
    body = joined([present, _folded(_("Without effect"), over)])
    add = _link("organisations:assignment-add", one.pk, _("Add"))
    return Panel(title=_("Assignments"), body=body, aside=add)


def _assignment(assignment: Assignment) -> SafeString:
    agreement = assignment.agreement
    members = agreement.organisation.name if agreement else _("all members")
    said = (members, assignment.get_service_display(), effect_text(assignment))
    note = " · ".join(str(part) for part in said if part)
    may_end = assignment.ended_on is None
    end = _link("organisations:assignment-end", assignment.pk, _("End")) if may_end else ""
    return format_html("{}{}", Who(name=assignment.person.name, note=note), end)


def _inside(actor: Actor, one: Organisation) -> Panel | None:
    rows = [
        Who(
            name=o.name,
            note=o.get_kind_display(),
            url=o.get_absolute_url(),
            is_organisation=True,
        )
        for o in below(actor=actor, organisation=one)
    ]
    return Panel(title=_("Units and companies"), body=_list(rows)) if rows else None


def _agreements(actor: Actor, one: Organisation, *, may_sign: bool) -> Panel | None:
    agreements = agreement_list(actor=actor, organisation=one)
    let_in = people_let_in(actor=actor, organisation=one)
    rows = [
        _agreement(e, _agreement_buttons(actor, e), let_in.get(e.pk, []))
        for e in agreements
        if not e.is_past
    ]
    past = [_agreement(e, []) for e in agreements if e.is_past]
    if not rows and not past and not may_sign:
        return None
    operator = operator_of(actor=actor) if may_sign else None
    may_add = operator and actor.may(Permission.AGREEMENTS_SIGN, operator.pk) and operator != one
    add = _link("organisations:agreement-add", one.pk, _("Add")) if may_add else ""
    present = _list(rows) if rows else EmptyState(title=_("No agreement"))
    body = joined([present, _folded(_("Earlier"), past)])
    return Panel(title=_("Agreements"), body=body, aside=add)


def _agreement(
    agreement: Agreement, buttons: list[SafeString], let_in: Iterable[LetIn] = ()
) -> SafeString:
    return format_html(
        '<span>{}<span class="sub">{}</span>{}</span>{}',
        agreement.operator.name,
        agreement_text(agreement),
        _people_let_in(let_in),
        joined(buttons),
    )


def _people_let_in(let_in: Iterable[LetIn]) -> SafeString | str:
    """Return which of the security centre's people an agreement lets in, and since when."""
    names = "; ".join(
        _("%(name)s since %(day)s") % {"name": one.name, "day": day_text(one.since)}
        for one in let_in
    )
    return format_html('<span class="sub">{}: {}</span>', _("Let in"), names) if names else ""


def _agreement_buttons(actor: Actor, agreement: Agreement) -> list[SafeString]:
    """Return what the reader may do with an agreement that has not ended."""
    may_accept = answers_offers(actor, agreement)
    ends = all(
        actor.may(Permission.AGREEMENTS_SIGN, side)
        for side in (agreement.organisation_id, agreement.operator_id)
    )
    can_end = agreement.valid_until is None or agreement.valid_until > timezone.localdate()
    is_offer = agreement.is_offer
    offered = [
        (may_accept and is_offer, "agreement-accept", _("Accept")),
        (
            may_accept,
            "agreement-withdraw",
            _("Decline the offer") if is_offer else _("End now"),
        ),
        (ends and is_offer, "offer-take-back", _("Take the offer back")),
        (ends and not is_offer and can_end, "agreement-end", _("End after today")),
    ]
    return [
        _link(f"organisations:{name}", agreement.pk, text)
        for is_one, name, text in offered
        if is_one
    ]


def _link(name: str, pk: int, text: str) -> SafeString:
    return format_html('<a class="ds-link" href="{}">{}</a>', reverse(name, args=[pk]), text)


def _folded(title: str, rows: list[SafeString]) -> SafeString | str:
    """Return rows of what is over, folded below what is there; nothing without any."""
    if not rows:
        return ""
    return format_html(
        '<details class="more"><summary>{} ({})</summary>{}</details>',
        title,
        len(rows),
        _list(rows),
    )


def _list(rows: Any) -> SafeString:
    return format_html(
        '<ul class="rows">{}</ul>', joined(format_html("<li>{}</li>", row) for row in rows)
    )
