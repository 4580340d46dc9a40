"""What a resource's page is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _

from samsyn.access.actor import Actor
from samsyn.access.permissions import Permission
from samsyn.assets.claim_selectors import (
    ClaimConflicts,
    Part,
    is_seen_elsewhere,
    meeting_of,
    parts_of_others,
    refused_before,
    rivals_of,
)
from samsyn.assets.models import ClaimState, Resource, reason_texts
from samsyn.assets.tables import CLAIMS, state_tag
from samsyn.organisations.sharing import confirms, speaks_for
from samsyn.ui.components import Alert, Fact, FactList, Panel, Tone
from samsyn.ui.deeds import who_text
from samsyn.ui.moments import day_text
from samsyn.ui.screens import Button
from samsyn.ui.tables import ColumnHeading, table_html

PARTS_MOST = 10


def resource_buttons(*, actor: Actor, subject: Resource) -> tuple[Button, ...]:
    """Return what this actor may do with the resource."""
    buttons = []
    if subject.is_waiting and confirms(actor, subject.organisation_id):
        confirm = reverse("assets:confirm", args=[subject.pk])
        buttons.append(Button(label=_("Confirm"), url=confirm, is_primary=True))
        refuse = reverse("assets:refuse", args=[subject.pk])
        buttons.append(Button(label=_("Refuse"), url=refuse))
    is_open = subject.withdrawn_on is None
    if is_open and actor.may(Permission.RESOURCES_CHANGE, subject.organisation_id):
        buttons.append(Button(label=_("Change"), url=reverse("assets:change", args=[subject.pk])))
        withdraw = reverse("assets:withdraw", args=[subject.pk])
        if speaks_for(actor, Permission.RESOURCES_CHANGE, subject.organisation_id):
            buttons.append(Button(label=_("Withdraw"), url=withdraw, is_dangerous=True))
    return tuple(buttons)


def resource_content(*, actor: Actor, subject: Resource) -> dict[str, Any]:
    """Return what a resource's page shows."""
    return {
        "mark": state_tag(subject),
        "notices": list(_notices(actor, subject)),
        "facts": Panel(title=_("What we know"), body=FactList(facts=tuple(_facts(subject)))),
        "others": _others(meeting_of(actor=actor, resource=subject)),
    }


def _facts(one: Resource) -> Iterator[Fact]:
    yield Fact(name=_("Kind"), value=one.get_kind_display())
    yield Fact(name=_("Owner"), value=one.organisation)
    yield Fact(name=_("Run by"), value=one.operated_by or _("the owner"), note=_host_text(one))
    yield Fact(name=_("Source"), value=one.get_source_display())
    yield Fact(name=_("Date of the fact"), value=day_text(one.known_on))
    if one.overlap:
        yield Fact(name=_("Why another has it too"), value=one.get_overlap_display())
    yield Fact(name=_("Note"), value=one.note)
    if one.registered_at is not None:
        yield Fact(
            name=_("Registered by"),
            value=who_text(one.registered_by),
            note=day_text(timezone.localdate(one.registered_at)),
        )
    if one.state == ClaimState.CONFIRMED:
        yield Fact(name=_("Confirmed on the ground"), value=_ground(one), note=one.ground)
    if one.decided_at is not None:
        yield Fact(
            name=_("Decided by"),
            value=who_text(one.decided_by),
            note=day_text(timezone.localdate(one.decided_at)),
        )


def _host_text(one: Resource) -> str:
    """Return who said who runs it, when and on what ground; nothing where nobody has."""
    if one.host_at is None:
        return ""
    said = gettext("said %(day)s by %(who)s")
    who = who_text(one.host_by)
    told = said % {"day": day_text(timezone.localdate(one.host_at)), "who": who}
    kind = str(one.get_host_ground_kind_display()) if one.host_ground_kind else ""
    return " · ".join(part for part in (told, kind, one.host_ground) if part)


def _ground(one: Resource) -> object:
    if one.within is None:
        return one.get_ground_kind_display()
    url = one.within.get_absolute_url()
    return format_html(
        '{}: <a class="ds-link" href="{}">{}</a>', one.get_ground_kind_display(), url, one.within
    )


def _notices(actor: Actor, one: Resource) -> Iterator[Alert]:
    """Yield what the reader should know: that it waits, and why; or that it was refused."""
    if one.state == ClaimState.CONFIRMED and (parts := parts_of_others(resource=one)):
        yield Alert(title=_("A part of it is another's"), text=_parts_text(parts), tone=Tone.INFO)
    if one.state == ClaimState.REFUSED:
        yield Alert(title=_("Refused"), text=one.ground, tone=Tone.WARNING)
    elif one.is_waiting:
        yield Alert(
            title=_("Waiting for the security centre"), text=_waiting_text(one), tone=Tone.INFO
        )
        for earlier in refused_before(actor=actor, resource=one):
            yield Alert(title=_refused_text(earlier), text=earlier.ground, tone=Tone.WARNING)
        if is_seen_elsewhere(actor=actor, resource=one):
            yield Alert(
                title=_("Seen as another's"),
                text=_(
                    "Something has been seen here that is another organisation's by its name or"
                    " AS number. The claimant is not told of it."
                ),
                tone=Tone.WARNING,
            )


def _parts_text(parts: list[Part]) -> str:
    named = [
        gettext("%(part)s since %(day)s")
        % {"part": each.value, "day": day_text(timezone.localdate(each.decided_at))}
        if each.decided_at
        else each.value
        for each in parts[:PARTS_MOST]
    ]
    if len(parts) > PARTS_MOST:
        named.append(gettext("and %d more") % (len(parts) - PARTS_MOST))
    rest = gettext("Signals about that go there. If it is not so, tell your security centre.")
    return f"{'; '.join(named)}. {rest}"


def _refused_text(one: Resource) -> str:
    said = gettext("Refused before, %(day)s by %(who)s")
    day = day_text(timezone.localdate(one.decided_at)) if one.decided_at else "–"
    return said % {"day": day, "who": who_text(one.decided_by)}


def _waiting_text(one: Resource) -> str:
    why = "; ".join(str(text) for text in reason_texts(one))
    if one.state == ClaimState.REQUESTED:
        rest = gettext("Until it is confirmed, signals about it go where they went before.")
    else:
        rest = gettext("Until it is confirmed, the other organisation is told of nothing.")
    return f"{why[:1].upper()}{why[1:]}. {rest}" if why else rest


def confirm_content(*, actor: Actor, subject: Resource) -> dict[str, Any]:
    """Return what the page shows on which a claim is confirmed: also whose claim that ends."""
    content = resource_content(actor=actor, subject=subject)
    ended = [
        rival.organisation.name
        for rival in rivals_of(actor=actor, resource=subject)
        if subject.state == ClaimState.REQUESTED
        and (rival.kind, rival.value) == (subject.kind, subject.value)
    ]
    if ended:
        title = gettext("This ends the claim of %s") % ", ".join(ended)
        text = gettext("Signals about the resource no longer go there.")
        content["notices"].append(Alert(title=title, text=text, tone=Tone.WARNING))
    return content


def _others(met: ClaimConflicts) -> Panel | None:
    """Return the claims of others that meet one; None where there are none."""
    if not met.seen and not met.hidden:
        return None
    title = _("Who else has it, or a part of it")
    table = ""
    if met.seen:
        headings = [ColumnHeading(column=column) for column in CLAIMS]
        table = format_html(
            '<div class="scroll" tabindex="0" role="region" aria-label="{}">{}</div>',
            title,
            table_html(headings, met.seen, caption=title),
        )
    more = ""
    if met.hidden:
        more = ngettext(
            "%d more claim belongs to an organisation that you do not see.",
            "%d more claims belong to organisations that you do not see.",
            met.hidden,
        )
        more = more % met.hidden
    body = format_html("{}{}", table, format_html("<p>{}</p>", more) if more else "")
    return Panel(title=title, body=body)
